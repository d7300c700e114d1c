"""Release, grading and feedback on nbgrader's own folders and gradebook."""

import sys

# jsonschema, with which nbformat checks notebooks, would spend a second of each start on a grammar for
# addresses in other alphabets. No notebook's schema has any.
sys.modules.setdefault("rfc3987_syntax", None)
