"""Words of the briefs in English, Ukrainian and Romanian; the profiles' own words stay."""

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


class Labels:
    """The catalogue of one language.

    A phrase of the catalogue is filled in with values; a value is never read as a phrase.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self._words: dict[str, str] = json.loads(
            (_FOLDER / f"{language}.json").read_text(encoding="utf-8")
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


@lru_cache(maxsize=len(LANGUAGES))
def labels(language: Language) -> Labels:
    """Catalogue of a language, read once."""
    return Labels(language)
