"""ECCP registration and the label path of a profile."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import get_args

from matcher.i18n.message import Message, joined, plain
from matcher.profiles.profile import LABELS, DraftProfile
from matcher.profiles.taxonomy import countries
from matcher.readiness.findings import Finding, find
from matcher.readiness.report import (
    Check,
    Counts,
    Fact,
    FieldValue,
    FormField,
    LabelPath,
    LabelStep,
    Reference,
    RegimeNote,
    Registration,
    WaiverNote,
)
from matcher.readiness.rules import Regime, Rule, RuleBook, Sureness, Waiver

_ORIENTATION = Message("For orientation only: whether this list applies is unknown.")
_SURENESS: tuple[Sureness, ...] = get_args(Sureness)


def weaker(*grades: Sureness) -> Sureness:
    """Return the least sure of some grades."""
    return max(grades, key=_SURENESS.index)


def references(book: RuleBook, names: Iterable[str]) -> tuple[Reference, ...]:
    """Resolve source ids to the pages that they stand for."""
    pages = (book.sources.sources[name] for name in names)
    return tuple(Reference(page.url, page.date, page.note) for page in pages)


def check_registration(profile: DraftProfile, book: RuleBook, today: date) -> Registration:
    """Check a profile against the criteria for registration on the ECCP."""
    regime = _regime(profile, book)
    third_country = regime is None or regime.basis != "applies"
    checks, facts = [], []
    for rule in book.registration.rules:
        if rule.applies_to == "third_country" and not third_country:
            continue
        if rule.check.kind == "on_form":
            continue
        if rule.check.kind == "fact":
            facts.append(_fact(rule, book))
        else:
            checks.append(_registration_check(rule, profile, book, regime, today))
    note = _regime_note(profile, book, regime)
    return Registration(
        note, tuple(checks), tuple(facts), Counts.of(checks), book.registration.caveats
    )


def registration_form(profile: DraftProfile, book: RuleBook) -> tuple[FormField, ...]:
    """What the registration form asks for, as far as public pages name it."""
    asked = [(rule, rule.check) for rule in book.registration.rules]
    return tuple(
        FormField(
            title=rule.criterion,
            fields=check.fields,
            missing=tuple(name for name in check.fields if getattr(profile, name) is None),
            obtain=check.obtain,
            sources=references(book, rule.sources),
        )
        for rule, check in asked
        if check.kind == "on_form"
    )


def check_labels(profile: DraftProfile, book: RuleBook, today: date) -> LabelPath:
    """Check a profile against the steps to a bronze, silver and gold label."""
    steps = []
    for level in reversed(LABELS):
        rules = [rule for rule in book.labels.rules if rule.level == level]
        checks = tuple(
            _check(rule, find(rule, profile, today), book)
            for rule in rules
            if rule.check.kind != "fact"
        )
        facts = tuple(_fact(rule, book) for rule in rules if rule.check.kind == "fact")
        steps.append(LabelStep(level, checks, facts, Counts.of(checks)))
    return LabelPath(profile.label, profile.label_year, tuple(steps), book.labels.caveats)


def _regime(profile: DraftProfile, book: RuleBook) -> Regime | None:
    if profile.country is None:
        return None
    regimes = book.registration.regimes
    return regimes.get(profile.country) or regimes["EU"]


def _regime_note(profile: DraftProfile, book: RuleBook, regime: Regime | None) -> RegimeNote:
    if regime is None or profile.country is None:
        sentence = Message(
            "The country is not stated, so it is open which list of criteria applies."
        )
        return RegimeNote("orientation", sentence, "?", ())
    country = Message(countries()[profile.country].name)
    lead = {
        "applies": Message(
            "The list of criteria for EU and COSME countries applies to {country}.",
            country=country,
        ),
        "probable": Message(
            "The list for EU and COSME countries probably applies to {country}.", country=country
        ),
        "orientation": Message(
            "Which list applies to {country} is unknown; the list for EU and COSME countries is "
            "shown for orientation only.",
            country=country,
        ),
    }[regime.basis]
    sources = references(book, regime.sources)
    return RegimeNote(regime.basis, joined(lead, plain(regime.note)), regime.sure, sources)


def _registration_check(
    rule: Rule, profile: DraftProfile, book: RuleBook, regime: Regime | None, today: date
) -> Check:
    finding = find(rule, profile, today)
    waivers = _waivers(rule, finding, profile, book)
    if rule.applies_to != "eu_cosme" or (regime and regime.basis == "applies"):
        return _check(rule, finding, book, waivers=waivers)
    if regime and regime.basis == "probable":
        sentence = joined(finding.sentence, Message("This list probably applies to the country."))
        judged = finding._replace(sentence=sentence, at_best=weaker(finding.at_best, regime.sure))
        return _check(rule, judged, book, waivers=waivers)
    sentence = joined(finding.sentence, _ORIENTATION)
    decided = finding.decided_by if regime else (FieldValue("country", None), *finding.decided_by)
    judged = Finding("unknown", sentence, decided, at_best="?")
    waivers = tuple(
        replace(note, state="unknown", sentence=joined(note.sentence, _ORIENTATION))
        for note in waivers
    )
    return _check(rule, judged, book, measured=finding, waivers=waivers)


def _waivers(
    rule: Rule, finding: Finding, profile: DraftProfile, book: RuleBook
) -> tuple[WaiverNote, ...]:
    if finding.status in ("met", "not_applicable"):
        return ()
    named = [(name, book.registration.waivers[name]) for name in rule.waivers]
    notes = [_waiver(name, waiver, profile) for name, waiver in named]
    return tuple(note for note in notes if note)


def _waiver(name: str, waiver: Waiver, profile: DraftProfile) -> WaiverNote | None:
    if waiver.ecosystem and waiver.ecosystem not in profile.ecosystems:
        return None
    answer = getattr(profile, waiver.field) if waiver.field else None
    if answer:
        sentence = Message(
            "May be waived by the platform's team: the profile says that {condition}.",
            condition=plain(waiver.condition),
        )
        return WaiverNote(name, "may_apply", sentence)
    if answer is None:
        sentence = Message(
            "May be waived by the platform's team if {condition}. The profile does not say.",
            condition=plain(waiver.condition),
        )
        return WaiverNote(name, "unknown", sentence)
    return None


def _check(
    rule: Rule,
    finding: Finding,
    book: RuleBook,
    *,
    measured: Finding | None = None,
    waivers: tuple[WaiverNote, ...] = (),
) -> Check:
    return Check(
        id=rule.id,
        criterion=rule.criterion,
        threshold=rule.threshold,
        status=finding.status,
        sentence=finding.sentence,
        decided_by=finding.decided_by,
        rule_date=rule.date,
        sources=references(book, rule.sources),
        sure=weaker(rule.sure, finding.at_best),
        orientation=measured.status if measured else None,
        waivers=waivers,
    )


def _fact(rule: Rule, book: RuleBook) -> Fact:
    sources = references(book, rule.sources)
    return Fact(rule.id, rule.criterion, rule.threshold, rule.date, sources, rule.sure)
