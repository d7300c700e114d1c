"""`course_utils.search`: what is tried, in which processes, what an interrupt leaves, when to look further."""

import math
import os
import signal
import threading
import time

import numpy as np
import pytest

from course_utils.search import edge_warning, grid_search, random_search

# On Python 3.13 a thread of loky's may miss a worker that an interrupt has ended: trials are what counts.
pytestmark = [
    pytest.mark.unit,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]


@pytest.fixture(autouse=True)
def interrupts():
    """Python's own handler: what starts in a shell's background, as tests may, ignores interrupts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


RANGES = {"learning_rate": (1e-6, 1e-2), "reg": (1e-4, 1.0)}
WORKERS = pytest.mark.parametrize("workers", [1, 2])


def search(evaluate, n_trials=9, seed=0, **options):
    return random_search(evaluate, RANGES, n_trials, np.random.default_rng(seed), **options)


def nearness(learning_rate, reg):
    return -abs(math.log10(learning_rate) + 3) - abs(math.log10(reg) + 2)


def test_values_lie_in_their_ranges_evenly_on_a_log_scale():
    trials = search(lambda learning_rate, reg: 0.0, 4000)
    for name, (low, high) in RANGES.items():
        values = np.array([values[name] for values, _ in trials])
        assert low <= values.min() and values.max() <= high
        places = np.log(values / low) / np.log(high / low)
        counts = np.histogram(places, bins=10, range=(0, 1))[0]
        # 400 in each tenth, with a standard deviation of 19.
        assert abs(counts - 400).max() < 5 * 19
    names = np.log([[values["learning_rate"], values["reg"]] for values, _ in trials])
    assert abs(np.corrcoef(names.T)[0, 1]) < 5 / math.sqrt(4000)


def test_values_are_plain_floats_and_scores_too():
    trials = search(lambda learning_rate, reg: np.float32(0.5))
    assert {type(value) for values, score in trials for value in (*values.values(), score)} == {
        float
    }


def test_the_number_of_workers_changes_nothing():
    factor = 2.0  # of the cell beside: a function of a notebook refers to others and to variables

    def evaluate(learning_rate, reg):
        return factor * nearness(learning_rate, reg)

    one = search(evaluate)
    assert len(one) == 9 and len({score for _, score in one}) == 9
    assert [score for _, score in one] == [evaluate(**values) for values, _ in one]
    assert search(evaluate, workers=2) == search(evaluate, workers=3) == one


@WORKERS
def test_a_lambda_will_do(workers):
    assert [score for _, score in search(lambda learning_rate, reg: 3, 3, workers=workers)] == [
        3.0
    ] * 3


def test_all_values_are_drawn_before_the_first_trial():
    rng = np.random.default_rng(0)
    trials = random_search(lambda learning_rate, reg: rng.random(), RANGES, 9, rng)
    assert [values for values, _ in trials] == [values for values, _ in search(nearness)]


def test_other_processes_compute_on_one_thread_each():
    def evaluate(learning_rate, reg):
        return int(os.environ["OPENBLAS_NUM_THREADS"]) + (os.getpid() == here)

    here = os.getpid()
    assert [score for _, score in search(evaluate, workers=2)] == [1.0] * 9


class Data:
    """Something large that counts how often it is sent."""

    def __init__(self, sent):
        self.sent = sent

    def __reduce__(self):
        self.sent.append(1)
        return int, (7,)


def test_what_evaluate_refers_to_is_sent_once():
    data = Data([])
    trials = search(lambda learning_rate, reg: data, workers=2)
    assert [score for _, score in trials] == [7.0] * 9
    assert data.sent == [1]


@WORKERS
def test_the_watch_sees_how_far_it_is_and_the_best_so_far(workers):
    seen = []
    trials = search(nearness, workers=workers, watch=lambda *given: seen.append(given))
    assert [(done, of) for done, of, _ in seen] == [(done, 9) for done in range(10)]
    assert seen[0][2] is None
    scores = [best[1] for _, _, best in seen[1:]]
    assert scores == sorted(scores)
    assert seen[-1][2] == max(trials, key=lambda trial: trial[1])


@WORKERS
def test_a_trial_that_fails_is_named(workers):
    def evaluate(learning_rate, reg):
        if learning_rate == wrong:
            raise ZeroDivisionError("no batches")
        return 0.0

    wrong = search(nearness)[4][0]["learning_rate"]
    with pytest.raises(RuntimeError) as caught:
        search(evaluate, workers=workers)
    assert f"evaluate(learning_rate={wrong!r}, reg=" in str(caught.value)
    assert str(caught.value).endswith("failed: ZeroDivisionError: no batches")
    assert caught.value.__cause__ is not None
    assert len(search(nearness, workers=workers)) == 9  # the next search is not harmed


@WORKERS
def test_a_score_that_is_no_number_is_a_trial_that_fails(workers):
    with pytest.raises(
        RuntimeError, match=r"evaluate\(learning_rate=.*\) failed: TypeError: .*NoneType"
    ):
        search(lambda learning_rate, reg: None, workers=workers)


@WORKERS
def test_an_interrupt_keeps_the_trials_that_are_finished(workers):
    def watch(done, of, best):
        if done == 3:
            os.kill(os.getpid(), signal.SIGINT)

    trials, whole = search(nearness, workers=workers, watch=watch), search(nearness)
    assert len(trials) == 3
    assert all(trial in whole for trial in trials)
    assert search(nearness, workers=workers) == whole


def test_an_interrupt_does_not_wait_for_other_processes():
    first = search(nearness)[0][0]["reg"]

    def evaluate(learning_rate, reg):
        return 0.0 if reg == first else threading.Event().wait(10_000)

    def watch(done, of, best):
        if done:
            os.kill(os.getpid(), signal.SIGINT)

    start = time.perf_counter()
    assert len(search(evaluate, workers=2, watch=watch)) == 1
    assert time.perf_counter() - start < 600


def test_a_trial_that_catches_the_interrupt_is_half_a_trial():
    """As training does, which keeps what there is."""
    calls = []

    def evaluate(learning_rate, reg):
        calls.append(1)
        if len(calls) < 3:
            return 0.5
        try:
            os.kill(os.getpid(), signal.SIGINT)
        except KeyboardInterrupt:
            return 99.0

    before = signal.getsignal(signal.SIGINT)
    assert [score for _, score in search(evaluate)] == [0.5, 0.5]
    assert len(calls) == 3
    assert signal.getsignal(signal.SIGINT) is before


def test_it_works_in_a_thread_too():
    found = []
    thread = threading.Thread(target=lambda: found.append(search(nearness)))
    thread.start()
    thread.join()
    assert found == [search(nearness)]


def test_a_grid_has_every_combination_and_its_bounds():
    trials = grid_search(nearness, RANGES, 3)
    values = [(values["learning_rate"], values["reg"]) for values, _ in trials]
    expected = [(a, b) for a in (1e-6, 1e-4, 1e-2) for b in (1e-4, 1e-2, 1.0)]
    np.testing.assert_allclose(values, expected, rtol=1e-12)
    assert values[0] == (1e-6, 1e-4) and values[-1] == (1e-2, 1.0)
    assert grid_search(nearness, RANGES, 3, workers=2) == trials


def test_a_grid_of_one_is_the_middle():
    ((values, _),) = grid_search(nearness, RANGES, 1)
    assert values == {"learning_rate": pytest.approx(1e-4), "reg": pytest.approx(1e-2)}


@pytest.mark.parametrize(
    ("best", "warnings"),
    [
        ({"learning_rate": 1e-4, "reg": 1e-2}, []),
        ({"learning_rate": 10**-5.65, "reg": 1e-2}, [("learning_rate", "low")]),
        ({"learning_rate": 10**-5.55, "reg": 1e-2}, []),
        ({"learning_rate": 10**-2.35, "reg": 1e-2}, [("learning_rate", "high")]),
        ({"learning_rate": 10**-2.45, "reg": 1e-2}, []),
        ({"learning_rate": 1e-4, "reg": 0.5}, [("reg", "high")]),
        ({"learning_rate": 1e-6, "reg": 1e-4}, [("learning_rate", "low"), ("reg", "low")]),
        ({"learning_rate": 1e-7, "reg": 7.0}, [("learning_rate", "low"), ("reg", "high")]),
        # On a linear scale this is in the lowest hundredth.
        ({"learning_rate": 1e-5, "reg": 1e-2}, []),
    ],
    ids=["middle", "low", "not low", "high", "not high", "reg", "both", "beyond", "log"],
)
def test_a_best_value_at_the_edge_of_its_range_is_worrying(best, warnings):
    other = {"learning_rate": 1e-6, "reg": 1.0}
    trials = [(other, 0.2), (best, 0.5), (other, math.nan), (other, -math.inf)]
    assert edge_warning(trials, RANGES) == warnings


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: random_search(nearness, {"reg": (0, 1)}, 3, None), r"range of reg is searched .*\(0, 1\)"),
        (lambda: random_search(nearness, {"reg": (1, 1)}, 3, None), r"0 < low < high, got \(1, 1\)"),
        (lambda: random_search(nearness, {"reg": (1, math.inf)}, 3, None), r"got \(1, inf\)"),
        (lambda: grid_search(nearness, {"reg": (2, 1)}, 3), r"got \(2, 1\)"),
        (lambda: random_search(nearness, {}, 3, None), "there is nothing to search: ranges is empty"),
        (lambda: random_search(nearness, RANGES, 0, None), "at least one trial, got n_trials=0"),
        (lambda: grid_search(nearness, RANGES, 0), "got per_axis=0"),
        (lambda: search(nearness, workers=0), "at least one worker, got workers=0"),
        (lambda: edge_warning([], RANGES), "none of 0 trials has a score"),
        (lambda: edge_warning([({}, math.nan)], RANGES), "none of 1 trials has a score"),
    ],
    ids=["zero", "empty", "infinite", "turned", "no range", "no trial", "no grid", "no worker", "none", "nan"],
)  # fmt: skip
def test_what_cannot_be_searched_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
