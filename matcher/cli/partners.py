"""Commands that answer the main question: recommend and explain."""

from pathlib import Path
from typing import Any

import click

from matcher.cli import common

_LISTS = {
    "country": "countries",
    "ecosystem": "ecosystems",
    "nace": "nace",
    "kind": "kinds",
    "label": "labels",
    "technology": "technologies",
}


_WEIGHT_HELP = (
    "Multiply a group of factors by X (0-5): trades, needs, profile, ecosystems, organisation or "
    "markets."
)


def _filter_options(command: Any) -> Any:
    for option in _LISTS:
        command = click.option(
            f"--{option}", multiple=True, help=f"Only this {option}; may be repeated."
        )(command)
        command = click.option(
            f"--not-{option}", multiple=True, help=f"Exclude this {option}; may be repeated."
        )(command)
    return click.option("--min-members", type=int, help="Only clusters this large.")(command)


@click.command()
@click.argument("name", required=False)
@click.option("--text", help="Describe the cluster in your own words instead of naming it.")
@click.option(
    "--profile",
    "profile_file",
    type=common.old_file,
    help="A file (CSV, XLSX, JSONL or JSON) with the profile of the cluster that asks.",
)
@click.option("-k", default=10, show_default=True, help="How many partners.")
@click.option("--scope", help="Where to look: eu, eap or all.")
@click.option("--same-country", is_flag=True, help="Include the asker's own country.")
@click.option("--intent", help="What the partnership is for, such as market_access or joint_rd.")
@click.option("--weight", multiple=True, metavar="GROUP=X", help=_WEIGHT_HELP)
@click.option(
    "--diversity",
    default=0.0,
    show_default=True,
    help="From 0 (by score only) to 1 (most variety).",
)
@click.option(
    "--known-to-us", multiple=True, metavar="ID", help="Leave out a partner that we already know."
)
@click.option(
    "--not-for-us", multiple=True, metavar="ID", help="Leave out a partner that we do not want."
)
@click.option("--new-only", is_flag=True, help="Leave out documented partners.")
@click.option("--include-weak", is_flag=True, help="Also list weak fits.")
@click.option(
    "--include-suspended",
    is_flag=True,
    help="Also list organisations of countries that have suspended their part in the Eastern "
    "Partnership.",
)
@_filter_options
@common.json_option
def recommend(
    name: str | None,
    text: str | None,
    profile_file: Path | None,
    weight: tuple[str, ...],
    as_json: bool,
    **options: Any,
) -> None:
    """Partners for the cluster called NAME (a name in any script, an acronym or an id)."""
    from matcher.cli.render import print_partners
    from matcher.matching.serialise import partner_list_json

    asker = {"cluster": name, "text": text, "profile": draft_in(profile_file)}
    query = _query({**asker, "weights": _weights(weight), **_grouped(options)})
    with common.opened() as matcher:
        answer = matcher.recommend(query)
    if as_json:
        common.print_json(partner_list_json(answer))
    else:
        print_partners(answer)


@click.command()
@click.argument("a")
@click.argument("b")
@common.json_option
def explain(a: str, b: str, as_json: bool) -> None:
    """Why (or why not) cluster B is a partner for cluster A."""
    from matcher.cli.render import print_explanation
    from matcher.matching.serialise import explanation_json

    with common.opened() as matcher:
        pair = matcher.explain(a, b)
    if as_json:
        common.print_json(explanation_json(pair))
    else:
        print_explanation(pair)


def draft_in(file: Path | None) -> Any:
    """Return the profile of a cluster that need not be registered, the only one in a file."""
    if file is None:
        return None
    from matcher.errors import InvalidInputError
    from matcher.profiles.io.readers import read_profiles

    report = read_profiles(file)
    if len(report.profiles) != 1 or report.problems:
        raise InvalidInputError(
            f"{file} must hold exactly one good profile; it holds {len(report.profiles)}.",
            report.problems,
        )
    return report.profiles[0]


def _weights(pairs: tuple[str, ...]) -> dict[str, float]:
    try:
        return {name: float(value) for name, value in (pair.split("=", 1) for pair in pairs)}
    except ValueError:
        raise click.UsageError("--weight takes GROUP=NUMBER, such as --weight markets=0") from None


def _grouped(options: dict[str, Any]) -> dict[str, Any]:
    """Filter options gathered into the `filters` and `none_of` of a query."""
    filters = {field: options.pop(option) for option, field in _LISTS.items()}
    none_of = {field: options.pop(f"not_{option}") for option, field in _LISTS.items()}
    filters["min_members"] = options.pop("min_members")
    return {**options, "filters": filters, "none_of": none_of}


def _query(values: dict[str, Any]) -> Any:
    from matcher.matching.query import PartnerQuery
    from matcher.profiles.problems import parsed

    return parsed(PartnerQuery, values, "The question cannot be answered.")
