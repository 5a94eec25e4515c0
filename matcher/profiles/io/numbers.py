"""Numbers, years and dates as people write them: "50+", "ca. 40", "1.200", "January 2014"."""

import re
from datetime import date
from typing import NamedTuple

from matcher.i18n.message import Message

_SPACES = " \u00a0\u2009\u202f"
_NUMBER = re.compile(rf"\d{{1,3}}(?:[{_SPACES}.,'’]\d{{3}})+(?!\d)|\d+(?:[.,]\d+)?")
_WHOLE = re.compile(r"(-?[0-9]+)(?:\.0+)?")
_DECIMAL = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")
_GROUPS = re.compile(rf"\d{{1,3}}(?:[{_SPACES}.,'’]\d{{3}})+")
_RANGE = re.compile(r"\s*(?:[-–—−…]|\.\.+|to|up to|and|bis|до|і|и|până la|la)\s*", re.I)
_MULTIPLIER = re.compile(
    r"\d\s*(?:%|k\b|m\b|тис|тыс|mii\b|mln|млн|mio|mil\b|million|thousand|thsd|bn\b|min\b|"
    r"հազար|ათას)",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]\d\d|20\d\d|2100)(?!\d)")
_LONGEST = 80
_MAX_DIGITS = 15
_SHOWN = 60


class CellError(ValueError):
    """A cell, or an entry of one, that cannot be read; `message` says why and what to write."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class Noted(NamedTuple):
    """A value that was read from something like it, and what to tell of that."""

    value: object
    message: Message


def quoted(text: str) -> str:
    """Show what a cell holds, if it is short."""
    return f"“{text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}”"


def count(text: str) -> int | Noted:
    """Read a whole number."""
    # Tables made by programs write counts as "120.0" where some are missing.
    whole = _WHOLE.fullmatch(text)
    if whole and len(text) <= _MAX_DIGITS:
        return int(whole[1])
    fault = CellError(Message("{text} is not a whole number, such as 120", text=quoted(text)))
    number = _only_number(text, fault)
    digits = re.sub(r"\D", "", number) if _GROUPS.fullmatch(number) else number
    if not digits.isdecimal() or len(digits) > _MAX_DIGITS:
        raise fault
    return Noted(int(digits), _read_as(text, digits))


def decimal(text: str) -> float | Noted:
    """Read a number that may have a fraction."""
    # "1,200" may be one and a fifth or twelve hundred: only a person can tell.
    fault = CellError(Message("{text} is not a number, such as 1.5", text=quoted(text)))
    if re.fullmatch(r"\d{1,3},\d{3}", text):
        raise fault
    if _DECIMAL.fullmatch(text):
        return float(text.replace(",", "."))
    number = _only_number(text, fault).replace(",", ".")
    if _GROUPS.fullmatch(number):
        raise fault
    return Noted(float(number), _read_as(text, number))


def degrees(text: str) -> float:
    """Read a latitude or longitude."""
    if not _DECIMAL.fullmatch(text):
        raise CellError(
            Message("{text} is not a number of degrees, such as 49.99", text=quoted(text))
        )
    return float(text.replace(",", "."))


def year(text: str) -> int | Noted:
    """Read a year, or the year of a date."""
    years = _YEAR.findall(text) if len(text) <= _LONGEST else []
    if not years:
        raise CellError(Message("{text} is not a year, such as 2012", text=quoted(text)))
    if text.removesuffix(".0") == years[0]:
        return int(years[0])
    return Noted(
        int(years[0]),
        Message("{text} was read as the year {year}", text=quoted(text), year=years[0]),
    )


def day(text: str) -> str:
    """Read a date; its ISO form."""
    day_first = _DAY_FIRST.fullmatch(text)
    iso = "{2}-{1:0>2}-{0:0>2}".format(*day_first.groups()) if day_first else text
    try:
        return date.fromisoformat(iso).isoformat()
    except ValueError:
        raise CellError(
            Message("{text} is not a date such as 2026-03-31", text=quoted(text))
        ) from None


def _only_number(text: str, fault: CellError) -> str:
    """The one number of a text, or the lower bound of a range; anything else is a fault."""
    outside = _IN_BRACKETS.sub(" ", text)
    if len(text) > _LONGEST or _MULTIPLIER.search(text) or _DATE.search(text):
        raise fault
    if re.match(r"\s*-\s*\d", text):
        raise fault
    found = list(_NUMBER.finditer(outside))
    if len(found) == 2 and _RANGE.fullmatch(outside[found[0].end() : found[1].start()]):
        found.pop()
    if len(found) != 1:
        raise fault
    return found[0][0]


def _read_as(text: str, number: str) -> Message:
    return Message("{text} was read as {number}", text=quoted(text), number=number)
