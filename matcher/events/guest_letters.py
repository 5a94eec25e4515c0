"""Letters to the participants of an event; `linked` gives each a link of its own."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from matcher.documents.agenda import Agenda
from matcher.events.event import Event
from matcher.events.guest_links import Issued
from matcher.events.notices import Notice
from matcher.events.plan import Meeting
from matcher.i18n.languages import Language
from matcher.i18n.message import Message, Text
from matcher.mail.letter import Letter, Link

INVITATION = "event link"
_YOURS = Message(
    "The link is yours alone: whoever has it can change your choices. It works without an account."
)


def invitation(event: Event, name: str, say: Language) -> Letter:
    """Ask a participant to look its details through, and to choose whom to meet."""
    last = event.guests.until
    first, final = event.day_of(event.slots[0]), event.day_of(event.slots[-1])
    ends = [Message("It ends on {day}.", day=say.weekday(final))] if final > first else []
    return Letter(
        INVITATION,
        Message("{event}: choose whom you want to meet", event=event.title),
        (
            Message("{name} takes part in {event}.", name=name, event=event.title),
            *_place(event),
            Message("It begins on {day}.", day=say.weekday(first)),
            *ends,
            Message(
                "By your link you can check your details, say when you are there and whom you want "
                "to meet, and later see your meetings."
            ),
            *([Message("You can choose until {day}.", day=say.weekday(last))] if last else []),
        ),
    )


def meetings_letter(
    event: Event,
    notice: Notice,
    agenda: Agenda | None,
    *,
    changed: bool = False,
    again: bool = False,
) -> Letter:
    """Send a participant its meetings: for the first time, as they have changed, or again.

    Parameters
    ----------
    event, notice
        Of which event, to whom, and what has changed for it.
    agenda
        Its meetings as they are now; ``None`` for who does not take part any more.
    changed, again
        Whether it was told of other meetings before; whether this is a reminder.
    """
    subject = Message("Your meetings at {event}", event=event.title)
    if again:
        subject = Message("Reminder: your meetings at {event}", event=event.title)
    who = {"name": notice.name, "event": event.title}
    opening = Message("Here are the meetings of {name} at {event}.", **who)
    if changed:
        opening = Message("The meetings of {name} at {event} have changed.", **who)
    return Letter(
        "reminder" if again else "meetings",
        subject,
        (
            opening,
            *(_changes(event, notice) if changed else ()),
            *_place(event),
            *(_meetings(agenda) if agenda else ()),
        ),
    )


def late_letter(event: Event, name: str, minutes: int, times: str) -> Letter:
    """Tell a participant that whom it meets next is late."""
    return Letter(
        "running late",
        Message("{name} is {minutes} minutes late", name=name, minutes=minutes),
        (
            Message(
                "{name} is about {minutes} minutes late for your meeting at {event}, {times}.",
                name=name,
                minutes=minutes,
                event=event.title,
                times=times,
            ),
        ),
    )


def linked(letter: Letter, issued: Issued) -> Letter:
    """Give a letter its link, and the address of the calendar where there are meetings."""
    calendar = Message(
        "Your page is always up to date. Your calendar program can subscribe to your "
        "meetings at this address:\n{link}",
        link=issued.calendar,
    )
    return replace(
        letter,
        link=Link(Message("Your page of the event"), issued.page),
        after=(_YOURS,) if letter.kind == INVITATION else (calendar, _YOURS),
    )


def _place(event: Event) -> list[Text]:
    return [Message("It is held at {venue}.", venue=event.venue)] if event.venue else []


def _changes(event: Event, notice: Notice) -> Iterator[Message]:
    names = {one.id: one.name for one in event.participants}

    def others(meetings: Iterable[Meeting]) -> str:
        return ", ".join(names.get(key, key) for key in (one.other(notice.id) for one in meetings))

    if notice.gone:
        yield Message("Off: {names}", names=others(notice.gone))
    if notice.moved:
        yield Message("Moved: {names}", names=others(notice.moved))
    if notice.fresh:
        yield Message("New: {names}", names=others(notice.fresh))


def _meetings(agenda: Agenda) -> Iterator[Text]:
    """Write the meetings of an agenda, a paragraph for each day, by the clock of the reader."""
    if not agenda.meetings:
        yield Message("No meetings.")
        return
    yield Message("Times are those of {zone}.", zone=agenda.clocks[-1])
    for day in agenda.days:
        held = [one for one in day.entries if one.meeting]
        parts = [(one.times[-1], one.title, one.place, one.link) for one in held]
        lines = [" · ".join(filter(None, each)) for each in parts]
        yield "\n".join((day.title, *lines))
    if agenda.provisional:
        yield Message("Times may still change.")
