"""`Language`: translations, names, numbers and dates for pages and papers."""

import csv
import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from string import Formatter
from types import MappingProxyType
from typing import Any
from unicodedata import normalize

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from matcher.config import DATA_DIR
from matcher.i18n import CATALOGUES, CODES, SOURCE
from matcher.i18n.message import Message

_LOCALES = {SOURCE: "en_GB"}
_SHORT_NAMES = {"Hong Kong": "HK", "Macao": "MO", "Myanmar": "MM", "Palestine": "PS"}
_OLD_ZONES = {"Europe/Kyiv": "Europe/Kiev"}  # as the CLDR still calls it
_SORTED_AFTER = str.maketrans({"ґ": "г~", "є": "е~", "і": "и~", "ї": "и~~", "й": "и~~~"})
_DIGITS = re.compile(r"\.([1-9])f")


class Language:
    """One language of pages and papers.

    Parameters
    ----------
    code
        ISO 639-1 code; all but English have a catalogue of that name.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        self.locale = Locale.parse(_LOCALES.get(code, code))
        self._translations = _translations(code)

    @property
    def name(self) -> str:
        """Its own name for itself."""
        name = self.locale.get_language_name() or self.code
        return name[0].upper() + name[1:]

    def gettext(self, text: str) -> str:
        """Translate a text; give it in English where the catalogue lacks it."""
        return self._translations.gettext(text) if text else text

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Translate a text into the form that goes with a number."""
        return self._translations.ngettext(one, many, count)

    def say(self, text: str | Message) -> str:
        """Give a message in this language; any other text as it is, for it was quoted."""
        if not isinstance(text, Message):
            return text
        template = self.gettext(text.template)
        if template == text.template and not text.parts:
            template = self._proper_name(template)
        parts = {name: self._part(part) for name, part in text.parts.items()}
        return _LocalNumbers(self).vformat(template, (), parts)

    def __call__(self, template: str, **parts: str | float | Message) -> str:
        """Fill in a translated template: a message that is said at once."""
        return self.say(Message(template, **parts))

    def country(self, code: str) -> str:
        """Name a country (Unicode CLDR)."""
        return str(self.locale.territories.get(code, code))

    def number(self, value: float, pattern: str | None = None) -> str:
        """Write a number as this language does."""
        return str(format_decimal(value, format=pattern, locale=self.locale))

    def percent(self, share: float) -> str:
        """Write a share in [0, 1] as whole per cent."""
        return str(format_percent(round(share, 2), locale=self.locale))

    def day(self, day: date) -> str:
        """Write a date out."""
        return str(format_date(day, "long", self.locale))

    def weekday(self, day: date) -> str:
        """Write a date out with the day of the week."""
        return str(format_date(day, "full", self.locale))

    def city(self, zone: str) -> str:
        """Name the place that a time zone is called by (Unicode CLDR)."""
        found = self.locale.time_zones.get(_OLD_ZONES.get(zone, zone), {})
        return str(found.get("city") or zone.rsplit("/", 1)[-1].replace("_", " "))

    def _part(self, part: object) -> object:
        if isinstance(part, tuple):
            return "; ".join(self.say(item) for item in part)
        return self.say(part) if isinstance(part, Message) else part

    def _proper_name(self, text: str) -> str:
        """Translate the English name of a country, a language or a trade; leave other texts."""
        countries, tongues = _english_names()
        if text in countries:
            return self.country(countries[text])
        if text in tongues:
            return str(self.locale.languages.get(tongues[text], text))
        return _trades(self.code).get(text, text)


class _LocalNumbers(Formatter):
    """Fills templates in, writing numbers as a language does."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        """Write the value in the language's spelling."""
        if isinstance(value, str) or not format_spec:
            return str(value)
        if format_spec.endswith("%"):
            return self._language.percent(value)
        digits = _DIGITS.fullmatch(format_spec)
        return self._language.number(value, f"#,##0.{'0' * int(digits[1])}" if digits else None)


@lru_cache(maxsize=len(CODES))
def language(code: str) -> Language:
    """Load a language once; `code` is one of `CODES`."""
    return Language(code)


def languages() -> Mapping[str, Language]:
    """Every language by its code, English first."""
    return MappingProxyType({code: language(code) for code in CODES})


def sort_key(name: str) -> str:
    """Key that sorts names as readers of Latin and Cyrillic scripts expect."""
    return normalize("NFKD", name.casefold().translate(_SORTED_AFTER))


@lru_cache(maxsize=1)
def _english_names() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Codes of countries and of languages by their English names."""
    english = Locale.parse(SOURCE)
    countries = {name: code for code, name in english.territories.items() if code.isalpha()}
    return countries | _SHORT_NAMES, {name: code for code, name in english.languages.items()}


@lru_cache(maxsize=len(CODES))
def _trades(code: str) -> Mapping[str, str]:
    """Usual names of trades by their English ones."""
    with (DATA_DIR / "taxonomy" / "trades.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {_first(row[SOURCE]): _first(row.get(code, "")) for row in rows if row.get(code)}


def _first(words: str) -> str:
    return words.split(";", maxsplit=1)[0].strip()


def _translations(code: str) -> NullTranslations:
    if code == SOURCE:
        return NullTranslations()
    with (CATALOGUES / f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
