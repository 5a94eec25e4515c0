"""Commands for contact persons: kept with a consent alone, exported and erased completely."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from matcher.cli import common

if TYPE_CHECKING:
    from datetime import datetime

    from matcher.introductions.contacts import Consent, Contact, People
    from matcher.matcher import Matcher

_purpose = click.option(
    "--for",
    "purpose",
    type=click.Choice(("introduction", "meeting")),
    default="introduction",
    show_default=True,
    help="What the consent is for.",
)
_given_by = click.option("--given-by", required=True, help="Who gave the consent, and how.")
_given_on = click.option("--given-on", type=common.day_type, help="The day; by default, today.")


@click.group()
def people() -> None:
    """Contact persons and their consents: list, add, import, change, consent, withdraw, erase."""


@people.command("list")
@click.option("--cluster", help="Of this cluster only, by name or id.")
@common.json_option
def list_(cluster: str | None, as_json: bool) -> None:
    """List contact persons with the consents that hold."""
    from dataclasses import asdict

    with _kept() as (matcher, kept):
        of = matcher.find(cluster).id if cluster else None
        matcher.store.audit.read(common.WHO, "read contacts", of or "all clusters")
        found = kept.everybody(of)
    answer = [{"id": key, **asdict(one)} for key, one in found.items()]
    common.tell(answer, (_line(key, one) for key, one in found.items()), as_json=as_json)


def _line(key: int, one: "Contact") -> str:
    consents = ", ".join(one.consents) or "no consent holds: erase"
    return f"{key}  {one.person.cluster_id}  {one.person.name}  {consents}"


@people.command()
@click.argument("cluster")
@click.option("--name", required=True)
@click.option("--email", required=True)
@click.option("--position", default="")
@click.option("--phone", default="")
@_purpose
@_given_by
@_given_on
def add(
    cluster: str, purpose: Any, given_by: str, given_on: "datetime | None", **person: str
) -> None:
    """Keep a contact person of CLUSTER, with the consent that allows it."""
    from matcher.introductions.contacts import Person

    with _kept() as (matcher, kept):
        found = matcher.find(cluster).id
        with matcher.store.audit.write(common.WHO, "add person", found) as outcome:
            key = kept.add(Person(found, **person), _consent(purpose, given_by, given_on))
            outcome.text = f"person {key}"
    click.echo(f"Person {key} is saved.")


@people.command("import")
@click.argument("file", type=common.old_file)
@common.json_option
def import_(file: Path, as_json: bool) -> None:
    """Keep the contact persons of FILE, CSV or XLSX, who have consented; other rows are named."""
    from matcher.introductions.contact_file import keep, read_contacts

    with _kept() as (matcher, kept):
        read = read_contacts(file, matcher.find, common.today())
        with matcher.store.audit.write(common.WHO, "import persons", "from a file") as outcome:
            entered, ended = keep(kept, read.contacts)
            outcome.text = f"{entered} persons or consents"
    problems = (*read.problems, *ended)
    if as_json:
        common.print_json({"entered": entered, "problems": problems})
        return
    for one in problems:
        click.echo(f"{one.where}, {one.field or 'row'}: {one.message}", err=True)
    click.echo(f"Persons or consents that are new: {entered}.")


@people.command()
@common.number_argument
@click.option("--name")
@click.option("--email")
@click.option("--position")
@click.option("--phone")
def change(number: int, **given: str | None) -> None:
    """Correct how person NUMBER is called or reached; what is not given stays."""
    from dataclasses import replace

    changes = {name: value for name, value in given.items() if value is not None}
    with (
        _kept() as (matcher, kept),
        matcher.store.audit.write(common.WHO, "correct person", f"person {number}"),
    ):
        person = replace(kept.get(number), **changes)
        kept.change(number, person, on=common.today())
    click.echo(f"Person {number} is corrected.")


@people.command()
@common.number_argument
@_purpose
@_given_by
@_given_on
def consent(number: int, purpose: Any, given_by: str, given_on: "datetime | None") -> None:
    """Record a further consent of person NUMBER."""
    with (
        _kept() as (matcher, kept),
        matcher.store.audit.write(common.WHO, "record consent", f"person {number}: {purpose}"),
    ):
        kept.consent(number, _consent(purpose, given_by, given_on))
    click.echo("The consent is recorded.")


@people.command()
@common.number_argument
@_purpose
def withdraw(number: int, purpose: Any) -> None:
    """Record that person NUMBER takes a consent back; the details stay until erased."""
    with (
        _kept() as (matcher, kept),
        matcher.store.audit.write(common.WHO, "withdraw consent", f"person {number}: {purpose}"),
    ):
        kept.withdraw(number, purpose, on=common.today())
    click.echo("The withdrawal is recorded.")


@people.command()
@common.number_argument
def export(number: int) -> None:
    """Print everything that is kept about person NUMBER, for the person.

    Texts under "doubtful" may mean the person; their places are what `erase --also` takes.
    """
    with _kept() as (matcher, kept):
        matcher.store.audit.read(common.WHO, "export person", f"person {number}")
        found = kept.export(number)
    common.print_json(found)


@people.command()
@common.number_argument
@click.option(
    "--also",
    multiple=True,
    metavar="PLACE",
    help='Place of a "doubtful" text of the export that means the person, too; may be repeated.',
)
@click.confirmation_option(prompt="Erase this person for good, with every mention in a text?")
def erase(number: int, also: tuple[str, ...]) -> None:
    """Forget person NUMBER for good; the same command finishes an erasure that was cut short."""
    with (
        _kept() as (matcher, kept),
        matcher.store.audit.write(common.WHO, "erase person", f"person {number}"),
    ):
        kept.erase(number, also)
        matcher.reindex_if_changed()  # a profile may have named the person
    click.echo(f"Person {number} is erased.")


@contextmanager
def _kept() -> "Iterator[tuple[Matcher, People]]":
    from matcher.introductions.contacts import People

    with common.opened() as matcher:
        yield matcher, People(matcher.store.database)


def _consent(purpose: Any, given_by: str, given_on: "datetime | None") -> "Consent":
    from matcher.introductions.contacts import Consent

    return Consent(purpose, given_by, given_on.date() if given_on else common.today())
