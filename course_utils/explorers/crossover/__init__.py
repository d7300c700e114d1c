"""The explorer of lecture 04: measured times of five ways to convolve, over kernel and image size."""

from numbers import Real

import traitlets

from course_utils.explorers.crossover.measured import MEASURED
from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Choice, Place

NAMES = {
    "taps": "tap by tap",
    "im2col": "im2col",
    "blocks": "blocks",
    "winograd": "Winograd",
    "fft": "FFT",
}
"""The methods: a product for each tap of the kernel; all windows as one matrix; the same in blocks that stay
in the cache (`course_utils.layers.lowered`); tiles of 6 × 6 (`course_utils.layers.winograd`); waves."""

_COUNTS = ("images", "channels", "filters")


class _Times(traitlets.TraitType):
    """A table as :data:`~course_utils.explorers.crossover.measured.MEASURED`."""

    def validate(self, explorer, value):
        try:
            made = {"machine": str(value["machine"])} | {k: int(value[k]) for k in _COUNTS}
            made |= {k: [int(n) for n in value[k]] for k in ("kernels", "sides")}
            made["ms"] = {k: [[*row] for row in rows] for k, rows in value["ms"].items()}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise traitlets.TraitError(
                f"{self.name} must have machine, images, channels, filters, kernels, sides and ms: {error!r}"
            ) from None
        if unknown := set(made["ms"]) - set(NAMES):
            raise traitlets.TraitError(
                f"{self.name}: {unknown.pop()!r} is not one of {', '.join(NAMES)}"
            )
        size = len(made["sides"]), len(made["kernels"])
        for name, rows in made["ms"].items():
            if len(rows) != size[0] or {len(row) for row in rows} != {size[1]}:
                raise traitlets.TraitError(
                    f"{self.name} of {name} must be {size[0]} rows of {size[1]}"
                )
            for k in (k for row in rows for k in row if k is not None):
                if isinstance(k, bool) or not isinstance(k, Real) or not 0 < k < float("inf"):
                    raise traitlets.TraitError(f"{self.name} of {name}: {k!r} is no number of ms")
        return made


class Crossover(Explorer):
    """Explorer: which way to convolve is fastest, for each size of kernel and image.

    On the left the chosen image size, a line for each method; on the right all sizes, each with the method that
    wins. Times are measured, in milliseconds; multiplications are counted, without Winograd's transforms.

    It works by mouse (click into either picture) and by keyboard (Tab to a control or to the picture, arrow
    keys, Home, End). What it shows can be read and set here, too.

    Parameters
    ----------
    measure : str
        ``"time"`` or ``"count"``.
    place : (int, int)
        Which image size and which kernel size, from 0.
    times : dict
        What was measured, as in :data:`~course_utils.explorers.crossover.measured.MEASURED`: the
        ``machine`` in words, ``images``, ``channels``, ``filters``, ``kernels``, ``sides``, and ``ms``: for
        each method rows for the sides, of a number for each kernel, or None.

    Examples
    --------
    >>> explorer = Crossover(measure="count")
    >>> explorer.place
    (2, 0)
    """

    measure = Choice("time", "Show", {"time": "measured time", "count": "counted multiplications"})
    place = Place(
        (2, 0), lambda explorer: tuple(len(explorer.times[k]) for k in ("sides", "kernels"))
    )
    times = _Times(MEASURED)

    tables = {"names": NAMES}
    figures = {"crossover": {"place": (2, 0)}}
