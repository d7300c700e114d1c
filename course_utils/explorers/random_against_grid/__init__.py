"""The explorer of lecture 05: the same number of trials as a grid and at random."""

from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Knob, Step


class RandomAgainstGrid(Explorer):
    """Explorer: two searches for the best hyperparameters, a grid and random ones, with the same budget.

    The score of a trial is g(x) + w·g(y), divided by 1 + w so that the best there is scores 1: x is the
    learning rate and y the regularisation, both on a log scale, and g falls off on both sides of the peak.
    Where w is small, what counts is how many different learning rates have been tried: k by a grid of
    k² trials, k² at random. The trials of the grid stand in the middle of k × k equal cells, which suits
    it better than values at the ends of the axes.

    It works by mouse (click or drag the peak) and by keyboard (Tab to a control or to the picture,
    arrow keys, Space, Home, End, N). What it shows can be read and set here, too.

    Parameters
    ----------
    per_axis : int
        Values on each axis of the grid; both searches have its square as their budget.
    weight : int
        w, how much the second axis matters against the first, in percent.
    peak_x, peak_y : int
        Where the best score is, in percent of an axis.
    seed : int
        Which of 1000 random draws is shown.
    remaining : int
        Trials that are still to be made; 0 shows all.

    References
    ----------
    Bergstra and Bengio, "Random search for hyper-parameter optimization", JMLR 13, 2012, figure 1.

    Examples
    --------
    >>> explorer = RandomAgainstGrid(per_axis=4, remaining=15)
    >>> explorer.per_axis = 3
    >>> explorer.remaining
    8
    """

    per_axis = Knob(3, "Grid per axis", "k", 2, 6)
    weight = Knob(10, "Second axis %", "w", 0, 100)
    peak_x = Knob(34, "Peak across %", "x", 0, 100)
    peak_y = Knob(60, "Peak up %", "y", 0, 100)
    seed = Knob(51, "Draw", "d", 0, 999)
    remaining = Step(0, lambda explorer: explorer.per_axis**2)

    tables = {
        "axes": [["learning rate", -6, -1], ["regularisation", -5, 0]],  # decades
        "width": 0.1,  # standard deviation of g, in lengths of an axis
        "draws": 1000,
    }
    figures = {"random_against_grid": {}}
