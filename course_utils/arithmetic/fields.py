"""What a unit sees of the input."""

from typing import NamedTuple

from course_utils.arithmetic.arguments import checked


class ReceptiveField(NamedTuple):
    """What the units of one layer see, in input pixels along one axis.

    Unit ``i`` sees the pixels ``start + i * jump`` to ``start + i * jump + size - 1``. Pixel 0 is
    the first of the image; a negative position lies in the padding.
    """

    size: int
    jump: int
    start: int
    centre: float


def _window(kernel_size, stride, dilation=1, padding=0):
    return checked(kernel_size=kernel_size, stride=stride, dilation=dilation, padding=padding)


def receptive_fields(layers):
    """What the first unit of each layer sees in the input, and how far apart neighbours look.

    Source: Araujo, Norris and Sim, Computing receptive fields of convolutional neural networks,
    2019, https://doi.org/10.23915/distill.00021.

    Parameters
    ----------
    layers : list of tuple
        ``(kernel_size, stride)``, ``(kernel_size, stride, dilation)`` or
        ``(kernel_size, stride, dilation, padding)``, first layer first; where left out, dilation is
        1 and padding 0.

    Returns
    -------
    list of ReceptiveField
        One for each layer. ``size`` is the span from the first to the last pixel seen.

    Examples
    --------
    >>> for field in receptive_fields([(3, 1, 1, 1), (2, 2), (3, 1, 1, 1)]):
    ...     print(field)
    ReceptiveField(size=3, jump=1, start=-1, centre=0.0)
    ReceptiveField(size=4, jump=2, start=-1, centre=0.5)
    ReceptiveField(size=8, jump=2, start=-3, centre=0.5)
    """
    size, jump, start = 1, 1, 0
    fields = []
    for layer in layers:
        kernel_size, stride, dilation, padding = _window(*layer)
        size += dilation * (kernel_size - 1) * jump
        start -= padding * jump
        jump *= stride
        fields.append(ReceptiveField(size, jump, start, centre=start + (size - 1) / 2))
    return fields


def receptive_field(layers):
    """Input pixels, along one axis, that one unit of the last layer sees; 1 without layers.

    ``layers`` as in :func:`receptive_fields`; padding does not change the size.

    Examples
    --------
    >>> receptive_field([(3, 1), (3, 1), (3, 1)]), receptive_field([(7, 1)])
    (7, 7)
    """
    fields = receptive_fields(layers)
    return fields[-1].size if fields else 1
