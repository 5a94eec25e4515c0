"""How answers look in a terminal."""

import sys
import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from matcher.i18n.message import Message
from matcher.matching.recommendation import (
    Contribution,
    Level,
    PairExplanation,
    PartnerList,
    Recommendation,
)
from matcher.matching.words import country_name, trade_name
from matcher.profiles.paragraph import Understood

if TYPE_CHECKING:
    from matcher.profiles.merging import Value
    from matcher.profiles.preview import ToldChange

_BAR_CELLS = 10
_SHOWN = 70
_LEVELS: dict[Level, str] = {
    "strong": "likely a good match",
    "worth_a_talk": "worth a talk",
    "weak": "weak fit",
}


def print_changes(changes: "Iterable[ToldChange]") -> None:
    """Each cluster that an import adds or changes, and its fields before and after."""
    console = terminal()
    for change in changes:
        if change.action != "unchanged":
            head = Text(f"{change.action} {change.id} ({change.name})", style="bold")
            console.print(head, soft_wrap=True)
        for field in change.fields if change.action == "changed" else ():
            line = f"  {field.field}: {_short(field.before)} -> {_short(field.after)}"
            console.print(Text(line, style="red" if field.empties else ""), soft_wrap=True)


def _short(value: "Value") -> str:
    text = "; ".join(value) if isinstance(value, tuple) else str("" if value is None else value)
    return textwrap.shorten(text, _SHOWN, placeholder=" …") or "nothing"


def print_partners(answer: PartnerList) -> None:
    """What was read and what to know of the answer, then the partners, best first."""
    console = terminal()
    asker = answer.cluster.name if answer.cluster else "your description"
    console.print(Text(f"Partners for {asker}", style="bold"), Text(f"({answer.eligible} ranked)"))
    if answer.understood:
        console.print(_understood(answer.understood))
    for told in filter(None, (answer.notice, *answer.warnings)):
        console.print(Text(f"Note: {told}", style="yellow"))
    for partner in answer.partners:
        console.print(_partner_panel(partner, partner.cautions[:1]))


def print_explanation(pair: PairExplanation) -> None:
    """Both fits, reasons both ways, all contributions and the fields side by side."""
    console = terminal()
    console.print(_partner_panel(pair.recommendation, pair.recommendation.cautions))
    if pair.ineligible_because:
        console.print(Text(f"Not in the list: {pair.ineligible_because}", style="yellow"))
    console.print(_contribution_table(pair.recommendation.contributions))
    table = Table("Field", pair.a.name or "you", pair.b.name, title="Side by side")
    for row in pair.differences:
        table.add_row(row.field, _cell(row.yours), _cell(row.theirs))
    console.print(table)


def terminal() -> Console:
    """Return standard output as it is now."""
    return Console(file=sys.stdout, highlight=False)


def _cell(value: object) -> Text:
    return Text(str(value or "unknown"))


def _understood(read: Understood) -> Text:
    """Two lines: fields of work and countries, then what is sought and offered."""
    trades = [str(trade_name(found.trade)) for found in read.trades]
    places = [str(country_name(code)) for code in read.countries]
    seeks = [need.phrase for need in read.seeks]
    offers = [offer.phrase for offer in read.offers]
    return Text(
        f"Read: {_items(trades)}; countries sought: {_items(places)}\n"
        f"You seek: {_items(seeks)}; you offer: {_items(offers)}",
        style="cyan",
    )


def _items(texts: list[str]) -> str:
    return ", ".join(texts) or "none found"


def _partner_panel(partner: Recommendation, cautions: tuple[Message, ...]) -> Panel:
    body = Text()
    body.append(f"{_LEVELS[partner.level]}, {partner.score:.2f}\n", style="bold")
    body.append("fit for you  ").append(_bar(partner.fit_for_you), style="cyan")
    body.append("   fit for them  ").append(_bar(partner.fit_for_them), style="magenta")
    body.append("\n")
    for reason in partner.reasons:
        body.append(f"+ {reason}\n")
    for reason in partner.reasons_for_them:
        body.append(f"> {reason}\n", style="magenta")
    for caution in cautions:
        body.append(f"! {caution}\n", style="yellow")
    for link in partner.known_links:
        body.append(f"= You already share: {link.name}\n", style="green")
    body.rstrip()
    subtitle = f"{partner.id}, confidence {partner.confidence:.0%}"
    # A pair outside the list that was asked for has no place in it.
    place = f"{partner.rank}. " if partner.rank else ""
    title = f"{place}{partner.name} ({partner.country})"
    return Panel(body, title=Text(title), subtitle=Text(subtitle), title_align="left")


def _bar(share: float) -> str:
    full = round(share * _BAR_CELLS)
    return "█" * full + "░" * (_BAR_CELLS - full) + f" {share:.2f}"


def _contribution_table(contributions: tuple[Contribution, ...]) -> Table:
    table = Table("Factor", "Share", "Yours", "Theirs", title="What the score is made of")
    for item in contributions:
        table.add_row(
            item.title,
            f"{item.contribution:+.2f}",
            _cell(item.yours),
            _cell(item.theirs),
        )
    return table
