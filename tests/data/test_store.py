"""`course data`: what is here, what a user brings, what is fetched."""

import dataclasses

import numpy as np
import pytest
from click.testing import CliRunner
from published import FASHION, batches, shared

from course_utils import data
from course_utils.cli import main
from course_utils.data import cifar, store

pytestmark = pytest.mark.unit

ARCHIVE = "cifar-10-python.tar.gz"


@pytest.fixture
def run(brought):
    """Run `course data` and return its exit code and what it says, in one line."""

    def run(*arguments):
        result = CliRunner().invoke(main, ("data", *map(str, arguments)))
        return result.exit_code, " ".join(result.output.split())

    return run


def files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_it_lists_what_is_here(run, places, brought):
    code, said = run()
    assert code == 0 and "fashion-mnist not here; `course data fashion-mnist` fetches" in said
    assert "cifar-10 not here; `course data cifar-10` fetches" in said
    store.bring("fashion-mnist", brought), store.bring("cifar-10", brought)
    code, said = run()
    assert (
        code == 0
        and f"in {places / 'fashion-mnist'}" in said
        and f"in {places / 'cifar-10'}" in said
    )
    (places / "cifar-10" / ARCHIVE).write_bytes(b"")
    code, said = run()
    assert code == 1 and "cifar-10 damaged: " in said and "fashion-mnist damaged" not in said


def test_four_files_are_taken_from_a_folder(run, places, brought):
    assert run("fashion-mnist", "--from", brought) == (
        0,
        f"fashion-mnist: 4 files checked, in {places / 'fashion-mnist'}",
    )
    assert files(places) == sorted(FASHION)
    assert run("fashion-mnist", "--from", places / "fashion-mnist")[0] == 0, "its own folder"
    (brought / "t10k-labels-idx1-ubyte.gz").write_bytes(b"other")
    code, said = run("fashion-mnist", "--from", brought)
    assert code == 1 and "t10k-labels-idx1-ubyte.gz (5 bytes) has MD5" in said
    (brought / "t10k-labels-idx1-ubyte.gz").unlink()
    code, said = run("fashion-mnist", "--from", brought)
    assert code == 1 and "lacks t10k-labels-idx1-ubyte.gz" in said


@pytest.mark.parametrize("how", ["folder", "file", "renamed"])
def test_the_archive_is_taken_as_it_came(how, run, places, brought):
    source = {"folder": brought, "file": brought / ARCHIVE, "renamed": brought / "cifar (1).gz"}[
        how
    ]
    content = (brought / ARCHIVE).read_bytes()
    if how == "renamed":
        (brought / ARCHIVE).rename(source)
    assert run("cifar-10", "--from", source) == (
        0,
        f"cifar-10: {ARCHIVE} checked, in {places / 'cifar-10'}",
    )
    assert (places / "cifar-10" / ARCHIVE).read_bytes() == content
    assert files(places) == [ARCHIVE] and len(data.cifar10().x_train) == 18


@pytest.mark.parametrize("how", ["itself", "around"])
def test_the_unpacked_folder_is_taken(how, run, places, brought):
    (brought / ARCHIVE).unlink()
    inside = brought / cifar.INSIDE
    inside.mkdir()
    for name, content in batches()[2].items():
        (brought / name).write_bytes(content)
    code, said = run("cifar-10", "--from", inside if how == "itself" else brought)
    assert (code, said) == (
        0,
        f"cifar-10: 6 files checked, in {places / 'cifar-10' / cifar.INSIDE}",
    )
    assert len(data.cifar10().x_train) == 18
    (inside / "test_batch").write_bytes(b"other")
    code, said = run("cifar-10", "--from", inside)
    assert code == 1 and "test_batch (5 bytes) has MD5" in said


@pytest.fixture
def part(tmp_path):
    path = tmp_path / "some.npz"
    images, labels = np.zeros((30, 32, 32, 3), np.uint8), np.arange(30) % 10
    arrays = {"train_images": images, "train_labels": labels, "test_images": images[:10]}
    np.savez(path, **arrays, test_labels=labels[:10], class_names=data.CIFAR_CLASSES)
    return path


def test_a_part_is_taken_and_listed_as_one(run, places, part):
    assert run("cifar-10", "--from", part) == (0, f"cifar-10: {cifar.PART} checked, in {places}")
    assert files(places) == [cifar.PART]
    code, said = run()
    assert (
        code == 0
        and f"a part of 40 images, in {places / cifar.PART}; `course data cifar-10`" in said
    )
    assert data.cifar10().name == "CIFAR-10, a part of 40 images"
    assert run("cifar-10", "--from", places)[0] == 0, "its own folder"
    part.write_bytes(b"other")
    code, said = run("cifar-10", "--from", part)
    assert code == 1 and f"{part} cannot be read" in said
    assert data.cifar10().name == "CIFAR-10, a part of 40 images", "nothing was copied"


def test_the_whole_set_comes_before_a_part(run, brought, part):
    run("cifar-10", "--from", part)
    run("cifar-10", "--from", brought)
    assert data.cifar10().name == "CIFAR-10"


def test_a_real_part_is_taken(run):
    code, said = run("cifar-10", "--from", shared(cifar.PART))
    assert code == 0 and "a part of 4 000 images" in run()[1]


def test_a_folder_without_them_is_named_and_nothing_copied(run, places, tmp_path):
    (tmp_path / "empty").mkdir()
    code, said = run("cifar-10", "--from", tmp_path / "empty")
    assert code == 1 and f"nothing in {tmp_path / 'empty'}" in said and not places.exists()


def test_a_wrong_archive_is_named_and_nothing_copied(run, places, brought):
    (brought / ARCHIVE).write_bytes(b"other")
    code, said = run("cifar-10", "--from", brought / ARCHIVE)
    assert code == 1 and f"{brought / ARCHIVE} (5 bytes) has MD5" in said and not places.exists()


def test_a_copy_that_is_cut_short_does_not_look_like_the_file(run, places, brought, monkeypatch):
    def half(source, target):
        target.write_bytes(source.read_bytes()[:9])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.shutil, "copyfile", half)
    code, said = run("cifar-10", "--from", brought)
    assert code == 1 and f"{places / 'cifar-10'} cannot be written: No space left on device" in said
    with pytest.raises(data.DataMissing):
        data.cifar10()


@pytest.mark.parametrize("name", ["fashion-mnist", "cifar-10"])
def test_it_fetches(name, server, run, places, monkeypatch):
    published = dataclasses.replace(store.PUBLISHED[name], addresses=(f"{server.address}/good/",))
    monkeypatch.setitem(store.PUBLISHED, name, published)
    code, said = run(name)
    assert code == 0 and f"checked, in {places / name}" in said
    assert files(places) == sorted(file.name for file in published.forms[0])


def test_an_interrupt_says_how_to_go_on(run, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "fetch", interrupt)
    code, said = run("cifar-10")
    assert code == 130 and "course: interrupted; run the same command again to continue" in said


def test_it_says_when_it_is_offline(server, run, monkeypatch):
    published = dataclasses.replace(store.PUBLISHED["cifar-10"], addresses=("http://127.0.0.1:1/",))
    monkeypatch.setitem(store.PUBLISHED, "cifar-10", published)
    code, said = run("cifar-10")
    assert code == 1 and "no connection" in said and "`course data cifar-10 --from PATH`" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("mnist",), "there is fashion-mnist, cifar-10"),
        (("--from", "."), "--from needs a data set"),
        (("cifar-10", "--from", "nowhere"), "does not exist"),
    ],
    ids=["name", "no-name", "path"],
)
def test_it_says_how_it_is_used(arguments, said, run):
    code, output = run(*arguments)
    assert code == 2 and said in output
