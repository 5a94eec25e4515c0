"""Commands for double opt-in: draft introductions, move them on, write their letters."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from matcher.cli.profiles import WHO, json_option, language_option

if TYPE_CHECKING:
    from datetime import datetime

    from matcher.introductions.desk import Desk
    from matcher.introductions.workflow import Introduction
    from matcher.matcher import Matcher

_STATES = (
    *("draft", "vetted", "asked_a", "asked_b", "agreed", "introduced", "met", "outcome"),
    *("declined", "expired"),
)
_ANSWERS = ("no", "not_now", "known_to_us", "not_for_us")
_OUTCOMES = ("mou", "project", "none")
_key = click.argument("number", type=int)
_day = click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day; by default, today.")


@click.group()
def introductions() -> None:
    """Introductions: list, show, draft, move on, letters, outcomes."""


@introductions.command("list")
@click.option("--cluster", help="Of this cluster only, by name or id.")
@click.option("--state", type=click.Choice(_STATES), help="In this state only.")
@click.option("--due", is_flag=True, help="Only those with a reminder or expiry due.")
@json_option
def list_(cluster: str | None, state: Any, due: bool, as_json: bool) -> None:
    """List introductions, the oldest first."""
    from matcher.cli.render import print_json
    from matcher.cli.staff_tables import print_introductions

    with _desk() as (matcher, desk):
        key = matcher.find(cluster).id if cluster else None
        day = _today() if due else None
        found = desk.introductions.all(cluster=key, state=state, due=day)
        if as_json:
            print_json([_answer(one) for one in found])
        else:
            print_introductions(found, _names(matcher))


@introductions.command()
@_key
@json_option
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
@json_option
def draft(a: str, b: str, purpose: str, origin: Any, as_json: bool) -> None:
    """Draft an introduction of A and B; nobody is asked by this."""
    from matcher.introductions.workflow import propose

    with _desk() as (matcher, desk):
        first, second = matcher.find(a).id, matcher.find(b).id
        made = propose(first, second, purpose=purpose, origin=origin, on=_today(), who=WHO)
        with matcher.store.audit.write(WHO, "draft introduction", f"{first}, {second}") as outcome:
            saved = desk.introductions.add(made)
            outcome.text = f"introduction {saved.id}"
        _tell(saved, _names(matcher), as_json)


@introductions.command()
@_key
@click.argument("to", type=click.Choice(_STATES[1:]))
@click.option(
    "--role", type=click.Choice(("staff", "a", "b")), default="staff", help="Who said so."
)
@click.option("--reason", default="", help="The reason in their own words; only staff can read it.")
@click.option("--answer", type=click.Choice(_ANSWERS), help="Kind of refusal.")
@click.option("--outcome", type=click.Choice(_OUTCOMES), help="Kind of outcome.")
@click.option(
    "--version", type=int, help="The version you saw; the step is refused if it has changed since."
)
@_day
@json_option
def move(
    number: int, to: Any, version: int | None, on: "datetime | None", as_json: bool, **said: Any
) -> None:
    """Note that introduction NUMBER has come to the state TO."""
    from matcher.introductions.workflow import Move, require_honest

    day = on.date() if on else _today()
    step = Move(day, said["role"], to, said["reason"], said["answer"], said["outcome"], WHO)
    require_honest(step, _today())
    with _desk() as (matcher, desk):
        seen = version or desk.introductions.get(number).version
        with matcher.store.audit.write(WHO, "move introduction", f"{number} to {to}"):
            moved = desk.introductions.move(number, step, version=seen)
        _tell(moved, _names(matcher), as_json)


@introductions.command()
@_key
@json_option
def undo(number: int, as_json: bool) -> None:
    """Take back the last step of introduction NUMBER, which staff entered by mistake."""
    with _desk() as (matcher, desk):
        with matcher.store.audit.write(WHO, "take steps back", str(number)):
            seen = desk.introductions.get(number).version
            after = desk.introductions.take_back(number, version=seen)
        _tell(after, _names(matcher), as_json)


@introductions.command()
@_key
@language_option
@json_option
def send(number: int, language: Any, as_json: bool) -> None:
    """Ask the side of introduction NUMBER whose turn it is by letter, or remind it."""
    from matcher.config import get_settings
    from matcher.i18n.languages import language as load_language
    from matcher.introductions.asking import Asking

    with _desk() as (matcher, desk):
        with matcher.store.audit.write(WHO, "ask by letter", str(number)):
            asking = Asking(matcher, get_settings().origin)
            seen = desk.introductions.get(number)
            asked = asking.send(seen, load_language(language), _today(), who=WHO)
        _tell(asked, _names(matcher), as_json)


@introductions.command()
@_key
@click.option("--sender", default="The networking team", help="Who signs them.")
@language_option
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for one text file each; by default, letters are printed.",
)
def letters(number: int, sender: str, language: Any, output: Path | None) -> None:
    """Write the letters of introduction NUMBER, to send oneself."""
    from matcher.events.repository import Meetings
    from matcher.introductions.papers import introduction_letters

    with _desk() as (matcher, desk):
        found = desk.introductions.get(number)
        with matcher.store.audit.write(WHO, "write letters", f"introduction {number}"):
            written = introduction_letters(
                matcher,
                desk,
                found,
                on=_today(),
                language=language,
                sender=sender,
                occasion=Meetings(matcher.store.database).next_together(found.a, found.b, _today()),
            )
    for name, letter in written.items():
        if output:
            output.mkdir(parents=True, exist_ok=True)
            (output / f"{number}-{name}.txt").write_text(letter.whole, encoding="utf-8")
        else:
            click.echo(f"--- {name}\n{letter.whole}\n")


@introductions.command()
@json_option
def outcomes(as_json: bool) -> None:
    """Tell how far introductions got, beside figures of comparable programmes."""
    from matcher.cli.render import print_json
    from matcher.cli.staff_tables import print_conversion
    from matcher.introductions.conversion import ANCHORS, conversion

    with _desk() as (_, desk):
        found = conversion(desk.introductions.all())
    if as_json:
        print_json({"reached": found.reached, "outcomes": found.outcomes, "share": found.share})
    else:
        print_conversion(found, ANCHORS)


@contextmanager
def _desk() -> "Iterator[tuple[Matcher, Desk]]":
    from matcher.cli.render import progress_bar
    from matcher.introductions.desk import Desk
    from matcher.matcher import Matcher

    with progress_bar() as progress, Matcher.open(progress=progress) as matcher:
        yield matcher, Desk(matcher.store.database)


def _names(matcher: "Matcher") -> dict[str, str]:
    return {cluster.id: cluster.name for cluster in matcher.clusters}


def _today() -> Any:
    from datetime import UTC, datetime

    return datetime.now(UTC).date()


def _answer(one: "Introduction") -> dict[str, Any]:
    from dataclasses import asdict

    from matcher.introductions.workflow import expires_on, legal_moves, reminder_on

    return {
        **asdict(one),
        "state": one.state,
        "legal_moves": legal_moves(one, "staff"),
        "reminder_on": reminder_on(one),
        "expires_on": expires_on(one),
    }


def _tell(one: "Introduction", names: dict[str, str], as_json: bool) -> None:
    from matcher.cli.render import print_json
    from matcher.cli.staff_tables import print_introduction

    if as_json:
        print_json(_answer(one))
    else:
        print_introduction(one, names)
