import io

import numpy as np
import pytest
from matcher.index.growing import GrowingArrays

from matcher.errors import IndexUnavailableError
from matcher.index import Generations

PARTS = [
    {"about": np.arange(12, dtype=np.float32).reshape(3, 4), "text": np.frombuffer(b"ab", "u1")},
    {"about": np.empty((0, 4), np.float32), "text": np.frombuffer(b"", "u1")},
    {"about": np.ones((2000, 4), np.float32)[::2], "text": np.frombuffer(b"c" * 12345, "u1")},
]


@pytest.fixture
def growing(tmp_path):
    arrays = GrowingArrays(tmp_path)
    yield arrays
    arrays.close()


@pytest.fixture
def files(growing):
    for part in PARTS:
        growing.append(part)
    return growing.finish()


def whole(name):
    return np.concatenate([part[name] for part in PARTS])


@pytest.mark.parametrize("name", ["about", "text"])
def test_a_grown_file_has_the_bytes_of_one_written_at_once(files, name):
    at_once = io.BytesIO()
    np.save(at_once, whole(name))
    assert files[name].read_bytes() == at_once.getvalue()


def test_a_generation_of_files_is_the_generation_of_their_arrays(files, tmp_path):
    one = Generations(tmp_path / "one").write(files, (), {})
    other = Generations(tmp_path / "other").write({name: whole(name) for name in files}, (), {})
    assert one.id == other.id
    assert all(np.array_equal(one.arrays[name], whole(name)) for name in files)


def test_nan_in_a_file_is_refused(growing, tmp_path):
    growing.append({"about": np.full((2, 2), np.nan, np.float32)})
    with pytest.raises(IndexUnavailableError, match="about contains NaN"):
        Generations(tmp_path).write(growing.finish(), (), {})


def test_rows_of_another_kind_are_refused(growing):
    growing.append(PARTS[0])
    with pytest.raises(ValueError, match="about holds rows of another kind"):
        growing.append({"about": np.ones((2, 3), np.float32)})


def test_a_workshop_leaves_nothing_and_tells_of_a_full_disk_in_words(tmp_path):
    generations = Generations(tmp_path)
    with generations.rebuilding():
        with (
            pytest.raises(IndexUnavailableError, match=r"cannot be written \(No space"),
            generations.workshop() as arrays,
        ):
            arrays.append(PARTS[0])
            raise OSError(28, "No space left on device")
        assert [item.name for item in (tmp_path / "generations").iterdir()] == ["lock"]


def test_what_a_dead_process_left_in_the_workshop_goes(tmp_path):
    generations = Generations(tmp_path)
    left = tmp_path / "generations" / ".workshop.new" / "old.npy"
    left.parent.mkdir(parents=True)
    left.touch()
    with generations.rebuilding(), generations.workshop() as arrays:
        arrays.append(PARTS[0])
        assert not left.exists()
