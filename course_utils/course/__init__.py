"""A course on disk: its folders, its source notebooks, its release versions.

Imported before nbformat by everything that reads notebooks.
"""

import sys

# jsonschema, with which nbformat checks notebooks, would spend a second of each start on a grammar for
# addresses in other alphabets. No notebook's schema has any.
sys.modules.setdefault("rfc3987_syntax", None)
