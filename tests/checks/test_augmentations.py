"""Random augmentations are judged by what becomes of each image, and by chances."""

import math

import pytest
from oracle import functional as F
from oracle import torch

from course_utils.checks import CheckFailed, args, draws_from_rng
from course_utils.checks.chances import ALARM, bounds, evenness

pytestmark = [pytest.mark.unit, pytest.mark.torch]
if torch is not None:
    from course_utils.checks import augmentations
    from course_utils.trainer import augment


def generator(seed=1):
    return torch.Generator().manual_seed(seed)


def said(check, function, kind, calls):
    """What a check says about an answer, '' where it passes."""
    try:
        check(function, kind, calls)
    except CheckFailed as failure:
        return failure.text()
    return ""


# -- right answers -----------------------------------------------------------------------------------------
def pixels():
    return torch.rand(3000, 2, 5, 7, generator=generator())


def middling():
    return 0.4 + 0.2 * torch.rand(3000, 3, 4, 5, generator=generator())


def basis():
    return torch.tensor([0.2, 0.05, 0.01]), torch.linalg.qr(
        torch.randn(3, 3, generator=generator(4))
    )[0]


def calls_of(name):
    match name:
        case "flips":
            x = pixels()
            return [
                args(x, generator(), 0.3),
                args(x, generator(2)),
                *(args(x, generator(), p=p) for p in (0.0, 1.0)),
            ]
        case "crops":
            return [args(pixels(), 2, generator()), args(pixels(), 1, generator(2))]
        case "resizes":
            small, large = (
                augmentations.coordinates(30, 30, 30),
                augmentations.coordinates(1500, 40, 40),
            )
            return [
                args(small, 12, generator(), (1.0, 1.0), (1.0, 1.0)),
                args(large, 8, generator(), (0.1, 0.45), (1.0, 2.0)),
                args(small, 24, generator(), (0.1, 0.3), (0.75, 1.3)),
            ]
        case "jitters":
            x = middling()
            each = [
                args(x, generator(), **{name: 0.3})
                for name in ("brightness", "contrast", "saturation")
            ]
            return [*each, args(x, generator(3), 0.2, 0.3, 0.4)]
        case "pca":
            return [
                args(middling(), *basis(), generator()),
                args(middling(), *basis(), generator(), sigma=0.05),
            ]


def windows(area=lambda share: share, turned=False, mode="bilinear", place=lambda u: u, one=False):
    """A resized crop of whole pixels, image after image."""

    def resized(x, size, generator, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)):
        height, width = x.shape[2:]
        found = []
        for image in x:
            if not one or not found:
                u = torch.rand(4, generator=generator).tolist()
            pixels = area(scale[0] + (scale[1] - scale[0]) * u[0]) * height * width
            form = math.exp(math.log(ratio[0]) + math.log(ratio[1] / ratio[0]) * u[1])
            form = 1 / form if turned else form
            h, w = round(math.sqrt(pixels / form)), round(math.sqrt(pixels * form))
            top, left = int(place(u[2]) * (height - h + 1)), int(place(u[3]) * (width - w + 1))
            window = image[None, :, top : top + h, left : left + w]
            options = {} if mode == "nearest" else {"align_corners": False}
            found.append(F.interpolate(window, (size, size), mode=mode, **options))
        return torch.cat(found)

    return resized


def cropped(draw, mode="constant"):
    """A random crop, with offsets drawn in some way."""

    def crop(x, padding, generator):
        padded, (height, width) = F.pad(x, (padding,) * 4, mode=mode), x.shape[2:]
        offsets = draw(len(x), padding, generator).tolist()
        return torch.stack(
            [p[:, i : i + height, j : j + width] for p, (i, j) in zip(padded, offsets, strict=True)]
        )

    return crop


def jittered(grey=(0.299, 0.587, 0.114), factor=lambda u: 2 * u - 1, channels=False, once=False):
    """Colour jitter in another order: saturation, contrast, brightness."""

    def jitter(x, generator, brightness=0.0, contrast=0.0, saturation=0.0):
        u = torch.rand(3, len(x), generator=generator)
        u = u[:1].expand(3, -1) if once else u
        b, c, s = (1 + factor(u) * torch.tensor([[brightness], [contrast], [saturation]]))[
            ..., None, None, None
        ]

        def to_grey(x):
            return torch.einsum("nchw,c->nhw", x, torch.tensor(grey))[:, None]

        x = to_grey(x) + s * (x - to_grey(x))
        mean = x.mean((2, 3), True) if channels else to_grey(x).mean((1, 2, 3), True)
        return (b * (mean + c * (x - mean))).clamp(0, 1)

    return jitter


def coloured(shift):
    """PCA colours, with the shift of each image computed in some way from normal numbers."""

    def pca(x, eigenvalues, eigenvectors, generator, sigma=0.1):
        alphas = torch.randn(len(x), 3, generator=generator)
        return (x + shift(alphas, eigenvalues, eigenvectors, sigma)[:, :, None, None]).clamp(0, 1)

    return pca


RIGHT = {
    "flips": [lambda: augment.random_flip, lambda: mirrored(-1)],
    "crops": [lambda: augment.random_crop, lambda: cropped(any_offset)],
    "resizes": [lambda: augment.random_resized_crop, windows],
    "jitters": [lambda: augment.colour_jitter, jittered],
    "pca": [
        lambda: augment.pca_colour,
        lambda: coloured(lambda a, values, vectors, sigma: sigma * (a * values) @ vectors.T),
    ],
}


def mirrored(axis, once=False, less=True):
    def flip(x, generator, p=0.5):
        u = torch.rand(1 if once else len(x), generator=generator).expand(len(x))
        chosen = u < p if less else u >= p
        return torch.stack(
            [image.flip(axis) if turn else image for image, turn in zip(x, chosen, strict=True)]
        )

    return flip


def any_offset(n, padding, generator):
    return torch.randint(0, 2 * padding + 1, (n, 2), generator=generator)


@pytest.mark.parametrize(("name", "number"), [(name, i) for name in RIGHT for i in range(2)])
def test_right_answers_pass(name, number):
    kind, answer = getattr(augmentations, name), RIGHT[name][number]()
    for check in (augmentations.explains, augmentations.fair):
        assert said(check, answer, kind, calls_of(name)) == ""


# -- wrong ones --------------------------------------------------------------------------------------------
IMAGES = {
    "upside down": ("flips", lambda: mirrored(-2), "upside down"),
    "reflected edges": ("crops", lambda: cropped(any_offset, "reflect"), "reflected"),
    "repeated edges": ("crops", lambda: cropped(any_offset, "replicate"), "repeated"),
    "nearest pixels": ("resizes", lambda: windows(mode="nearest"), "nearest"),
    "a mean as grey": ("jitters", lambda: jittered((1 / 3,) * 3), "mean of the channels"),
    "a mean of each channel": ("jitters", lambda: jittered(channels=True), "mean of each channel"),
    "a colour for each pixel": (
        "pca",
        lambda: (
            lambda x, eigenvalues, eigenvectors, generator, sigma=0.1: (
                x + sigma * eigenvalues[0] * torch.randn(x.shape, generator=generator)
            )
        ),
        "same colour added to each pixel",
    ),
}
CHANCES = {
    "one coin for all": ("flips", lambda: mirrored(-1, once=True), "one draw for the whole batch"),
    "1 - p": ("flips", lambda: mirrored(-1, less=False), "probability 1 - p"),
    "the last offset left out": (
        "crops",
        lambda: cropped(lambda n, p, g: torch.randint(0, 2 * p, (n, 2), generator=g)),
        "last offset",
    ),
    "row and column alike": (
        "crops",
        lambda: cropped(lambda n, p, g: any_offset(n, p, g)[:, :1].expand(n, 2)),
        "serves for two",
    ),
    "one offset for all": (
        "crops",
        lambda: cropped(lambda n, p, g: any_offset(1, p, g).expand(n, 2)),
        "one draw for the whole batch",
    ),
    "two images alike": (
        "crops",
        lambda: cropped(lambda n, p, g: any_offset(n // 2, p, g).repeat_interleave(2, 0)),
        "serves for two",
    ),
    "offsets from the middle": (
        "crops",
        lambda: cropped(
            lambda n, p, g: (p + torch.randn(n, 2, generator=g)).round().clamp(0, 2 * p).long()
        ),
        "the chances are wrong",
    ),
    "a share of the sides": (
        "resizes",
        lambda: windows(area=lambda share: share**2),
        "that of the area",
    ),
    "height / width": ("resizes", lambda: windows(turned=True), "ratio is width / height"),
    "always in the middle": (
        "resizes",
        lambda: windows(place=lambda u: 0.5),
        "the chances are wrong",
    ),
    "one window for all": ("resizes", lambda: windows(one=True), "one draw for the whole batch"),
    "only brighter": (
        "jitters",
        lambda: jittered(factor=lambda u: u),
        "factors in [1, 1 + brightness]",
    ),
    "one number for three factors": ("jitters", lambda: jittered(once=True), "serves for two"),
    "eigenvectors in rows": (
        "pca",
        lambda: coloured(lambda a, values, vectors, s: s * (a * values) @ vectors),
        "rows",
    ),
    "a root of the eigenvalues": (
        "pca",
        lambda: coloured(lambda a, values, vectors, s: s * (a * values.sqrt()) @ vectors.T),
        "root",
    ),
    "without eigenvalues": (
        "pca",
        lambda: coloured(lambda a, values, vectors, s: s * a @ vectors.T),
        "without the",
    ),
    "sigma as a variance": (
        "pca",
        lambda: coloured(lambda a, values, vectors, s: s**0.5 * (a * values) @ vectors.T),
        "variance",
    ),
    "one number for three components": (
        "pca",
        lambda: coloured(lambda a, values, vectors, s: s * (a[:, :1] * values) @ vectors.T),
        "serves for two",
    ),
}


@pytest.mark.parametrize("case", IMAGES)
def test_wrong_images_are_named_and_excused_elsewhere(case):
    name, answer, words = IMAGES[case]
    kind = getattr(augmentations, name)
    assert words in " ".join(said(augmentations.explains, answer(), kind, calls_of(name)).split())
    assert said(augmentations.fair, answer(), kind, calls_of(name)) == ""


@pytest.mark.parametrize("case", CHANCES)
def test_wrong_chances_are_named_and_only_there(case):
    name, answer, words = CHANCES[case]
    kind = getattr(augmentations, name)
    assert words in " ".join(said(augmentations.fair, answer(), kind, calls_of(name)).split())
    assert said(augmentations.explains, answer(), kind, calls_of(name)) == ""


def test_results_that_are_no_images_are_named():
    calls = calls_of("flips")[:1]
    for answer, words in (
        (lambda x, generator, p=0.5: x.tolist(), "no tensor"),
        (lambda x, generator, p=0.5: x[:, :1], "wrong shape"),
        (lambda x, generator, p=0.5: x.double(), "wrong dtype"),
        (lambda x, generator, p=0.5: x / 0, "not finite"),
    ):
        assert words in said(augmentations.explains, answer, augmentations.flips, calls)


def test_what_leaves_the_range_is_named():
    x = torch.rand(50, 3, 4, 5, generator=generator())
    calls = [args(x, generator(), brightness=0.9)]
    assert said(augmentations.clamped, augment.colour_jitter, augmentations.jitters, calls) == ""

    def loud(x, generator, brightness=0.0, contrast=0.0, saturation=0.0):
        return x * (1 + brightness * (2 * torch.rand(len(x), 1, 1, 1, generator=generator) - 1))

    assert "clamped" in said(augmentations.clamped, loud, augmentations.jitters, calls)


# -- windows of whole pixels -------------------------------------------------------------------------------
def read_from(n, side, least, pixels=None, area=lambda low, high, u: low + (high - low) * u):
    """What is read from windows of whole or other pixels, without the images."""

    def crop(x, size, generator, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)):
        u = torch.rand(4, len(x), generator=generator, dtype=torch.float64)
        share, shape = area(*scale, u[0]), ratio[0] + (ratio[1] - ratio[0]) * u[1]
        h, w = side * (share / shape).sqrt(), side * (share * shape).sqrt()
        h, w = (pixels(h), pixels(w)) if pixels else (h, w)
        top, left = u[2] * (side - h), u[3] * (side - w)
        top, left = (top.floor(), left.floor()) if pixels else (top, left)
        k = (torch.arange(size) + 0.5) / size
        out = torch.empty(len(x), 2, size, size)
        for channel, begin, length in ((0, left, w), (1, top, h)):
            begin, length = begin[:, None], length[:, None]
            at = (begin + k * length - 0.5).maximum(begin).minimum(begin + length - 1) / side
            out[:, channel] = at[:, None, :] if channel == 0 else at[:, :, None]
        return out

    calls = [
        args(torch.zeros(n, 2, side, side), 5, generator(seed), (least, 0.45), (1.0, 2.0))
        for seed in (1, 2)
    ]
    return said(augmentations.fair, crop, augmentations.resizes, calls)


@pytest.mark.parametrize("pixels", [None, "round", "floor", "ceil"])
def test_to_which_side_edges_are_rounded_is_free(pixels):
    rounded = pixels and (lambda side: getattr(torch, pixels)(side).clamp(min=1))
    # Of so many windows, so small, the counts would tell if what was read were taken for what was drawn.
    assert read_from(9000, 16, 0.04, rounded) == ""


@pytest.mark.parametrize("pixels", [None, "round"])
def test_uniform_sides_are_named(pixels):
    def area(low, high, u):
        return (low**0.5 + (high**0.5 - low**0.5) * u) ** 2

    text = read_from(2000, 40, 0.01, pixels and getattr(torch, pixels), area)
    assert "sides that are uniform: the area is" in text


def test_a_window_of_one_pixel_is_read():
    x = augmentations.coordinates(2, 8, 8, seed=None)

    def pixel(x, size, generator, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)):
        return x[:, :, 3:4, 5:6].expand(-1, -1, size, size).clone()

    [area, *_] = augmentations.resizes.read(
        one := args(x, 6, generator(), (1 / 64, 1 / 2), (1.0, 1.0)), pixel(*one.args)
    )
    assert area.values.tolist() == [1 / 64] * 2


def test_a_raise_on_the_first_call_alone_is_charged_elsewhere():
    def no_whole(x, size, generator, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)):
        if scale == (1.0, 1.0):
            raise RuntimeError("nothing to draw from")
        return windows()(x, size, generator, scale, ratio)

    kind, calls = augmentations.resizes, calls_of("resizes")
    assert "RuntimeError" in said(augmentations.explains, no_whole, kind, calls)
    assert said(augmentations.fair, no_whole, kind, calls[:2]) == ""
    assert "RuntimeError" in said(augmentations.fair, no_whole, kind, calls[:1])


# -- numbers that are dealt out ----------------------------------------------------------------------------
def dealt(n, padding, generator):
    return torch.stack(
        [torch.randperm(n, generator=generator) % (2 * padding + 1) for _ in "ij"], 1
    )


def exactly(x, generator, p=0.5):
    out = x.clone()
    chosen = torch.randperm(len(x), generator=generator)[: int(p * len(x))]
    out[chosen] = x[chosen].flip(-1)
    return out


@pytest.mark.parametrize(
    ("name", "answer", "more"),
    [("flips", exactly, ()), ("crops", cropped(dealt) if torch is not None else None, (1,))],
)
def test_what_is_dealt_out_is_found_in_small_batches(name, answer, more):
    kind, x = getattr(augmentations, name), pixels()
    calls = [args(x[:180], *more, generator(seed)) for seed in range(20)]
    assert "dealt out" in said(augmentations.fair, answer, kind, calls)
    assert said(augmentations.fair, answer, kind, calls[:2]) == ""
    for right in RIGHT[name]:
        assert said(augmentations.fair, right(), kind, calls) == ""


@pytest.mark.parametrize("n", [12, 13, 14])
def test_evenness_is_at_least_the_exact_chance(n):
    chances, exact = [1 / 4, 1 / 4, 1 / 2], 0.0
    for one in range(n + 1):
        for two in range(n + 1 - one):
            counts = [one, two, n - one - two]
            if all(abs(count - n * p) < 1 for count, p in zip(counts, chances, strict=True)):
                ways = math.comb(n, one) * math.comb(n - one, two)
                exact += ways * 0.25 ** (one + two) * 0.5 ** counts[2]
                bound = evenness(counts, chances)
    assert exact <= bound * (1 + 1e-9)
    assert bound < 3 * exact
    assert evenness([n, 0, 0], chances) == 1.0
    assert evenness([0, n], [0.0, 1.0]) == 1.0


# -- generators --------------------------------------------------------------------------------------------
def draws(rand):
    return lambda x, generator: x + rand(len(x), generator)


@pytest.mark.parametrize(
    ("rand", "words"),
    [
        (lambda n, g: torch.rand(n, generator=g), ""),
        (lambda n, g: torch.rand(n), "the global one"),
        (
            lambda n, g: torch.rand(n, generator=g.manual_seed(0)),
            "another generator gives the same result",
        ),
        (
            lambda n, g: torch.rand(n, generator=torch.Generator().manual_seed(3)),
            "a seed of its own",
        ),
        (lambda n, g: torch.rand(n, generator=g.clone_state()), "drawing from a copy"),
    ],
)
def test_draws_come_from_the_generator_that_is_given(rand, words):
    try:
        draws_from_rng(draws(rand), args(torch.zeros(9), generator()))
    except CheckFailed as failure:
        assert words and words in " ".join(failure.text().split())
    else:
        assert not words


# -- chances -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("n", "p"), [(40, 0.5), (60, 0.1), (50, 0.96)])
def test_bounds_are_those_of_exact_sums(n, p):
    each = [math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]
    least, most = bounds(n, p)
    assert sum(each[:least]) <= ALARM < sum(each[: least + 1])
    assert sum(each[most + 1 :]) <= ALARM < sum(each[most:])
