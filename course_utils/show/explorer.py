"""What all explorers share: how their files become one, and what a refused value raises.

An explorer is an anywidget. Its browser side is plain JavaScript and CSS in files beside this one;
``common.js`` and ``common.css`` come first in each.
"""

from pathlib import Path

import anywidget
import traitlets

_HERE = Path(__file__).parent


def joined(*names):
    """Return the text of several files of this folder, one after the other."""
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)


class Explorer(anywidget.AnyWidget):
    """Base of the explorers: a value that is refused raises TraitError and leaves the old one."""

    _shown = ()
    """Names of the traits that make up what is shown, in order."""

    def __repr__(self):
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._shown)
        return f"{type(self).__name__}({values})"


def refused(check, *arguments):
    """Call a check and turn its ValueError into the TraitError that a validator has to raise."""
    try:
        return check(*arguments)
    except ValueError as error:
        raise traitlets.TraitError(str(error)) from None
