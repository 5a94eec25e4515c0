"""Whether an answer, of any kind, would do something that its reader did not ask for."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping

import icalendar
import openpyxl
from pypdf import PdfReader
from test_security import Active

TRIGGERS = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")
_LINK = re.compile(r"(https?|mailto|tel|webcal):|/|#|\.|$", re.IGNORECASE)
_PROPERTY = re.compile(r"[A-Z-]+[;:]|[ \t]")
_EVIL = re.compile(r"^\s*(X-EVIL|ATTENDEE)", re.IGNORECASE | re.MULTILINE)


def harms(content: bytes, media: str) -> list[str]:
    """What the content would do; empty for a good one. An unknown kind is a harm of its own."""
    check = _CHECKS.get(media)
    return list(check(content)) if check else [f"nothing is known of {media}"]


def words(content: bytes, media: str) -> str:
    """Text that a reader would see, as far as it can be told."""
    if media.endswith("pdf"):
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    if content.startswith(b"PK"):
        return "".join(part.decode("utf-8", "replace") for _, part in _members(content))
    return content.decode("utf-8", "replace")


def _html(content: bytes) -> Iterator[str]:
    found = Active(content.decode()).found
    # A file to download has its own style; nobody else's text may stand in it.
    own = content.decode().count("<style>") == 1 and not re.search(rb"<style>[^<]*zqmark", content)
    yield from (item for item in found if not (item == "style" and own))


def _json(content: bytes) -> Iterator[str]:
    json.loads(content)
    yield from ()


def _csv(content: bytes) -> Iterator[str]:
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        for cell in row:
            first = cell.lstrip()[:1]
            if first in TRIGGERS and first and not _NUMBER.fullmatch(cell):
                yield f"formula {cell[:40]!r}"


def _xlsx(content: bytes) -> Iterator[str]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
        if cell.data_type == "f":
            yield f"formula {cell.value[:40]!r}"
        if cell.hyperlink and not _LINK.match(cell.hyperlink.target or ""):
            yield f"link {cell.hyperlink.target!r}"
    yield from _parts(content)


def _parts(content: bytes) -> Iterator[str]:
    for name, part in _members(content):
        if name.endswith(".rels"):
            targets = re.findall(rb'Target="([^"]*)"', part)
            yield from (f"link {t!r}" for t in targets if not _LINK.match(t.decode()) and b":" in t)
        if re.search(rb"<w:instrText|<w:fldSimple|<w:altChunk|<script|<!DOCTYPE|<ddeLink", part):
            yield f"active part {name}"


def _calendar(content: bytes) -> Iterator[str]:
    icalendar.Calendar.from_ical(content)
    for line in content.decode().split("\r\n"):
        if line and not _PROPERTY.match(line):
            yield f"line {line[:40]!r}"
    unfolded = re.sub(r"\r\n[ \t]", "", content.decode())
    if _EVIL.search(unfolded) or "\n" in unfolded.replace("\r\n", "").replace("\\n", ""):
        yield "a property of somebody else"


def _pdf(content: bytes) -> Iterator[str]:
    reader = PdfReader(io.BytesIO(content))
    for page in reader.pages:
        for note in page.get("/Annots") or ():
            action = note.get_object().get("/A", {})
            kind, target = action.get("/S"), str(action.get("/URI", ""))
            if kind not in (None, "/URI", "/GoTo") or not _LINK.match(target):
                yield f"action {kind} {target}"
    catalogue = reader.trailer["/Root"]
    yield from (name for name in ("/OpenAction", "/AA", "/AcroForm") if name in catalogue)
    yield from (name.decode() for name in (b"/JavaScript", b"/Launch") if name in content)


def _svg(content: bytes) -> Iterator[str]:
    yield from re.findall(r"<script|\son\w+=|javascript:|<foreignObject", content.decode())


def _zip(content: bytes) -> Iterator[str]:
    for name, part in _members(content):
        if name.startswith("/") or ".." in name or "\\" in name:
            yield f"path {name}"
        yield from harms(part, _KINDS[name.rpartition(".")[2]])


def _members(content: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def _nothing(_: bytes) -> Iterator[str]:
    yield from ()


_OFFICE = "application/vnd.openxmlformats-officedocument"
_KINDS = {
    "csv": "text/csv",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "html": "text/html",
    "ics": "text/calendar",
    "json": "application/json",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
}
_CHECKS: Mapping[str, Callable[[bytes], Iterator[str]]] = {
    "application/json": _json,
    "application/pdf": _pdf,
    "application/problem+json": _json,
    "application/zip": _zip,
    "image/svg+xml": _svg,
    "text/calendar": _calendar,
    "text/css": _nothing,
    "text/csv": _csv,
    "text/html": _html,
    "text/plain": _nothing,  # shown as it is, because of nosniff
    _KINDS["docx"]: _parts,
    _KINDS["xlsx"]: _xlsx,
}
