"""Figures of the lectures, drawn with matplotlib: a module for each kind, ``style`` for all.

A module lists in ``FIGURES`` what of it is committed in ``lectures/figures``.
"""
