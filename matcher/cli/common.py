"""What commands share: options, the matcher or the store opened, progress, answers as JSON."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from matcher.i18n import CODES, SOURCE

if TYPE_CHECKING:
    from datetime import date

    from matcher.matcher import Matcher
    from matcher.store import Store

WHO = "command line"
"""Who the audit log names for what is done by a command."""

_TENTHS = 10

old_file = click.Path(exists=True, dir_okay=False, path_type=Path)
new_file = click.Path(dir_okay=False, path_type=Path)
new_folder = click.Path(file_okay=False, path_type=Path)
day_type = click.DateTime(["%Y-%m-%d"])
number_argument = click.argument("number", type=int)
json_option = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
language_option = click.option(
    "--language",
    type=click.Choice(CODES),
    default=SOURCE,
    show_default=True,
    help="Language of the labels; profiles are quoted as they are.",
)
sender_option = click.option(
    "--sender", help="Who signs these letters, instead of the programme's sender."
)
map_option = click.option(
    "--map",
    "entries",
    multiple=True,
    metavar="HEADING=COLUMN",
    help="What a column means, kept for the next file with such headings; "
    "HEADING= leaves it out. Repeatable.",
)


@contextmanager
def opened() -> Iterator["Matcher"]:
    """Open the matcher, and show how far its index is where that must be built."""
    from matcher.matcher import Matcher

    with progress_bar() as progress, Matcher.open(progress=progress) as matcher:
        yield matcher


@contextmanager
def opened_store() -> Iterator["Store"]:
    """Open the store alone, for what needs no index."""
    from matcher.config import get_settings
    from matcher.store import Store
    from matcher.store.private import make_private

    settings = get_settings()
    make_private(settings.home)
    with Store.open(settings.store_url) as store:
        yield store


def today() -> "date":
    """Return the day, in UTC."""
    from datetime import UTC, datetime

    return datetime.now(UTC).date()


def print_json(answer: object) -> None:
    """Write the answer as one JSON document."""
    import orjson

    text = orjson.dumps(answer, default=_plain, option=orjson.OPT_INDENT_2)
    click.echo(text.decode())


def tell(answer: object, lines: Iterable[str], *, as_json: bool) -> None:
    """Write an answer as JSON, or as lines for people."""
    if as_json:
        print_json(answer)
        return
    for line in lines:
        click.echo(line)


def _plain(value: object) -> object:
    from matcher.i18n.message import Message

    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if isinstance(value, Message):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


@contextmanager
def progress_bar(what: str = "Embedding profiles") -> Iterator[Callable[[int, int], None]]:
    """Show progress on standard error from the first call of the callback on.

    Where that is no terminal but a log, a line is written at each tenth.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(what)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(what, total=None, visible=False)

        def report(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total, visible=True)

        yield report


def _lines(what: str) -> Callable[[int, int], None]:
    told = 0

    def report(done: int, total: int) -> None:
        nonlocal told
        tenths = _TENTHS * done // max(total, 1)
        if told < tenths < _TENTHS:
            told = tenths
            click.echo(f"{what}: {done} of {total}", err=True)

    return report
