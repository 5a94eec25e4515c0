"""JSON and JSON Lines to raw rows."""

import json
from collections.abc import Iterator
from typing import NoReturn

from matcher.errors import UnreadableFileError
from matcher.i18n.message import Message
from matcher.profiles.io.raw import RawFile, RawRow

_BLANK = " \t\r\n"
_NO_OBJECT = Message('is not an object such as {{"name": ..., "country": ...}}')


class _Pairs(tuple[tuple[str, object], ...]):
    """Members of a JSON object in the order of the file, repeated names included."""


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number that JSON knows")


_DECODER = json.JSONDecoder(object_pairs_hook=_Pairs, parse_constant=_refuse_constant)


def read_json_lines(text: str) -> RawFile:
    """Read one object a line; a bad line is a faulty row and spoils no other."""
    return RawFile(_lines(text))


def _lines(text: str) -> Iterator[RawRow]:
    for line, content in enumerate(text.split("\n"), start=1):
        stripped = content.strip()
        if not stripped:
            continue
        try:
            value = _DECODER.decode(stripped)
        except (ValueError, RecursionError) as error:
            yield RawRow(line, fault=Message("is not valid JSON: {reason}", reason=_reason(error)))
        else:
            yield _row(line, value)


def read_json(text: str) -> RawFile:
    """Read an array of objects, or one object.

    Raises
    ------
    UnreadableFileError
        Where the text is no JSON; names the line.
    """
    start = _skip(text, 0)
    if text.startswith("[", start):
        return RawFile(list(_array(text, start + 1)))
    value, end = _value(text, start)
    _require_end(text, end)
    return RawFile([_row(_line(text, start), value)])


def _array(text: str, position: int) -> Iterator[RawRow]:
    line, counted = 1, 0
    position = _skip(text, position)
    if text.startswith("]", position):
        _require_end(text, position + 1)
        return
    while True:
        value, end = _value(text, position)
        line, counted = line + text.count("\n", counted, position), position
        yield _row(line, value)
        position = _skip(text, end)
        if text.startswith("]", position):
            return _require_end(text, position + 1)
        if not text.startswith(",", position):
            raise _broken(text, position, "a comma or ] is missing")
        position = _skip(text, position + 1)


def _value(text: str, position: int) -> tuple[object, int]:
    try:
        value, end = _DECODER.raw_decode(text, position)
    except json.JSONDecodeError as error:
        raise _broken(text, error.pos, _reason(error)) from error
    except (ValueError, RecursionError) as error:
        raise _broken(text, position, _reason(error)) from error
    return value, end


def _row(line: int, value: object) -> RawRow:
    if not isinstance(value, _Pairs):
        return RawRow(line, fault=_NO_OBJECT)
    return RawRow(line, tuple((name, _plain(item)) for name, item in value))


def _plain(value: object) -> object:
    """Objects inside a field are always a mistake: keep them as such, to be named later."""
    return dict(value) if isinstance(value, _Pairs) else value


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg[:1].lower()}{error.msg[1:]} at column {error.colno}"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return "it holds a number that is too long, or NaN or Infinity"


def _broken(text: str, position: int, reason: str) -> UnreadableFileError:
    return UnreadableFileError(
        Message(
            "The file is not valid JSON: line {line}: {reason}. Correct that place, or save the "
            "data as CSV or XLSX.",
            line=str(_line(text, position)),
            reason=reason,
        )
    )


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position] in _BLANK:
        position += 1
    return position


def _require_end(text: str, position: int) -> None:
    end = _skip(text, position)
    if end < len(text):
        raise _broken(text, end, "something follows after the end of the data")
