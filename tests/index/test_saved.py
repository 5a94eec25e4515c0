"""The saved index: read back exactly as written, or refused with a sentence."""

import io
import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from matcher.errors import IndexBusyError, IndexUnavailableError
from matcher.index.lock import exclusive
from matcher.index.saved import SavedIndex

ARRAYS = {"about": np.arange(12, dtype=np.float32).reshape(3, 4), "starts": np.arange(4)}
NOTES = {"fingerprint": "fake-words@1"}


def write(saved, seed=0, vectors=b"vectors"):
    arrays = ARRAYS | {"seed": np.array([seed])}
    with saved.building():
        saved.write(arrays, lambda file: file.write_bytes(vectors), NOTES | {"seed": str(seed)})


@pytest.fixture
def saved(tmp_path):
    saved = SavedIndex(tmp_path)
    write(saved)
    return saved


def files(home):
    return sorted(file for file in (home / "index").iterdir() if file.name != "lock")


def test_what_was_written_is_read(saved):
    found = saved.read()
    assert found.notes == NOTES | {"seed": "0"}
    assert np.array_equal(found.arrays["about"], ARRAYS["about"])
    assert found.vectors.read_bytes() == b"vectors"


def test_a_new_one_takes_the_place_of_the_old_one(saved, tmp_path):
    write(saved, seed=1)
    assert saved.read().notes["seed"] == "1"
    assert len(files(tmp_path)) == 3


def test_an_engine_may_keep_its_vectors_elsewhere(tmp_path):
    saved = SavedIndex(tmp_path)
    with saved.building():
        saved.write(ARRAYS, lambda _file: None, NOTES)
    assert not saved.read().vectors.exists()
    assert len(files(tmp_path)) == 2


def test_the_folder_of_earlier_versions_goes_once_the_new_index_stands(tmp_path):
    earlier = tmp_path / "generations" / "0123456789abcdef"
    earlier.mkdir(parents=True)
    write(SavedIndex(tmp_path))
    assert not (tmp_path / "generations").exists()


def test_nothing_saved_is_said_in_words(tmp_path):
    with pytest.raises(IndexUnavailableError, match="no saved index yet"):
        SavedIndex(tmp_path).read()
    assert not list(tmp_path.iterdir())


def test_any_changed_byte_and_any_cut_is_noticed(saved, tmp_path):
    random = np.random.default_rng(6)
    for file in files(tmp_path):
        good = file.read_bytes()
        for place in random.integers(len(good), size=60):
            bad = bytearray(good)
            bad[place] ^= int(random.integers(1, 256))
            file.write_bytes(bad)
            with pytest.raises(IndexUnavailableError):
                saved.read()
        for end in random.integers(len(good), size=10):
            file.write_bytes(good[:end])
            with pytest.raises(IndexUnavailableError):
                saved.read()
        file.unlink()
        with pytest.raises(IndexUnavailableError, match=r"missing|no saved index"):
            saved.read()
        file.write_bytes(good)
    assert saved.read().notes["seed"] == "0"


def sealed(home, **changes):
    """Put a manifest in force whose own checksum fits what it says."""
    from matcher.index.saved import _dump, _sha256

    file = home / "index" / "manifest.json"
    body = json.loads(file.read_bytes()) | changes
    body.pop("sha256")
    file.write_bytes(_dump(body | {"sha256": _sha256(_dump(body))}))


@pytest.mark.parametrize(
    "changes",
    [{"version": 99}, {"files": {}}, {"files": {"arrays.npz": "../../etc/passwd"}}],
)
def test_a_manifest_of_somebody_else_is_refused(saved, tmp_path, changes):
    sealed(tmp_path, **changes)
    with pytest.raises(IndexUnavailableError):
        saved.read()


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"null", b"{}", b"[" * 100_000, b"\xff\xfe", b'{"sha256": 1}']
)
def test_a_manifest_that_is_none_is_refused(saved, tmp_path, content):
    (tmp_path / "index" / "manifest.json").write_bytes(content)
    with pytest.raises(IndexUnavailableError, match="damaged"):
        saved.read()


def put_in_force(home, content):
    """Replace the arrays by other bytes whose checksum the manifest knows."""
    from hashlib import sha256

    digest = sha256(content).hexdigest()
    (home / "index" / f"arrays-{digest[:16]}.npz").write_bytes(content)
    manifest = json.loads((home / "index" / "manifest.json").read_bytes())
    sealed(home, files=manifest["files"] | {"arrays.npz": digest})


def with_objects():
    file = io.BytesIO()
    np.savez(file, about=np.array([{"a": 1}], dtype=object))
    return file.getvalue()


def a_zip_of_something_else():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("about.npy", b"\x93NUMPY nonsense")
    return file.getvalue()


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", with_objects(), a_zip_of_something_else()], ids=range(4)
)
def test_foreign_arrays_are_refused_and_nothing_is_unpickled(saved, tmp_path, content):
    put_in_force(tmp_path, content)
    with pytest.raises(IndexUnavailableError, match="no arrays that can be read"):
        saved.read()


def test_two_builders_at_once_one_wins_and_the_other_names_it(saved):
    with (
        saved.building(),
        pytest.raises(IndexBusyError, match=str(os.getpid())),
        SavedIndex(saved._home).building(),
    ):
        pass
    with saved.building():
        pass


def test_a_full_disk_leaves_the_old_one_in_force(saved, tmp_path):
    def full(_file):
        raise OSError(28, "No space left on device")

    before = files(tmp_path)
    with saved.building(), pytest.raises(IndexUnavailableError, match="No space left"):
        saved.write(ARRAYS | {"more": np.zeros(9)}, full, NOTES)
    assert saved.read().notes["seed"] == "0"
    write(saved, seed=2)
    assert len(files(tmp_path)) == len(before)


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path):
    (tmp_path / "index").write_text("a file is in the way")
    with (
        pytest.raises(IndexUnavailableError, match="cannot be saved"),
        SavedIndex(tmp_path).building(),
    ):
        pass


def test_a_reader_never_meets_a_half_written_index(saved, monkeypatch):
    """Between reading the manifest and its files another process puts a new index in force."""
    read, once = Path.read_bytes, []

    def interrupted(file):
        data = read(file)
        if file.name == "manifest.json" and not once:
            once.append(file)
            write(saved, seed=5, vectors=b"others")
        return data

    monkeypatch.setattr(Path, "read_bytes", interrupted)
    found = saved.read()
    assert (found.notes["seed"], found.vectors.read_bytes()) == ("5", b"others")


def test_a_lock_is_free_again_after_use(tmp_path):
    with exclusive(tmp_path / "lock"):
        pass
    with exclusive(tmp_path / "lock"):
        pass
