"""Values in their usual spellings: what a person writes, turned into what a profile holds."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache

from rapidfuzz import fuzz, process

from matcher.profiles.io.cells import split_items
from matcher.profiles.io.headers import compact
from matcher.profiles.language import LANGUAGES
from matcher.profiles.profile import (
    INTENTS,
    KINDS,
    LABELS,
    LEGAL_FORMS,
    MAX_ITEMS,
    MAX_PHRASES,
)
from matcher.profiles.taxonomy import countries, ecosystems, nace_divisions

_BLANKS = frozenset({"", "-", "–", "—", "?", "n/a", "none", "unknown"})
_THOUSANDS = re.compile(r"\d{1,3}(?:[ \u00a0\u2009\u202f,.'’]\d{3})+")
_DECIMAL = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_DOMAIN = re.compile(r"[^\s:/@][^\s:/@.]*+\.[^\s:/@]{2,}+(?:/\S*+)?")
_NACE = re.compile(r"[A-Ua-u]?\s?(?:(\d{1,2})(?:\.\d{1,2}){0,2}|(\d{2})\d{2})")
_MAX_DIGITS = 15
_MAX_FAULTS = 10
_SHOWN = 60

_COUNTRY_ALIASES = {
    "EL": "GR",
    "UK": "GB",
    "Bosnia": "BA",
    "Czech Republic": "CZ",
    "Great Britain": "GB",
    "Holland": "NL",
    "Macedonia": "MK",
    "Moldova, Republic of": "MD",
    "Republic of Moldova": "MD",
    "Republic of North Macedonia": "MK",
    "Russian Federation": "RU",
    "Slovak Republic": "SK",
    "The Netherlands": "NL",
    "Turkey": "TR",
    "United States of America": "US",
    "USA": "US",
}
_ECOSYSTEM_ALIASES = {
    "Agrifood": "agrifood",
    "Creative industries": "cultural_creative",
    "Energy renewables": "energy_renewables",
    "ICT": "digital",
    "Mobility": "mobility_transport_automotive",
    "Proximity, social economy and civil security": "proximity_social_economy",
    "Renewable energy": "energy_renewables",
    "Textiles": "textile",
}
_KIND_ALIASES = {
    "Accelerator": "incubator_accelerator",
    "Association": "business_association",
    "Cluster organisation": "cluster",
    "Cluster organization": "cluster",
    "Incubator": "incubator_accelerator",
    "Science park": "technology_park",
    "Science and technology park": "technology_park",
}
_BOOLEANS = {"yes": True, "y": True, "true": True, "1": True} | {
    "no": False,
    "n": False,
    "false": False,
    "0": False,
}


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def _key(text: str) -> str:
    words = text.replace("&", " ").casefold().split()
    return compact(" ".join(word for word in words if word != "and"))


def _choices(ids: Iterable[str], aliases: Mapping[str, str]) -> dict[str, str]:
    return {_key(alias): name for alias, name in aliases.items()} | {
        _key(name): name for name in ids
    }


@lru_cache(maxsize=1)
def _country_names() -> dict[str, str]:
    names = {_key(country.name): code for code, country in countries().items()}
    return names | _choices(countries(), _COUNTRY_ALIASES)


@lru_cache(maxsize=1)
def _ecosystem_names() -> dict[str, str]:
    titles = {_key(title): name for name, title in ecosystems().items()}
    return titles | _choices(ecosystems(), _ECOSYSTEM_ALIASES)


def _look_up(text: str, table: Mapping[str, str], what: str, advice: str) -> str:
    key = _key(text)
    if key in table:
        return table[key]
    near = process.extractOne(key, table.keys(), scorer=fuzz.ratio, score_cutoff=75)
    hint = f"; did you mean {table[near[0]]}?" if near else f"; {advice}"
    separator = "; separate several values by a semicolon" if "," in text else ""
    raise ValueError(f"{_quoted(text)} is no known {what}{hint}{separator}")


def _country(text: str) -> str:
    return _look_up(
        text, _country_names(), "country", "give its English name or two-letter code, such as UA"
    )


def _ecosystem(text: str) -> str:
    return _look_up(
        text, _ecosystem_names(), "industrial ecosystem", f"use one of {', '.join(ecosystems())}"
    )


def _one_of(
    names: tuple[str, ...], what: str, aliases: Mapping[str, str] | None = None
) -> Callable[[str], str]:
    table = _choices(names, aliases or {})
    return lambda text: _look_up(text, table, what, f"use one of {', '.join(names)}")


def _language(text: str) -> str:
    if re.fullmatch(r"[A-Za-z]{2}", text):
        return text.lower()
    table = {_key(name): code for code, name in LANGUAGES.items()}
    return _look_up(text, table, "language", "give its two-letter code, such as en")


def _nace(text: str) -> str:
    match = _NACE.fullmatch(text)
    division = (match[1] or match[2]).zfill(2) if match else ""
    if division not in nace_divisions():
        raise ValueError(f"{_quoted(text)} is no NACE division; use two digits, such as 62")
    return division


def _count(text: str) -> int:
    # Tables made by programs write counts as "120.0" where some are missing.
    digits = re.sub(r"\D", "", text) if _THOUSANDS.fullmatch(text) else text.removesuffix(".0")
    if not re.fullmatch(r"-?[0-9]+", digits) or len(digits) > _MAX_DIGITS:
        raise ValueError(f"{_quoted(text)} is not a whole number, such as 120")
    return int(digits)


def _degrees(text: str) -> float:
    if not _DECIMAL.fullmatch(text):
        raise ValueError(f"{_quoted(text)} is not a number of degrees, such as 49.99")
    return float(text.replace(",", "."))


def _decimal(text: str) -> float:
    # "1,200" may be one and a fifth or twelve hundred: only a person can tell.
    if not _DECIMAL.fullmatch(text) or re.fullmatch(r"\d{1,3},\d{3}", text):
        raise ValueError(f"{_quoted(text)} is not a number, such as 1.5")
    return float(text.replace(",", "."))


def _boolean(text: str) -> bool:
    if text.casefold() not in _BOOLEANS:
        raise ValueError(f"{_quoted(text)} is neither yes nor no")
    return _BOOLEANS[text.casefold()]


def _date(text: str) -> str:
    day_first = _DAY_FIRST.fullmatch(text)
    iso = "{2}-{1:0>2}-{0:0>2}".format(*day_first.groups()) if day_first else text
    try:
        return date.fromisoformat(iso).isoformat()
    except ValueError:
        raise ValueError(f"{_quoted(text)} is not a date such as 2026-03-31") from None


def _website(text: str) -> str:
    return f"https://{text}" if _DOMAIN.fullmatch(text) else text


_ITEMS: Mapping[str, Callable[[str], object]] = {
    "ecosystems": _ecosystem,
    "nace": _nace,
    "technologies": str,
    "services": str,
    "offers": str,
    "seeks": str,
    "target_countries": _country,
    "opt_in_countries": _country,
    "languages": _language,
    "intents": _one_of(INTENTS, "intent"),
    "sources": str,
    "trades": str,
    "origins": str,
}
_PHRASES = frozenset({"technologies", "services", "offers", "seeks"})
_SCALARS: Mapping[str, Callable[[str], object]] = {
    "lat": _degrees,
    "lon": _degrees,
    "founded": _count,
    "kind": _one_of(KINDS, "kind of organisation", _KIND_ALIASES),
    "members_total": _count,
    "members_sme": _count,
    "members_large": _count,
    "members_research": _count,
    "members_public": _count,
    "employees_represented": _count,
    "label": _one_of(LABELS, "label", {f"{label} label": label for label in LABELS}),
    "label_year": _count,
    "management_fte": _decimal,
    "recognised_programme": _boolean,
    "english_site": _boolean,
    "legal_form": _one_of(LEGAL_FORMS, "legal form"),
    "capacity": _count,
    "visibility": _one_of(("public", "private", "hidden"), "visibility"),
    "as_of": _count,
    "last_verified": _date,
}
_TEXTS: Mapping[str, Callable[[str], object]] = {
    "country": _country,
    "owner_country_over_50": _country,
    "nuts2": str.upper,
    "website": _website,
}
_COUNTS = frozenset(field for field, convert in _SCALARS.items() if convert is _count)


def convert(field: str, value: object) -> tuple[object, list[str]]:
    """Bring a value into the form that the profile's field takes.

    Parameters
    ----------
    field
        Name of a field of `ClusterProfile`.
    value
        Text of a cell, or any JSON value.

    Returns
    -------
    tuple
        The value, ``None`` where it is blank, and what is wrong with it in plain English.
        Values of a wrong type are handed through for the profile itself to refuse.
    """
    if field in _ITEMS:
        limit = MAX_PHRASES if field in _PHRASES else MAX_ITEMS
        return _convert_items(_ITEMS[field], value, limit)
    if field in _COUNTS and isinstance(value, float) and value.is_integer():
        return int(value), []
    if not isinstance(value, str):
        return value, []
    text = value.strip()
    if not text or (field in _SCALARS and text.casefold() in _BLANKS):
        return None, []
    try:
        return (_SCALARS.get(field) or _TEXTS.get(field) or str)(text), []
    except ValueError as error:
        return None, [str(error)]


def _convert_items(
    convert_item: Callable[[str], object], value: object, limit: int
) -> tuple[object, list[str]]:
    if isinstance(value, str):
        value = split_items(value)
    if not isinstance(value, list):
        return value, []
    items: list[object] = []
    problems: list[str] = []
    if len(value) > limit:
        return None, [f"has more than {limit} entries; keep the most fitting ones"]
    for item in value:
        if len(problems) == _MAX_FAULTS:
            problems.append("further entries were not looked at; correct those first")
            break
        # JSON files give NACE divisions as numbers, too.
        number = convert_item is _nace and type(item) in (int, float)
        if not isinstance(item, str) and not number:
            items.append(item)
            continue
        try:
            items.append(convert_item(str(item).strip()))
        except ValueError as error:
            problems.append(str(error))
    return items or None, problems
