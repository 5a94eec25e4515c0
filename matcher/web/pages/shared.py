"""What several pages need."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import segno
from flask import Flask, request
from markupsafe import Markup

from matcher.i18n.languages import languages, sort_key
from matcher.matching.words import trade_name
from matcher.profiles.taxonomy import country_group, nace_divisions
from matcher.web.http.context import current_matcher, name_of
from matcher.web.http.languages import current_language
from matcher.web.http.problems import PROBLEM_TYPES
from matcher.web.http.sessions import COOKIE, current_account, scopes_of
from matcher.web.pages import words
from matcher.web.pages.profiles import field_text

_CHOICES: Mapping[str, Mapping[str, str]] = {
    "ecosystem": words.ECOSYSTEMS,
    "kind": words.KINDS,
    "label": words.LABELS,
}
_TITLES: Mapping[str, Mapping[Any, str]] = {
    **_CHOICES,
    "size": words.SIZES,
    "freshness": words.FRESHNESS,
    "group": {"EU": words.SCOPES["eu"], "EaP": words.SCOPES["eap"]},
}


def init_app(app: Flask) -> None:
    """Give every template what it may use."""
    app.context_processor(_shared)


def member_countries() -> list[str]:
    """Codes of the countries of the EU and the Eastern Partnership, sorted by name."""
    language = current_language()
    codes = country_group("EaP") | country_group("EU")
    return sorted(codes, key=lambda code: sort_key(language.country(code)))


def choices() -> dict[str, Any]:
    """Return what the filters offer, in the reader's words."""
    language = current_language()
    codes = member_countries()
    return {
        "codes": codes,
        "country_choices": [(code, language.country(code)) for code in codes],
        **{
            f"{name}_choices": [(key, language.gettext(title)) for key, title in titles.items()]
            for name, titles in _CHOICES.items()
        },
        "nace_choices": [
            (code, f"{code} {language.gettext(title)}") for code, title in nace_divisions().items()
        ],
    }


def condition_words(name: str, value: str) -> str:
    """Return a value that a list is filtered by as it reads on the pages."""
    language = current_language()
    if name == "country":
        return language.country(value)
    if name == "trade":
        return language.say(trade_name(value))
    if name == "min_members":
        return language.gettext("at least %(count)s members") % {"count": value}
    titles = _TITLES.get(name, {})
    return language.gettext(titles[value]) if value in titles else value


def messengers(address: str, title: str) -> list[tuple[str, str]]:
    """Return names of messengers, and where a click sends an address on in each."""
    return [
        ("WhatsApp", "https://wa.me/?" + urlencode({"text": f"{title} {address}"})),
        ("Telegram", "https://t.me/share/url?" + urlencode({"url": address, "text": title})),
    ]


def qr_code(address: str) -> Markup:
    """Draw an address as a code that a telephone's camera reads."""
    # Safe: the library draws squares and writes nothing of the address.
    return Markup(segno.make(address, micro=False).svg_inline(scale=4, light="#fff"))  # noqa: S704


def _shared() -> dict[str, Any]:
    return {
        "words": words,
        "name_of": name_of,
        "trade_name": trade_name,
        "field_text": field_text,
        "data_years": current_matcher().snapshot.years,
        "language": current_language(),
        "languages": languages(),
        "in_language": _in_language,
        "signed_in_staff": _signed_in_staff,
        "has_session": lambda: COOKIE in request.cookies,
        "problem_types": PROBLEM_TYPES,
        "qr_code": qr_code,
        "messengers": messengers,
    }


def _signed_in_staff(scope: str = "staff") -> bool:
    """Whether somebody has signed in who may do what a token with a scope is for."""
    account = current_account()
    return account is not None and scope in scopes_of(account)


def _in_language(code: str) -> str:
    """Address of this page in another language; a form that was sent is asked for anew."""
    given = {**request.args.to_dict(flat=False), "lang": [code]}
    return f"{quote(request.root_path + request.path)}?{urlencode(given, doseq=True)}"
