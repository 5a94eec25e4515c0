"""Commands for who is staff: add, list, remove."""

import click

from matcher.cli import common


@click.group()
def staff() -> None:
    """Make, list and end accounts of staff."""


@staff.command()
@click.argument("email")
@click.option("--helper", is_flag=True, help="For checking in alone, such as on the day.")
def add(email: str, helper: bool) -> None:
    """Make the owner of EMAIL staff, and print a link to sign in; it works once, for a week."""
    from matcher.accounts.accounts import Accounts
    from matcher.accounts.signing_in import SigningIn
    from matcher.config import get_settings

    with common.opened_store() as store:
        with store.audit.write(common.WHO, "add staff", "an account") as outcome:
            account = Accounts(store.database).add_staff(email, helper=helper)
            outcome.text = account.actor
        link = SigningIn(store.database, get_settings().origin).link_for(account)
    click.echo("Keep this link; it cannot be shown again:", err=True)
    click.echo(link)


@staff.command("list")
def list_() -> None:
    """List the accounts of staff."""
    from matcher.accounts.accounts import Accounts

    with common.opened_store() as store:
        found = Accounts(store.database)
        for role, held in (("organiser", found.staff()), ("helper", found.helpers())):
            for account in held:
                since = account.created[:10]
                click.echo(f"{account.id}  {account.email}  {role}, account since {since}")


@staff.command()
@click.argument("email")
def remove(email: str) -> None:
    """Let the owner of EMAIL be staff no longer, from the next request on."""
    from matcher.accounts.accounts import Accounts

    with (
        common.opened_store() as store,
        store.audit.write(common.WHO, "remove staff", "an account"),
    ):
        Accounts(store.database).end_staff(email)
    click.echo("No longer staff.")
