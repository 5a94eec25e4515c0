"""Events of real clusters: values from the matcher, and the files that everybody gets."""

from collections.abc import Iterator
from datetime import datetime

from matcher.events.agendas import Agenda, participant_agenda, place_agenda
from matcher.events.calendars import agenda_ics, place_ics, withdrawal_ics
from matcher.events.event import Event, Pair, sorted_pair
from matcher.events.plan import Schedule
from matcher.events.printing import agendas_pdf
from matcher.events.sheets import agenda_xlsx, schedule_xlsx
from matcher.introductions.briefs.labels import Language
from matcher.matcher import Matcher


def event_values(matcher: Matcher, event: Event) -> dict[Pair, float]:
    """Give the mutual values of participants across the two sides of the Eastern Partnership.

    Only participants whose id is a cluster's are known to the ranking. One of a pair is of the
    Eastern Partnership, the other is not; all others meet where one of them wishes it.

    Returns
    -------
    dict
        Sorted pair of ids -> mutual value in [0, 1].
    """
    here = event.by_id
    known = [cluster for cluster in matcher.clusters if cluster.id in here]
    east = [cluster for cluster in known if cluster.group == "EaP"]
    west = [cluster for cluster in known if cluster.group != "EaP"]
    if not east or not west:
        return {}
    value = matcher.pair_scores([one.id for one in east], [one.id for one in west]).score
    return {
        sorted_pair(a.id, b.id): float(value[i, j])
        for i, a in enumerate(east)
        for j, b in enumerate(west)
    }


def agenda_files(
    event: Event, schedule: Schedule, *, stamp: datetime, language: Language = "en"
) -> Iterator[tuple[str, bytes]]:
    """Write all agendas: a calendar, a workbook and a page for everybody who has a meeting.

    Parameters
    ----------
    stamp
        When the calendars are made.
    language
        Of everything but names, titles and links.

    Yields
    ------
    tuple of str and bytes
        Path such as ``participants/ge-ict.ics``, and content. What is in ``schedule.xlsx`` is for
        staff only. ``withdrawn`` holds the calendars that take meetings back.
    """
    busy = {key for meeting in schedule.meetings for key in meeting.pair}
    used = {meeting.place for meeting in schedule.meetings}
    for one in event.participants:
        if one.id in busy:
            name = f"participants/{one.id}"
            yield f"{name}.ics", agenda_ics(event, schedule, one.id, stamp=stamp, language=language)
            yield from _sheets(name, participant_agenda(event, schedule, one.id, language))
        if gone := withdrawal_ics(event, schedule, one.id, stamp=stamp, language=language):
            yield f"withdrawn/{one.id}.ics", gone
    for place in event.places:
        if place.id in used:
            name = f"places/{place.id}"
            yield (
                f"{name}.ics",
                place_ics(event, schedule, place.id, stamp=stamp, language=language),
            )
            yield from _sheets(name, place_agenda(event, schedule, place.id, language))
    yield "schedule.xlsx", schedule_xlsx(event, schedule, language)


def _sheets(name: str, agenda: Agenda) -> Iterator[tuple[str, bytes]]:
    yield f"{name}.xlsx", agenda_xlsx(agenda)
    yield f"{name}.pdf", agendas_pdf([agenda])
