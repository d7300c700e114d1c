"""Check random augmentations: what each image has become, and by which chances.

`explains` holds every image of a result against what the augmentation may make of it; `fair` looks at what was
drawn for each: in its range, as often as it should be, and on its own. The augmentations are ``crops``,
``flips``, ``jitters``, ``pca`` and ``resizes``.
"""

from course_utils.checks.augmentations.draws import clamped, explains, fair
from course_utils.checks.augmentations.readers import crops, flips, jitters, pca, resizes
from course_utils.checks.augmentations.windows import coordinates

__all__ = [
    "clamped",
    "coordinates",
    "crops",
    "explains",
    "fair",
    "flips",
    "jitters",
    "pca",
    "resizes",
]
