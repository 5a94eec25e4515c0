"""Words on paper in English, Ukrainian and Romanian; the profiles' own words stay."""

import json
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from babel import Locale
from babel.dates import format_date

Language = Literal["en", "uk", "ro"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
_LOCALES = {"en": "en_GB", "uk": "uk", "ro": "ro"}
_FOLDER = Path(__file__).with_name("catalogues")
_OLD_ZONES = {"Europe/Kyiv": "Europe/Kiev"}  # as the CLDR still calls it


class Labels:
    """The catalogue of one language, of the briefs or of another kind of papers.

    A phrase of the catalogue is filled in with values; a value is never read as a phrase.
    """

    def __init__(self, language: Language, folder: Path = _FOLDER) -> None:
        self.language = language
        self._words: dict[str, str] = json.loads(
            (folder / f"{language}.json").read_text(encoding="utf-8")
        )
        self._locale = Locale.parse(_LOCALES[language])

    def __call__(self, key: str, **values: object) -> str:
        """Look up the phrase and fill in its values."""
        return self._words[key].format(**values)

    def many(self, prefix: str, names: Iterable[str]) -> str:
        """Join the phrases of several names, as in ``digital, health``."""
        return ", ".join(self(f"{prefix}_{name}") for name in names)

    def country(self, code: str) -> str:
        """Name of a country in this language (Unicode CLDR)."""
        return str(self._locale.territories.get(code, code))

    def countries(self, codes: Iterable[str]) -> str:
        """Join the names of several countries."""
        return ", ".join(self.country(code) for code in codes)

    def day(self, day: date) -> str:
        """Write a date out in this language."""
        return str(format_date(day, "long", self._locale))

    def weekday(self, day: date) -> str:
        """Write a date out with the day of the week."""
        return str(format_date(day, "full", self._locale))

    def city(self, zone: str) -> str:
        """Name of the place that a time zone is called by (Unicode CLDR)."""
        told = self._locale.time_zones.get(_OLD_ZONES.get(zone, zone), {})
        return str(told.get("city") or zone.rsplit("/", 1)[-1].replace("_", " "))


@lru_cache(maxsize=2 * len(LANGUAGES))
def labels(language: Language, folder: Path = _FOLDER) -> Labels:
    """Catalogue of a language, read once."""
    return Labels(language, folder)
