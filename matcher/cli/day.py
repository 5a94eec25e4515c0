"""Commands for the day of an event of the service: who is there, meetings by hand, telling."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from matcher.cli import common

if TYPE_CHECKING:
    from matcher.events.plan import Schedule
    from matcher.events.repository import Meetings, StoredEvent
    from matcher.matcher import Matcher

_KINDS = ("add", "move", "swap", "pin", "unpin", "remove")


@click.group()
def event() -> None:
    """Change an event of the service on its day, and tell who must know."""


@event.command()
@click.argument("event_id", metavar="EVENT")
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument("a")
@click.argument("b")
@click.option("--slot", help="Id of the slot that it is added or moved to.")
@click.option("--place", help="Id of the place; by default, the first that is free.")
@click.option("--with", "other", nargs=2, metavar="C D", help="The meeting to swap it with.")
@click.option("--preview", is_flag=True, help="Only tell what it would come to.")
@common.json_option
def change(event_id: str, preview: bool, as_json: bool, other: Any, **given: Any) -> None:
    """Change the meeting of A and B by hand: what it breaks is refused, what it costs is told."""
    from matcher.events.by_hand import Change, make, propose
    from matcher.events.papers import event_values
    from matcher.profiles.problems import parsed

    given |= {"c": other[0], "d": other[1]} if other else {}
    wish = parsed(Change, given, "This change cannot be made.")
    with _opened(event_id) as (matcher, meetings, stored, plan):
        proposal = propose(stored.event, plan, wish)
        if not preview:
            after = make(stored.event, event_values(matcher, stored.event), plan, wish)
            with matcher.store.audit.write(
                common.WHO, "change meeting", f"{event_id}: {wish.kind}"
            ):
                meetings.save(proposal.event, after, version=stored.version)
    answer: dict[str, Any] = {
        "refused": proposal.refused,
        "costs": proposal.costs,
        "made": not preview,
    }
    lines = [f"{word}: {one}" for word in ("refused", "costs") for one in answer[word]]
    lines.append("Nothing was changed." if preview else "Changed.")
    common.tell(answer, lines, as_json=as_json)


@event.command()
@click.argument("event_id", metavar="EVENT")
@click.option("--gone", multiple=True, metavar="ID", help="Cancels, or has not come.")
@click.option("--back", multiple=True, metavar="ID", help="Is here, or comes off the waiting list.")
@click.option("--late", nargs=2, multiple=True, metavar="ID SLOT", help="Is here from this slot.")
@click.option("--early", nargs=2, multiple=True, metavar="ID SLOT", help="Is here until its end.")
@click.option("--over", metavar="SLOT", help="All before this slot is over and stays as it was.")
@click.option("--refill", is_flag=True, help="Give free places to new meetings, and move none.")
def presence(event_id: str, over: str | None, refill: bool, **given: Any) -> None:
    """Work in who is not there, or at other times; as few meetings as possible move."""
    from matcher.cli.staff_tables import print_changes
    from matcher.events.attendance import cancel_participants, change_presence, presences
    from matcher.events.papers import event_values
    from matcher.events.scheduler import replan, settle

    with _opened(event_id) as (matcher, meetings, stored, plan):
        gone = given.pop("gone")
        there = presences(stored.event, over=over, **given)
        changed = change_presence(cancel_participants(stored.event, gone), there.changes)
        before = settle(plan, there.over) if there.over else plan
        after = replan(changed, event_values(matcher, changed), before, refill=refill)
        with matcher.store.audit.write(common.WHO, "schedule event", event_id):
            meetings.save(changed, after, version=stored.version)
    print_changes(plan, after)


@event.command()
@click.argument("event_id", metavar="EVENT")
def openings(event_id: str) -> None:
    """List who could meet in the places that are free."""
    from matcher.events.openings import openings as could_meet
    from matcher.events.papers import event_values

    with _opened(event_id) as (matcher, _, stored, plan):
        for one in could_meet(stored.event, event_values(matcher, stored.event), plan):
            click.echo(f"{one.slot}  {one.place}  {one.a} {one.b}")


@event.command()
@click.argument("event_id", metavar="EVENT")
@click.option("--preview", is_flag=True, help="Only list who must be told.")
@common.language_option
def tell(event_id: str, preview: bool, language: str) -> None:
    """Write to everybody whose meetings are new or have changed, and name who has no address."""
    from matcher.config import get_settings
    from matcher.events.mailing import Mailing
    from matcher.events.notices import notices
    from matcher.i18n.languages import language as say

    with _opened(event_id) as (matcher, _, stored, plan):
        if preview:
            for one in notices(stored.event, plan):
                counts = f"new {len(one.fresh)}, moved {len(one.moved)}, off {len(one.gone)}"
                click.echo(f"{one.name}: {counts}")
            return
        with matcher.store.audit.write(common.WHO, "tell meetings", event_id):
            mailing = Mailing(matcher.store.database, get_settings().origin)
            _, told = mailing.tell(stored, say(language))
    click.echo(f"Letters: {sum(told.letters.values())}")
    for one in told.without:
        click.echo(f"no address: {one.name}")


@contextmanager
def _opened(event_id: str) -> "Iterator[tuple[Matcher, Meetings, StoredEvent, Schedule]]":
    """Open an event that has a schedule."""
    from matcher.errors import NotFoundError
    from matcher.events.repository import Meetings

    with common.opened() as matcher:
        meetings = Meetings(matcher.store.database)
        stored = meetings.get(event_id)
        if stored.schedule is None:
            raise NotFoundError(f"The event {event_id!r} has no schedule yet.")
        yield matcher, meetings, stored, stored.schedule
