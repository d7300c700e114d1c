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


def draw_images(images, rows, names=(), titles=()):
    """Draw rows of small images from an array of them, as on a contact sheet.

    Parameters
    ----------
    images : ndarray of shape (N, C, H, W)
        Values from 0 to 255; one channel is shown as grey.
    rows : sequence of sequences of int
        Which images stand in each row; rows may differ in length.
    names : sequence of str
        A word before each row.
    titles : sequence of str
        A word above each column.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there are no rows, or no images in them.
    """
    columns = max((len(row) for row in rows), default=0)
    if columns == 0:
        raise ValueError(f"there is nothing to draw in rows={list(rows)}")
    _, _, height, width = images.shape
    gap = max(width // 16, 1)
    # One picture, in whose gaps the page is seen: a hundred of them would take a hundred times the text.
    sheet = np.zeros((len(rows) * (height + gap) - gap, columns * (width + gap) - gap, 4), np.uint8)
    for r, row in enumerate(rows):
        for c, number in enumerate(row):
            place = sheet[r * (height + gap) :, c * (width + gap) :][:height, :width]
            place[..., :3] = np.moveaxis(np.clip(np.rint(images[number]), 0, 255), 0, -1)
            place[..., 3] = 255
    left, top, unit = 1.35 * bool(names), 0.3 * bool(titles), 0.72  # inches
    wide, high = unit * sheet.shape[1] / (width + gap), unit * sheet.shape[0] / (width + gap)
    figure = style.Picture(figsize=(left + wide + 0.2, top + high + 0.2))
    size = figure.get_size_inches()
    place = (left + 0.1) / size[0], 0.1 / size[1], wide / size[0], high / size[1]
    axes = figure.add_axes(place)
    axes.set_axis_off()
    axes.imshow(sheet, interpolation="none")
    for r, name in enumerate(names):
        y = r * (height + gap) + height / 2
        style.label(axes, -2 * gap, y, name, ha="right", size=10)
    for c, title in enumerate(titles):
        style.label(axes, c * (width + gap) + width / 2, -2 * gap, title, va="bottom", size=9)
    counts = f"{sum(map(len, rows))} images in {len(rows)} {'row' if len(rows) == 1 else 'rows'}"
    figure.alt = f"{counts}{': ' if names else ''}{', '.join(names)}."
    return figure


def draw_arrays(pictures, alt, high=2.4, **options):
    """Draw arrays side by side.

    Parameters
    ----------
    pictures : dict
        Title → array of shape (H, W) or (H, W, 3).
    alt : str
        What they show, in words.
    high : float
        Of the whole, in inches.
    **options
        For ``imshow``; the colours are cividis if not given.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = style.Picture(figsize=(9.6, high), layout="constrained")
    figure.alt = alt
    panels = np.ravel(figure.subplots(1, len(pictures)))
    for axes, (title, array) in zip(panels, pictures.items(), strict=True):
        axes.imshow(array, **{"cmap": "cividis"} | options)
        axes.set_title(title, fontsize=10)
        axes.set_xticks([])
        axes.set_yticks([])
    return figure
