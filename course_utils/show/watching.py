"""What is watched while a small network trains: its curves, its first filters, and at last its verdicts."""

import numpy as np

from course_utils.show import style


def draw_progress(losses, checks, kernels):
    """Draw the loss of each step, the accuracies so far, and the filters of the first layer as they are.

    Parameters
    ----------
    losses : sequence of float
        Of each minibatch.
    checks : sequence of (int, float, float)
        Step, training accuracy and validation accuracy, from 0 to 1.
    kernels : ndarray of shape (F, C, K, K)
        Grey is 0; each picture is as bright as its largest weight.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = style.Picture(figsize=(9.6, 3.9))  # laid out by hand: to find the layout takes longer
    edges = {"left": 0.07, "right": 0.98}
    left, right = figure.subplots(1, 2, gridspec_kw=edges | {"bottom": 0.42, "top": 0.97})
    below = figure.add_gridspec(1, len(kernels), **edges, bottom=0.03, top=0.26)
    steps, *lines = zip(*checks, strict=True)
    left.plot(losses, color=style.BLUE, linewidth=0.8)
    left.set(xlabel="step", ylabel="loss of the minibatch", ylim=(0, 2.6))
    right.plot(steps, lines[0], "o--", color=style.BLUE, label="training")
    right.plot(steps, lines[1], "s-", color=style.VERMILION, label="validation")
    right.set(xlabel="step", ylabel="accuracy", ylim=(0, 1))
    right.legend(loc="lower right", frameon=False)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    draw_kernels([figure.add_subplot(place) for place in below], kernels)
    figure.alt = (
        f"After {steps[-1]} steps: loss {losses[-1]:.2f}, validation accuracy {lines[1][-1]:.0%}. Below, the "
        f"{len(kernels)} filters of the first layer."
    )
    return figure


def draw_kernels(places, kernels):
    """Draw filters (F, C, K, K) into axes, in grey, or in colour if C is 3; 0 is grey."""
    for axes, kernel in zip(places, kernels, strict=True):
        largest = abs(kernel).max() or 1
        shown = np.moveaxis(kernel / (2 * largest) + 0.5, 0, -1)
        axes.imshow(shown, "gray", vmin=0, vmax=1, interpolation="none")
        axes.set_xticks([])
        axes.set_yticks([])


def draw_verdicts(images, labels, said, classes):
    """Draw images in rows of eight with what a network says of each; what is wrong has a frame and both names.

    Parameters
    ----------
    images : ndarray of shape (N, C, H, W), uint8
    labels, said : ndarray of shape (N,), int
    classes : sequence of str

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = -(-len(images) // 8)
    figure = style.Picture(figsize=(9.6, 1.55 * rows), layout="constrained")
    places = figure.subplots(rows, 8, squeeze=False).ravel()
    for axes in places:
        axes.set_axis_off()
    for axes, image, label, verdict in zip(places, images, labels, said, strict=False):
        axes.set_axis_on()
        axes.imshow(np.moveaxis(image, 0, -1), "gray", vmin=0, vmax=255, interpolation="none")
        axes.set_xticks([])
        axes.set_yticks([])
        right = label == verdict
        words = f"✓ {classes[verdict]}" if right else f"✗ {classes[verdict]}\nis {classes[label]}"
        axes.set_title(words, fontsize=8.5)
        for spine in axes.spines.values():
            spine.set(
                linewidth=0.6 if right else 2.5, edgecolor=style.INK if right else style.VERMILION
            )
    wrong = int((np.asarray(labels) != np.asarray(said)).sum())
    figure.alt = (
        f"{len(images)} test images with what the network says; {wrong} of them wrong, framed."
    )
    return figure
