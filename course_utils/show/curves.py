"""Curves of a training and the trials of a search, as pictures, and both live in a notebook."""

import html
import math
import sys
import time

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from course_utils.show import style

COLOURS = (
    style.BLUE,
    style.VERMILION,
    style.GREEN,
    style.PURPLE,
    style.ORANGE,
    style.SKY,
    style.INK,
)
MARKS = "os^DvPX*"
"""A run has a colour and a mark; a line's dashes say what of the run it is."""
DASHES = {"training": (0, (4, 2)), "validation": "solid"}
MOST = 600
"""So many points of a curve are drawn; more cannot be seen."""
DECADES = 1.5
"""A loss that spans more powers of ten than this is drawn on a log axis."""
HIGHEST = 4.0
"""Beside other runs, losses above so many times the first do not set the scale."""
WHY = {
    "exploded": "the loss was over 3 times the first",
    "nan": "the loss is not finite",
    "interrupted": "interrupted",
}


def draw_curves(runs):
    """Draw the loss of each step and the accuracies after each epoch, of one run or of several.

    Several runs differ in colour and mark, training and validation in the line. A cross stands where a loss was
    no longer finite, or too large to go on; runs that left for the clouds do not set the scale for the others.

    Parameters
    ----------
    runs : dict
        A history, as from :func:`course_utils.training.train`, or ``{name: history}``.

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
    alone = "loss" in runs
    named = {"": runs} if alone else {str(name): history for name, history in runs.items()}
    figure = style.Picture(figsize=(9.6, 3.0 if alone else 3.5), layout="constrained")
    left, right = figure.subplots(1, 2)
    for k, history in enumerate(named.values()):
        colour, mark = COLOURS[k % len(COLOURS)], MARKS[k % len(MARKS)]
        _draw_loss(left, history["loss"], colour, "" if alone else mark, k)
        epochs = len(history["val_accuracy"])
        colours = (style.BLUE, style.VERMILION) if alone else (colour, colour)
        marks = ("o", "s") if alone else (mark, mark)
        kinds = zip(DASHES, ("train_accuracy", "val_accuracy"), colours, marks, strict=True)
        for kind, key, ink, point in kinds:
            look = {"linestyle": DASHES[kind], "marker": point, "markersize": 4, "linewidth": 1.4}
            look["markevery"] = math.ceil(epochs / 20) or 1
            fill = {"markerfacecolor": style.PAPER} if kind == "training" else {}
            right.plot(range(1, epochs + 1), history[key], color=ink, label=kind, **look, **fill)
    _scale(left, [history["loss"] for history in named.values()])
    _mark_ends(left, named)
    left.set(xlabel="step", ylabel="loss")
    right.set(xlabel="epoch", ylabel="accuracy", ylim=(0, 1.02))
    right.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    if not any(history["val_accuracy"] for history in named.values()):
        right.set(xticks=[], xlim=(0, 1))
        style.label(right, 0.5, 0.5, "no epoch completed", color=style.FAINT)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    if alone:
        right.legend(loc="best", frameon=False)
    else:
        _legend(figure, named)
    said = []
    for name, history in named.items():
        steps = _count(len(history["loss"]), "step")
        said.append(f"{name}{': ' if name else ''}{steps}, {_said(history)}.")
    figure.alt = "Loss by step and accuracy by epoch. " + " ".join(said)
    return figure


def _draw_loss(axes, losses, colour, mark, turn):
    losses = np.asarray(losses, dtype=float)
    steps, values = _thinned(losses)
    # Each run has its marks at other steps, so that curves that lie together can be told apart.
    marks = {"marker": mark, "markevery": (len(steps) // 24 * (turn % 3), max(1, len(steps) // 8))}
    marks |= {"markersize": 6, "markeredgecolor": style.PAPER, "markeredgewidth": 0.8}
    if not mark:
        marks = {"marker": "." if len(steps) < 3 else ""}
    axes.plot(steps, values, color=colour, linewidth=1.0, **marks)


def _mark_ends(axes, named):
    """Put a cross where a run diverged, and say so; at the upper edge if that lies above it."""
    found = []
    for k, (name, history) in enumerate(named.items()):
        losses = np.asarray(history["loss"], dtype=float)
        wrong = np.flatnonzero(~np.isfinite(losses))
        if len(wrong):
            step, what = wrong[0] + 1, "NaN" if np.isnan(losses[wrong[0]]) else "infinite"
        elif history.get("stopped") == "exploded":
            step, what = len(losses), f"{losses[-1]:.3g}"
        else:
            continue
        found.append(
            (k, f"{name}: {what} at step {step}".removeprefix(": "), step, losses[step - 1])
        )
    low, high = axes.get_ylim()
    room = 1 + 0.08 * len(found)  # for the words, above the curves
    top = low * (high / low) ** room if axes.get_yscale() == "log" else high * room
    axes.set_ylim(low, top)
    middle = sum(axes.get_xlim()) / 2
    for line, (k, words, step, loss) in enumerate(found):
        look = {"color": COLOURS[k % len(COLOURS)], "markersize": 8, "markeredgewidth": 2.2}
        axes.plot([step], [np.fmin(top, loss)], "x", clip_on=False, zorder=5, **look)
        side = 8 if step <= middle else -8
        place = {"xytext": (side, -12 * line), "ha": "left" if side > 0 else "right", "va": "top"}
        place |= {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
        axes.annotate(words, (step, 0.99), fontsize=8.5, color=style.INK, **place)


def _thinned(losses):
    """Return steps, from 1, and finite losses: of each stretch of a long curve the least and the greatest."""
    steps = np.flatnonzero(np.isfinite(losses))
    if len(steps) > MOST:
        chosen = []
        for stretch in np.array_split(steps, MOST // 2):
            ends = stretch[losses[stretch].argmin()], stretch[losses[stretch].argmax()]
            chosen += sorted(set(ends))
        steps = np.array(chosen)
    return steps + 1, losses[steps]


def _scale(axes, curves):
    """Choose a log axis where the losses span decades, else one that begins at 0."""
    curves = [np.asarray(curve, dtype=float) for curve in curves]
    losses = np.concatenate(curves)
    losses = losses[np.isfinite(losses) & (losses > 0)]
    if len(curves) > 1:
        firsts = [curve[0] for curve in curves if len(curve) and np.isfinite(curve[0])]
        losses = losses[losses <= HIGHEST * max(firsts, default=0.0)]
    least, most = (losses.min(), losses.max()) if len(losses) else (1.0, 1.0)
    if math.log10(most / least) > DECADES:
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(FuncFormatter(_tick))
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.set_ylim(least / 1.2, most * 1.2)
    else:
        axes.set_ylim(0, 1.08 * most)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))


def _tick(value, _=None):
    """Write a power of ten: 1e-5, 0.01, 100, 1e5."""
    if 1e-3 <= value < 1e4:
        return f"{value:g}"
    mantissa, exponent = f"{value:.0e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def _legend(figure, named):
    """Say once which colour and mark is which run, and which line is what."""
    lines = [
        Line2D([], [], color=COLOURS[k % len(COLOURS)], marker=MARKS[k % len(MARKS)], markersize=5)
        for k in range(len(named))
    ]
    lines += [Line2D([], [], color=style.FAINT, linestyle=dashes) for dashes in DASHES.values()]
    columns = math.ceil(len(lines) / math.ceil(len(lines) / 6))
    place = {"loc": "outside lower center", "ncols": columns, "frameon": False, "fontsize": 9}
    figure.legend(lines, [*named, *DASHES], **place)


def _said(history):
    """Say in words how well a run does."""
    words = [f"loss {history['loss'][-1]:.3g}"] if history["loss"] else []
    if history["val_accuracy"]:
        shares = history["train_accuracy"][-1], history["val_accuracy"][-1]
        words.append("accuracy: training {:.1%}, validation {:.1%}".format(*shares))
    if history.get("stopped"):
        words.append(f"stopped: {WHY.get(history['stopped'], history['stopped'])}")
    return "; ".join(words) or "nothing yet"


def _count(number, what):
    return f"{number} {what}{'s' * (number != 1)}"


def draw_trials(trials, ranges):
    """Draw the trials of a search over the ranges they were drawn from, the best one with a ring.

    Two ranges make a plane, where better trials are lighter and larger; otherwise each range has its own panel,
    value against score. Dashed lines mark the outer 10 % of each range; a score that is NaN is a cross.

    Parameters
    ----------
    trials : list of (dict, float)
        As from :func:`course_utils.search.random_search`.
    ranges : dict of (float, float)

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If no trial has a score, or if a range is not two positive numbers, the lower first.
    """
    # Not above: where answers of part 05 are graded there is no search, and curves are drawn all the same.
    from course_utils.search import best_trial, edge_warning

    edges = edge_warning(trials, ranges)
    best, score = best_trial(trials)
    scores = np.array([one for _, one in trials], dtype=float)
    plane = len(ranges) == 2
    panels = [tuple(ranges)] if plane else [(name, None) for name in ranges]
    figure = style.Picture(
        figsize=(6.0 if plane else max(5.6, 3.2 * len(panels)), 3.8), layout="constrained"
    )
    drawn = figure.subplots(1, len(panels), squeeze=False)[0]
    for axes, (name, other) in zip(drawn, panels, strict=True):
        x = np.array([values[name] for values, _ in trials])
        y = np.array([values[other] for values, _ in trials]) if plane else scores
        _axis(axes, "x", name, ranges[name])
        if plane:
            _axis(axes, "y", other, ranges[other])
        elif name == panels[0][0]:
            axes.set_ylabel("score")
        known = np.isfinite(scores)
        order = scores[known].argsort().argsort()
        sizes = 20 + 90 * order / max(1, len(order) - 1)
        look = {"cmap": "viridis", "edgecolors": style.INK, "linewidths": 0.6, "zorder": 3}
        dots = axes.scatter(x[known], y[known], sizes if plane else 36, scores[known], **look)
        if plane:
            figure.colorbar(dots, label="score")
            axes.plot(x[~known], y[~known], "x", color=style.FAINT)
        at = best[name], best[other] if plane else score
        axes.plot(
            *at,
            "o",
            markersize=17,
            fillstyle="none",
            color=style.VERMILION,
            markeredgewidth=2,
            clip_on=False,
        )
        axes.spines[["top", "right"]].set_visible(False)
    words = f"{_count(len(trials), 'trial')}, best score {score:.3g} at {_values(best)}"
    figure.suptitle(words, fontsize=10)
    beyond = "".join(f" {name} lies near the {end} end of its range." for name, end in edges)
    figure.alt = f"{words}.{beyond}"
    return figure


def _axis(axes, which, name, bounds):
    """Scale an axis by a range, a little wider, with lines where its outer 10 % begin."""
    low, high = bounds
    margin = (high / low) ** 0.04
    line = axes.axvline if which == "x" else axes.axhline
    for share in (0.1, 0.9):
        line(low * (high / low) ** share, color=style.FAINT, linewidth=0.8, linestyle=(0, (4, 3)))
    limits = low / margin, high * margin
    axes.set(**{f"{which}scale": "log", f"{which}lim": limits, f"{which}label": name})
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_formatter(FuncFormatter(_tick))
    axis.set_minor_formatter(NullFormatter())


def _values(values):
    return ", ".join(f"{name} {value:.3g}" for name, value in values.items())


class _Screen:
    """One place of a notebook that is written again and again; elsewhere only the last words are printed."""

    def __init__(self):
        self.start, self.display = time.perf_counter(), None

    @property
    def seconds(self):
        return time.perf_counter() - self.start

    def show(self, done, of, label, words, picture="", last=False):
        if not _in_notebook():
            if last:
                print(words)
            return
        from IPython.display import HTML, display

        most = f' max="{of}"' if of else ""
        bar = f'<progress{most} value="{done}" aria-label="{label}"></progress>'
        page = HTML(f"{bar} {html.escape(words)}<br>{picture}")
        if self.display is None:
            self.display = display(page, display_id=True)
        else:
            self.display.update(page)


def _in_notebook():
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


def _time(done, of, seconds):
    """Say how long it has taken and will take."""
    if done >= of:
        return f"{seconds:.0f} s"
    left = f", about {seconds / done * (of - done):.0f} s left" if done else ""
    return f"{seconds:.0f} s gone{left}"


class Live:
    """Show the curves of a training while it runs: ``train(…, watch=Live())``.

    The picture is drawn anew a few times a second at most, and takes at most a fifth of the time. The last one
    stays. Several runs share one picture, each under its name: ``live = Live()``, then ``train(…,
    watch=live.run("rate 0.1"))`` for each. Outside a notebook the last words are printed.

    Parameters
    ----------
    every : float
        Seconds between two pictures, at least.
    """

    def __init__(self, every=0.25):
        self.every, self.runs, self.screen = every, {}, None

    def run(self, name):
        """Return what watches one run of several; those before it stay in the picture."""

        def watch(history):
            self._show(name, history)

        return watch

    def __call__(self, history):
        """Show a history, if it is time; the last step of a training is always shown."""
        self._show("", history)

    said = staticmethod(_said)  # what is said of a history after its latest step

    def picture(self, name):
        """Return the picture that is shown, of all runs or of one without a name."""
        return draw_curves(self.runs if name else self.runs[name])

    def _show(self, name, history):
        if self.runs.get(name) is not history:
            if not name or self.screen is None:
                self.runs, self.screen = {}, _Screen()
            self.runs[name] = history
            # A training that goes on has steps of before: they say nothing about the time left.
            self.due, self.began, self.first = 0.0, self.screen.seconds, len(history["loss"])
        step, steps = len(history["loss"]), history.get("steps")
        last = step == steps or history.get("stopped") is not None
        now = self.screen.seconds
        if not last and now < self.due:
            return
        took, of, done = now - self.began, f" of {steps}" if steps else "", step - self.first
        time_said = _time(done, steps - self.first, took) if steps and not last else f"{took:.0f} s"
        words = f"{name}: " * bool(name) + f"step {step}{of}, {time_said}; {self.said(history)}"
        picture = self.picture(name)._repr_html_() if _in_notebook() else ""
        self.screen.show(step, steps, "training", words, picture, last)
        drawn = self.screen.seconds
        self.due = drawn + max(self.every, 4 * (drawn - now))


class Bar:
    """Show how far a search is, and the best so far: ``random_search(…, watch=Bar())``.

    Outside a notebook the last words are printed.
    """

    def __init__(self):
        self.screen = None

    def __call__(self, done, of, best):
        """Show that ``done`` of ``of`` trials are finished."""
        if self.screen is None or done == 0:
            self.screen = _Screen()
        words = f"trial {done} of {of}, {_time(done, of, self.screen.seconds)}"
        if best:
            words += f"; best score {best[1]:.3g} at {_values(best[0])}"
        self.screen.show(done, of, "search", words, last=done == of)
