"""Mutations that know what they change: cells of a table, members of JSON, parts of an archive."""

import csv
import hashlib
import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from fuzz_values import BYTES, ENCODINGS, NUMBERS, TEXTS, TOKENS

MAX_BYTES = 1 << 17
_VALUE_IN_XML = re.compile(rb'(?<==")[^"]*(?=")|(?<=>)[^<>]+(?=<)')
Parts = Mapping[str, bytes]


def mutate_bytes(draw: random.Random, content: bytes, form: str) -> bytes:
    """Change, cut, repeat or insert some bytes."""
    changed = bytearray(content)
    for _ in range(draw.randint(1, 6)):
        place = draw.randint(0, len(changed))
        span = draw.choice((1, 1, 2, 8, 64, 1024))
        match draw.randrange(6):
            case 0:
                changed[place : place + 1] = bytes([draw.randrange(256)])
            case 1:
                del changed[place : place + span]
            case 2:
                changed[place:place] = draw.choice(TOKENS[form] + BYTES)
            case 3:
                changed[place:place] = changed[place : place + span] * draw.choice((1, 2, 50))
            case 4:
                del changed[place:]
            case 5:
                changed[place:place] = draw.choice(TEXTS).encode("utf-8", "surrogatepass")
    return bytes(changed[:MAX_BYTES])


def mutate_table(draw: random.Random, content: bytes) -> bytes:
    """Change cells, rows or columns of a CSV file, its separator, its encoding."""
    rows = list(csv.reader(io.StringIO(content.decode())))
    for _ in range(draw.randint(1, 5)):
        row = draw.choice(rows)
        place = draw.randrange(len(row)) if row else 0
        match draw.randrange(7):
            case 0 | 1 | 2:
                row[place : place + 1] = [draw.choice(TEXTS)]
            case 3:
                row.insert(place, draw.choice(rows[0] or [""]))
            case 4:
                del row[place : place + draw.choice((1, 3))]
            case 5:
                rows.insert(draw.randrange(len(rows) + 1), list(row))
            case 6:
                rows.remove(row)
                rows = rows or [[]]
    text = io.StringIO()
    style = {
        "delimiter": draw.choice(",,,;\t"),
        "lineterminator": draw.choice(("\n", "\r\n", "\r")),
        "quoting": draw.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
    }
    csv.writer(text, **style).writerows(rows)
    encoding = draw.choice(ENCODINGS) if draw.random() < 0.3 else "utf-8"
    return text.getvalue().encode(encoding, "replace")[:MAX_BYTES]


def mutate_json(draw: random.Random, value: Any) -> Any:
    """Change, drop, wrap, repeat or rename something inside a JSON value."""
    if isinstance(value, (dict, list)) and value and draw.random() < 0.85:
        copy: Any = value.copy()
        place = draw.choice(list(copy) if isinstance(copy, dict) else range(len(copy)))
        match draw.randrange(8):
            case 0:
                del copy[place]
            case 1 if isinstance(copy, list):
                copy.extend([copy[place]] * draw.choice((1, 10, 400)))
            case 1:
                copy[draw.choice(TEXTS)] = copy[place]
            case _:
                copy[place] = mutate_json(draw, copy[place])
        return copy
    plain = (None, [], {}, [[]], {"": None}, [value], {"a": value}, *NUMBERS, *TEXTS)
    return draw.choice(plain)


def mutate_document(draw: random.Random, content: bytes, *, lines: bool = False) -> bytes:
    """Change values of a JSON or JSON Lines file, then perhaps its spelling."""
    text = content.decode()
    values = [json.loads(line) for line in text.splitlines()] if lines else [json.loads(text)]
    place = draw.randrange(len(values))
    for _ in range(draw.randint(1, 4)):
        values[place] = mutate_json(draw, values[place])
    written = "\n".join(json.dumps(value, ensure_ascii=draw.random() < 0.5) for value in values)
    encoded = written.encode("utf-8", "surrogatepass")[:MAX_BYTES]
    return mutate_bytes(draw, encoded, "json") if draw.random() < 0.2 else encoded


def mutate_archive(draw: random.Random, content: bytes) -> bytes:
    """Change values in the XML of a zip archive's parts, whole parts, or the archive itself."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(draw.randint(1, 3)):
        name = draw.choice(sorted(parts)) if parts else "x"
        match draw.randrange(8):
            case 0 | 1 | 2:
                parts[name] = _mutate_xml(draw, parts.get(name, b""))
            case 3:
                parts[name] = mutate_bytes(draw, parts.get(name, b""), "xlsx")
            case 4:
                parts.pop(name, None)
            case 5:
                parts[draw.choice(("../x.xml", "xl/x.xml", "/x", "a\x00b", "\\x"))] = b"<x/>"
            case 6:
                parts[name] = draw.choice((b"", b"\x00" * 60_000, content[:20_000]))
            case 7:
                start = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
                parts[name] = start + parts.get(name, b"")
    method = draw.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    packed = pack(parts, method)
    return mutate_bytes(draw, packed, "xlsx") if draw.random() < 0.2 else packed


def _mutate_xml(draw: random.Random, part: bytes) -> bytes:
    places = list(_VALUE_IN_XML.finditer(part))
    if not places:
        return part
    place = draw.choice(places)
    value = draw.choice((*TEXTS, *map(str, NUMBERS), "s", "inlineStr", "e", "d", "A1:XFD1048576"))
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").encode("utf-8", "replace")
    return part[: place.start()] + escaped + part[place.end() :]


def pack(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of the parts, the same at any hour."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, method)
    return target.getvalue()


def mutate_folder(
    draw: random.Random, parts: Parts, reseal: Callable[[dict[str, bytes]], None]
) -> Parts:
    """Change files of a sealed folder; mostly with a seal that fits again."""
    changed = dict(parts)
    name = draw.choice(sorted(changed))
    match draw.randrange(6):
        case 0:
            del changed[name]
        case 1 if name.endswith(".json"):
            changed[name] = json.dumps(mutate_json(draw, json.loads(changed[name]))).encode()
        case 2:
            changed[name] = b""
        case _:
            changed[name] = mutate_bytes(draw, changed[name], "folder")
    if draw.random() < 0.7:
        reseal(changed)
    return changed


def sha256(content: bytes) -> str:
    """In hexadecimal digits, as seals have it."""
    return hashlib.sha256(content).hexdigest()
