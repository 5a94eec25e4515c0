"""Values in their usual spellings: what a person writes, turned into what a profile holds."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from matcher.i18n.message import Message
from matcher.profiles.io.cells import list_entries
from matcher.profiles.io.choices import (
    Converter,
    country,
    ecosystem,
    language,
    nace,
    one_of,
    trade,
)
from matcher.profiles.io.decoding import has_lost, is_lost, mended
from matcher.profiles.io.numbers import (
    CellError,
    Noted,
    count,
    day,
    decimal,
    degrees,
    quoted,
    year,
)
from matcher.profiles.io.spellings import is_blank, spelling_key, spellings
from matcher.profiles.profile import (
    INTENTS,
    KINDS,
    LABELS,
    LEGAL_FORMS,
    MAX_ITEMS,
    MAX_PHRASES,
)

_DOMAIN = re.compile(r"[^\s:/@][^\s:/@.]*+\.[^\s:/@]{2,}+(?:/\S*+)?")
_ADDRESSES = re.compile(r"[,;]?[\s|]+|[,;](?=https?:|www\.)")
_DECIMAL_COMMA = re.compile(r"\d+,\d+")
_SHEET_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)|Err:\d+")
_PARTS = re.compile(r"\s*[,|/]\s*|\s+(?:and|&|та|і|и|și|və|և|და)\s+")
_FEW_WORDS = r"[^\s,|]+(?: [^\s,|]+){0,2}"
_ENUMERATED = re.compile(
    rf"[^,|]{{1,40}}(?:[,|][^,|]{{1,40}}){{2,}}|{_FEW_WORDS} ?(?:[,|]| / ?) ?{_FEW_WORDS}"
)
_MAX_FAULTS = 10


class Remark(NamedTuple):
    """Something to tell about a cell.

    Attributes
    ----------
    message
        What it is, and what to do.
    fault
        Whether the cell, or an entry of it, could not be read.
    once
        Whether it is the same for many cells of a column, and told of the first.
    """

    message: Message
    fault: bool = False
    once: bool = False


class Converted(NamedTuple):
    """A value as the profile holds it, ``None`` where nothing is known; and remarks."""

    value: object
    remarks: tuple[Remark, ...] = ()


_DOUBLY_ENCODED = Remark(
    Message(
        "letters were encoded twice when the file was made; they were mended, so look at them, "
        "and save the file as UTF-8"
    ),
    once=True,
)
_LOST = Remark(
    Message(
        "letters were lost when the file was saved and stand as question marks; save the "
        "original again as UTF-8 (in Excel: Save As, “CSV UTF-8”) or as XLSX"
    ),
    once=True,
)
_COMMAS = Remark(
    Message("is one entry with commas or strokes; separate several entries by semicolons"),
    once=True,
)
_PARTED = Remark(
    Message("was read as several entries; semicolons separate them for certain"), once=True
)


def convert(field: str, value: object) -> Converted:
    """Bring a value into the form that the profile's field takes.

    Parameters
    ----------
    field
        Name of a field of `ClusterProfile`.
    value
        Text of a cell, or any JSON value.

    Returns
    -------
    Converted
        Values of a wrong type are handed through for the profile itself to refuse.
    """
    if field in _ITEMS:
        return _list(field, value)
    if field in _NUMBERS and isinstance(value, float) and value.is_integer():
        return Converted(int(value))
    if not isinstance(value, str):
        return Converted(value)
    return _scalar(field, value.strip())


def _scalar(field: str, text: str) -> Converted:
    if field in _BOOLEANS and text.casefold() in ("нет", "no", "none"):
        return Converted(False)
    text, remarks = _legible(text, _is_address(field))
    if not text:
        return Converted(None, remarks)
    try:
        value = (_SCALARS.get(field) or str)(text)
    except CellError as error:
        return Converted(None, (*remarks, Remark(error.message, fault=True)))
    if isinstance(value, Noted):
        return Converted(value.value, (*remarks, Remark(value.message)))
    return Converted(value, remarks)


def _legible(text: str, is_address: bool = False) -> tuple[str, tuple[Remark, ...]]:
    """Text as it was meant: blank where it says nothing, mended where that is certain."""
    if not text:
        return "", ()
    if _SHEET_ERROR.fullmatch(text):
        return "", (_sheet_error(text),)
    if is_lost(text):
        return "", (_LOST._replace(fault=True),)
    if is_blank(text):
        return "", (_says_unknown(text),)
    if is_address:
        return text, ()
    sound = mended(text)
    remarks = (_DOUBLY_ENCODED,) if sound != text else ()
    return sound, (*remarks, _LOST) if has_lost(sound) else remarks


def _says_unknown(text: str) -> Remark:
    return Remark(Message("{text} counts as blank", text=quoted(text)), once=True)


def _sheet_error(text: str) -> Remark:
    message = Message("holds the spreadsheet error {text}; correct its formula", text=text)
    return Remark(message, fault=True)


def _is_address(field: str) -> bool:
    return field in ("website", "sources")


def _list(field: str, value: object) -> Converted:
    is_text = isinstance(value, str)
    if isinstance(value, str):
        # A word for nothing may hold a sign that parts entries, and so may an error.
        value = [value.strip()] if _says_nothing(value.strip()) else list_entries(value)
    if not isinstance(value, list):
        return Converted(value)
    limit = MAX_PHRASES if field in _PHRASES else MAX_ITEMS
    items: list[object] = []
    remarks: list[Remark] = []
    for entry in value:
        found, told = _entry(field, entry, alone=is_text and len(value) == 1)
        items += found
        remarks += told
        if sum(remark.fault for remark in remarks) > _MAX_FAULTS or len(items) > limit:
            break
    if len(items) > limit:
        message = Message("has more than {limit} entries; the first ones were read", limit=limit)
        remarks.append(Remark(message, fault=True))
    return Converted(items[:limit] or None, tuple(dict.fromkeys(remarks)))


def _says_nothing(text: str) -> bool:
    return is_blank(text) or _SHEET_ERROR.fullmatch(text) is not None


def _entry(field: str, entry: object, *, alone: bool) -> tuple[list[object], list[Remark]]:
    # JSON files give NACE divisions as numbers, too.
    if field == "nace" and type(entry) in (int, float):
        entry = str(entry)
    if not isinstance(entry, str):
        return [entry], []
    if field in _COUNTRIES and not alone and entry.strip() == "NA":
        return ["NA"], []  # Namibia beside other countries; "not available" by itself
    text, remarks = _legible(entry.strip(), _is_address(field))
    if not text:
        return [], list(remarks)
    if field in _PHRASES:
        told = (_COMMAS,) if alone and _ENUMERATED.fullmatch(text) else ()
        return [text], [*remarks, *told]
    found, told_more = _closed(_ITEMS[field], text)
    return found, [*remarks, *told_more]


def _closed(convert_item: Converter, text: str) -> tuple[list[object], list[Remark]]:
    """An entry of a closed list; or several, where something else than semicolons parts them."""
    try:
        return _noted(convert_item(text))
    except CellError as error:
        fault = Remark(error.message, fault=True)
    parts = [part for part in _PARTS.split(text) if part.strip()]
    if len(parts) < 2 or _DECIMAL_COMMA.fullmatch(text):
        return [], [fault]
    read = [_part(convert_item, part) for part in parts]
    found = [value for values, _ in read for value in values]
    remarks = [remark for _, told in read for remark in told]
    return (found, [_PARTED, *remarks]) if found else ([], [fault])


def _part(convert_item: Converter, text: str) -> tuple[list[object], list[Remark]]:
    if is_blank(text):
        return [], [_says_unknown(text)]
    try:
        return _noted(convert_item(text))
    except CellError as error:
        return [], [Remark(error.message, fault=True)]


def _noted(value: object) -> tuple[list[object], list[Remark]]:
    return ([value.value], [Remark(value.message)]) if isinstance(value, Noted) else ([value], [])


def _boolean(text: str) -> bool:
    word = spellings("boolean").get(spelling_key(text)) or _SIGNS.get(text)
    if word is None:
        raise CellError(Message("{text} is neither yes nor no", text=quoted(text)))
    return word == "yes"


def _website(text: str) -> object:
    if not _ADDRESSES.search(text):
        return f"https://{text}" if _DOMAIN.fullmatch(text) else text
    addresses = [
        _website(part)
        for part in _ADDRESSES.split(text)
        if _DOMAIN.fullmatch(part) or "://" in part
    ]
    if not addresses:
        return text
    message = Message("{text} was read as {value}", text=quoted(text), value=str(addresses[0]))
    return Noted(addresses[0], message)


_SIGNS = {"+": "yes", "✓": "yes", "✔": "yes", "☑": "yes", "✗": "no", "✘": "no", "☐": "no"}
_PHRASES = frozenset({"technologies", "services", "offers", "seeks"})
_COUNTRIES = frozenset({"target_countries", "opt_in_countries"})
_BOOLEANS = frozenset({"recognised_programme", "english_site"})
_ITEMS: Mapping[str, Converter] = {
    **dict.fromkeys(_PHRASES, str),
    **dict.fromkeys(_COUNTRIES, country),
    "ecosystems": ecosystem,
    "nace": nace,
    "languages": language,
    "intents": one_of(INTENTS, Message("intent"), "intent"),
    "sources": str,
    "trades": trade,
    "origins": str,
}
_COUNTS = frozenset(
    {
        "members_total",
        "members_sme",
        "members_large",
        "members_research",
        "members_public",
        "employees_represented",
        "capacity",
    }
)
_YEARS = frozenset({"founded", "label_year", "as_of"})
_NUMBERS = _COUNTS | _YEARS
_SCALARS: Mapping[str, Converter] = {
    **dict.fromkeys(_COUNTS, count),
    **dict.fromkeys(_YEARS, year),
    **dict.fromkeys(_BOOLEANS, _boolean),
    "lat": degrees,
    "lon": degrees,
    "kind": one_of(KINDS, Message("kind of organisation"), "kind"),
    "label": one_of(LABELS, Message("label"), "label"),
    "management_fte": decimal,
    "legal_form": one_of(LEGAL_FORMS, Message("legal form"), "legal_form"),
    "visibility": one_of(("public", "private", "hidden"), Message("visibility")),
    "last_verified": day,
    "country": country,
    "owner_country_over_50": country,
    "nuts2": str.upper,
    "website": _website,
}
