"""What a student's code can import: what a part allows, and the modules beside the notebook."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder

NOT_BESIDE = {
    "course_utils",
    "sitecustomize",
    "usercustomize",
}  # ours, and those that Python starts with


class Explain:
    """Say why a module cannot be imported; that it cannot is not up to this hook.

    Parameters
    ----------
    hidden : sequence of str
        Modules that a part forbids.
    """

    def __init__(self, hidden):
        self.hidden = tuple(hidden)

    def find_spec(self, name, path=None, target=None):
        if any(name == h or name.startswith(h + ".") for h in self.hidden):
            raise ModuleNotFoundError(f"{name} may not be used in the answers of this part")
        return None


class Beside:
    """Find the modules beside a notebook, or written by its cells, where nothing else has the name.

    An entry of `sys.path` would not do, not even the last: it goes before installed packages without an
    ``__init__.py``. A name of the standard library is never taken, not even one that this system leaves out and
    a library tries to import.

    Parameters
    ----------
    folder : str
        Where the notebook runs.
    hidden : sequence of str
        Modules that a part forbids.
    """

    def __init__(self, folder, hidden=()):
        self.folder = folder
        self.others = NOT_BESIDE | sys.stdlib_module_names | set(hidden)

    def find_spec(self, name, path=None, target=None):
        if path is not None or name in self.others:
            return None
        finder = sys.path_importer_cache.get(self.folder)
        if finder is not None:
            finder.invalidate_caches()  # a cell may have written the module this instant
        return PathFinder.find_spec(name, [self.folder])
