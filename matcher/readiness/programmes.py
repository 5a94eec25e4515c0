"""Programmes and open calls that a profile may take part in, by country, region and legal form.

Order of decision: exclusion by country, area or owner; legal form; association; region. The first
that blocks decides the status and is told first, with its sources; later ones are still listed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from matcher.i18n.message import Message, joined, plain
from matcher.profiles.profile import DraftProfile
from matcher.profiles.taxonomy import countries
from matcher.readiness.cautions import applies, legal_form, region_named, regions, say
from matcher.readiness.dates import first_day, overdue, spell
from matcher.readiness.registration import references, weaker
from matcher.readiness.report import (
    CountryHistory,
    Counts,
    FieldValue,
    ProgrammeCheck,
    Programmes,
    Status,
)
from matcher.readiness.rules import (
    Call,
    CautionRule,
    CountryEntry,
    CountryStatus,
    Programme,
    RuleBook,
    Sureness,
)

_VERDICTS: Mapping[CountryStatus, Status] = {
    **dict.fromkeys(("yes", "assoc", "assoc-part", "third-part"), "met"),
    **dict.fromkeys(("third", "no"), "not_met"),
    "signed": "signed",
    "part": "some_regions",
    "none-seen": "none_seen",
    "unknown": "unknown",
}
_INFERRED: Mapping[Status, Status] = {"met": "unknown", "not_met": "probably_not"}
"""What a verdict becomes that was inferred, not read."""

LEADS: Mapping[CountryStatus, str] = {
    "yes": "{country} is admitted.",
    "assoc": "{country}: associated. Check the call text.",
    "assoc-part": "{country}: associated in part. Check the call text.",
    "signed": "{country} has signed, but that it is in force was not seen.",
    "third-part": "{country}: third country, admitted to some actions only. Check the call text.",
    "third": "{country}: third country, not associated.",
    "part": "Only some regions of {country} are admitted.",
    "no": "{country}: the condition is not met.",
    "none-seen": "{country}: no agreement or membership was seen on the pages read, which is no "
    "proof.",
    "unknown": "{country}: not known.",
}

_NOT_STATED = CountryEntry(status="unknown", sure="?")


class _Step(NamedTuple):
    """One rule as it decides for a profile."""

    status: Status
    sentence: Message
    sure: Sureness
    date: str
    sources: tuple[str, ...]
    decided_by: tuple[FieldValue, ...]


def check_programmes(profile: DraftProfile, book: RuleBook, today: date) -> Programmes:
    """Check a profile against every programme that says something of its country."""
    limits = list(_limits(profile, book, today))
    checks: list[ProgrammeCheck] = []
    for programme in book.programmes.programmes:
        entry = programme.entry(profile.country) if profile.country else _NOT_STATED
        if entry is None:
            continue
        steps = [step for named, step in limits if {"all", programme.id} & set(named)]
        if entry.status != "excluded":  # where it is, the rule is among the limits
            steps.append(_association(entry, profile, book, today))
        steps.sort(key=lambda step: step.status == "met")
        check = _check(programme, entry, steps, book)
        checks += [check, *_calls(check, profile, book, today)]
    return Programmes(tuple(checks), Counts.of(checks), book.programmes.caveats)


def _limits(
    profile: DraftProfile, book: RuleBook, today: date
) -> Iterator[tuple[tuple[str, ...], _Step]]:
    """Exclusions, then limits on the legal form: programmes that they name, and how they decide."""
    rules = [rule for rule in book.cautions.cautions if rule.verdict]
    for rule in sorted(
        rules, key=lambda one: (bool(one.when.legal_forms), one.verdict != "not_met")
    ):
        sentence = say(rule, region_named(rule.when, profile, book), today)
        if applies(rule.when, profile, book):
            decided = _deciding(rule, profile)
            status: Status = rule.verdict or "unknown"
        elif _form_decides(rule, profile):
            sentence = joined(sentence, Message("The profile does not state its legal form."))
            decided = (FieldValue("legal_form", None),)
            status = "unknown"
        else:
            continue
        step = _Step(status, sentence, rule.sure, rule.date, rule.sources, decided)
        yield rule.programmes, step


def _form_decides(rule: CautionRule, profile: DraftProfile) -> bool:
    """Whether an exclusion hangs on a legal form that the profile does not state."""
    when = rule.when
    concerned = when.legal_forms and when.country == profile.country and rule.verdict == "not_met"
    return bool(concerned) and legal_form(profile) is None


def _deciding(rule: CautionRule, profile: DraftProfile) -> tuple[FieldValue, ...]:
    named = {
        "country": rule.when.country,
        "region": rule.when.regions,
        "registered_in": rule.when.regions,
        "legal_form": rule.when.legal_forms,
        "kind": rule.when.legal_forms and not profile.legal_form,
        "owner_country_over_50": rule.when.owner,
    }
    values = [FieldValue(name, getattr(profile, name)) for name, asked in named.items() if asked]
    return tuple(given for given in values if given.value is not None)


def _association(entry: CountryEntry, profile: DraftProfile, book: RuleBook, today: date) -> _Step:
    status, lead, decided = _seat(entry, profile, book)
    if entry.sure == "C":
        lead = Message("Inferred, not read: {sentence}", sentence=lead)
        status = _INFERRED.get(status, status)
    if entry.sure == "≠":
        status = "unknown"
    sentence = joined(lead, *_remarks(entry), overdue(entry.recheck_by, today))
    return _Step(status, sentence, entry.sure, entry.date or "undated", entry.sources, decided)


def _seat(
    entry: CountryEntry, profile: DraftProfile, book: RuleBook
) -> tuple[Status, Message, tuple[FieldValue, ...]]:
    country = FieldValue("country", profile.country)
    if profile.country is None:
        return "unknown", Message("The profile does not state the country."), (country,)
    name = Message(countries()[profile.country].name)
    lead = _lead(entry, name)
    if not entry.regions:
        return _VERDICTS[entry.status], lead, (country,)
    lead = joined(lead, Message("{regions}.", regions=entry.regions))
    decided = (country, FieldValue("region", profile.region))
    found = regions(profile.region or "", profile.country, book)
    inside = found & set(entry.regions)
    if not found or None in found or (inside and inside != found):
        words = Message("The profile does not tell whether the seat is in one.")
        return "some_regions", joined(lead, words), decided
    words = Message("{region} is one of them.", region=profile.region or "")
    if not inside:
        words = Message("{region} is not one of them.", region=profile.region or "")
    return ("met" if inside else "not_met"), joined(lead, words), decided


def _lead(entry: CountryEntry, country: Message) -> Message:
    if entry.status == "assoc" and entry.since:
        return Message(
            "{country}: associated since {date}. Check the call text.",
            country=country,
            date=spell(entry.since),
        )
    return Message(LEADS[entry.status], country=country)


def _remarks(entry: CountryEntry | Call) -> Iterator[Message]:
    if isinstance(entry, CountryEntry) and entry.note:
        yield Message("{note}.", note=plain(entry.note))
    if entry.differs:
        one, other = map(plain, entry.differs)
        yield Message("The pages read differ: {one}; {other}.", one=one, other=other)


def _check(
    programme: Programme, entry: CountryEntry, steps: list[_Step], book: RuleBook
) -> ProgrammeCheck:
    first = steps[0]
    return ProgrammeCheck(
        id=programme.id,
        criterion=programme.criterion,
        threshold="by country and region",
        status=first.status,
        sentence=joined(*(step.sentence for step in steps)),
        decided_by=first.decided_by,
        rule_date=first.date,
        sources=references(book, first.sources or programme.sources),
        sure=first.sure,
        name=programme.name,
        country_status=entry.status,
        consortium=programme.consortium,
        money=programme.money,
        history=tuple(
            CountryHistory(
                line.as_of, line.status, line.sure, references(book, line.sources), line.note
            )
            for line in entry.earlier
        ),
        since=entry.since,
        checked_on=entry.checked_on,
        recheck_by=entry.recheck_by,
    )


def _calls(
    parent: ProgrammeCheck, profile: DraftProfile, book: RuleBook, today: date
) -> Iterator[ProgrammeCheck]:
    """Judge the calls of a programme that have not ended as the programme, and tell their terms."""
    for call in book.calls.calls:
        if call.programme != parent.id or call.closed(today):
            continue
        if call.only and profile.country not in call.only:
            continue
        recheck_by = call.recheck_by or parent.recheck_by
        sentence = joined(
            Message("Who may take part: as in {programme}.", programme=parent.name),
            _dates(call, today),
            *_remarks(call),
            overdue(recheck_by, today),
        )
        yield replace(
            parent,
            id=call.id,
            name=call.name,
            sentence=sentence,
            sure=weaker(parent.sure, call.sure),
            sources=(*references(book, call.sources), *parent.sources),
            call=call.id,
            call_closed=False,
            consortium=call.consortium,
            money=call.money,
            recheck_by=recheck_by,
        )


def _dates(call: Call, today: date) -> Message:
    last = spell(call.ended)
    if call.opened is None:
        when = Message("closes on {last}", last=last)
    elif today < first_day(call.opened):
        when = Message("open from {first} to {last}", first=spell(call.opened), last=last)
    else:
        when = Message("open until {last}", last=last)
    return Message(
        "Call {call}: {when}; its other conditions were not checked.", call=call.id, when=when
    )
