"""Commands that save everything to a file and bring it back: backup, restore."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from matcher.cli.profiles import json_option

if TYPE_CHECKING:
    from matcher.store.archive import Manifest


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def backup(file: Path, as_json: bool) -> None:
    """Save everything that the database holds to FILE, also while the service runs.

    The file holds personal data; only you may read it.
    """
    from contextlib import closing

    from matcher.cli.render import progress_bar
    from matcher.config import get_settings
    from matcher.store.backup import back_up, note_backup
    from matcher.store.database import Database

    settings = get_settings()
    with closing(Database(settings.store_url)) as database, progress_bar("Saving rows") as progress:
        manifest = back_up(database, file, progress)
    note_backup(settings.home, manifest, file)
    _tell(manifest, as_json, f"saved to {file}")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--replace", is_flag=True, help="Discard what the database holds beyond the shipped data."
)
@json_option
def restore(file: Path, replace: bool, as_json: bool) -> None:
    """Fill the database with what a backup FILE holds, completely or not at all.

    The backup may come from another machine and from another kind of database.
    """
    from contextlib import closing

    from matcher.cli.render import progress_bar
    from matcher.config import get_settings
    from matcher.store.backup import restore as fill
    from matcher.store.database import Database

    with (
        closing(Database(get_settings().store_url)) as database,
        progress_bar("Restoring rows") as progress,
    ):
        manifest = fill(database, file, replace=replace, progress=progress)
    _tell(manifest, as_json, f"restored, as they were at {manifest.created}")
    click.echo(
        "Restart the service, if it runs; the index is rebuilt where it needs to be.", err=True
    )


def _tell(manifest: "Manifest", as_json: bool, told: str) -> None:
    from matcher.cli.render import print_json

    if as_json:
        print_json(manifest)
        return
    tables = (f"{entry.rows} {name}" for name, entry in manifest.tables.items() if entry.rows)
    click.echo(f"{manifest.rows} rows {told}: {', '.join(tables)}.")
