"""Conditions on a group as rows of an integer programme over who is a member."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.i18n.message import Message
from matcher.matching.columns import COUNTRIES, Bools
from matcher.matching.corpus import Corpus
from matcher.matching.eligibility import meets
from matcher.matching.links import KnownLinks
from matcher.matching.query import Filters
from matcher.matching.topics import column
from matcher.matching.words import country_name
from matcher.planning.groups.conditions import Conditions
from matcher.planning.groups.roles import ROLE_TITLES, ROLES
from matcher.profiles.taxonomy import country_group
from matcher.readiness.cautions import kept_apart, opted_in, suspended

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """One condition: ``low <= coefficients @ members <= high``.

    Attributes
    ----------
    name
        The condition in words; those of one condition share it.
    coefficients
        (n,) by candidate or, where `by_country`, (c,) by country that takes part.
    """

    name: Message
    coefficients: Values
    low: float
    high: float
    by_country: bool = False


def membership(corpus: Corpus) -> Bools:
    """(c, n) which candidate belongs to which country, by all countries that may have clusters."""
    return np.asarray(corpus.columns.country[None, :] == _member_codes()[:, None])


def rows_of(asked: Conditions, corpus: Corpus, links: KnownLinks) -> tuple[Row, ...]:
    """Write every condition as rows over n candidates.

    Parameters
    ----------
    asked
        The conditions.
    corpus
        The candidates.
    links
        Documented partnerships, which show who can coordinate.
    """
    return (
        *_numbers(asked, len(corpus)),
        *_sure(asked, corpus),
        *_countries(asked),
        *_of_one_country(asked, corpus),
        *_sides(asked, corpus),
        *(
            Row(
                Message("a member for {role}", role=ROLE_TITLES[role]),
                ROLES[role](corpus, links).astype(float),
                1,
                np.inf,
            )
            for role in asked.roles
        ),
        *_apart(asked, corpus),
        *_barred(asked, corpus),
    )


def stand_ins(rows: Iterable[Row], belongs: Bools, rest: Bools) -> Bools:
    """(n,) who could join the rest of a group, as (n,) truths, so that every row holds."""
    fitting = ~rest
    present = belongs | (belongs & rest).any(axis=1, keepdims=True)
    for row in rows:
        totals = (
            row.coefficients @ present
            if row.by_country
            else row.coefficients @ rest + row.coefficients
        )
        fitting &= (row.low <= totals) & (totals <= row.high)
    return fitting


def barring(rows: Iterable[Row], place: int) -> tuple[Message, ...]:
    """Conditions that this candidate fails by itself."""
    return tuple(
        row.name
        for row in rows
        if not row.by_country and row.high == 0 and row.coefficients[place] > 0
    )


def _numbers(asked: Conditions, count: int) -> Iterator[Row]:
    fewest = Message("at least {count} members", count=asked.at_least)
    most = Message("at most {count} members", count=asked.at_most)
    yield Row(fewest, np.ones(count), asked.at_least, np.inf)
    yield Row(most, np.ones(count), 0, asked.at_most)


def _sure(asked: Conditions, corpus: Corpus) -> Iterator[Row]:
    for key in asked.members:
        named = corpus.rows_of([key]).astype(float)
        name = corpus.profiles[corpus.row_of[key]].name or Message("your cluster")
        yield Row(Message("{name} takes part", name=name), named, 1, 1)


def _countries(asked: Conditions) -> Iterator[Row]:
    codes, eu = _member_codes(), country_group("EU")
    fewest = Message("at least {count} countries", count=asked.countries)
    yield Row(fewest, np.ones(len(codes)), asked.countries, np.inf, by_country=True)
    if asked.eu_countries:
        fewest = Message("at least {count} countries of the EU", count=asked.eu_countries)
        within = COUNTRIES.among(codes, eu).astype(float)
        yield Row(fewest, within, asked.eu_countries, np.inf, by_country=True)
    for code in asked.must_countries:
        name = Message("a member from {country}", country=country_name(code))
        yield Row(name, COUNTRIES.among(codes, [code]).astype(float), 1, np.inf, by_country=True)


def _of_one_country(asked: Conditions, corpus: Corpus) -> Iterator[Row]:
    most = Message("at most {count} members from one country", count=asked.of_one_country)
    for mates in membership(corpus):
        if mates.sum() > asked.of_one_country:
            yield Row(most, mates.astype(float), 0, asked.of_one_country)


def _sides(asked: Conditions, corpus: Corpus) -> Iterator[Row]:
    in_eu = COUNTRIES.among(corpus.columns.country, country_group("EU")).astype(float)
    if asked.sides == "both":
        name = Message("members from the Eastern Partnership and from the EU")
        yield Row(name, in_eu, 1, np.inf)
        yield Row(name, 1 - in_eu, 1, np.inf)
    elif asked.sides == "eap":
        yield Row(Message("members from the Eastern Partnership only"), in_eu, 0, 0)
    elif asked.sides == "eu":
        yield Row(Message("members from the EU only"), 1 - in_eu, 0, 0)


def _apart(asked: Conditions, corpus: Corpus) -> Iterator[Row]:
    """Keep clusters apart that are not to be brought together, unless both are sure of a place."""
    country, profiles, sure = corpus.columns.country, corpus.profiles, corpus.rows_of(asked.members)
    for one, other in kept_apart():
        names = {"one": country_name(one), "other": country_name(other)}
        name = Message("{one} and {other} together only where a side has opted in", **names)
        there = np.flatnonzero(COUNTRIES.among(country, [other]))
        for here in np.flatnonzero(COUNTRIES.among(country, [one])).tolist():
            row = np.zeros(len(corpus))
            for place in there.tolist():
                free = opted_in(profiles[here], profiles[place]) or (sure[here] and sure[place])
                row[place] = 0 if free else 1
            row[here] = most = row.sum()
            if most:
                yield Row(name, row, 0, most)


def _barred(asked: Conditions, corpus: Corpus) -> Iterator[Row]:
    """Keep out each candidate that fails a condition on single members."""
    among = Filters(countries=asked.only_countries)
    labelled, active = Filters(labels=asked.labels), Filters(ecosystems=asked.ecosystems)
    conditions = {
        Message("only countries that may take part"): meets(corpus, among),
        Message("each member bears one of the labels"): meets(corpus, labelled),
        Message("each member works in one of the ecosystems"): meets(corpus, active),
        Message("each member works in one of the trades"): _works_in(asked, corpus),
        Message("the size of each cluster"): _fits(asked, corpus),
        Message("public profiles only"): corpus.visible,
        Message("those to be left out"): ~corpus.rows_of(asked.excluded),
        Message("no country that has suspended its part, unless named"): (
            ~_away(asked, corpus) | corpus.rows_of(asked.members)
        ),
    }
    for name, fitting in conditions.items():
        if not fitting.all():
            yield Row(name, (~fitting).astype(float), 0, 0)


def _works_in(asked: Conditions, corpus: Corpus) -> Bools:
    if not asked.trades:
        return np.ones(len(corpus), dtype=np.bool_)
    wanted = [column(trade) for trade in asked.trades]
    return np.asarray(corpus.trades[:, wanted].any(axis=1))


def _fits(asked: Conditions, corpus: Corpus) -> Bools:
    members, fits = corpus.columns.members, np.ones(len(corpus), dtype=np.bool_)
    if asked.smallest is not None:
        fits &= members >= asked.smallest
    if asked.largest is not None:
        fits &= members <= asked.largest
    return fits


def _away(asked: Conditions, corpus: Corpus) -> Bools:
    named = {*asked.must_countries, *asked.only_countries}
    away = [code for code in country_group("EaP") if suspended(code) and code not in named]
    return COUNTRIES.among(corpus.columns.country, away)


def _member_codes() -> NDArray[np.uint8]:
    return COUNTRIES.codes(sorted(country_group("EU") | country_group("EaP")))
