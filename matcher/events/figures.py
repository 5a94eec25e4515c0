"""Introductions, events, feedback and conversion as tables; and a page with two plots."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from matcher.documents.report_pdf import Plot, Report
from matcher.documents.workbooks import Sheet
from matcher.events.after import MeetingFigures, MeetingReport, meeting_figures
from matcher.events.agendas import meeting_lines
from matcher.events.event import Pair
from matcher.events.repository import StoredEvent
from matcher.i18n.languages import Language
from matcher.introductions.conversion import conversion
from matcher.introductions.workflow import STATES, Introduction, Outcome, State
from matcher.profiles.io.cells import csv_of

TableName = Literal["introductions", "events", "feedback", "conversion"]
TABLE_NAMES: tuple[TableName, ...] = get_args(TableName)
_REACHED: tuple[State, ...] = tuple(one for one in STATES if one not in ("declined", "expired"))
_MOST_BARS = 12
Cell = str | int


@dataclass(frozen=True, slots=True)
class Book:
    """All that figures are made from; nothing of it is about persons.

    Attributes
    ----------
    outcomes
        What came of the introductions of pairs.
    name_of
        Gives the name of a cluster by its id.
    """

    introductions: Sequence[Introduction]
    events: Sequence[StoredEvent]
    reports: Sequence[MeetingReport]
    outcomes: Mapping[Pair, Outcome]
    name_of: Callable[[str], str]

    def of_event(self, event_id: str) -> MeetingFigures:
        """Count what came of the meetings of one event."""
        told = [one for one in self.reports if one.event_id == event_id]
        return meeting_figures(told, self.outcomes)


def tables(
    book: Book, say: Language, titles: Mapping[State, str], on: date
) -> dict[TableName, Sheet]:
    """Make every table in a language; `titles` names the states of introductions in English."""

    def table(title: str, heading: Sequence[str], rows: Iterable[tuple[Cell, ...]]) -> Sheet:
        return Sheet(title, title, say.weekday(on), heading, tuple(rows))

    sides = (say("A"), say("B"))
    came = (say("Memoranda"), say("Projects"))
    return {
        "introductions": table(
            say("Introductions"),
            (say("Number"), *sides, say("Purpose"), say("State"), say("Since"), say("Outcome")),
            _introductions(book, say, titles),
        ),
        "events": table(
            say("Events"),
            (say("Event"), say("Day"), say("Time"), say("Place"), *sides),
            _meetings(book, say),
        ),
        "feedback": table(
            say("Feedback"),
            (say("Event"), *sides, say("Said by"), say("Came"), say("Rating"), say("Outcome")),
            _feedback(book, say),
        ),
        "conversion": table(
            say("Conversion"),
            (say("Of"), say("Name"), say("Planned"), say("Held"), *came, say("Per meeting held")),
            _conversion(book, say),
        ),
    }


def table_csv(table: Sheet) -> bytes:
    """Write one table as CSV in which no cell is read as a formula."""
    return csv_of((table.heading, *table.rows))


def report(book: Book, say: Language, titles: Mapping[State, str], on: date) -> Report:
    """Sum everything up on one page: how far introductions came, and what events led to."""
    found = conversion(book.introductions)
    told = meeting_figures(book.reports, book.outcomes)
    planned = [(one.event.title, _planned(one)) for one in book.events[-_MOST_BARS:]]
    share = "–" if found.share is None else say.percent(found.share)
    return Report(
        say("Introductions and events"),
        say.weekday(on),
        (
            (say("Introductions"), str(len(book.introductions))),
            (say("Both agreed"), str(found.reached["agreed"])),
            (say("Meetings held"), str(told.held)),
            (say("Memoranda and projects per introduced pair that met"), share),
        ),
        (
            Plot(
                say("How far introductions came"),
                [(say(titles[state]), found.reached[state]) for state in _REACHED],
                say("None yet."),
            ),
            Plot(say("Meetings of each event"), planned, say("None yet.")),
        ),
        say.code,
    )


def _planned(one: StoredEvent) -> int:
    return len(one.schedule.meetings) if one.schedule else 0


def _introductions(
    book: Book, say: Language, titles: Mapping[State, str]
) -> Iterator[tuple[Cell, ...]]:
    for one in book.introductions:
        sides = book.name_of(one.a), book.name_of(one.b)
        state = say(titles[one.state])
        yield (one.id, *sides, one.purpose, state, one.since.isoformat(), one.outcome or "")


def _meetings(book: Book, say: Language) -> Iterator[tuple[Cell, ...]]:
    for one in book.events:
        if one.schedule:
            for line in meeting_lines(one.event, one.schedule, say.code):
                yield (one.event.title, *line)


def _feedback(book: Book, say: Language) -> Iterator[tuple[Cell, ...]]:
    titles = {one.event.id: one.event.title for one in book.events}
    for one in book.reports:
        a, b, by = (book.name_of(key) for key in (one.a, one.b, one.by))
        came = say("yes") if one.attended else say("no")
        event = titles.get(one.event_id, one.event_id)
        yield (event, a, b, by, came, one.rating or "", one.outcome or "")


def _conversion(book: Book, say: Language) -> Iterator[tuple[Cell, ...]]:
    by_purpose: defaultdict[str, list[Introduction]] = defaultdict(list)
    for one in book.introductions:
        by_purpose[one.purpose].append(one)
    for purpose in sorted(by_purpose):
        of = conversion(by_purpose[purpose])
        line = (purpose, len(by_purpose[purpose]), of.reached["met"])
        yield (say("Introductions"), *line, *_came(of.outcomes, of.reached["met"], say))
    for held in book.events:
        figures = book.of_event(held.event.id)
        line = (held.event.title, _planned(held), figures.held)
        yield (say("Event"), *line, *_came(figures.outcomes, figures.held, say))


def _came(outcomes: Mapping[Outcome, int], met: int, say: Language) -> tuple[Cell, ...]:
    share = say.percent((outcomes["mou"] + outcomes["project"]) / met) if met else ""
    return (outcomes["mou"], outcomes["project"], share)
