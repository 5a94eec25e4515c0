"""Commands that save everything to a file and bring it back: backup, restore."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from matcher.cli import common

if TYPE_CHECKING:
    from matcher.store.archive import Manifest
    from matcher.store.contents import Contents

_show = click.option(
    "--show", is_flag=True, help="Only tell what the file would bring, above all which tokens."
)


@click.command()
@click.argument("file", type=common.new_file)
@_show
@common.json_option
def backup(file: Path, show: bool, as_json: bool) -> None:
    """Save everything that the database holds to FILE, also while the service runs.

    The file holds personal data; only you may read it.
    """
    from contextlib import closing

    from matcher.config import get_settings
    from matcher.store.backup import back_up, note_backup
    from matcher.store.contents import look_into
    from matcher.store.database import Database
    from matcher.store.private import make_private

    if show:
        _tell_contents(look_into(file), as_json)
        return
    settings = get_settings()
    make_private(settings.home)
    with (
        closing(Database(settings.store_url)) as database,
        common.progress_bar("Saving rows") as progress,
    ):
        manifest = back_up(database, file, progress)
    note_backup(settings.home, manifest, file)
    _tell(manifest, as_json, f"saved to {file}")


@click.command()
@click.argument("file", type=common.old_file)
@click.option(
    "--replace", is_flag=True, help="Discard what the database holds beyond the shipped data."
)
@click.option(
    "--keep-tokens",
    is_flag=True,
    help="Let tokens of the backup work that the audit log knows; by default, all are revoked.",
)
@_show
@common.json_option
def restore(file: Path, replace: bool, keep_tokens: bool, show: bool, as_json: bool) -> None:
    """Fill the database with what a backup FILE holds, completely or not at all.

    The backup may come from another machine and from another kind of database. Whoever was erased
    or whose token was revoked since it was made stays so.
    """
    from matcher.store.backup import restore as fill
    from matcher.store.contents import look_into

    with common.opened_store() as store:
        contents = look_into(file, store.database)
        if show:
            _tell_contents(contents, as_json)
            return
        with common.progress_bar("Restoring rows") as progress:
            manifest = fill(
                store.database, file, replace=replace, keep_tokens=keep_tokens, progress=progress
            )
        with store.audit.write(common.WHO, "restore backup", f"made {manifest.created}") as outcome:
            outcome.text = f"{manifest.rows} rows"
    _tell(manifest, as_json, f"restored, as they were at {manifest.created}")
    for line in _consequences(contents, keep_tokens):
        click.echo(line, err=True)


def _consequences(contents: "Contents", keep_tokens: bool) -> list[str]:
    """What is not as it was when the backup was made, and what to do now."""
    lines = []
    strange = [token.name for token in contents.tokens if token.worked and not token.known]
    if strange:
        lines.append(
            f"Refused, as no audit log saw them being made: the tokens {', '.join(strange)}."
        )
    if not keep_tokens and any(token.worked for token in contents.tokens):
        lines.append("The tokens of the backup are revoked: matcher token create makes new ones.")
    if contents.later_revocations:
        lines.append(f"Tokens revoked since the backup stay so: {contents.later_revocations}.")
    if contents.later_erasures:
        lines.append(f"Erasures since the backup were done again: {contents.later_erasures}.")
    lines.append("Restart the service, if it runs; the index is rebuilt where it needs to be.")
    return lines


def _tell_contents(contents: "Contents", as_json: bool) -> None:
    lines = [f"Made {contents.created}, revision {contents.revision}."]
    lines += [f"{rows:>8}  {table}" for table, rows in contents.rows.items() if rows]
    for token in contents.tokens:
        state = "worked" if token.worked else "was revoked"
        known = "" if token.known else "; REFUSED: no audit log saw it being made"
        lines.append(f"Token {token.name}: {token.scopes}, {state}{known}")
    lines.append(
        f"Done again after a restore: {contents.later_erasures} erasures, "
        f"{contents.later_revocations} revocations."
    )
    common.tell(contents, lines, as_json=as_json)


def _tell(manifest: "Manifest", as_json: bool, told: str) -> None:
    tables = (f"{entry.rows} {name}" for name, entry in manifest.tables.items() if entry.rows)
    common.tell(manifest, [f"{manifest.rows} rows {told}: {', '.join(tables)}."], as_json=as_json)
