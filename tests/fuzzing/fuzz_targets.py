"""What is fuzzed: each reader of what comes from outside, with inputs made from real exports.

A target takes a random generator and gives one attempt: the input to show, and the reading of it.
A reading may succeed or be refused by an error of the product; anything else is a defect.
"""

import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import xlsxwriter
from fuzz_mutations import (
    mutate_archive,
    mutate_bytes,
    mutate_document,
    mutate_folder,
    mutate_table,
    pack,
    sha256,
)
from fuzz_service import service
from support import bare_event

from matcher.config import DATA_DIR
from matcher.errors import MatcherError
from matcher.events.importing import read_event_tables
from matcher.index.saved import SavedIndex
from matcher.profiles.io.formats import Format
from matcher.profiles.io.readers import read_profiles
from matcher.profiles.io.writers import write_profiles
from matcher.profiles.profile import ClusterProfile
from matcher.store.archive import open_archive, write_archive

Attempt = tuple[object, Callable[[], None]]
Target = Callable[[random.Random], Attempt]
ZONE = "Europe/Brussels"
TABLES: Mapping[str, bytes] = {
    "participants": b"name,id,country,zone,delegates,minimum,maximum,remote\n"
    b"Kharkiv IT Cluster,ua-kharkiv-it-cluster,UA,Europe/Kyiv,director; adviser,1,4,no\n"
    b"Cluj IT Cluster,,RO,,chair,,6,\n"
    b"Bulgarian Furniture Cluster,bg-furniture-cluster,BG,,,0,3,no\n",
    "presence": b"participant,day,from,to\nua-kharkiv-it-cluster,2026-11-12,09:00,12:00\n"
    b"Cluj IT Cluster,2026-11-12,9:30,17:15\n",
    "wishes": b"participant,other,wish\nua-kharkiv-it-cluster,Cluj IT Cluster,must_meet\n"
    b"Cluj IT Cluster,bg-furniture-cluster,no thanks\n"
    b"Cluj IT Cluster,ua-kharkiv-it-cluster,met_before\n",
}


class BrokenPromiseError(Exception):
    """A reading went on although it should not have, or gave something that it must not."""


class RefusedError(MatcherError):
    """A request was answered with a problem."""


@cache
def exports() -> Mapping[Format, bytes]:
    """Three shipped profiles in each format."""
    lines = (DATA_DIR / "clusters.jsonl").read_bytes().splitlines()[:3]
    few = read_profiles(b"\n".join(lines), form="jsonl").profiles
    return {form: write_profiles(few, form) for form in ("csv", "xlsx", "jsonl", "json")}


def mutated_file(draw: random.Random, form: Format, content: bytes) -> bytes:
    """A file of that form, mutated by what it is made of or byte by byte."""
    if draw.random() < 0.35:
        return mutate_bytes(draw, content, "json" if form == "jsonl" else form)
    match form:
        case "csv":
            return mutate_table(draw, content)
        case "xlsx":
            return mutate_archive(draw, content)
        case _:
            return mutate_document(draw, content, lines=form == "jsonl")


def profiles(form: Format, draw: random.Random) -> Attempt:
    """A profile file, by its own name, by another, or by none."""
    content = mutated_file(draw, form, exports()[form])
    name = draw.choice((f"a.{form}", None, "a.csv", "a.jsonl", "a.json"))
    return content, partial(_read_profiles, content, name)


def _read_profiles(content: bytes, name: str | None) -> None:
    report = read_profiles(content, name=name)
    if not all(isinstance(profile, ClusterProfile) for profile in report.profiles):
        raise BrokenPromiseError("something that is no profile came out")
    if len(report.profiles) > report.rows:
        raise BrokenPromiseError("more profiles than rows")
    for problem in (*report.problems, *report.warnings):
        str(problem).encode()
    again = read_profiles(write_profiles(report.profiles, "jsonl"), form="jsonl")
    if again.profiles != report.profiles:
        raise BrokenPromiseError("an export of what was read reads differently")


def tables(draw: random.Random) -> Attempt:
    """The tables of an event, one of them mutated; as CSV, or as one workbook."""
    name = draw.choice(sorted(TABLES))
    if draw.random() < 0.3:
        book = mutated_file(draw, "xlsx", _workbook())
        return book, partial(read_event_tables, bare_event(ZONE), book, book, book)
    files = {**TABLES, name: mutated_file(draw, "csv", TABLES[name])}
    return files[name], partial(read_event_tables, bare_event(ZONE), *files.values())


@cache
def _workbook() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name, table in TABLES.items():
            sheet = book.add_worksheet(name)
            for place, line in enumerate(table.decode().splitlines()):
                sheet.write_row(place, 0, line.split(","))
    return target.getvalue()


def requests(draw: random.Random) -> Attempt:
    """A request to a route that takes a body: its own example, or a file, mutated."""
    address, media, content = draw.choice(service().bodies)
    form: Format = "json"
    if draw.random() < 0.1:
        form = draw.choice(("csv", "xlsx", "jsonl"))
        content = exports()[form]
    if media == "multipart/form-data; boundary=x":
        form = draw.choice(("csv", "xlsx", "jsonl", "json"))
        inner = mutated_file(draw, form, exports()[form])
        head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="a.{form}"\r\n\r\n'
        body = head.encode() + inner + b"\r\n--x--\r\n"
        body = mutate_bytes(draw, body, "json") if draw.random() < 0.3 else body
    else:
        body = mutated_file(draw, form, content)
    return (address, media, body), partial(_send, address, media, body)


def _send(address: str, media: str, body: bytes) -> None:
    response = service().send(address, media, body)
    if response.status_code >= 500 or b"Traceback" in response.data:
        raise BrokenPromiseError(f"{address} answered {response.status_code}: {response.text}")
    if response.status_code >= 400:
        raise RefusedError(address)


@cache
def _folder() -> Mapping[str, bytes]:
    with TemporaryDirectory() as home:
        arrays = {
            "vectors": np.eye(3, 4, dtype=np.float32),
            "starts": np.arange(4, dtype=np.int64),
            "codes": np.zeros((3, 2), dtype=np.uint8),
        }
        saved = SavedIndex(Path(home))
        with saved.building():
            saved.write(arrays, lambda file: file.write_bytes(b"vectors"), {"fingerprint": "x@1"})
        index = Path(home) / "index"
        return {_plain(file.name): file.read_bytes() for file in index.iterdir()}


def _plain(name: str) -> str:
    """Name of a file without its checksum."""
    stem, _, rest = name.partition("-")
    return f"{stem}{rest[16:]}" if rest else name


def indexes(draw: random.Random) -> Attempt:
    """A saved index with files changed, missing, or sealed anew around other content."""
    parts = mutate_folder(draw, _folder(), _reseal)
    return parts, partial(_read_index, parts)


def _reseal(parts: dict[str, bytes]) -> None:
    """Make the manifest vouch for what the files hold now, where it still can be read."""
    try:
        body = json.loads(parts["manifest.json"])
        body["files"] = {name: sha256(parts[name]) for name in body["files"]}
        body.pop("sha256", None)
    except (ValueError, LookupError, TypeError, AttributeError):
        return
    parts["manifest.json"] = _dump(body | {"sha256": sha256(_dump(body))})


def _dump(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _read_index(parts: Mapping[str, bytes]) -> None:
    with TemporaryDirectory() as home:
        folder = Path(home) / "index"
        folder.mkdir()
        for name, content in parts.items():
            stem, _, suffix = name.partition(".")
            stored = f"{stem}-{sha256(content)[:16]}.{suffix}"
            folder.joinpath(stored if suffix in ("npz", "faiss") else name).write_bytes(content)
        found = SavedIndex(Path(home)).read()
        for array in found.arrays.values():
            array.sum()


def backups(draw: random.Random) -> Attempt:
    """A backup with parts changed, mostly with a seal that fits again."""
    content = (
        mutate_archive(draw, _backup())
        if draw.random() < 0.7
        else mutate_bytes(draw, _backup(), "json")
    )
    if draw.random() < 0.7:
        content = _sealed(content)
    return content, partial(_read_backup, content)


@cache
def _backup() -> bytes:
    rows = [json.loads(line) for line in exports()["jsonl"].splitlines()]
    with TemporaryDirectory() as home:
        file = Path(home) / "a.backup"
        write_archive(file, "0001", [("clusters", rows), ("meta", [{"key": "a", "value": None}])])
        with zipfile.ZipFile(file) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    return _sealed(pack(parts | {"manifest.json": _timeless(parts["manifest.json"])}))


def _timeless(manifest: bytes) -> bytes:
    return re.sub(rb"20\d\d-\d\d-\d\dT[0-9:.]+", b"2026-01-01T00:00:00", manifest)


def _sealed(content: bytes) -> bytes:
    """With a seal that fits; it is the comment at the end of the archive."""
    mark = b"cluster-matcher backup, sha256 "
    if mark in content:
        body = content[: content.rfind(mark) + len(mark)]
    else:
        body = content[:-2] + (len(mark) + 64).to_bytes(2, "little") + mark
    return body + sha256(body).encode()


def _read_backup(content: bytes) -> None:
    with _file(content) as file, open_archive(file) as archive:
        for table in archive.manifest.tables:
            for _ in archive.rows(table):
                pass


@contextmanager
def _file(content: bytes) -> Iterator[Path]:
    with TemporaryDirectory() as home:
        file = Path(home) / "a.backup"
        file.write_bytes(content)
        yield file


TARGETS: Mapping[str, Target] = {
    "profiles, CSV": partial(profiles, "csv"),
    "profiles, XLSX": partial(profiles, "xlsx"),
    "profiles, JSON": partial(profiles, "json"),
    "profiles, JSON Lines": partial(profiles, "jsonl"),
    "event tables": tables,
    "bodies of requests": requests,
    "saved indexes": indexes,
    "backups": backups,
}
"""Every reader, by what it reads."""


def attempt(target: str, number: int) -> Attempt:
    """The input of that number: always the same for the same two."""
    draw: Any = random.Random(f"{target} {number}")
    return TARGETS[target](draw)
