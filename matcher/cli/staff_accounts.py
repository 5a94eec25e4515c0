"""Commands for who is staff: add, list, remove."""

import click

from matcher.cli.profiles import WHO


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
    from matcher.store import Store

    settings = get_settings()
    with Store.open(settings.store_url) as store:
        with store.audit.write(WHO, "add staff", "an account") as outcome:
            account = Accounts(store.database).add_staff(email, helper=helper)
            outcome.text = account.actor
        link = SigningIn(store.database, settings.origin).link_for(account)
    click.echo("Keep this link; it cannot be shown again:", err=True)
    click.echo(link)


@staff.command("list")
def list_() -> None:
    """List the accounts of staff."""
    from matcher.accounts.accounts import Accounts
    from matcher.config import get_settings
    from matcher.store import Store

    with Store.open(get_settings().store_url) as store:
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
    from matcher.config import get_settings
    from matcher.store import Store

    with (
        Store.open(get_settings().store_url) as store,
        store.audit.write(WHO, "remove staff", "an account"),
    ):
        Accounts(store.database).end_staff(email)
    click.echo("No longer staff.")
