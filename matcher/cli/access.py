"""Commands for who may write through the API, and what was written: token, audit."""

from typing import TYPE_CHECKING

import click

from matcher.cli import common

if TYPE_CHECKING:
    from matcher.store.audit import AuditEntry
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

    detail = f"{name}: {' '.join(scopes)}"
    with common.opened_store() as store, store.audit.write(common.WHO, CREATION, detail):
        made = store.tokens.create(name, scopes, days)
    click.echo("Keep this token; it is not stored and cannot be shown again:", err=True)
    click.echo(made)


@token.command("list")
@common.json_option
def list_(as_json: bool) -> None:
    """List all tokens, also revoked ones, without their secrets."""
    with common.opened_store() as store:
        found = store.tokens.all()
    common.tell(found, map(_line, found), as_json=as_json)


def _line(item: "Token") -> str:
    state = "works"
    if item.revoked:
        state = f"revoked {item.revoked}"
    elif item.expires:
        state = f"{'works until' if item.works else 'expired'} {item.expires}"
    return f"{item.id}  {item.name}  {' '.join(item.scopes)}  {state}"


@token.command("revoke")
@click.argument("name")
def revoke(name: str) -> None:
    """End the working token of that NAME or id at once."""
    with common.opened_store() as store, store.audit.write(common.WHO, "revoke token", name):
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
@common.json_option
def audit(limit: int, as_json: bool) -> None:
    """Tell who wrote what, or read of contact persons, when, and how it ended."""
    with common.opened_store() as store:
        entries = store.audit.last(limit)
    common.tell(entries, map(_entry_line, entries), as_json=as_json)


def _entry_line(entry: "AuditEntry") -> str:
    told = (entry.at, entry.who, entry.action, entry.detail, entry.outcome, entry.request_id or "-")
    return "  ".join(told)
