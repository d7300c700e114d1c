"""What a test may ask of an object that an answer made: run where the object is, named by `checks.make`."""

from __future__ import annotations


def method(made, name, /, *args, **kwargs):
    """Call a method."""
    return getattr(made, name)(*args, **kwargs)


def read(made, name):
    """Return an attribute."""
    return getattr(made, name)


def update(made, name, entries):
    """Replace entries of an attribute that is a dict."""
    entries_there = getattr(made, name)
    for key, value in entries.items():
        entries_there[key] = value
