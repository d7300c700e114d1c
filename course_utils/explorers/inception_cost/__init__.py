"""The explorer of lecture 06: an inception module, with its 1×1 reductions and without."""

import traitlets

from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Step, check_int

WIDTHS = {
    "in_channels": "Input",
    "n1x1": "1×1",
    "n3x3_reduce": "3×3 reduce",
    "n3x3": "3×3",
    "n5x5_reduce": "5×5 reduce",
    "n5x5": "5×5",
    "pool_proj": "Pool proj.",
}
"""Numbers of channels, in the order in which `course_utils.models.Inception` takes them, and their labels."""
MOST = 1024
"""Channels that each of them may be."""
LARGEST = 64
"""Height and width that the maps may have."""

MODULES = {
    "3a": (28, (192, 64, 96, 128, 16, 32, 32)),
    "3b": (28, (256, 128, 128, 192, 32, 96, 64)),
    "4a": (14, (480, 192, 96, 208, 16, 48, 64)),
    "4b": (14, (512, 160, 112, 224, 24, 64, 64)),
    "4c": (14, (512, 128, 128, 256, 24, 64, 64)),
    "4d": (14, (512, 112, 144, 288, 32, 64, 64)),
    "4e": (14, (528, 256, 160, 320, 32, 128, 128)),
    "5a": (7, (832, 256, 160, 320, 32, 128, 128)),
    "5b": (7, (832, 384, 192, 384, 48, 128, 128)),
    "CS231n": (28, (256, 128, 64, 192, 64, 96, 64)),
}
"""Height and width, and channels: GoogLeNet's nine modules, and an example that lectures work through."""


class _Module(traitlets.TraitType):
    """Channels of a module; the name of a known one brings its height and width, too."""

    def validate(self, explorer, value):
        if isinstance(value, str):
            if value not in MODULES:
                raise traitlets.TraitError(
                    f"{self.name}={value!r} is not one of {', '.join(MODULES)}"
                )
            size, value = MODULES[value]
            if explorer is not None:
                explorer.size = size
        if not isinstance(value, (list, tuple)) or len(value) != len(WIDTHS):
            raise traitlets.TraitError(
                f"{self.name} must be a name or ({', '.join(WIDTHS)}), got {value!r}"
            )
        pairs = zip(WIDTHS, value, strict=True)
        return tuple(check_int(name, width, 1, MOST) for name, width in pairs)


class _Size(traitlets.TraitType):
    """Height and width."""

    def validate(self, explorer, value):
        return check_int(self.name, value, 1, LARGEST)


class InceptionCost(Explorer):
    """Explorer: the four branches of an inception module, and what it would cost without the 1×1 reductions.

    Without them, in the module that the paper calls naive, the 3×3 and 5×5 convolutions read all of the input's
    maps, and the pooling hands all of them on. Parameters are weights and biases; a multiply-add counts 1.

    It works by mouse and by keyboard (Tab to a slider or to the picture, arrow keys, Space, Home, End). What
    it shows can be read and set here, too.

    Parameters
    ----------
    module : str or tuple of int
        A name of :data:`MODULES`, or the arguments of :class:`course_utils.models.Inception`, each up to 1024.
    reductions : bool
        Whether the picture shows the module with its reductions.
    size : int, optional
        Height and width of the maps, up to 64; those of the named module, or 28.
    branch : int
        The chosen branch, from 1: 1×1, 3×3, 5×5, pooling.

    References
    ----------
    Szegedy and others, "Going deeper with convolutions", arXiv:1409.4842, figure 2 and table 1.

    Examples
    --------
    >>> explorer = InceptionCost("4a", reductions=False)
    >>> explorer.module, explorer.size
    ((480, 192, 96, 208, 16, 48, 64), 14)
    """

    module = _Module(MODULES["3a"][1])
    reductions = traitlets.Bool(True)
    size = _Size(28)
    branch = Step(2, lambda explorer: 4, first=1)

    tables = {
        "modules": MODULES,
        "largest": LARGEST,
        "side": ["Height and width", "H", 1, LARGEST],
        "sliders": {name: [label, "", 8, MOST, 8] for name, label in WIDTHS.items()},
    }
    figures = {"inception_cost": {}, "inception_naive": {"reductions": False}}

    def __init__(self, *values, **named):
        given = self.__signature__.bind(*values, **named).arguments
        module = given.setdefault("module", "3a")
        if given.get("size") is None:
            known = MODULES.get(module) if isinstance(module, str) else None
            given["size"] = known[0] if known else 28
        super().__init__(**given)
