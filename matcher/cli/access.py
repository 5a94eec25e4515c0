"""Commands for who may write through the API, and what was written: token, audit."""

from typing import TYPE_CHECKING

import click

from matcher.cli.profiles import WHO, json_option

if TYPE_CHECKING:
    from matcher.store import Store
    from matcher.store.tokens import Token


@click.group()
def token() -> None:
    """Make, list and revoke the tokens that let programs write through the API."""


@token.command("create")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    help="What the token may do: import, staff. Give it several times for several scopes.",
)
@click.option(
    "--days", type=click.IntRange(1, 3650), help="Days until it expires; never by default."
)
def create(name: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Make a token called NAME and print it; it cannot be shown again."""
    from matcher.store.access import CREATION

    with (
        _store() as store,
        store.audit.write(WHO, CREATION, f"{name}: {' '.join(scopes)}"),
    ):
        made = store.tokens.create(name, scopes, days)
    click.echo("Keep this token; it is not stored and cannot be shown again:", err=True)
    click.echo(made)


@token.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List all tokens, also revoked ones, without their secrets."""
    from matcher.cli.render import print_json

    with _store() as store:
        found = store.tokens.all()
    if as_json:
        print_json(found)
        return
    for item in found:
        click.echo(f"{item.id}  {item.name}  {' '.join(item.scopes)}  {_state(item)}")


def _store() -> "Store":
    from matcher.config import get_settings
    from matcher.store import Store
    from matcher.store.private import make_private

    settings = get_settings()
    make_private(settings.home)
    return Store.open(settings.store_url)


def _state(item: "Token") -> str:
    if item.revoked:
        return f"revoked {item.revoked}"
    if item.expires:
        return f"{'works until' if item.works else 'expired'} {item.expires}"
    return "works"


@token.command("revoke")
@click.argument("name")
def revoke(name: str) -> None:
    """End the working token of that NAME or id at once."""
    with (
        _store() as store,
        store.audit.write(WHO, "revoke token", name),
    ):
        store.tokens.revoke(name)
    click.echo(f"The token {name} no longer works.")


@click.command()
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help="Number of entries, newest first.",
)
@json_option
def audit(limit: int, as_json: bool) -> None:
    """Tell who wrote what, or read of contact persons, when, and how it ended."""
    from matcher.cli.render import print_json

    with _store() as store:
        entries = store.audit.last(limit)
    if as_json:
        print_json(entries)
        return
    for entry in entries:
        request = entry.request_id or "-"
        click.echo(
            f"{entry.at}  {entry.who}  {entry.action}  {entry.detail}  {entry.outcome}  {request}"
        )
