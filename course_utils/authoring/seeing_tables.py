"""Write the tables that `UnitBrowser` and `Occluder` show when they are given none.

``python -m course_utils.authoring.seeing_tables``: a few units and two images, with the weights that come
with the course, in seconds. To be run after `course_utils.authoring.reference_weights`.
"""

from __future__ import annotations

import json
from pathlib import Path

from course_utils import explorers
from course_utils.data import drawn_images
from course_utils.seeing.reference import reference
from course_utils.seeing.tables import occlusion_tables, unit_tables
from course_utils.seeing.transfer import tensors

UNITS = {
    "conv1": ("relu1", (0, 2, 6, 13)),
    "conv2": ("relu2", (0, 1, 2)),
    "conv3": ("relu3", (0, 1)),
}
IMAGES = 500
PLAIN, MARKED = 9, 2
"""Numbers of the two images among those of seed 1."""


def units() -> dict:
    """Return the tables of a `UnitBrowser`."""
    images, labels = tensors(*drawn_images(IMAGES, seed=1))
    return unit_tables(reference(), images, labels, UNITS)


def occluder() -> dict:
    """Return the tables of an `Occluder`."""
    (plain, labels), (marked, _) = (
        tensors(*drawn_images(100, seed=1, cue=cue)) for cue in (None, "mark")
    )
    return occlusion_tables([
        ("Right", "the course's, trained on plain images", reference(), plain[PLAIN], labels[PLAIN]),
        ("Right, by the mark", "trained on marked images", reference("marked"), marked[MARKED], labels[MARKED]),
    ])  # fmt: skip


def main() -> None:
    """Write both."""
    for folder, tables in (("unit_browser", units()), ("occluder", occluder())):
        path = Path(explorers.__file__).parent / folder / "tables.json"
        path.write_text(json.dumps(tables, separators=(",", ":")) + "\n", encoding="utf-8")
        print(f"{path.name} of {folder}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
