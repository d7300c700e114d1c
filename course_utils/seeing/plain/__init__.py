"""The exercises of part 08, plain: what its tests compare with.

The functions that look into a network ask it in eval mode, and leave it as it was. Maps and waves are those of
`course_utils.seeing`, asked in this way. Boxes, patches and features are computed in another way than there,
for one unit or layer of any network. `filter_grid` has another scale than `stretched` has: its 0 is a filter's
least weight, while there a weight of 0 is the middle grey.
"""

from course_utils.seeing.plain.filters import filter_grid, gabor, gabor_fit
from course_utils.seeing.plain.maps import occlusion_map, saliency
from course_utils.seeing.plain.patches import receptive_box, top_patches
from course_utils.seeing.plain.transfer import (
    advise,
    extract_features,
    linear_probe,
    prepare_fine_tuning,
)

__all__ = [
    "advise",
    "extract_features",
    "filter_grid",
    "gabor",
    "gabor_fit",
    "linear_probe",
    "occlusion_map",
    "prepare_fine_tuning",
    "receptive_box",
    "saliency",
    "top_patches",
]
