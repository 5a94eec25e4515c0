"""The `matcher` command.

Importing a command module costs next to nothing: whatever is heavy is imported by the command
that needs it, so that ``matcher --help`` stays instant.
"""

import os
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import click

from matcher import memory
from matcher.cli.access import audit, token
from matcher.cli.backups import backup, restore
from matcher.cli.day import event
from matcher.cli.events import schedule
from matcher.cli.groups import calls, group
from matcher.cli.imports import join, undo
from matcher.cli.imports import list_ as imports
from matcher.cli.introductions import introductions
from matcher.cli.operate import doctor, evaluate, index, serve, train
from matcher.cli.outbox import outbox
from matcher.cli.partners import explain, recommend
from matcher.cli.people import people
from matcher.cli.profiles import check, export, import_, template
from matcher.cli.staff import brief, plan
from matcher.cli.staff_accounts import staff
from matcher.errors import InvalidInputError, MatcherError


class _Group(click.Group):
    """A group that turns deliberate errors into one plain message and exit status 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except MatcherError as error:
            click.echo(f"matcher: {error}", err=True)
            if isinstance(error, InvalidInputError):
                for problem in error.problems:
                    click.echo(f"  {problem}", err=True)
            sys.exit(1)
        except BrokenPipeError:
            raise
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            click.echo(f"matcher: {place}{error.strerror or error}", err=True)
            sys.exit(1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cluster-matcher")
def main() -> None:
    """Find partner clusters for an innovation cluster, scored from both sides, with reasons."""
    os.umask(0o077)  # what is written is for its owner alone
    memory.seldom_look_for_cycles()


for command in (
    recommend,
    explain,
    import_,
    export,
    check,
    template,
    imports,
    undo,
    join,
    index,
    evaluate,
    train,
    serve,
    doctor,
    token,
    audit,
    backup,
    restore,
    plan,
    group,
    calls,
    introductions,
    people,
    brief,
    schedule,
    event,
    outbox,
    staff,
):
    main.add_command(command)
