"""Programmes and calls that a profile's country and region are admitted to."""

import re
from calendar import month_name
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from matcher.profiles.profile import DraftProfile
from matcher.profiles.readiness.registration import references, weaker
from matcher.profiles.readiness.report import (
    CountryHistory,
    FieldValue,
    Figures,
    ProgrammeCheck,
    Programmes,
    Status,
)
from matcher.profiles.readiness.rules import (
    Call,
    CountryEntry,
    CountryStatus,
    Programme,
    RuleBook,
    last_day,
)
from matcher.profiles.taxonomy import countries

_NO_CALL = "No open call known."
_KIND_OF_REGION = re.compile(r"\b(oblasts?|regions?|province)\b", re.IGNORECASE)
_LIST_OF_REGIONS = re.compile(r",|;|/|\band\b|\(|\)")


class _Seat(NamedTuple):
    """The state of a seat's country, narrowed by its region where the rule names regions."""

    status: CountryStatus
    words: str
    decided_by: tuple[FieldValue, ...]


def check_programmes(profile: DraftProfile, book: RuleBook, today: date) -> Programmes:
    """Check a profile's country and region against every programme of the rules."""
    checks = tuple(
        _check(programme, profile, book, today) for programme in book.programmes.programmes
    )
    return Programmes(checks, Figures.of(checks), book.programmes.caveats)


def _check(
    programme: Programme, profile: DraftProfile, book: RuleBook, today: date
) -> ProgrammeCheck:
    *earlier, latest = programme.editions
    country = profile.country
    entry = latest.entry(country) if country else CountryEntry(status="unknown", sure="?")
    seat = _seat(entry, profile, book.programmes.regions.get(country or "", {}))
    closed = _closed(programme.call, today)
    sure = weaker(programme.sure, entry.sure) if entry.status != "unknown" else entry.sure
    lines = [(edition.as_of, edition.entry(country)) for edition in earlier if country]
    history = tuple(
        CountryHistory(as_of, line.status, line.sure, references(book, line.sources), line.note)
        for as_of, line in lines
    )
    return ProgrammeCheck(
        id=programme.id,
        criterion=programme.criterion,
        threshold="by country and region",
        status=_status(seat.status, entry, programme.call, today),
        sentence=_sentence(seat, entry, programme.call, today) + _earlier(seat, history),
        decided_by=seat.decided_by,
        rule_date=entry.date or programme.date,
        sources=references(book, entry.sources or programme.sources),
        sure=sure,
        name=programme.name,
        country_status=entry.status,
        call=programme.call.code if programme.call else None,
        call_closed=closed,
        consortium=programme.consortium,
        money=programme.money,
        history=history,
    )


def _closed(call: Call | None, today: date) -> bool | None:
    return None if call is None else today > last_day(call.ended)


def _status(seat: CountryStatus, entry: CountryEntry, call: Call | None, today: date) -> Status:
    if _closed(call, today):
        return "not_applicable"
    if entry.sure == "C":
        return "unknown"
    if seat == "yes":
        return "met"
    return "not_met" if seat == "no" else "unknown"


def _seat(
    entry: CountryEntry, profile: DraftProfile, regions: Mapping[str, tuple[str, ...]]
) -> _Seat:
    decided: tuple[FieldValue, ...] = (FieldValue("country", profile.country),)
    if profile.country is None:
        return _Seat("unknown", "the country, which is not stated,", decided)
    name = countries()[profile.country].name
    if entry.status != "part":
        return _Seat(entry.status, name, decided)
    if not entry.regions:
        return _Seat("part", "which of them was not seen", decided)
    decided = (*decided, FieldValue("region", profile.region))
    admitted, found = set(entry.regions), _regions(profile.region or "", regions)
    if not found or (found & admitted and found - admitted):
        return _Seat("part", "the profile does not tell whether the seat is in one", decided)
    status: CountryStatus = "yes" if found <= admitted else "no"
    return _Seat(status, f"{profile.region}, {name},", decided)


def _regions(text: str, regions: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Regions that a profile names; empty where any part of the text is not one of them."""
    spellings = {
        spelling.casefold(): name
        for name, others in regions.items()
        for spelling in (name, *others)
    }
    parts = _LIST_OF_REGIONS.split(_KIND_OF_REGION.sub("", text))
    found = {spellings.get(" ".join(part.split()).casefold()) for part in parts if part.strip()}
    return {name for name in found if name} if None not in found else set()


def _sentence(seat: _Seat, entry: CountryEntry, call: Call | None, today: date) -> str:
    note = f" {entry.note}." if entry.note else ""
    if call and _closed(call, today):
        return f"{_past(seat, entry, call)}.{note} {_NO_CALL}"
    if call is None:
        return f"{_present(seat, entry)}.{note} {_NO_CALL}"
    when = f"open until {spell(call.ended)}"
    if call.opened and today < _first_day(call.opened):
        when = f"open from {spell(call.opened)} to {spell(call.ended)}"
    rest = "its other conditions were not checked"
    return f"{_present(seat, entry)}.{note} Call {call.code}: {when}; {rest}."


def _earlier(seat: _Seat, history: Sequence[CountryHistory]) -> str:
    """Say what the last dated list said, where today's state is unknown."""
    known = [line for line in history if line.status != "unknown"]
    if seat.status != "unknown" or not known:
        return ""
    words = {"yes": "admitted", "no": "not admitted", "absent": "absent", "signed": "signed"}
    said = words.get(known[-1].status, "some regions admitted")
    probably = "probably " if known[-1].sure == "C" else ""
    return f" The list of {spell(known[-1].as_of)} had the country as {probably}{said}."


def _past(seat: _Seat, entry: CountryEntry, call: Call) -> str:
    ended = call.note or f"ended {spell(call.ended)}"
    call_words = f"in {call.kind} {call.code} ({ended})"
    probably = "probably " if entry.sure == "C" else ""
    return {
        "yes": f"By country, {seat.words} was {probably}eligible {call_words}",
        "no": f"By country, {seat.words} was {probably}not eligible {call_words}",
        "part": f"Only some regions of the country were eligible {call_words}; {seat.words}",
    }.get(seat.status, f"Whether {seat.words} was eligible {call_words} is unknown")


def _present(seat: _Seat, entry: CountryEntry) -> str:
    probably = "probably " if entry.sure == "C" else ""
    return {
        "yes": f"On the list last seen, {seat.words} is {probably}admitted",
        "no": f"On the list last seen, {seat.words} is {probably}not admitted",
        "part": f"Only some regions of the country are admitted; {seat.words}",
        "absent": f"{seat.words} is absent from the lists seen, which does not prove exclusion",
        "signed": f"{seat.words} has signed, but that it is in force was not seen",
    }.get(seat.status, f"Whether {seat.words} is admitted is unknown")


def _first_day(text: str) -> date:
    return date.fromisoformat((text + "-01-01")[:10])


def spell(text: str) -> str:
    """Write a date that may lack its day or month in words, such as ``"4 June 2024"``."""
    year, *rest = text.split("-")
    words = [month_name[int(rest[0])], year] if rest else [year]
    return " ".join([str(int(rest[1])), *words] if len(rest) > 1 else words)
