"""Explorers: pictures of one idea each that a person moves, in Jupyter or on a static page."""
