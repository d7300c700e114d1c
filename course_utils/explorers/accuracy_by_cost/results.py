"""What the explorer draws: costs of networks, and what papers report of their errors.

Top-5 errors in percent, on the 1000 classes of ILSVRC-2012. Results that were measured in different ways do
not compare, so that each stands under the way it was measured: a key of :data:`KINDS`. Months are those of the
arXiv number, of the conference (AlexNet) or of the challenge (Clarifai).
"""

KINDS = {
    "ten": "single model, 10 crops, validation",
    "best": "single model, best reported, validation",
    "ensemble": "ensemble, test",
}

COSTS = {
    "AlexNet": (60_965_224, 724_406_816),
    "ZFNet": (107_627_624, 2_476_704_896),
    "ZFNet, 384-384-256": (62_357_608, 1_168_032_896),
    "VGG-C": (133_638_952, 11_770_888_192),
    "VGG-16": (138_357_544, 15_470_264_320),
    "VGG-19": (143_667_240, 19_632_062_464),
    "GoogLeNet": (6_998_552, 1_582_671_872),
    "plain-34": (21_623_848, 3_644_493_824),
    "ResNet-34": (21_797_672, 3_663_761_408),
    "ResNet-50": (25_557_032, 4_089_184_256),
    "ResNet-101": (44_549_160, 7_801_405_440),
    "ResNet-152": (60_192_808, 11_513_626_624),
}
"""Parameters, and multiply-adds for one image of 224 × 224 (AlexNet 227 × 227): as counted from
`course_utils.models`, AlexNet in two groups, ZFNet with 512-1024-512 maps, GoogLeNet without its
auxiliary heads."""

KRIZHEVSKY = "Krizhevsky, Sutskever and Hinton 2012, table 2"
ZEILER = "Zeiler and Fergus, arXiv:1311.2901, table 2"
VGG5 = "Simonyan and Zisserman, arXiv:1409.1556, table 5"
VGG6 = "Simonyan and Zisserman, arXiv:1409.1556, table 6"
VGG7 = "quoted by Simonyan and Zisserman, arXiv:1409.1556, table 7"
SZEGEDY2 = "quoted by Szegedy and others, arXiv:1409.4842, table 2"
SZEGEDY3 = "Szegedy and others, arXiv:1409.4842, table 3"
RESNET3 = "He and others, arXiv:1512.03385, table 3"
RESNET4 = "He and others, arXiv:1512.03385, table 4"
RESNET5 = "He and others, arXiv:1512.03385, table 5"
FULL = "fully convolutional, 5 scales"

_ZF = "Cost with the widths that this row of the table names, 512-1024-512."
_STRIDE = (
    "Cost with the stride in the 3 × 3 convolutions; the paper has it in the 1 × 1 before them"
)
_TWO = "Cost with the paper's two groups."


def _single(name, month, error, tested, source, note="", label=None):
    return {
        "name": name, "label": label or name, "month": month, "error": error, "models": 1,
        "tested": tested, "source": source, "note": note, "members": {name: 1},
    }  # fmt: skip


def _ensemble(name, label, month, error, models, tested, source, note="", members=None):
    return {
        "name": name, "label": label, "month": month, "error": error, "models": models,
        "tested": tested, "source": source, "note": note, "members": members or {},
    }  # fmt: skip


_TEN = "10 crops"
_NOT_HERE = "Its cost is not counted here."
_ITS_OWN = "Its own paper says how it was tested. Its cost is not counted here."

RESULTS = {
    "ten": [
        _single("AlexNet", "2012-12", 18.2, _TEN, KRIZHEVSKY, _TWO),
        _single("ZFNet", "2013-11", 16.0, _TEN, ZEILER, _ZF),
        _single("VGG-16", "2014-09", 9.33, _TEN, RESNET3, "Tested by He and others."),
        _single("GoogLeNet", "2014-09", 9.15, _TEN, SZEGEDY3),
        _single("PReLU-net", "2015-02", 7.38, _TEN, RESNET3, _NOT_HERE),
        _single("plain-34", "2015-12", 10.02, _TEN, RESNET3, "ResNet-34 without its shortcuts."),
        _single("ResNet-34", "2015-12", 7.46, _TEN, RESNET3, "Option B: projections."),
        _single("ResNet-50", "2015-12", 6.71, _TEN, RESNET3, f"{_STRIDE}: 3.8 billion."),
        _single("ResNet-101", "2015-12", 6.05, _TEN, RESNET3, f"{_STRIDE}."),
        _single("ResNet-152", "2015-12", 5.71, _TEN, RESNET3, f"{_STRIDE}: 11.3 billion."),
    ],
    "best": [
        _single("AlexNet", "2012-12", 18.2, _TEN, KRIZHEVSKY, _TWO),
        _single("ZFNet", "2013-11", 16.0, _TEN, ZEILER, _ZF),
        _single("OverFeat", "2013-12", 14.2, "", VGG7, _ITS_OWN),
        _single("SPP-net", "2014-06", 9.1, "", VGG7, _ITS_OWN),
        _single("VGG-16", "2014-09", 7.2, "many crops and dense, 3 scales", VGG5),
        _single("VGG-19", "2014-09", 7.1, "many crops and dense, 3 scales", VGG5),
        _single("GoogLeNet", "2014-09", 7.89, "144 crops", SZEGEDY3),
        _single("PReLU-net", "2015-02", 5.71, "", RESNET4, _ITS_OWN),
        _single("BN-Inception", "2015-02", 5.81, "", RESNET4, _ITS_OWN),
        _single("ResNet-34", "2015-12", 5.71, FULL, RESNET4, "Option B: projections."),
        _single("ResNet-50", "2015-12", 5.25, FULL, RESNET4, f"{_STRIDE}: 3.8 billion."),
        _single("ResNet-101", "2015-12", 4.60, FULL, RESNET4, f"{_STRIDE}."),
        _single("ResNet-152", "2015-12", 4.49, FULL, RESNET4, f"{_STRIDE}: 11.3 billion."),
    ],
    "ensemble": [
        _ensemble("AlexNet", "AlexNet × 5", "2012-12", 16.4, 5, _TEN, KRIZHEVSKY, _TWO, {"AlexNet": 5}),
        _ensemble(
            "AlexNet, more data", "AlexNet × 7, more data", "2012-12", 15.3, 7, _TEN, KRIZHEVSKY,
            "Two of the seven learned from ImageNet 2011 as well and have one layer more: cost not known. "
            "15.4 on the validation set.",
        ),
        _ensemble(
            "ZFNet", "ZFNet × 6", "2013-11", 14.8, 6, _TEN, ZEILER,
            "Five with 384-384-256 maps and one with 512-1024-512.",
            {"ZFNet, 384-384-256": 5, "ZFNet": 1},
        ),
        _ensemble("Clarifai", "Clarifai", "2013-11", 11.7, 0, "", SZEGEDY2, "Cost not published."),
        _ensemble(
            "Clarifai, more data", "Clarifai, more data", "2013-11", 11.2, 0, "", SZEGEDY2,
            "With data from outside the challenge. Cost not published.",
        ),
        _ensemble("OverFeat", "OverFeat × 7", "2013-12", 13.6, 7, "", VGG7, _ITS_OWN),
        _ensemble(
            "SPP-net", "SPP-net × 11", "2014-06", 8.06, 11, "",
            "He and others, arXiv:1406.4729, ILSVRC 2014", _ITS_OWN,
        ),
        _ensemble(
            "VGG", "VGG × 7", "2014-09", 7.3, 7, "dense", VGG6,
            "The entry of the challenge (7.32): three of D, two of C, two of E.",
            {"VGG-16": 3, "VGG-C": 2, "VGG-19": 2},
        ),
        _ensemble(
            "VGG, after the challenge", "VGG × 2", "2014-09", 6.8, 2, "many crops and dense, 3 scales",
            VGG6, "One of D, one of E.", {"VGG-16": 1, "VGG-19": 1},
        ),
        _ensemble(
            "GoogLeNet", "GoogLeNet × 7", "2014-09", 6.67, 7, "144 crops", SZEGEDY3,
            "Cost of seven equal ones; one of them was wider.", {"GoogLeNet": 7},
        ),
        _ensemble(
            "Baidu Deep Image", "Baidu", "2015-01", 5.98, 0, "", "Wu and others, arXiv:1501.02876v1",
            "Cost not known. The team was later barred for too many tries on the test server.",
        ),
        _ensemble("PReLU-net", "PReLU-net", "2015-02", 4.94, 0, "", RESNET5, _ITS_OWN),
        _ensemble("BN-Inception", "BN-Inception", "2015-02", 4.82, 6, "", RESNET5, _ITS_OWN),
        _ensemble(
            "ResNet", "ResNet × 6", "2015-12", 3.57, 6, FULL, RESNET5,
            "Two of 152 layers, four whose depths the paper does not say: cost not known.",
        ),
    ],
}  # fmt: skip
"""In order of time. ``members`` are the networks of which the cost is the sum; none where it is not known."""

ABSENT = {
    "ten": [
        "VGG-19: no result with 10 crops",
        "ResNet-18: the paper gives its top-1 error only (27.88)",
    ],
    "best": [
        "With 10 crops only: plain-34, ResNet-18",
        "Clarifai (12.5): on the test set only",
    ],
    "ensemble": ["Tested alone only: plain-34, ResNet-18"],
}
"""What is not drawn, and why."""


def costs(members):
    """Return parameters and multiply-adds of all members together, or None where one is not known."""
    if not members or any(name not in COSTS for name in members):
        return None
    pairs = [(count, *COSTS[name]) for name, count in members.items()]
    return [sum(n * p for n, p, _ in pairs), sum(n * w for n, _, w in pairs)]
