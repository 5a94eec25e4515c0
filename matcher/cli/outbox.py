"""Commands for letters: what the outbox holds, sending it now, and what came back."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from matcher.cli import common

if TYPE_CHECKING:
    from matcher.mail.outbox import Mail

_STATES = (
    *("waiting", "sending", "sent", "filed", "uncertain", "failed", "bounced", "stopped"),
    "expired",
)


@click.group()
def outbox() -> None:
    """Letters by e-mail: list, send, retry, bounced."""


@outbox.command("list")
@click.option("--state", type=click.Choice(_STATES), help="Only letters in this state.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Newest first."
)
@common.json_option
def list_(state: Any, limit: int, as_json: bool) -> None:
    """List letters and what became of them; those with a one-time link without their text."""
    from dataclasses import asdict

    from matcher.mail.outbox import Outbox

    with common.opened_store() as store:
        found = [mail.for_staff() for mail in Outbox(store.database).last(limit, state)]
    none = "There are no such letters." if state else "There are no letters."
    common.tell(
        [asdict(mail) for mail in found], map(_line, found) if found else [none], as_json=as_json
    )


@outbox.command()
def send() -> None:
    """Send what is due now; a service that runs does so by itself."""
    from matcher.config import get_settings
    from matcher.mail.delivery import Delivery

    with common.opened_store() as store:
        delivery = Delivery.of(store.database, get_settings())
        sent, left = delivery.run(), delivery.outbox.counts()
    click.echo(f"Sent: {sent}. In the outbox: {_counted(left)}.")


@outbox.command()
@common.number_argument
def retry(number: int) -> None:
    """Send letter NUMBER again: one that failed, came back, or may not have arrived."""
    from matcher.mail.outbox import Outbox

    detail = f"letter {number}"
    with common.opened_store() as store, store.audit.write(common.WHO, "send letter again", detail):
        Outbox(store.database).again(number)
    click.echo(f"Letter {number} waits to be sent again.")


@outbox.command()
@click.argument("file", type=common.old_file)
def bounced(file: Path) -> None:
    """Note the letter that came back, from the report in FILE (.eml)."""
    from matcher.mail.bounces import note_bounce

    with (
        common.opened_store() as store,
        store.audit.write(common.WHO, "note bounce", file.name) as outcome,
    ):
        mail = note_bounce(store.database, file.read_bytes())
        outcome.text = f"letter {mail.id}"
    click.echo(f"Letter {mail.id} is noted as bounced.")


def _line(mail: "Mail") -> str:
    told = f"{mail.id}  {mail.state}  {mail.noted[:16]}  {mail.kind}  {mail.recipient}"
    return f"{told}  {mail.problem}".rstrip()


def _counted(counts: Any) -> str:
    return ", ".join(f"{count} {state}" for state, count in counts.items()) or "nothing"
