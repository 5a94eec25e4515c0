"""Letters to the participants of an event; each brings a link of its own."""

from matcher.documents.agenda import Agenda, Day
from matcher.events.event import Event
from matcher.events.guest_links import Issued
from matcher.i18n.languages import Language
from matcher.i18n.message import Message, Text
from matcher.mail.letter import Letter, Link

_YOURS = Message(
    "The link is yours alone: whoever has it can change your choices. It works without an account."
)


def invitation(event: Event, name: str, issued: Issued, say: Language) -> Letter:
    """Ask a participant to look its details through, and to choose whom to meet."""
    last = event.guests.until
    first, final = event.day_of(event.slots[0]), event.day_of(event.slots[-1])
    ends = [Message("It ends on {day}.", day=say.weekday(final))] if final > first else []
    return Letter(
        "event link",
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
        Link(Message("Your page of the event"), issued.page),
        (_YOURS,),
    )


def agenda_letter(event: Event, agenda: Agenda, issued: Issued, *, again: bool) -> Letter:
    """Send a participant its meetings, for the first time or as a reminder."""
    subject = (
        Message("Reminder: your meetings at {event}", event=event.title)
        if again
        else Message("Your meetings at {event}", event=event.title)
    )
    return Letter(
        "reminder" if again else "agenda",
        subject,
        (
            Message("These are the meetings of {name}.", name=agenda.name),
            *_place(event),
            Message("Times are those of {zone}.", zone=agenda.clocks[-1]),
            *map(_day, agenda.days),
            *([Message("Times may still change.")] if agenda.provisional else []),
        ),
        Link(Message("Your page of the event"), issued.page),
        (
            Message(
                "Your page is always up to date. Your calendar program can subscribe to your "
                "meetings at this address:\n{link}",
                link=issued.calendar,
            ),
            _YOURS,
        ),
    )


def late_letter(event: Event, name: str, minutes: int, times: str, issued: Issued) -> Letter:
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
        Link(Message("Your page of the event"), issued.page),
    )


def _place(event: Event) -> list[Text]:
    return [Message("It is held at {venue}.", venue=event.venue)] if event.venue else []


def _day(day: Day) -> str:
    """Put the meetings of a day into lines, by the clock of the reader."""
    lines = [
        " · ".join(filter(None, (entry.times[-1], entry.title, entry.place, entry.link)))
        for entry in day.entries
        if entry.meeting
    ]
    return "\n".join((day.title, *lines))
