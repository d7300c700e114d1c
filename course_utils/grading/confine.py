"""Limits on the process that a student's code runs in."""

from __future__ import annotations

import resource


def limit(limits: dict) -> None:
    """Set this process's resource limits, for good.

    Parameters
    ----------
    limits : dict
        ``memory`` and ``file`` in bytes, ``processes``.
    """
    for name, value in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_FSIZE, limits["file"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (value, value))
