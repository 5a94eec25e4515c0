"""Folders whose seals fit and whose content is none: refused like any other damage."""

import hashlib
import json

import numpy as np
import pytest
from matcher.index.generation import Generations
from matcher.index.sealed import read_sealed

from matcher.errors import IndexUnavailableError

HEADER = b"\x93NUMPY\x01\x00"


def dump(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def folder(tmp_path):
    arrays = {"vectors": np.eye(3, dtype=np.float32)}
    made = Generations(tmp_path).write(arrays, ["a", "b", "c"], {"fingerprint": "x@1"})
    return tmp_path / "generations" / made.id


def seal(folder, **changes):
    """Make the manifest vouch for whatever the folder holds, and say what it should not."""
    body = json.loads((folder / "manifest.json").read_bytes())
    body.pop("sha256")
    for name, said in body["files"].items():
        data = (folder / name).read_bytes()
        said.update(bytes=len(data), sha256=sha256(data))
    body.update(changes)
    (folder / "manifest.json").write_bytes(dump(body | {"sha256": sha256(dump(body))}))


def array(header):
    return HEADER + len(header).to_bytes(2, "little") + header


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("vectors.npy", b""),
        ("vectors.npy", b"no array"),
        ("vectors.npy", array(b"{'descr': '<f4', 'fortran_order': False, 'shape': (3, 3)")),
        ("vectors.npy", array(b"{'descr': '<f4', 'fortran_order': False, 'shape': (9, 9)}\n")),
        ("vectors.npy", array(b"{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}\n")),
        ("vectors.npy", array(b"{'descr': '|O', 'fortran_order': False, 'shape': (3, 3)}\n")),
        ("vectors.npy", array(b"(\x00")),
        ("vectors.npy", array(b"__import__('os')")),
        ("ids.json", b""),
        ("ids.json", b"7"),
        ("ids.json", b"[1, 2, 3]"),
        ("ids.json", b"[" * 100_000),
        ("ids.json", b"\xff"),
    ],
)
def test_files_that_are_sealed_and_wrong(folder, name, content):
    seal(folder)
    assert len(read_sealed(folder).ids) == 3
    (folder / name).write_bytes(content)
    seal(folder)
    with pytest.raises(IndexUnavailableError, match=name.replace(".", r"\.")):
        read_sealed(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"files": []},
        {"files": {"ids.json": 7}},
        {"files": {"ids.json": {"bytes": 1}}},
        {"files": {"../ids.json": {"bytes": 1, "sha256": ""}}},
        {"meta": None},
        {"created": 7},
    ],
)
def test_manifests_that_are_sealed_and_wrong(folder, changes):
    seal(folder, **changes)
    with pytest.raises(IndexUnavailableError, match=r"manifest\.json"):
        read_sealed(folder)
