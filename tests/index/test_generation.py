import errno
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
from matcher.index.sealed import pack, write_sealed

from matcher.errors import IndexBusyError, IndexUnavailableError
from matcher.index import Generations, generation, sealed

META = {"fingerprint": "fake-words@1"}


def content(seed=1):
    rows = np.random.default_rng(seed).standard_normal((20, 8)).astype(np.float32)
    arrays = {"about": rows, "starts": np.arange(21), "columns": np.arange(5, dtype=np.int32)}
    arrays["terms"] = np.frombuffer(b"wine", np.uint8)
    return arrays, [f"c-{n}" for n in range(20)], META


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def generations(home):
    return Generations(home)


def folders(home):
    return {item.name for item in (home / "generations").iterdir() if item.is_dir()}


def folder_of(home, written):
    return home / "generations" / written.id


def test_what_was_written_is_read_by_another_process(generations, home):
    arrays, ids, meta = content()
    written = generations.write(arrays, ids, meta)
    found = Generations(home).current("fake-words@1")
    assert (found.id, found.ids, found.meta) == (written.id, tuple(ids), meta)
    assert found.degraded is None
    for name, array in arrays.items():
        assert np.array_equal(found.arrays[name], array)
        assert found.arrays[name].dtype == array.dtype
        assert not found.arrays[name].flags.writeable


def test_before_the_first_one_the_error_says_how_to_build_it(generations, home):
    with pytest.raises(IndexUnavailableError, match=r"no index yet\. Build it: matcher index"):
        generations.current()
    assert not home.exists()


def test_same_content_is_recognised_and_not_written_again(generations, monkeypatch):
    first = generations.write(*content())
    monkeypatch.setattr(generation, "write_sealed", None)
    again = generations.write(*content())
    assert (again.id, again.created) == (first.id, first.created)


@pytest.mark.parametrize("part", [0, 1, 2])
def test_any_difference_makes_another_generation(generations, part):
    first = generations.write(*content())
    other = list(content())
    other[part] = [{"about": content(2)[0]["about"]}, ["x"], {"fingerprint": "y"}][part]
    assert generations.write(*other).id != first.id


def test_the_previous_generation_is_kept_and_older_ones_go(generations, home):
    written = [generations.write(*content(seed)) for seed in range(4)]
    assert folders(home) == {written[2].id, written[3].id}


def test_going_back_to_earlier_content_only_switches(generations, home):
    first = generations.write(*content(1))
    second = generations.write(*content(2))
    assert generations.write(*content(1)).created == first.created
    assert generations.current().id == first.id
    assert folders(home) == {first.id, second.id}


def test_200_changed_bytes_are_each_named_and_the_last_good_one_is_used(generations, home):
    old = generations.write(*content(1))
    new = generations.write(*content(2))
    files = sorted(folder_of(home, new).iterdir())
    assert {file.name for file in files} >= {"about.npy", "ids.json", "manifest.json"}
    random = np.random.default_rng(3)
    for trial in range(200):
        file = files[trial % len(files)]
        good = file.read_bytes()
        bad = bytearray(good)
        bad[random.integers(len(good))] ^= int(random.integers(1, 256))
        file.write_bytes(bad)
        found = generations.current()
        assert found.id == old.id
        assert file.name in found.degraded
        assert "matcher index" in found.degraded
        file.write_bytes(good)
    assert generations.current().degraded is None


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda file: file.write_bytes(file.read_bytes()[:-7]), "bytes instead of"),
        (lambda file: file.write_bytes(b""), "bytes instead of"),
        (lambda file: file.unlink(), "missing"),
        (lambda file: (file.unlink(), file.mkdir()), "cannot be read"),
    ],
)
@pytest.mark.parametrize("name", ["about.npy", "ids.json"])
def test_damage_without_an_earlier_one_is_an_error_that_names_it(
    generations, home, damage, named, name
):
    damage(folder_of(home, generations.write(*content())) / name)
    with pytest.raises(IndexUnavailableError, match=f"{name}.*{named}.*matcher index"):
        generations.current()


def test_missing_folder_falls_back(generations, home):
    old = generations.write(*content(1))
    shutil.rmtree(folder_of(home, generations.write(*content(2))))
    found = generations.current()
    assert found.id == old.id
    assert "missing" in found.degraded


@pytest.mark.parametrize("text", ["", "0123456789abcdef", "../../etc\n", "\xff\n", "0" * 16 + "\n"])
def test_damaged_pointer_falls_back_to_the_youngest_good_one(generations, home, text):
    generations.write(*content(1))
    new = generations.write(*content(2))
    os.utime(folder_of(home, new), (2e9, 2e9))
    (home / "generations" / "current").write_bytes(text.encode("latin-1"))
    found = generations.current()
    assert found.id == new.id
    assert "missing" in found.degraded


def test_writing_again_repairs_a_damaged_generation(generations, home):
    written = generations.write(*content())
    (folder_of(home, written) / "about.npy").write_bytes(b"")
    assert generations.write(*content()).id == written.id
    assert generations.current().degraded is None
    assert folders(home) == {written.id}


def test_the_last_good_one_is_kept_rather_than_a_damaged_previous_one(generations, home):
    good = generations.write(*content(1))
    damaged = generations.write(*content(2))
    (folder_of(home, damaged) / "ids.json").unlink()
    new = generations.write(*content(3))
    assert folders(home) == {good.id, new.id}


def test_another_models_vectors_are_refused(generations):
    generations.write(*content())
    with pytest.raises(IndexUnavailableError, match=r"fake-words@1, but other@2 .*matcher index"):
        generations.current("other@2")


def test_nan_is_not_written_and_the_old_one_stays(generations):
    old = generations.write(*content())
    arrays, ids, meta = content(2)
    arrays["about"][3, 3] = np.nan
    with pytest.raises(IndexUnavailableError, match="about contains NaN"):
        generations.write(arrays, ids, meta)
    assert generations.current().id == old.id


@pytest.mark.parametrize(
    ("arrays", "named"),
    [
        ({"about": np.array(["text"])}, "about holds numbers of a kind"),
        ({"about": np.zeros(3)}, "about holds numbers of a kind"),
        ({"../about": np.zeros(3, np.float32)}, "cannot be the name"),
    ],
)
def test_what_cannot_be_stored_is_refused(generations, arrays, named):
    with pytest.raises(IndexUnavailableError, match=named):
        generations.write(arrays, ["x"], META)


def test_nan_under_a_valid_checksum_is_refused_when_read(generations, home, monkeypatch):
    arrays, ids, meta = content()
    arrays["about"][0, 0] = np.nan
    with monkeypatch.context() as patch:
        patch.setattr(sealed, "_check", lambda name, array: None)
        packed = pack(arrays, ids, meta)
        write_sealed(home / "generations" / packed.digest, packed)
    with pytest.raises(IndexUnavailableError, match="NaN"):
        generations.current()


def test_content_under_another_name_is_refused(generations, home):
    written = generations.write(*content())
    folder_of(home, written).rename(home / "generations" / ("f" * 16))
    with pytest.raises(IndexUnavailableError, match="content of another generation"):
        generations.current()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("step", ["fsync", "rename", "replace", "mkdir"])
def test_full_disk_or_read_only_folder_keeps_the_old_one(
    generations, home, monkeypatch, step, code
):
    old = generations.write(*content(1))

    def fail(*args, **kwargs):
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(os, step, fail)
        with pytest.raises(IndexUnavailableError, match=f"{os.strerror(code)}.*stays in use"):
            generations.write(*content(2))
        found = generations.current()
    assert (found.id, found.degraded) == (old.id, None)
    assert generations.write(*content(2)).id == generations.current().id
    assert len(folders(home)) == 2


def test_home_that_cannot_be_made_is_said_in_words(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(IndexUnavailableError, match="cannot be written"):
        Generations(tmp_path / "file").write(*content())


def test_of_two_rebuilds_at_once_the_second_names_the_first(generations, home):
    with generations.rebuilding() as write:
        with pytest.raises(IndexBusyError, match=f"process {os.getpid()}") as caught:
            Generations(home).write(*content(2))
        assert caught.value.holder == str(os.getpid())
        code = (
            "import sys; from pathlib import Path; from matcher.index import Generations\n"
            "Generations(Path(sys.argv[1])).write({}, [], {})"
        )
        other = subprocess.run(
            [sys.executable, "-c", code, str(home)], capture_output=True, text=True, check=False
        )
        assert (
            f"IndexBusyError: The index is being rebuilt by process {os.getpid()}" in other.stderr
        )
        written = write(*content(1))
    assert generations.current().id == written.id
    assert generations.write(*content(2)).id == generations.current().id


def test_reader_that_meets_a_switch_reads_the_new_one(generations, home, monkeypatch):
    generations.write(*content(1))
    read, written = generation.read_sealed, []

    def slow_read(folder):
        if not written:
            written.append(None)
            written.extend(Generations(home).write(*content(seed)) for seed in (2, 3, 4))
        return read(folder)

    monkeypatch.setattr(generation, "read_sealed", slow_read)
    found = generations.current()
    assert (found.id, found.degraded) == (written[-1].id, None)
