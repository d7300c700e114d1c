"""What an explorer can be set to: traits that refuse a value with its name, the value and what is allowed."""

import math
from numbers import Real

import traitlets


def check_int(name, value, least=-math.inf, greatest=math.inf):
    """Return `value` as an int.

    Raises
    ------
    traitlets.TraitError
        If it is no whole number from `least` to `greatest`.
    """
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise traitlets.TraitError(f"{name} must be an int, got {value!r}")
    if not least <= value <= greatest:
        raise traitlets.TraitError(f"{name}={value} is outside {least} to {greatest}")
    return value.__index__()


class Knob(traitlets.TraitType):
    """A whole number in a range, with a slider.

    Parameters
    ----------
    default : int
    label, symbol : str
        What the slider says, and the letter of the formulas.
    least, greatest, step : int
    """

    def __init__(self, default, label, symbol, least, greatest, step=1):
        super().__init__(default)
        self.slider = [label, symbol, least, greatest, step]

    def validate(self, explorer, value):
        _, _, least, greatest, step = self.slider
        value = check_int(self.name, value, least, greatest)
        if (value - least) % step:
            raise traitlets.TraitError(
                f"{self.name}={value} is not {least}, {least + step} and so on to {greatest}"
            )
        return value


class Scale(Knob):
    """One of a few numbers in rising order, such as powers of ten, with a slider that has a stop for each.

    Parameters
    ----------
    default : float
    label, symbol : str
        What the slider says, and the letter of the formulas.
    numbers : list of float
    """

    def __init__(self, default, label, symbol, numbers):
        super().__init__(default, label, symbol, numbers[0], numbers[-1], numbers)

    def validate(self, explorer, value):
        *_, known = self.slider
        if isinstance(value, bool) or not isinstance(value, Real) or value not in known:
            raise traitlets.TraitError(
                f"{self.name}={value!r} is not one of {', '.join(map(str, known))}"
            )
        return known[known.index(value)]


class Choice(traitlets.TraitType):
    """One of a few values, with radio buttons, or a list when there are many.

    Parameters
    ----------
    default : str
    legend : str
    words : dict
        Value → what the button says.
    """

    def __init__(self, default, legend, words):
        super().__init__(default)
        self.legend, self.words = legend, words

    def validate(self, explorer, value):
        if value not in list(self.words):
            known = ", ".join(self.words)
            raise traitlets.TraitError(f"{self.name}={value!r} is not one of {known}")
        return value


class Within(traitlets.TraitType):
    """A value whose range hangs on other traits: checked when all are set, and kept inside when they change."""

    def __init__(self, default, extent):
        super().__init__(default)
        self.extent = extent

    def _cross_validate(self, explorer, value):
        return self.inside(explorer, value)


class Step(Within):
    """A number from `first` on; `extent` is a function of the explorer that returns how many there are."""

    def __init__(self, default, extent, first=0):
        super().__init__(default, extent)
        self.first = first

    def validate(self, explorer, value):
        # At once: the range of another trait may hang on this one, and asks first or last.
        return check_int(self.name, value)

    def inside(self, explorer, value):
        return check_int(self.name, value, self.first, self._last(explorer))

    def clamped(self, explorer, value):
        return min(value, self._last(explorer))

    def _last(self, explorer):
        return self.first + self.extent(explorer) - 1


class Place(Within):
    """(row, column), both from 0; `extent` is a function of the explorer that returns (rows, columns)."""

    def validate(self, explorer, value):
        try:
            row, column = value
            return row.__index__(), column.__index__()
        except (AttributeError, TypeError, ValueError):
            raise traitlets.TraitError(
                f"{self.name} must be (row, column), two ints, got {value!r}"
            ) from None

    def inside(self, explorer, value):
        rows, columns = self.extent(explorer)
        if not (0 <= value[0] < rows and 0 <= value[1] < columns):
            raise traitlets.TraitError(
                f"{self.name}={value} is outside {rows} × {columns}: rows run from 0 to {rows - 1}, "
                f"columns from 0 to {columns - 1}"
            )
        return value

    def clamped(self, explorer, value):
        return tuple(min(k, n - 1) for k, n in zip(value, self.extent(explorer), strict=True))
