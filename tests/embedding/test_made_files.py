"""Files that are made once: used while they are intact, made anew where they are not."""

import json
import os

import pytest

from matcher.embedding.made_files import MadeFile
from matcher.errors import ModelUnavailableError


class Maker:
    """Writes a file, and counts how often it had to."""

    def __init__(self, folder):
        self.folder, self.made = folder, 0

    def file(self, **made_from):
        return MadeFile(self.folder, "thing.bin", {"weights": "1"} | made_from, self._make).path()

    def _make(self, file):
        self.made += 1
        file.write_bytes(b"content")


@pytest.fixture
def maker(tmp_path):
    return Maker(tmp_path / "models")


def test_a_file_is_made_once(maker):
    assert maker.file().read_bytes() == b"content"
    assert maker.file() == maker.file()
    assert maker.made == 1


def damaged(file):
    file.write_bytes(b"contemt")


def missing(file):
    file.unlink()


def manifest_gone(file):
    (file.parent / "thing.bin.json").unlink()


def manifest_damaged(file):
    (file.parent / "thing.bin.json").write_bytes(b"\xff{")


def manifest_of_another_shape(file):
    (file.parent / "thing.bin.json").write_text("[1]")


def manifest_that_names_nothing(file):
    (file.parent / "thing.bin.json").write_text(json.dumps({"file": "no-such"}))


@pytest.mark.parametrize(
    "harm",
    [
        damaged,
        missing,
        manifest_gone,
        manifest_damaged,
        manifest_of_another_shape,
        manifest_that_names_nothing,
    ],
)
def test_what_is_damaged_is_made_anew(maker, harm):
    harm(maker.file())
    assert maker.file().read_bytes() == b"content"
    assert maker.made == 2
    assert len(list(maker.folder.iterdir())) == 2


def test_what_was_made_from_something_else_is_made_anew(maker):
    maker.file()
    maker.file(weights="2")
    assert maker.made == 2


def test_a_maker_that_fails_leaves_what_is_there(maker):
    def fail(file):
        file.write_bytes(b"half")
        raise ModelUnavailableError("no weights")

    before = maker.file()
    with pytest.raises(ModelUnavailableError, match="no weights"):
        MadeFile(maker.folder, "thing.bin", {"weights": "2"}, fail).path()
    assert maker.file() == before
    assert maker.made == 1


def test_a_folder_that_cannot_be_written_is_told(maker):
    maker.folder.write_text("a file where the folder should be")
    with pytest.raises(ModelUnavailableError, match=r"thing.bin cannot be written .*MATCHER_HOME"):
        maker.file()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_told(maker):
    maker.folder.mkdir(mode=0o500)
    with pytest.raises(ModelUnavailableError, match="MATCHER_HOME"):
        maker.file()
