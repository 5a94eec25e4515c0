"""Events of real clusters: values from the matcher, and the files that everybody gets."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from matcher.documents.agenda import Agenda
from matcher.documents.agenda_pdf import agendas_pdf
from matcher.documents.badges import Badge
from matcher.documents.calendars import agenda_ics, withdrawal_ics
from matcher.documents.workbooks import Sheet, agenda_xlsx, workbook
from matcher.events.agendas import meeting_lines, participant_agenda, place_agenda
from matcher.events.event import Event, Pair, sorted_pair
from matcher.events.plan import MISSED, Schedule
from matcher.events.talks import Briefing, tells_reasons
from matcher.i18n import SOURCE, LanguageCode
from matcher.i18n.languages import Language, language
from matcher.matcher import Matcher
from matcher.profiles.profile import DraftProfile
from matcher.profiles.taxonomy import country_group


def event_values(matcher: Matcher, event: Event) -> dict[Pair, float]:
    """Give the mutual values of participants across the two sides of the Eastern Partnership.

    Participants are known to the ranking by their id, which is a cluster's, or by what is told of
    them. One of a pair is of the Eastern Partnership, the other is not; all others meet where one
    of them wishes it.

    Returns
    -------
    dict
        Sorted pair of ids -> mutual value in [0, 1].
    """
    east: dict[str, str | DraftProfile] = {}
    west: dict[str, str | DraftProfile] = {}
    for one in event.participants:
        listed = matcher.get(one.id)
        country = listed.country if listed else one.country
        known = one.id if listed else one.draft
        if known and country:
            (east if country in country_group("EaP") else west)[one.id] = known
    value = matcher.mutual_values([*east.values()], [*west.values()])
    return {
        sorted_pair(a, b): float(value[i, j])
        for i, a in enumerate(east)
        for j, b in enumerate(west)
    }


def agendas_of(
    event: Event,
    schedule: Schedule,
    ids: Iterable[str],
    code: LanguageCode = "en",
    briefing: Briefing | None = None,
) -> Iterator[Agenda]:
    """Make the agendas of several participants, with what helps them to talk where it is known."""
    reasons = tells_reasons(schedule)
    for key in ids:
        talks = briefing.talks(schedule, key, reasons=reasons) if briefing else {}
        yield participant_agenda(event, schedule, key, code, talks)


def agenda_files(
    event: Event,
    schedule: Schedule,
    *,
    stamp: datetime,
    code: LanguageCode = "en",
    briefing: Briefing | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Write all agendas: a calendar, a workbook and a page for everybody who has a meeting.

    Parameters
    ----------
    stamp
        When the calendars are made.
    code
        Language of everything but names, titles and links.
    briefing
        Tells who comes, and why the two should talk; nothing of that is in the files without it.

    Yields
    ------
    tuple of str and bytes
        Path such as ``participants/ge-ict.ics``, and content. What is in ``schedule.xlsx`` is for
        staff only. ``withdrawn`` holds the calendars that take meetings back.
    """
    ids = [one.id for one in event.participants]
    for key, agenda in zip(ids, agendas_of(event, schedule, ids, code, briefing), strict=True):
        yield from _files(f"participants/{key}", agenda, stamp)
        if gone := withdrawal_ics(agenda, stamp=stamp):
            yield f"withdrawn/{key}.ics", gone
    for place in event.places:
        agenda = place_agenda(event, schedule, place.id, code)
        yield from _files(f"places/{place.id}", agenda, stamp)
    yield "schedule.xlsx", schedule_xlsx(event, schedule, code)


def event_badges(event: Event, say: Language) -> list[Badge]:
    """List the badges of who comes: one for each delegate, or one where no delegates are known."""
    return [
        Badge(event.title, one.name, " · ".join(filter(None, (country, role and say(role)))))
        for one in event.participants
        if not (one.cancelled or one.waiting)
        for country in [say.country(one.country) if one.country else ""]
        for role in one.delegates or [""]
    ]


def _files(name: str, agenda: Agenda, stamp: datetime) -> Iterator[tuple[str, bytes]]:
    if agenda.meetings:
        yield f"{name}.ics", agenda_ics(agenda, stamp=stamp)
        yield f"{name}.xlsx", agenda_xlsx(agenda)
        yield f"{name}.pdf", agendas_pdf([agenda])


def schedule_xlsx(event: Event, schedule: Schedule, code: LanguageCode = "en") -> bytes:
    """Write the whole schedule for staff: meetings, how everybody fares, and who was left out.

    The last sheet holds reasons that are for staff only; in English they also name who and how
    many.
    """
    return workbook(_sheets(event, schedule, language(code)))


def _sheets(event: Event, schedule: Schedule, say: Language) -> Iterator[Sheet]:
    people, frozen = event.by_id, schedule.state == "frozen"
    state = say("frozen schedule") if frozen else say("provisional schedule")

    def sheet(name: str, heading: Sequence[str], rows: Iterable[Sequence[str | int]]) -> Sheet:
        return Sheet(name, event.title, state, heading, [*rows])

    clock = place_agenda(event, schedule, event.places[0].id, say.code).clocks[0]
    yield sheet(
        say("Meetings"),
        (say("Day"), clock, say("Place"), say("A"), say("B")),
        meeting_lines(event, schedule, say.code),
    )
    count = (say("Meetings"), say("Minimum"), say("Idle gaps"), say("Table changes"))
    yield sheet(
        say("Participants"),
        (say("Participant"), *count),
        (
            (people[one.id].name, one.meetings, one.minimum, one.idle_gaps, one.table_changes)
            for one in schedule.loads
        ),
    )
    why = (say("Wished by"), say("Must"), say("Reason"), say("For staff only"))
    yield sheet(
        say("Not scheduled"),
        (say("A"), say("B"), *why),
        (
            (
                people[one.a].name,
                people[one.b].name,
                ", ".join(people[key].name for key in one.wished_by),
                say("must") if one.must else "",
                one.reason if say.code == SOURCE else say(MISSED[one.code]),
                say("yes") if one.private else "",
            )
            for one in schedule.missed
        ),
    )
