"""What to mind before two clusters are brought together."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple, get_args

from matcher.i18n.message import Message, joined
from matcher.profiles.profile import DraftProfile, LegalForm
from matcher.readiness.dates import overdue
from matcher.readiness.loading import rule_book
from matcher.readiness.rules import CautionRule, Gravity, RuleBook, When

_GRAVITIES = get_args(Gravity)
_KIND_OF_REGION = re.compile(r"\b(oblasts?|regions?|province|county|область)\b", re.IGNORECASE)
_LIST_OF_REGIONS = re.compile(r",|;|/|\band\b|\(|\)")


class Caution(NamedTuple):
    """A rule that one side of a pair calls for, in words.

    Attributes
    ----------
    order
        Place of the rule, the gravest first, and the region that its words name.
    sentence
        The wording to show; says so where the rule is past its review.
    """

    order: tuple[int, str]
    rule: CautionRule
    sentence: Message


def pair_cautions(a: DraftProfile, b: DraftProfile, today: date) -> tuple[Caution, ...]:
    """Cautions that a pair calls for, the gravest first; the same from either side."""
    found = {
        caution.order: caution
        for one, other in ((a, b), (b, a))
        for caution in _about(one, today)
        if _concerns(caution.rule, one, other)
    }
    return tuple(found[order] for order in sorted(found))


@lru_cache
def suspended(country: str | None) -> bool:
    """Whether a country has suspended its part: its clusters are suggested only when asked for."""
    return any(
        rule.kind == "suspended" and rule.when.country == country for _, rule in _watched(country)
    )


@lru_cache(maxsize=1)
def kept_apart() -> tuple[tuple[str, str], ...]:
    """Pairs of countries whose clusters are brought together only where a side has opted in."""
    rules = (rule for rule in rule_book().cautions.cautions if rule.unless_opted_in)
    stops = (rule for rule in rules if rule.gravity == "stop")
    return tuple((str(rule.when.country), str(rule.other)) for rule in stops)


def opted_in(one: DraftProfile, other: DraftProfile) -> bool:
    """Whether a side has opted in to the other one's country."""
    return one.country in other.opt_in_countries or other.country in one.opt_in_countries


def applies(when: When, profile: DraftProfile, book: RuleBook) -> bool:
    """Whether a profile is the side that a rule is about; a blank field never is."""
    return (
        when.country in (None, profile.country)
        and when.owner in (None, profile.owner_country_over_50)
        and (not when.legal_forms or legal_form(profile) in when.legal_forms)
        and (not when.regions or bool(region_named(when, profile, book)))
    )


def legal_form(profile: DraftProfile) -> LegalForm | None:
    """Legal form that a profile states; a public agency is a state body."""
    return profile.legal_form or ("state_body" if profile.kind == "public_agency" else None)


def region_named(when: When, profile: DraftProfile, book: RuleBook) -> str:
    """Region of a rule that a profile is seated or registered in, empty if none."""
    if not when.regions or when.country is None:
        return ""
    texts = filter(None, (profile.region, profile.registered_in))
    named = {name for text in texts for name in regions(text, when.country, book)}
    return next((region for region in when.regions if region in named), "")


def regions(text: str, country: str, book: RuleBook) -> set[str | None]:
    """Regions that a text names, with ``None`` for a part that is none of the known ones."""
    spellings = book.programmes.spellings.get(country, {})
    parts = _LIST_OF_REGIONS.split(_KIND_OF_REGION.sub("", text))
    return {spellings.get(" ".join(part.split()).casefold()) for part in parts if part.strip()}


def say(rule: CautionRule, region: str, today: date) -> Message:
    """Word a rule, with a remark where it is past its review."""
    return joined(Message(rule.text, region=region), overdue(rule.recheck_by, today))


@lru_cache(maxsize=2000)
def _about(profile: DraftProfile, today: date) -> tuple[Caution, ...]:
    """Rules that a profile is the side of."""
    book = rule_book()
    applying = (item for item in _watched(profile.country) if applies(item[1].when, profile, book))
    named = ((place, region_named(rule.when, profile, book), rule) for place, rule in applying)
    return tuple(
        Caution((place, region), rule, say(rule, region, today)) for place, region, rule in named
    )


def _concerns(rule: CautionRule, one: DraftProfile, other: DraftProfile) -> bool:
    if rule.other is not None and rule.other not in (other.country, other.group):
        return False
    return not (rule.unless_opted_in and opted_in(one, other))


def _watched(country: str | None) -> tuple[tuple[int, CautionRule], ...]:
    rules = _by_country()
    return rules.get(country) or rules[None]


@lru_cache(maxsize=1)
def _by_country() -> Mapping[str | None, tuple[tuple[int, CautionRule], ...]]:
    """Rules by the country of a side, the gravest first; under ``None`` those for any country."""
    ordered = sorted(rule_book().cautions.cautions, key=lambda rule: _GRAVITIES.index(rule.gravity))
    numbered = list(enumerate(ordered))
    return {
        country: tuple(item for item in numbered if item[1].when.country in (None, country))
        for country in {None, *(rule.when.country for rule in ordered)}
    }
