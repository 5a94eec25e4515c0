import subprocess
import sys

import numpy as np
import pytest
from contract import IDS, SavedIndexContract, vectors

from matcher.errors import IndexUnavailableError
from matcher.index import FlatIndex


class TestFlatIndex(SavedIndexContract):
    make = FlatIndex


def test_importing_the_room_does_not_import_faiss():
    code = "import sys, matcher.index; assert not {'faiss', 'torch'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_vectors_are_given_back_as_they_came():
    index = FlatIndex(8)
    index.build(IDS, vectors())
    assert np.array_equal(index.vectors, vectors())


def test_folder_of_something_else_is_refused(tmp_path):
    from matcher.index.sealed import pack, write_sealed

    write_sealed(tmp_path, pack({"about": vectors()}, IDS, {}))
    with pytest.raises(IndexUnavailableError, match="does not hold a saved index"):
        FlatIndex.load(tmp_path)


def test_full_disk_is_said_in_words(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(IndexUnavailableError, match="cannot be saved"):
        FlatIndex(8).save(tmp_path / "file" / "saved")
