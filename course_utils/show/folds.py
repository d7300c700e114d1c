"""Drawings of how examples are divided: training, validation and test set, and folds."""

from matplotlib.patches import Rectangle

from course_utils.show import style

PARTS = {
    "training": (style.BLUE, ""),
    "validation": (style.ORANGE, "////"),
    "test": (style.PURPLE, "xxx"),
}


def shares(n, fractions):
    """Return how many of n examples each fraction gets: whole numbers that sum to n.

    >>> shares(11, (0.6, 0.2, 0.2))
    [7, 2, 2]
    """
    ends = [round(n * sum(fractions[: k + 1])) for k in range(len(fractions))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def draw_split(n=50_000, fractions=(0.7, 0.1, 0.2), folds=5):
    """Draw a split into training, validation and test set, and cross-validation beside the test set.

    Parameters
    ----------
    n : int
        Number of examples.
    fractions : (float, float, float)
        Of training, validation and test set; they sum to 1.
    folds : int
        Of the examples that are not for the test.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If the fractions do not sum to 1, or the folds are fewer than 2.
    """
    if abs(sum(fractions) - 1) > 1e-9:
        raise ValueError(
            f"fractions must sum to 1, got {fractions}, which sum to {sum(fractions):g}"
        )
    if folds < 2:
        raise ValueError(f"cross-validation needs at least 2 folds, got {folds}")
    counts = dict(zip(PARTS, shares(n, fractions), strict=True))
    per_fold = shares(n - counts["test"], [1 / folds] * folds)
    held, row = n - counts["test"], 1.25
    wide, left, apart = 27.0, 4.6, 3.6  # apart: the test set, which no run touches
    top, bottom = 3.35, 3.35 + row * folds
    figure, axes = style.picture(9.6, 9.6 * (bottom + 1.4) / 36.6)
    style.frame(axes, -0.6, 36.0, -0.4, bottom + 1.0)

    def bar(start, count, y, part, words="", height=1.0):
        colour, hatch = PARTS[part]
        at = left + wide * start / n + (apart if part == "test" else 0)
        length = wide * count / n
        shape = Rectangle((at, y), length, height)
        style.paint(axes, shape, colour, 0.5, hatch, edgecolor=style.INK, linewidth=0.8)
        if words:
            style.label(axes, at + length / 2, y - 0.42, words, size=9.5)

    style.label(axes, 0, 1.15, "one split", ha="left", weight="bold")
    start = 0
    for part, count in counts.items():
        bar(start, count, 0.6, part, f"{part}: {count:,}".replace(",", "\u00a0"), 1.1)
        start += count
    style.label(axes, 0, 2.9, f"{folds} folds", ha="left", weight="bold")
    for k in range(folds):
        y, start = top + row * k, 0
        style.label(axes, 0, y + 0.5, f"run {k + 1}", ha="left")
        for fold, count in enumerate(per_fold):
            words = f"fold {fold + 1}" if k == 0 else ""
            bar(start, count, y, "validation" if fold == k else "training", words)
            start += count
        style.label(axes, left + wide * held / n + 0.3, y + 0.5, f"→ score {k + 1}", ha="left")
    bar(held, counts["test"], top, "test", height=row * folds - 0.25)
    words = "the mean of the scores chooses the hyperparameters"
    style.label(axes, left + wide * held / n / 2, bottom + 0.4, words, size=9.5)
    middle = left + wide * (1 - counts["test"] / n / 2) + apart
    style.label(axes, middle, bottom + 0.4, "once, at the end", size=9.5)
    figure.alt = (
        f"{n} examples: {', '.join(f'{count} {part}' for part, count in counts.items())}. Below, the "
        f"{held} that are not for the test in {folds} folds: each is the validation set once."
    )
    return figure


FIGURES = {"folds": draw_split}
"""The committed figures: name, without ``.svg``, and the function that draws it."""
