"""Who must be told that meetings are new, have moved or are off; and the letters that tell them."""

from collections.abc import Iterable, Mapping

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from matcher.errors import InvalidInputError
from matcher.events.agendas import participant_agenda
from matcher.events.event import Event
from matcher.events.plan import Meeting, Schedule
from matcher.events.repository import Meetings, StoredEvent
from matcher.i18n.languages import Language
from matcher.i18n.message import Message
from matcher.introductions.contacts import People
from matcher.mail.letter import Letter
from matcher.mail.outbox import Post


class Notice(BaseModel):
    """What a participant does not know yet of its meetings.

    Attributes
    ----------
    fresh, moved
        Meetings as they are now; those that moved were told otherwise before.
    gone
        Meetings that were told, as they were told, and are off.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    fresh: tuple[Meeting, ...] = ()
    moved: tuple[Meeting, ...] = ()
    gone: tuple[Meeting, ...] = ()


class Told(BaseModel):
    """What came of telling: how many letters each got; no letter where nobody consents to any."""

    letters: Mapping[str, int]
    without: tuple[Notice, ...]


def notices(event: Event, plan: Schedule) -> tuple[Notice, ...]:
    """List who must be told of what, by name; what is over is not told any more."""
    over = plan.over(event.slots)
    before = {one.pair: one for one in plan.told or () if one.slot not in over}
    now = {one.pair: one for one in plan.meetings if one.slot not in over}
    fresh = [one for pair, one in now.items() if pair not in before]
    gone = [one for pair, one in before.items() if pair not in now]
    moved = [one for pair, one in now.items() if pair in before and _differ(before[pair], one)]
    names = {one.id: one.name for one in event.participants}
    concerned = {key for one in (*fresh, *moved, *gone) for key in one.pair}
    return tuple(
        Notice(
            id=key,
            name=names.get(key, key),
            fresh=_of(key, fresh),
            moved=_of(key, moved),
            gone=_of(key, gone),
        )
        for key in sorted(concerned, key=lambda key: (names.get(key, key), key))
    )


def tell(
    meetings: Meetings, people: People, post: Post, stored: StoredEvent, say: Language
) -> tuple[StoredEvent, Told]:
    """Write to everybody who must be told and has a contact who consents to meetings.

    Letters and the note that they were told are kept together, or neither is.

    Parameters
    ----------
    stored
        The event as the sender has seen it.
    say
        Language of the letters.

    Raises
    ------
    InvalidInputError
        There is no schedule.
    ConflictError
        The event has been changed since.
    """
    event, plan = stored.event, stored.schedule
    if plan is None:
        raise InvalidInputError("The event has no schedule yet: there is nothing to tell.")
    due = notices(event, plan)
    addresses = {one.id: _addresses(people, one.id) for one in due}

    letters = {one.id: _letter(event, plan, one, say) for one in due}

    def write(connection: Connection) -> None:
        for key, to in addresses.items():
            for address in to:
                post.put(connection, letters[key], address, say, stoppable=True)

    told = plan.model_copy(update={"told": plan.meetings})
    saved = meetings.save(event, told, version=stored.version, also=write)
    without = tuple(one for one in due if not addresses[one.id])
    return saved, Told(letters={key: len(to) for key, to in addresses.items()}, without=without)


def _differ(before: Meeting, now: Meeting) -> bool:
    """Whether a meeting was moved; a slot or place that was edited shows in the sequence."""
    return (before.slot, before.place, before.sequence) != (now.slot, now.place, now.sequence)


def _of(key: str, meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
    return tuple(one for one in meetings if key in one.pair)


def _addresses(people: People, cluster: str) -> list[str]:
    return sorted({one.email for one in people.of_cluster(cluster, "meeting").values()})


def _letter(event: Event, plan: Schedule, notice: Notice, say: Language) -> Letter:
    name, title = notice.name, event.title
    first = plan.told is None
    opening = (
        Message("Here are the meetings of {name} at {event}.", name=name, event=title)
        if first
        else Message("The meetings of {name} at {event} have changed.", name=name, event=title)
    )
    gone, moved, fresh = (
        _others(event, notice, meetings) for meetings in (notice.gone, notice.moved, notice.fresh)
    )
    changes = (
        Message("Off: {names}", names=gone) if gone else None,
        Message("Moved: {names}", names=moved) if moved else None,
        Message("New: {names}", names=fresh) if fresh and not first else None,
    )
    return Letter(
        "meetings",
        Message("Your meetings: {event}", event=event.title),
        (opening, *filter(None, changes), *_agenda(event, plan, notice, say)),
    )


def _others(event: Event, notice: Notice, meetings: Iterable[Meeting]) -> str:
    names = {one.id: one.name for one in event.participants}
    return ", ".join(names.get(key, key) for key in (one.other(notice.id) for one in meetings))


def _agenda(event: Event, plan: Schedule, notice: Notice, say: Language) -> list[Message | str]:
    """Write the agenda as it is now, a paragraph for each day."""
    if notice.id not in event.by_id:
        return []
    agenda = participant_agenda(event, plan, notice.id, say.code)
    if not agenda.meetings:
        return [Message("No meetings.")]
    days = [
        "\n".join(
            [
                day.title,
                *(
                    ", ".join(filter(None, (" / ".join(one.times), one.title, one.place, one.link)))
                    for one in day.entries
                    if one.meeting
                ),
            ]
        )
        for day in agenda.days
        if any(one.meeting for one in day.entries)
    ]
    clocks = " / ".join(agenda.clocks)
    return [agenda.state, clocks, *days]
