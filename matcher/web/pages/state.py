"""The state of a page of partners: all of it stands in the address, so that it can be shared."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from matcher.matching.query import PartnerQuery
from matcher.web.api.queries import PARTNER_PARAMETERS, current_names
from matcher.web.http.parameters import known_values, read_query
from matcher.web.pages.shared import condition_words

_KNOWN = frozenset(parameter.name for parameter in PARTNER_PARAMETERS)
CONTROLS = (
    *("intent", "scope", "k", "diversity", "technology", "min_members", "same_country", "new_only"),
    *("include_weak", "include_suspended"),
    *("country", "ecosystem", "nace", "kind", "label"),
    *("not_country", "not_ecosystem", "not_kind", "not_label", "not_technology"),
)
"""What the form of the page has a control for, besides the weights."""
FILTERS = ("country", "ecosystem", "nace", "kind", "label", "technology", "min_members")


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition in force: its words, whether it excludes, the address without it."""

    text: str
    excludes: bool
    without: str


class PageState:
    """The conditions of one request.

    Parameters
    ----------
    given
        Query string or form; blanks and what stands for the default count as not given. What is
        no condition is left out: newsletters and social networks add names of their own.
    key
        Names who asks in addresses.
    """

    def __init__(self, given: MultiDict[str, str], key: str) -> None:
        self.key = key
        known = known_values(current_names(given), _KNOWN).items(multi=True)
        self.given = MultiDict(item for item in known if not _is_default(*item))

    def query(self, **asker: object) -> PartnerQuery:
        """Return the query that the conditions describe.

        Raises
        ------
        InvalidInputError
            With each condition that is wrong.
        """
        return read_query(PARTNER_PARAMETERS, self.given, PartnerQuery, **asker)

    def has(self, name: str, value: str) -> bool:
        """Whether a condition is set."""
        return value in self.given.getlist(name)

    def values(self, name: str) -> list[str]:
        """Return what is set under a name."""
        return self.given.getlist(name)

    def weight(self, group: str) -> float:
        """Return the multiplier set on a group of factors."""
        return float(self.given.get(f"weight.{group}", 1))

    @property
    def filtered(self) -> bool:
        """Whether any filter is set."""
        names = (*FILTERS, *(f"not_{name}" for name in FILTERS), "new_only", "same_country")
        return any(name in self.given for name in names)

    @property
    def weighted(self) -> bool:
        """Whether weights or diversity are set."""
        return any(name == "diversity" or name.startswith("weight.") for name in self.given)

    def file(self, form: str) -> str:
        """Address of the same list as a file."""
        return url_for("partners.file", cluster_id=self.key, form=form, **self.conditions)

    @property
    def conditions(self) -> dict[str, Any]:
        """All conditions, as `url_for` takes them."""
        return self.given.to_dict(flat=False)

    def adding(self, name: str, value: str) -> str:
        """Address with one more condition."""
        changed = self.given.copy()
        changed.add(name, value)
        return self._address(changed)

    def without(self, name: str, value: str) -> str:
        """Address with one condition less."""
        kept = [item for item in self.given.items(multi=True) if item != (name, value)]
        return self._address(MultiDict(kept))

    def rest(self) -> list[tuple[str, str]]:
        """Conditions that the form shows no control for, to be sent along."""
        return [
            (name, value)
            for name, value in self.given.items(multi=True)
            if name not in CONTROLS and not name.startswith("weight.")
        ]

    def chips(self) -> list[Chip]:
        """Return filters in force, in words."""
        return [
            Chip(_words(name, value), name.startswith("not_"), self.without(name, value))
            for name, value in self.given.items(multi=True)
            if name.removeprefix("not_") in FILTERS
        ]

    def _address(self, given: MultiDict[str, str]) -> str:
        values: dict[str, Any] = given.to_dict(flat=False)
        return url_for("partners.of_cluster", cluster_id=self.key, **values)


def is_partner_list(given: MultiDict[str, str]) -> bool:
    """Whether an address asks for partners: the page of a cluster knows no such condition."""
    return not _KNOWN.isdisjoint(current_names(given))


def _is_default(name: str, value: str) -> bool:
    if name.startswith("weight."):
        return value in ("1", "1.0")
    return name == "diversity" and value in ("0", "0.0")


def _words(name: str, value: str) -> str:
    kind = name.removeprefix("not_")
    return f"NACE {value}" if kind == "nace" else condition_words(kind, value)
