"""Languages of the pages: English, and one more for each catalogue in ``catalogues/``."""

import re
from collections.abc import Mapping
from functools import lru_cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any, cast
from unicodedata import normalize

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from flask import Flask, Response, g, request
from werkzeug.http import dump_header

from matcher import i18n
from matcher.i18n.sentence import Sentence
from matcher.profiles.language import LANGUAGES
from matcher.profiles.taxonomy import countries

SOURCE = "en"
CATALOGUES = Path(i18n.__file__).with_name("catalogues")
_LOCALES = {SOURCE: "en_GB"}
_SORTED_AFTER = str.maketrans({"ґ": "г~", "є": "е~", "і": "и~", "ї": "и~~", "й": "и~~~"})
_DIGITS = re.compile(r"\.([1-9])f")
_MUTE = ("static", "api.")


class Language:
    """One language of the pages.

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
        """The text in this language; as it is where the catalogue lacks it."""
        return self._translations.gettext(text) if self._translations and text else text

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form of a text that goes with a number."""
        if self._translations:
            return self._translations.ngettext(one, many, count)
        return one if count == 1 else many

    def say(self, text: str) -> str:
        """A `Sentence` in this language; any other text as it is, for it was quoted."""
        if not isinstance(text, Sentence):
            return text
        if not text.values and text in _codes():
            return self.country(_codes()[text])
        if not text.values and text in _tongues():
            return str(self.locale.languages.get(_tongues()[text], text))
        template = self.gettext(text.template)
        values = {name: self._value(value) for name, value in text.values.items()}
        return _LocalNumbers(self).vformat(template, (), values)

    def country(self, code: str) -> str:
        """Name of a country (Unicode CLDR)."""
        return str(self.locale.territories.get(code, countries()[code].name))

    def number(self, value: float, pattern: str | None = None) -> str:
        """A number as this language writes it."""
        return str(format_decimal(value, format=pattern, locale=self.locale))

    def percent(self, share: float) -> str:
        """A share in [0, 1] as whole per cent."""
        return str(format_percent(round(share, 2), locale=self.locale))

    def _value(self, value: object) -> object:
        if isinstance(value, tuple):
            return "; ".join(self.say(item) for item in value)
        return self.say(value) if isinstance(value, str) else value


class _LocalNumbers(Formatter):
    """Fills templates in, writing numbers as a language does."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        """The value in the language's spelling."""
        if isinstance(value, str) or not format_spec:
            return str(value)
        if format_spec.endswith("%"):
            return self._language.percent(value)
        digits = _DIGITS.fullmatch(format_spec)
        return self._language.number(value, f"#,##0.{'0' * int(digits[1])}" if digits else None)


@lru_cache(maxsize=1)
def languages() -> Mapping[str, Language]:
    """Every language by its code, English first."""
    codes = (SOURCE, *sorted(path.stem for path in CATALOGUES.glob("*.po")))
    return MappingProxyType({code: Language(code) for code in codes})


def current_language() -> Language:
    """Language of the current answer."""
    return cast(Language, g.get("language") or languages()[SOURCE])


def sort_key(name: str) -> str:
    """Key that sorts names as readers of Latin and Cyrillic scripts expect."""
    return normalize("NFKD", name.casefold().translate(_SORTED_AFTER))


def install(app: Flask) -> None:
    """Choose a language for each request and give it to the templates."""
    app.before_request(_choose)
    app.after_request(_declare)
    app.url_defaults(_keep)
    jinja: Any = app.jinja_env
    jinja.add_extension("jinja2.ext.i18n")
    jinja.install_gettext_callables(
        lambda text: current_language().gettext(text),
        lambda one, many, count: current_language().ngettext(one, many, count),
        newstyle=True,
    )
    # For texts that are not written in the template: they may hold a per cent sign.
    jinja.filters["tr"] = lambda text: current_language().gettext(text)
    jinja.filters["say"] = lambda text: current_language().say(text)
    jinja.filters["country"] = lambda code: current_language().country(code)
    jinja.filters["number"] = lambda value: current_language().number(value)
    jinja.filters["signed"] = lambda value: current_language().number(value, "+0.00;−0.00")
    jinja.filters["percent"] = lambda share: current_language().percent(share)


def _choose() -> None:
    known = languages()
    wanted = request.args.get("lang", "")
    g.lang_in_links = wanted in known
    code = wanted if wanted in known else request.accept_languages.best_match(known, SOURCE)
    g.language = known[code or SOURCE]


def _keep(endpoint: str, values: dict[str, Any]) -> None:
    """Carry a language that was chosen by link into the links of the answer."""
    if g.get("lang_in_links") and not endpoint.startswith(_MUTE):
        values.setdefault("lang", g.language.code)


def _declare(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = current_language().code
        response.headers["Vary"] = dump_header({*response.vary.as_set(), "Accept-Language"})
    return response


@lru_cache(maxsize=1)
def _codes() -> Mapping[str, str]:
    return MappingProxyType({country.name: code for code, country in countries().items()})


@lru_cache(maxsize=1)
def _tongues() -> Mapping[str, str]:
    return MappingProxyType({name: code for code, name in LANGUAGES.items()})


def _translations(code: str) -> GNUTranslations | None:
    if code == SOURCE:
        return None
    with (CATALOGUES / f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
