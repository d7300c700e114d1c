"""A small drawn image, and how an array of channels looks."""

import numpy as np

from course_utils.show import style


def drawn_image(size=32):
    """Return a drawn landscape: red sun, blue sky, green hill.

    Returns
    -------
    ndarray of shape (3, size, size), uint8
        Channels red, green, blue; the same for every call.
    """
    y, x = (np.indices((size, size)) + 0.5) / size
    sky = np.stack([120 - 80 * y, 170 - 60 * y, 235 - 20 * y])
    sun = (y - 0.32) ** 2 + (x - 0.66) ** 2 < 0.03
    hill = y > 0.72 - 0.18 * np.sin(3.0 * x + 0.4)
    picture = np.where(sun, np.array([235, 70, 40])[:, None, None], sky)
    picture = np.where(hill, np.stack([60 + 40 * x, 150 - 30 * x, 60 + 0 * x]), picture)
    return picture.astype(np.uint8)


def draw_channels(image, names=("red", "green", "blue")):
    """Draw a colour image and its channels side by side, each with its shape.

    Parameters
    ----------
    image : ndarray of shape (3, H, W), uint8

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = style.Picture(figsize=(9.6, 2.8), layout="constrained")
    figure.alt = f"A colour image, and its channels {', '.join(names)} as grey images."
    panels = figure.subplots(1, 4)
    panels[0].imshow(np.moveaxis(image, 0, -1))
    panels[0].set_title(f"array {image.shape}", fontsize=11)
    for panel, channel, name, index in zip(panels[1:], image, names, range(3), strict=True):
        panel.imshow(channel, cmap="gray", vmin=0, vmax=255)
        panel.set_title(f"[{index}] {name} {channel.shape}", fontsize=11)
    for panel in panels:
        panel.set_xticks([])
        panel.set_yticks([])
    return figure
