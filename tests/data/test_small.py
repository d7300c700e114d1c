"""The small data of lecture 03: shapes, seeds, and what each set is drawn to show."""

import numpy as np
import pytest

from course_utils.data import small

pytestmark = pytest.mark.unit

MAKERS = {
    "faces": lambda seed: small.drawn_faces(20, seed),
    "moved faces": lambda seed: small.drawn_faces(20, seed, shift=2),
    "regions": lambda seed: small.noisy_regions(40, seed),
    "day": lambda seed: small.sensor_day(seed),
    "film": lambda seed: (small.film(seed),),
    "masks": lambda seed: small.drawn_masks(5, 24, seed),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_seed_gives_the_same_again_and_another_seed_something_else(make):
    for one, again in zip(make(0), make(0), strict=True):
        np.testing.assert_array_equal(one, again)
    assert not np.array_equal(make(0)[0], make(1)[0])


def test_glad_and_sad_faces_have_the_same_strokes_in_other_places():
    x, y = small.drawn_faces(4000)
    glad, sad = (x[y == label].mean(axis=0) for label in (0, 1))
    # Each field's pixels are found in the other face, in another field.
    fields = [face.reshape(4, 4, 4, 4).swapaxes(1, 2).reshape(16, 16) for face in (glad, sad)]
    for field in fields[0]:
        assert abs(fields[1] - field).max(axis=1).min() < 0.1
    assert abs(glad - sad).max() > 0.9 and np.bincount(y).tolist() == [2000, 2000]


def test_faces_are_moved_as_far_as_asked():
    x, _ = small.drawn_faces(300, seed=1, shift=3)
    eyes = x[:, 5:7, 4:6].mean(axis=(1, 2))  # bright only where a face is in its place
    assert 0.01 < (eyes > 0.7).mean() < 0.4
    x, _ = small.drawn_faces(300, seed=1)
    assert (x[:, 5:7, 4:6].mean(axis=(1, 2)) > 0.3).all()


def test_regions_are_two_kinds_under_noise():
    image, truth = small.noisy_regions(64, noise=3.0)
    assert set(np.unique(truth)) == {-1.0, 1.0} and 0.2 < (truth > 0).mean() < 0.8
    assert (image - truth).std() == pytest.approx(3.0, rel=0.05)
    assert abs(np.diff(truth)).sum() / 2 < 64 * 6  # few borders in each row


def test_a_window_moves_all_sensors_and_they_come_back():
    moved = small.aired_room()
    assert moved.shape == (len(small.SENSORS), small.AIRED)
    assert (moved.min(axis=1) == -1).all() and (abs(moved[:, [0, -1]]) < 0.07).all()
    x, opened = small.sensor_day()
    assert x.shape == (3, 1440) and len(opened) == 6 and opened == sorted(opened)
    assert opened[0] >= 0 and opened[-1] + small.AIRED <= 1440
    for start in opened:
        lowest = x[:, start : start + small.AIRED].min(axis=1)
        assert (lowest < x[:, start : start + 2].mean(axis=1) - 0.4).all()


def test_the_blobs_of_the_film_move_by_a_pixel_a_frame():
    movie = small.film(frames=10, size=20)
    assert movie.shape == (3, 10, 20, 20)
    columns = movie.max(axis=2).argmax(axis=2)  # of the brightest pixel, by colour and frame
    paces = [np.polyfit(np.arange(10), columns[colour], 1)[0] for colour in (0, 2)]
    assert paces == pytest.approx([1, -1], abs=0.15)


def test_masks_say_what_a_pixel_belongs_to():
    x, y = small.drawn_masks(60)
    assert x.shape == (60, 1, 24, 24) and x.dtype == np.float32 and y.shape == (60, 24, 24)
    assert set(np.unique(y)) == {0, 1, 2} and len(small.MASKS) == 3
    means = [x[:, 0][y == k].mean() for k in range(3)]
    assert means[0] < 0.05 and means[1] > 0.95 and 0.4 < means[2] < 0.9  # a frame is hollow
