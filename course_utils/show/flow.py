"""Gradients by layer, and the loss by step, while deep networks train: as pictures, and live in a notebook."""

import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from course_utils.show import curves, style

RECENT = 10
"""A gradient norm is drawn as its geometric mean over so many of the last steps, a loss as its mean."""


def draw_flow(runs):
    """Draw the loss of each step and the gradient norms of all layers, for networks by name.

    Each network has a colour and a mark. The gradients of its first step are a thin dashed line, those of its
    last ten a solid one.

    Parameters
    ----------
    runs : dict of str to dict
        For each network ``loss``, one number a step, and ``norms``, a row for each step with one number for
        each layer, from the input to the output. Numbers that are not finite, or 0, are left out.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If there is no run.
    """
    if not runs:
        raise ValueError("there is no run to draw")
    figure = style.Picture(figsize=(9.6, 3.7), layout="constrained")
    left, right = figure.subplots(1, 2)
    said = []
    for k, (name, run) in enumerate(runs.items()):
        look = {"color": curves.COLOURS[k % len(curves.COLOURS)], "label": name}
        mark = {"marker": curves.MARKS[k % len(curves.MARKS)], "markersize": 5}
        losses = smooth(run["loss"])
        every = {"markevery": (k, max(1, len(losses) // 8)), "linewidth": 1.4}
        left.plot(range(1, len(losses) + 1), losses, **look, **mark, **every)
        first, last = norms_of(run)
        layers = range(1, len(first) + 1)
        right.plot(layers, first, color=look["color"], linewidth=0.9, linestyle=(0, (3, 2)))
        right.plot(layers, last, markevery=(2 * k, 8), linewidth=1.4, **look, **mark)
        said.append(_said(name, run, first, last))
    _axes(left, right, [smooth(run["loss"]) for run in runs.values()])
    lines, names = left.get_legend_handles_labels()
    place = {"loc": "outside lower center", "ncols": 4, "frameon": False, "fontsize": 9}
    figure.legend(lines, names, **place)
    words = "dashed: first step, solid: last steps"
    right.set_title(words, fontsize=9, color=style.FAINT)
    figure.alt = (
        f"Loss by step, and gradient norm by layer at the first and last steps. {' '.join(said)}"
    )
    return figure


def smooth(losses):
    """Return the mean of each loss and of those up to nine before it.

    >>> smooth([3.0, 1.0, 2.0]).tolist()
    [3.0, 2.0, 2.0]
    """
    losses = np.asarray(losses, dtype=float)
    sums = np.concatenate([[0.0], np.cumsum(losses)])
    ends = np.arange(1, len(losses) + 1)
    starts = np.maximum(ends - RECENT, 0)
    return (sums[ends] - sums[starts]) / (ends - starts)


def norms_of(run):
    """Return the gradient norms of the layers at the first step, and their geometric means over the last ten.

    Those that are 0 or not finite become NaN.
    """
    norms = np.asarray(run["norms"], dtype=float)
    norms = np.where(np.isfinite(norms) & (norms > 0), norms, np.nan)
    return norms[0], np.exp(np.log(norms[-RECENT:]).mean(axis=0))


def _axes(left, right, losses):
    finite = np.concatenate(losses)
    finite = finite[np.isfinite(finite)]
    left.set(xlabel="step", ylabel=f"loss, mean of {RECENT} steps")
    if len(finite):
        left.set_ylim(0.92 * finite.min(), 1.03 * min(finite.max(), 1.6 * np.median(finite)))
    left.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    right.set(xlabel="layer, from the input", ylabel="norm of its gradient", yscale="log")
    right.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    right.yaxis.set_minor_formatter(NullFormatter())
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)


def _said(name, run, first, last):
    steps = len(run["loss"])
    ends = f"{first[0]:.1g} at the first layer and {first[-1]:.1g} at the last in step 1"
    then = f"{last[0]:.1g} and {last[-1]:.1g} at the end"
    return f"{name}: {steps} steps, loss {smooth(run['loss'])[-1]:.3g}, gradient {ends}, {then}."


class LiveFlow(curves.Live):
    """Show losses and gradient norms while networks train: ``watch = LiveFlow().run("plain")``.

    After each step ``watch(run)`` takes what :func:`draw_flow` takes of one network, with the number of
    ``steps`` that there will be, and ``stopped`` where it ends early. Networks share one picture. It is drawn
    a few times a second at most, and takes at most a fifth of the time; outside a notebook the last words are
    printed.
    """

    def said(self, history):
        """Return what is said of a network after its latest step."""
        return f"loss {smooth(history['loss'])[-1]:.3f}"

    def picture(self, name):
        """Return the picture of all networks."""
        return draw_flow(self.runs)
