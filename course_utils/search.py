"""Search for hyperparameters: values drawn at random or from a grid, trials one by one or in processes."""

import itertools
import math
import signal
import tempfile
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

import numpy as np

EDGE = 0.1
"""The outer share of a range, on a log scale, in which a best value is worrying."""


def random_search(evaluate, ranges, n_trials, rng, workers=1, watch=None):
    """Try values drawn at random, evenly on a log scale.

    All values are drawn before the first trial, so the trials are the same whatever the number of
    workers. ``evaluate`` gets values and no randomness: a generator that it makes itself from a seed
    gives the same score again. In processes each trial computes on one thread; so that it does in this
    process too, and the last digits agree, set ``OPENBLAS_NUM_THREADS=1`` before NumPy is imported.
    An interrupt returns the trials that are finished. Source: Bergstra and Bengio, Random search for
    hyper-parameter optimization, JMLR 13, 2012, https://jmlr.org/papers/v13/bergstra12a.html.

    Parameters
    ----------
    evaluate : callable
        ``evaluate(**values)`` returns a score; higher is better. With several workers it runs in other
        processes, on a copy of what it refers to; a function of a notebook will do.
    ranges : dict of (float, float)
        Lowest and highest value by name, as real bounds: ``(1e-5, 1e-2)``.
    n_trials : int
    rng : numpy.random.Generator
    workers : int
        How many processes; with 1 the trials run here, one by one.
    watch : callable, optional
        Called as ``watch(done, of, best)`` before the first trial and after each; best is ``(values,
        score)``, or None.

    Returns
    -------
    list of (dict, float)
        ``(values, score)`` of each trial, in the order drawn.

    Raises
    ------
    ValueError
        If a range is not two positive numbers, the lower first, or if there is no trial or no worker.
    RuntimeError
        If a trial fails; the message names its values.

    Examples
    --------
    >>> def evaluate(learning_rate):
    ...     return -abs(math.log10(learning_rate) + 3)  # best at 1e-3
    >>> ranges = {"learning_rate": (1e-6, 1e-1)}
    >>> trials = random_search(evaluate, ranges, 50, np.random.default_rng(0))
    >>> values, score = max(trials, key=lambda trial: trial[1])
    >>> f"{values['learning_rate']:.0e}"
    '9e-04'
    """
    logs = {name: (math.log(low), math.log(high)) for name, (low, high) in _checked(ranges).items()}
    if n_trials < 1:
        raise ValueError(f"a search has at least one trial, got n_trials={n_trials}")
    drawn = []
    for _ in range(n_trials):
        values = {name: math.exp(rng.uniform(*bounds)) for name, bounds in logs.items()}
        # exp(log(bound)) can lie a digit beyond the bound.
        drawn.append({name: float(np.clip(v, *ranges[name])) for name, v in values.items()})
    return _run(evaluate, drawn, workers, watch)


def grid_search(evaluate, ranges, per_axis, workers=1, watch=None):
    """Try every combination of evenly spaced values, on a log scale, the bounds among them.

    Parameters
    ----------
    evaluate, ranges, workers, watch
        As for :func:`random_search`.
    per_axis : int
        How many values of each name; a single one is the middle of its range.

    Returns
    -------
    list of (dict, float)
        ``(values, score)`` of each trial; the last name changes fastest.

    Raises
    ------
    ValueError, RuntimeError
        As for :func:`random_search`.

    Examples
    --------
    >>> for values, score in grid_search(lambda rate, reg: rate * reg, {"rate": (1, 4), "reg": (1, 9)}, 2):
    ...     print(values, score)
    {'rate': 1.0, 'reg': 1.0} 1.0
    {'rate': 1.0, 'reg': 9.0} 9.0
    {'rate': 4.0, 'reg': 1.0} 4.0
    {'rate': 4.0, 'reg': 9.0} 36.0
    """
    if per_axis < 1:
        raise ValueError(f"a grid has at least one value on each axis, got per_axis={per_axis}")
    axes = []
    for low, high in _checked(ranges).values():
        middle = [math.sqrt(low * high)]
        axes.append(middle if per_axis == 1 else np.geomspace(low, high, per_axis).tolist())
    points = [dict(zip(ranges, point, strict=True)) for point in itertools.product(*axes)]
    return _run(evaluate, points, workers, watch)


def edge_warning(trials, ranges):
    """Name the values of the best trial that lie in the outer 10 % of their range, on a log scale.

    The best may lie beyond: move the range that way and search again.

    Parameters
    ----------
    trials : list of (dict, float)
        As from :func:`random_search`; scores that are NaN do not count.
    ranges : dict of (float, float)

    Returns
    -------
    list of (str, str)
        ``(name, "low")`` or ``(name, "high")``, in the order of the ranges.

    Raises
    ------
    ValueError
        If no trial has a score, or if a range is not two positive numbers, the lower first.

    Examples
    --------
    >>> trials = [({"learning_rate": 9e-4, "reg": 0.1}, 0.48), ({"learning_rate": 1e-5, "reg": 1}, 0.2)]
    >>> edge_warning(trials, {"learning_rate": (1e-6, 1e-3), "reg": (1e-5, 1e5)})
    [('learning_rate', 'high')]
    """
    best = best_trial(trials)
    if best is None:
        raise ValueError(f"none of {len(trials)} trials has a score")
    warnings = []
    for name, (low, high) in _checked(ranges).items():
        place = math.log(best[0][name] / low) / math.log(high / low)
        if place <= EDGE:
            warnings.append((name, "low"))
        elif place >= 1 - EDGE:
            warnings.append((name, "high"))
    return warnings


def best_trial(trials):
    """Return the trial with the highest score, the first of equals; None if no score is a number.

    >>> best_trial([({"rate": 1.0}, float("nan")), ({"rate": 2.0}, 0.5), ({"rate": 3.0}, 0.5)])
    ({'rate': 2.0}, 0.5)
    """
    scored = [trial for trial in trials if not math.isnan(trial[1])]
    return max(scored, key=lambda trial: trial[1], default=None)


def _checked(ranges):
    for name, (low, high) in ranges.items():
        if not 0 < low < high < math.inf:
            raise ValueError(
                f"the range of {name} is searched on a log scale: 0 < low < high, got ({low}, {high})"
            )
    if not ranges:
        raise ValueError("there is nothing to search: ranges is empty")
    return ranges


def _run(evaluate, points, workers, watch):
    """Return (values, score) of each point whose trial was finished, in their order."""
    if workers < 1:
        raise ValueError(f"a search has at least one worker, got workers={workers}")
    workers = min(workers, len(points))
    scores = {}
    outcomes = _here(evaluate, points) if workers == 1 else _apart(evaluate, points, workers)
    with _interrupts() as pressed:
        try:
            if watch:
                watch(0, len(points), None)
            for index, score in outcomes:
                if pressed:  # and evaluate has caught it: half a trial is none
                    raise KeyboardInterrupt
                scores[index] = score
                if watch:
                    done = [(points[i], scores[i]) for i in sorted(scores)]
                    watch(len(done), len(points), best_trial(done))
        except KeyboardInterrupt:
            _end(outcomes)
        except BaseException:
            _end(outcomes)
            raise
    return [(points[index], scores[index]) for index in sorted(scores)]


def _end(outcomes):
    """End the trials that are under way.

    To joblib an interrupt is a good reason to stop; a generator that is closed makes it warn.
    """
    with suppress(KeyboardInterrupt, StopIteration):
        outcomes.throw(KeyboardInterrupt)


@contextmanager
def _interrupts():
    """Note each interrupt in a list, besides what is done about it: training catches them."""
    pressed = []

    def note(number, frame):
        pressed.append(number)
        before(number, frame)

    before = signal.getsignal(signal.SIGINT)
    try:
        if callable(before):
            signal.signal(signal.SIGINT, note)
    except ValueError:  # not the main thread, which alone is interrupted
        before = None
    try:
        yield pressed
    finally:
        if callable(before):
            signal.signal(signal.SIGINT, before)


def _score(evaluate, values):
    try:
        return float(evaluate(**values))
    except Exception as error:
        given = ", ".join(f"{name}={value!r}" for name, value in values.items())
        raise RuntimeError(f"evaluate({given}) failed: {type(error).__name__}: {error}") from error


def _here(evaluate, points):
    for index, values in enumerate(points):
        yield index, _score(evaluate, values)


def _apart(evaluate, points, workers):
    """Yield (index, score) from other processes, as they come."""
    import cloudpickle
    from joblib import Parallel, delayed, parallel_config

    with tempfile.TemporaryDirectory() as folder:
        # Once, not with every trial: a function of a notebook brings the images that it refers to.
        path = Path(folder, "evaluate.pickle")
        path.write_bytes(cloudpickle.dumps(evaluate))
        jobs = [delayed(_trial)(str(path), index, values) for index, values in enumerate(points)]
        with parallel_config(backend="loky", inner_max_num_threads=1):
            run = Parallel(n_jobs=workers, batch_size=1, return_as="generator_unordered")
            yield from run(jobs)


def _trial(path, index, values):
    # In a terminal, and from a notebook, an interrupt reaches the workers too; the search ends them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return index, _score(_read(path), values)


@lru_cache(maxsize=1)
def _read(path):
    import cloudpickle

    return cloudpickle.loads(Path(path).read_bytes())
