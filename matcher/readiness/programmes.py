"""Programmes and calls that a profile's country and region are admitted to."""

import re
from calendar import month_name
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from matcher.i18n.message import Message, Text, joined, plain
from matcher.profiles.profile import DraftProfile
from matcher.profiles.taxonomy import countries
from matcher.readiness.registration import references, weaker
from matcher.readiness.report import (
    CountryHistory,
    FieldValue,
    Figures,
    ProgrammeCheck,
    Programmes,
    Status,
)
from matcher.readiness.rules import (
    Call,
    CountryEntry,
    CountryStatus,
    Programme,
    RuleBook,
    last_day,
)

_NO_CALL = Message("No open call known.")
_KIND_OF_REGION = re.compile(r"\b(oblasts?|regions?|province)\b", re.IGNORECASE)
_LIST_OF_REGIONS = re.compile(r",|;|/|\band\b|\(|\)")


class _Seat(NamedTuple):
    """The state of a seat's country, narrowed by its region where the rule names regions."""

    status: CountryStatus
    words: Message
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
        sentence=joined(_sentence(seat, entry, programme.call, today), _earlier(seat, history)),
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
        return _Seat("unknown", Message("the country, which is not stated,"), decided)
    name = Message(countries()[profile.country].name)
    if entry.status != "part":
        return _Seat(entry.status, name, decided)
    if not entry.regions:
        return _Seat("part", Message("which of them was not seen"), decided)
    decided = (*decided, FieldValue("region", profile.region))
    admitted, found = set(entry.regions), _regions(profile.region or "", regions)
    if not found or (found & admitted and found - admitted):
        words = Message("the profile does not tell whether the seat is in one")
        return _Seat("part", words, decided)
    status: CountryStatus = "yes" if found <= admitted else "no"
    words = Message("{region}, {country},", region=profile.region or "", country=name)
    return _Seat(status, words, decided)


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


def _sentence(seat: _Seat, entry: CountryEntry, call: Call | None, today: date) -> Message:
    note = Message("{note}.", note=plain(entry.note)) if entry.note else None
    if call and _closed(call, today):
        return joined(_past(seat, entry, call), note, _NO_CALL)
    if call is None:
        return joined(_present(seat, entry), note, _NO_CALL)
    values: dict[str, Text] = {"call": call.code, "last": spell(call.ended)}
    if call.opened and today < _first_day(call.opened):
        when = Message(
            "Call {call}: open from {first} to {last}; its other conditions were not checked.",
            first=spell(call.opened),
            **values,
        )
    else:
        when = Message(
            "Call {call}: open until {last}; its other conditions were not checked.", **values
        )
    return joined(_present(seat, entry), note, when)


def _earlier(seat: _Seat, history: Sequence[CountryHistory]) -> Message | None:
    """Say what the last dated list said, where today's state is unknown."""
    known = [line for line in history if line.status != "unknown"]
    if seat.status != "unknown" or not known:
        return None
    words = {
        "yes": Message("admitted"),
        "no": Message("not admitted"),
        "absent": Message("absent"),
        "signed": Message("signed"),
    }
    said = words.get(known[-1].status, Message("some regions admitted"))
    if known[-1].sure == "C":
        said = Message("probably {said}", said=said)
    return Message(
        "The list of {date} had the country as {said}.", date=spell(known[-1].as_of), said=said
    )


def _past(seat: _Seat, entry: CountryEntry, call: Call) -> Message:
    ended = plain(call.note) if call.note else Message("ended {date}", date=spell(call.ended))
    values: dict[str, Text] = {
        "seat": seat.words,
        "call": Message(
            "{kind} {code} ({ended})", kind=plain(call.kind), code=call.code, ended=ended
        ),
    }
    sure = entry.sure != "C"
    match seat.status:
        case "yes" if sure:
            return Message("By country, {seat} was eligible in {call}.", **values)
        case "yes":
            return Message("By country, {seat} was probably eligible in {call}.", **values)
        case "no" if sure:
            return Message("By country, {seat} was not eligible in {call}.", **values)
        case "no":
            return Message("By country, {seat} was probably not eligible in {call}.", **values)
        case "part":
            return Message(
                "Only some regions of the country were eligible in {call}; {seat}.", **values
            )
        case _:
            return Message("Whether {seat} was eligible in {call} is unknown.", **values)


def _present(seat: _Seat, entry: CountryEntry) -> Message:
    words, status = seat.words, f"probably {seat.status}" if entry.sure == "C" else seat.status
    sentences = {
        "yes": Message("On the list last seen, {seat} is admitted.", seat=words),
        "probably yes": Message("On the list last seen, {seat} is probably admitted.", seat=words),
        "no": Message("On the list last seen, {seat} is not admitted.", seat=words),
        "probably no": Message(
            "On the list last seen, {seat} is probably not admitted.", seat=words
        ),
        "part": Message("Only some regions of the country are admitted; {seat}.", seat=words),
        "absent": Message(
            "{seat} is absent from the lists seen, which does not prove exclusion.", seat=words
        ),
        "signed": Message("{seat} has signed, but that it is in force was not seen.", seat=words),
    }
    unknown = Message("Whether {seat} is admitted is unknown.", seat=words)
    return sentences.get(status) or sentences.get(seat.status, unknown)


def _first_day(text: str) -> date:
    return date.fromisoformat((text + "-01-01")[:10])


def spell(text: str) -> Message:
    """Write a date that may lack its day or month in words, such as ``"4 June 2024"``."""
    year, *rest = text.split("-")
    if not rest:
        return plain(year)
    month = plain(month_name[int(rest[0])])
    if len(rest) == 1:
        return Message("{month} {year}", month=month, year=year, number=rest[0])
    return Message("{day} {month} {year}", day=str(int(rest[1])), month=month, year=year)
