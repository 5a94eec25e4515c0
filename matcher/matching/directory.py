"""The directory: public clusters that a text and some conditions describe, counted by facets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from matcher.matching.columns import COUNTRIES, ECOSYSTEMS, KIND, LABEL, Bools, Floats
from matcher.matching.corpus import Corpus
from matcher.matching.eligibility import meets
from matcher.matching.query import MAX_K, Filters
from matcher.matching.search import matched
from matcher.matching.snapshot import Snapshot
from matcher.profiles.profile import MAX_ITEMS, ClusterProfile, TradeId
from matcher.profiles.sequences import Chosen
from matcher.profiles.taxonomy import CountryGroup, country_group
from matcher.profiles.trades import trades

Size = Literal["small", "medium", "large", "unknown"]
Freshness = Literal["recent", "older", "old", "unknown"]
Sort = Literal["best", "name", "country", "members", "newest"]
SIZES: tuple[Size, ...] = get_args(Size)
FRESHNESS: tuple[Freshness, ...] = get_args(Freshness)
SORTS: tuple[Sort, ...] = get_args(Sort)
SIZE_BOUNDS = (50, 150)
"""Members from which a cluster is of medium size, and from which it is large."""
AGE_BOUNDS = (3, 6)
"""Years from which facts are older, and from which they are old."""

_FEW = Field(max_length=MAX_ITEMS)


class DirectoryQuery(BaseModel):
    """Which clusters to list, in which order, and which page of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    q: Annotated[str, Field(min_length=1, max_length=300)] | None = Field(
        default=None,
        description="Trades, places, names or other words, in English, Ukrainian, Romanian, "
        "Russian, Georgian, Armenian or Azerbaijani. Clusters that match most of it come first; "
        "typing errors in names are forgiven.",
    )
    group: CountryGroup | None = Field(
        default=None, description="Members of the EU, or countries of the Eastern Partnership."
    )
    filters: Filters = Filters()
    trades: Annotated[tuple[TradeId, ...], _FEW] = Field(
        default=(), description="Ids of trades, such as wine; narrower ones are included."
    )
    sizes: Annotated[tuple[Size, ...], _FEW] = Field(
        default=(), description="Small is below 50 members, large from 150 on."
    )
    freshness: Annotated[tuple[Freshness, ...], _FEW] = Field(
        default=(),
        description="Age of the facts: recent is below 3 years, old from 6 years on.",
    )
    sort: Sort = Field(
        default="best",
        description="Best match first, or by id without `q`; by name; by country; with most "
        "members first; with the newest facts first.",
    )
    limit: int = Field(default=20, ge=1, le=MAX_K, description="How many clusters in one answer.")
    offset: int = Field(default=0, ge=0, le=10**9, description="How many to skip.")


@dataclass(frozen=True, slots=True)
class Directory:
    """The clusters that were found; none is read before it is asked for.

    Attributes
    ----------
    clusters
        All of them, in the order asked for.
    rows
        Their rows in the corpus.
    facets
        Facet -> value -> how many clusters there would be of it, were it alone chosen in that
        facet; values without any are left out.
    trades
        Trades that the text names.
    topical
        Whether it names nothing else.
    partly
        Whether no cluster matches every part of the text.
    """

    clusters: Sequence[ClusterProfile]
    rows: NDArray[np.intp]
    facets: Mapping[str, Mapping[str, int]]
    trades: tuple[str, ...]
    topical: bool
    partly: bool


class _Single(NamedTuple):
    """A facet of which each row has one value at most: (n,) places among the names."""

    names: Sequence[str]
    codes: NDArray[np.integer[Any]]

    def among(self, wanted: Sequence[str]) -> Bools:
        """(n,) rows of one of the wanted values."""
        return np.isin(self.codes, [self.names.index(name) for name in wanted])

    def counts(self, rows: Bools) -> NDArray[np.integer[Any]]:
        """(names,) how many of the marked rows have each value."""
        counted: NDArray[np.integer[Any]] = np.bincount(self.codes[rows], minlength=len(self.names))
        return counted[: len(self.names)]


class _Several(NamedTuple):
    """A facet of which a row may have several values: (n, names) a truth table."""

    names: Sequence[str]
    table: Bools

    def among(self, wanted: Sequence[str]) -> Bools:
        """(n,) rows of one of the wanted values."""
        columns = [self.names.index(name) for name in wanted]
        found: Bools = self.table[:, columns].any(axis=1)  # type: ignore[assignment]
        return found

    def counts(self, rows: Bools) -> NDArray[np.integer[Any]]:
        """(names,) how many of the marked rows have each value."""
        counted: NDArray[np.integer[Any]] = self.table[rows].sum(axis=0)
        return counted


def directory(snapshot: Snapshot, query: DirectoryQuery) -> Directory:
    """List the public clusters that a query describes, and count what they are."""
    corpus = snapshot.corpus
    match = matched(snapshot, query.q)
    base = corpus.visible & match.found & _meets_rest(corpus, query)
    facets, wanted = _facets(corpus), _wanted(query)
    met = {name: facets[name].among(values) for name, values in wanted.items() if values}
    rows = np.flatnonzero(_all(base, met.values()))
    rows = rows[_order(snapshot, rows, query.sort, match.score)]
    return Directory(
        Chosen(snapshot.profiles, rows),
        rows,
        {
            name: _counted(facet, _all(base, (met[other] for other in met if other != name)))
            for name, facet in facets.items()
        },
        match.trades,
        match.topical,
        match.partly,
    )


def _meets_rest(corpus: Corpus, query: DirectoryQuery) -> Bools:
    """Conditions that are no facet."""
    faceted = dict.fromkeys(("countries", "ecosystems", "kinds", "labels"), ())
    met = meets(corpus, query.filters.model_copy(update=faceted))
    if query.group is not None:
        met &= COUNTRIES.among(corpus.columns.country, country_group(query.group))
    return met


def _wanted(query: DirectoryQuery) -> Mapping[str, Sequence[str]]:
    return {
        "country": query.filters.countries,
        "trade": query.trades,
        "ecosystem": query.filters.ecosystems,
        "kind": query.filters.kinds,
        "label": query.filters.labels,
        "size": query.sizes,
        "freshness": query.freshness,
    }


def _facets(corpus: Corpus) -> Mapping[str, _Single | _Several]:
    columns, year = corpus.columns, datetime.now(UTC).year
    return {
        "country": _Single(tuple(COUNTRIES.code), columns.country),
        "trade": _Several(tuple(trades()), corpus.trades),
        "ecosystem": _Several(tuple(ECOSYSTEMS.code), columns.ecosystems),
        "kind": _Single(tuple(KIND.code), columns.kind),
        "label": _Single(tuple(LABEL.code), columns.label),
        "size": _Single(SIZES, _steps(columns.members, SIZE_BOUNDS)),
        "freshness": _Single(FRESHNESS, _steps(year - columns.as_of, AGE_BOUNDS)),
    }


def _steps(values: Floats, bounds: Sequence[int]) -> NDArray[np.integer[Any]]:
    """(n,) between which bounds each value lies; unknown ones come last."""
    return np.where(np.isnan(values), len(bounds) + 1, np.digitize(values, bounds))


def _counted(facet: _Single | _Several, rows: Bools) -> Mapping[str, int]:
    counts = facet.counts(rows)
    return {name: int(n) for name, n in zip(facet.names, counts, strict=True) if n}


def _all(base: Bools, conditions: Iterable[Bools]) -> Bools:
    met = base
    for condition in conditions:
        met = met & condition
    return met


def _order(
    snapshot: Snapshot, rows: NDArray[np.intp], sort: Sort, score: Floats
) -> NDArray[np.intp]:
    """Places of the rows in the order asked for; equal ones stay in the order of their ids."""
    columns = snapshot.corpus.columns
    keys: Mapping[Sort, NDArray[Any]] = {
        "best": -score,
        "name": snapshot.names.places,
        "country": columns.country,
        "members": -columns.members,  # unknown ones come last: NaN sorts behind all numbers
        "newest": -columns.as_of,
    }
    return np.argsort(keys[sort][rows], kind="stable")
