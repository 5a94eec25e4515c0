"""Commands for double opt-in: draft introductions, move them on, write their letters."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from matcher.cli import common
from matcher.introductions.workflow import (
    ANSWERS,
    OUTCOMES,
    STATES,
    Introduction,
    Move,
    expires_on,
    legal_moves,
    propose,
    reminder_on,
    require_honest,
)

if TYPE_CHECKING:
    from datetime import datetime

    from matcher.introductions.desk import Desk
    from matcher.matcher import Matcher

_day = click.option("--on", type=common.day_type, help="The day; by default, today.")


@click.group()
def introductions() -> None:
    """Introductions: list, show, draft, move on, letters, outcomes."""


@introductions.command("list")
@click.option("--cluster", help="Of this cluster only, by name or id.")
@click.option("--state", type=click.Choice(STATES), help="In this state only.")
@click.option("--due", is_flag=True, help="Only those with a reminder or expiry due.")
@common.json_option
def list_(cluster: str | None, state: Any, due: bool, as_json: bool) -> None:
    """List introductions, the oldest first."""
    from matcher.cli.staff_tables import print_introductions

    with _desk() as (matcher, desk):
        key = matcher.find(cluster).id if cluster else None
        day = common.today() if due else None
        found = desk.introductions.all(cluster=key, state=state, due=day)
        if as_json:
            common.print_json([_answer(one) for one in found])
        else:
            print_introductions(found, _names(matcher))


@introductions.command()
@common.number_argument
@common.json_option
def show(number: int, as_json: bool) -> None:
    """Show introduction NUMBER with all its steps, and the steps that are possible now."""
    with _desk() as (matcher, desk):
        _tell(desk.introductions.get(number), _names(matcher), as_json)


@introductions.command()
@click.argument("a")
@click.argument("b")
@click.option("--purpose", required=True, help="One line for both to read.")
@click.option(
    "--origin",
    type=click.Choice(("staff", "a")),
    default="staff",
    show_default=True,
    help="Who asked for it.",
)
@common.json_option
def draft(a: str, b: str, purpose: str, origin: Any, as_json: bool) -> None:
    """Draft an introduction of A and B; nobody is asked by this."""
    with _desk() as (matcher, desk):
        first, second = matcher.find(a).id, matcher.find(b).id
        made = propose(
            first, second, purpose=purpose, origin=origin, on=common.today(), who=common.WHO
        )
        with matcher.store.audit.write(
            common.WHO, "draft introduction", f"{first}, {second}"
        ) as outcome:
            saved = desk.introductions.add(made)
            outcome.text = f"introduction {saved.id}"
        _tell(saved, _names(matcher), as_json)


@introductions.command()
@common.number_argument
@click.argument("to", type=click.Choice(STATES[1:]))
@click.option(
    "--role", type=click.Choice(("staff", "a", "b")), default="staff", help="Who said so."
)
@click.option("--reason", default="", help="The reason in their own words; only staff can read it.")
@click.option("--answer", type=click.Choice(ANSWERS), help="Kind of refusal.")
@click.option("--outcome", type=click.Choice(OUTCOMES), help="Kind of outcome.")
@click.option(
    "--version", type=int, help="The version you saw; the step is refused if it has changed since."
)
@_day
@common.json_option
def move(
    number: int, to: Any, version: int | None, on: "datetime | None", as_json: bool, **said: Any
) -> None:
    """Note that introduction NUMBER has come to the state TO."""
    day = on.date() if on else common.today()
    step = Move(day, said["role"], to, said["reason"], said["answer"], said["outcome"], common.WHO)
    require_honest(step, common.today())
    with _desk() as (matcher, desk):
        seen = version or desk.introductions.get(number).version
        with matcher.store.audit.write(common.WHO, "move introduction", f"{number} to {to}"):
            moved = desk.introductions.move(number, step, version=seen)
        _tell(moved, _names(matcher), as_json)


@introductions.command()
@common.number_argument
@common.json_option
def undo(number: int, as_json: bool) -> None:
    """Take back the last step of introduction NUMBER, which staff entered by mistake."""
    with _desk() as (matcher, desk):
        with matcher.store.audit.write(common.WHO, "take steps back", str(number)):
            seen = desk.introductions.get(number).version
            after, withdrawn = desk.introductions.take_back(number, version=seen)
        _tell(after, _names(matcher), as_json)
    if withdrawn is not None:
        told = "is withdrawn" if withdrawn else "has gone, and cannot be called back"
        click.echo(f"The letter of this step {told}.", err=True)


@introductions.command()
@common.number_argument
@common.language_option
@common.json_option
def send(number: int, language: Any, as_json: bool) -> None:
    """Ask the side of introduction NUMBER whose turn it is by letter, or remind it."""
    from matcher.config import get_settings
    from matcher.events.repository import Meetings
    from matcher.i18n.languages import language as load_language
    from matcher.introductions.asking import Asking

    with _desk() as (matcher, desk):
        with matcher.store.audit.write(common.WHO, "ask by letter", str(number)):
            together = Meetings(matcher.store.database).next_together
            asking = Asking(matcher, get_settings().origin, together)
            seen = desk.introductions.get(number)
            asked = asking.send(seen, load_language(language), common.today(), who=common.WHO)
        _tell(asked, _names(matcher), as_json)


@introductions.command()
@common.number_argument
@common.sender_option
@common.language_option
@click.option(
    "-o",
    "--output",
    type=common.new_folder,
    help="Folder for one text file each; by default, letters are printed.",
)
def letters(number: int, sender: str | None, language: Any, output: Path | None) -> None:
    """Write the letters of introduction NUMBER, to send oneself."""
    from matcher.events.repository import Meetings
    from matcher.introductions.papers import introduction_letters

    with _desk() as (matcher, desk):
        found = desk.introductions.get(number)
        with matcher.store.audit.write(common.WHO, "write letters", f"introduction {number}"):
            written = introduction_letters(
                matcher,
                desk,
                found,
                on=common.today(),
                language=language,
                occasion=Meetings(matcher.store.database).next_together(
                    found.a, found.b, common.today()
                ),
                sender=sender,
            )
    for name, letter in written.items():
        if output:
            output.mkdir(parents=True, exist_ok=True)
            (output / f"{number}-{name}.txt").write_text(letter.whole, encoding="utf-8")
        else:
            click.echo(f"--- {name}\n{letter.whole}\n")


@introductions.command()
@click.option("--name", help="Its name, below the signature of letters.")
@click.option("--sender", help="Who signs the letters.")
@click.option("--event", help="Where the two of a pair could talk.")
@click.option("--event-day", help="The first day of that event, such as 2030-05-20.")
@click.option("--deadline", help="The last day to answer.")
@common.json_option
def programme(as_json: bool, **settled: str | None) -> None:
    """Settle what all letters and briefs say of the programme, or show it; "" takes a part away."""
    from matcher.introductions.programme import Programme
    from matcher.profiles.problems import parsed

    with _desk() as (matcher, desk):
        before, version = desk.programmes.read()
        given = {name: value or None for name, value in settled.items() if value is not None}
        made = {**before.model_dump(), **given}
        named = {name: value for name, value in made.items() if value is not None}
        now = parsed(Programme, named, "The programme cannot be like that.")
        if given:
            with matcher.store.audit.write(common.WHO, "settle programme", now.name):
                desk.programmes.save(now, version=version, on=common.today())
    answer = now.model_dump(mode="json")
    lines = (f"{name.replace('_', ' ')}: {value or '-'}" for name, value in answer.items())
    common.tell(answer, lines, as_json=as_json)


@introductions.command()
@common.json_option
def outcomes(as_json: bool) -> None:
    """Tell how far introductions got, beside figures of comparable programmes."""
    from matcher.cli.staff_tables import print_conversion
    from matcher.introductions.conversion import ANCHORS, conversion

    with _desk() as (_, desk):
        found = conversion(desk.introductions.all())
    if as_json:
        common.print_json(
            {"reached": found.reached, "outcomes": found.outcomes, "share": found.share}
        )
    else:
        print_conversion(found, ANCHORS)


@contextmanager
def _desk() -> "Iterator[tuple[Matcher, Desk]]":
    from matcher.introductions.desk import Desk

    with common.opened() as matcher:
        yield matcher, Desk(matcher.store.database)


def _names(matcher: "Matcher") -> dict[str, str]:
    return {cluster.id: cluster.name for cluster in matcher.clusters}


def _answer(one: Introduction) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        **asdict(one),
        "state": one.state,
        "legal_moves": legal_moves(one, "staff"),
        "reminder_on": reminder_on(one),
        "expires_on": expires_on(one),
    }


def _tell(one: Introduction, names: dict[str, str], as_json: bool) -> None:
    from matcher.cli.staff_tables import print_introduction

    if as_json:
        common.print_json(_answer(one))
    else:
        print_introduction(one, names)
