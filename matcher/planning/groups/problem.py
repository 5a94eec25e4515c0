"""From conditions to the programme: the topic, the best 60 candidates, and what they bring."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.errors import FieldProblem, InvalidInputError
from matcher.i18n.message import Message
from matcher.matcher import Matcher
from matcher.matching.columns import ECOSYSTEMS, Bools
from matcher.matching.corpus import Corpus
from matcher.matching.features.needs import likelihoods
from matcher.matching.links import KnownLinks
from matcher.matching.pairs import pair_scores
from matcher.matching.reasons import MET, needs_meeting
from matcher.matching.topics import column
from matcher.planning.groups.conditions import Conditions
from matcher.planning.groups.conflict import conflict
from matcher.planning.groups.optimum import Optimum, best_group
from matcher.planning.groups.rows import Row, Values, membership, rows_of
from matcher.planning.groups.worth import Worth, fit_of
from matcher.profiles.profile import ClusterProfile, DraftProfile
from matcher.profiles.trades import find_trades, trades

CANDIDATES = 60
ACQUAINTED = 0.8
"""Tie of two clusters with a documented partnership, whatever their score."""

NO_TOPIC = "Say what the group is about: give a member, a topic, a trade or an ecosystem."
NO_COUNTRY = "Say in which country the described cluster is: a group has conditions on countries."
NOBODY: Mapping[str, DraftProfile] = MappingProxyType({})
_TOPIC_TRADES, _STEPS = 2, 8


class MetNeed(NamedTuple):
    """A need of one candidate that an offer of another meets; both by their places."""

    seeker: int
    giver: int
    need: str
    offer: str


@dataclass(frozen=True)
class Problem:
    """The best group of some candidates under conditions.

    Attributes
    ----------
    asked
        The conditions.
    corpus
        The n candidates.
    fit, load
        (n,) see `Worth`.
    ties
        (n, n) see `Worth`.
    steps
        Trades of the value chain that the topic calls for.
    links
        Documented partnerships.
    """

    asked: Conditions
    corpus: Corpus
    fit: Values
    load: Values
    ties: Values
    steps: tuple[str, ...]
    links: KnownLinks

    @property
    def clusters(self) -> Sequence[ClusterProfile]:
        """The candidates."""
        return self.corpus.profiles  # type: ignore[return-value]

    @cached_property
    def belongs(self) -> Bools:
        """(c, n) which candidate belongs to which country."""
        return membership(self.corpus)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The conditions as rows."""
        return rows_of(self.asked, self.corpus, self.links)

    @cached_property
    def chain(self) -> Bools:
        """(s, n) which candidate covers which step."""
        return np.asarray(self.corpus.trades[:, [column(step) for step in self.steps]].T)

    @cached_property
    def met_needs(self) -> tuple[MetNeed, ...]:
        """All needs of a candidate that an offer of another is said to meet."""
        everybody = range(len(self.corpus))
        return tuple(met for seeker in everybody for met in needs_met(self.corpus, seeker))

    @cached_property
    def needs(self) -> tuple[tuple[int, str], ...]:
        """Owner's place and phrase of each need."""
        meanings = self.corpus.meanings
        return tuple(
            (place, need)
            for place in range(len(self.corpus))
            for need in dict.fromkeys(one.phrase for one in meanings[place].seeks)
        )

    @cached_property
    def worth(self) -> Worth:
        """What the candidates bring."""
        row_of = {need: row for row, need in enumerate(self.needs)}
        met = np.zeros((len(self.needs), len(self.corpus)), dtype=np.bool_)
        for one in self.met_needs:
            met[row_of[one.seeker, one.need], one.giver] = True
        owners = np.array([owner for owner, _ in self.needs], dtype=np.intp)
        return Worth(self.fit, self.ties, met, owners, self.chain, self.load)

    def best(self, more: Iterable[Row] = ()) -> Optimum | None:
        """Find the best group that satisfies the conditions, and more rows."""
        return best_group(self.worth, (*self.rows, *more), self.belongs)


def needs_met(corpus: Corpus, seeker: int) -> Iterator[MetNeed]:
    """List the needs of one cluster that an offer of another is said to meet."""
    starts, meanings, profiles = corpus.topics.offers.starts, corpus.meanings, corpus.profiles
    likely = likelihoods(corpus.take(np.array([seeker])), corpus)
    owners = np.repeat(np.arange(len(corpus)), np.diff(starts))
    for giver in np.unique(owners[(likely >= MET).any(axis=0)]).tolist():
        for one in needs_meeting(
            meanings[seeker].seeks,
            meanings[giver].offers,
            likely[:, starts[giver] : starts[giver + 1]],
            (profiles[seeker].country, profiles[giver].country),
        ):
            if one.sure and giver != seeker:
                yield MetNeed(seeker, giver, one.need.phrase, one.offer.phrase)


def problem_of(
    matcher: Matcher,
    asked: Conditions,
    *,
    load: Mapping[str, int] | None = None,
    besides: Sequence[str] = (),
    described: Mapping[str, DraftProfile] = NOBODY,
) -> Problem:
    """Choose candidates for the conditions, and score them.

    A group that satisfies the conditions is always among the candidates, where there is any.

    Parameters
    ----------
    matcher
        Scores pairs.
    asked
        The conditions; members and those left out by id.
    load
        Groups and introductions that clusters are in already.
    besides
        Ids of more clusters to take in.
    described
        Profiles of members that are not registered, by the ids that name them in the conditions.

    Raises
    ------
    ClusterNotFoundError, InvalidInputError, ModelUnavailableError
        A member is not known, or the topic cannot be read.
    """
    if not asked.has_topic:
        raise InvalidInputError(NO_TOPIC, [FieldProblem("conditions", NO_TOPIC, "topic")])
    if not all(profile.country for profile in described.values()):
        raise InvalidInputError(NO_COUNTRY, [FieldProblem("profile", NO_COUNTRY, "country")])
    everybody = matcher.corpus_with(described)
    fit = _fit(matcher, everybody, asked)
    rows = rows_of(asked, everybody, matcher.links)
    certain = best_group(Worth.alone(fit), rows, membership(everybody))
    first = everybody.rows_of([*asked.members, *besides])
    if certain is not None:
        first |= certain.chosen
    barred = [row.coefficients > 0 for row in rows if not row.by_country and row.high == 0]
    able = first | ~np.logical_or.reduce([np.zeros(len(everybody), np.bool_), *barred])
    order = np.lexsort((-fit, ~able, ~first))
    chosen = np.sort(order[: min(CANDIDATES, int(able.sum()))])
    return _among(matcher, asked, everybody, chosen, fit, load or {})


def problem_among(matcher: Matcher, asked: Conditions, members: Sequence[str]) -> Problem:
    """Take just these clusters as candidates, by id; the first one leads.

    Raises
    ------
    ModelUnavailableError
        The topic cannot be read.
    """
    asked = asked.model_copy(update={"members": tuple(members)})
    everybody = matcher.snapshot.corpus
    rows = np.array([everybody.row_of[key] for key in members])
    return _among(matcher, asked, everybody, rows, _fit(matcher, everybody, asked), {})


def _among(
    matcher: Matcher,
    asked: Conditions,
    everybody: Corpus,
    rows: NDArray[np.intp],
    fit: Values,
    load: Mapping[str, int],
) -> Problem:
    ids = [everybody.ids[row] for row in rows]
    return Problem(
        asked,
        everybody.take(rows),
        fit[rows],
        np.array([load.get(key, 0) for key in ids], dtype=float),
        _ties(matcher, everybody, rows),
        _steps(everybody, asked),
        matcher.links,
    )


def conflict_of(
    matcher: Matcher, asked: Conditions, described: Mapping[str, DraftProfile]
) -> tuple[Message, ...]:
    """Name conditions that cannot hold together among all clusters."""
    everybody = matcher.corpus_with(described)
    return conflict(rows_of(asked, everybody, matcher.links), membership(everybody))


def _fit(matcher: Matcher, everybody: Corpus, asked: Conditions) -> Values:
    """(n,) fit of each cluster to the members who are sure, and to the topic; the mean of both."""
    parts: list[Values] = []
    if asked.members:
        rows = np.array([everybody.row_of[key] for key in asked.members])
        pairs = pair_scores(
            everybody, matcher.links, matcher.model, rows, np.arange(len(everybody))
        )
        fit = fit_of(pairs.score.mean(axis=0), pairs.score.max(axis=0))
        fit[everybody.rows_of(asked.members)] = 1.0
        parts.append(fit)
    if asked.topic:
        parts.append(_likeness(matcher, everybody, asked.topic))
    if not parts:
        parts.append(_focus(everybody, asked))
    return np.asarray(np.mean(parts, axis=0))


def _likeness(matcher: Matcher, everybody: Corpus, topic: str) -> Values:
    """(n,) score of each cluster as a partner for a text; 0 for those not registered."""
    registered = matcher.snapshot.corpus.ids
    fit = matcher.mutual_values([DraftProfile(description=topic)], registered)[0]
    return np.pad(fit.astype(float), (0, len(everybody) - len(registered)))


def _focus(everybody: Corpus, asked: Conditions) -> Values:
    """(n,) how far each is about the trades asked for, or else the ecosystems."""
    if asked.trades:
        reach, width = everybody.topics.reach, len(everybody.topics.rarity)
        wanted = np.zeros(width, dtype=np.float32)
        wanted[[column(trade) for trade in asked.trades]] = 1
        return reach.largest(wanted).astype(float)
    main = ECOSYSTEMS.among(everybody.columns.main_ecosystem, asked.ecosystems)
    return np.where(main, 1.0, 0.5)


def _ties(matcher: Matcher, everybody: Corpus, rows: NDArray[np.intp]) -> Values:
    pairs = pair_scores(everybody, matcher.links, matcher.model, rows, rows)
    ties = (pairs.score + pairs.score.T).astype(float) / 2
    ties = np.where(pairs.linked, np.maximum(ties, ACQUAINTED), ties)
    np.fill_diagonal(ties, 0)
    return ties


def steps_of(corpus: Corpus, rows: Sequence[int], wanted: Sequence[str] = ()) -> tuple[str, ...]:
    """Trades of a value chain: what is wanted, or else what clusters are about, and what it uses.

    Parameters
    ----------
    corpus, rows
        The clusters whose weightiest trades count where nothing is wanted.
    wanted
        Trades, the weightiest first.
    """
    about = Counter[str]()
    for row in () if wanted else rows:
        for shown in corpus.meanings[row].trades:
            about[shown.trade] += shown.weight  # type: ignore[assignment]
    first = (*wanted, *(trade for trade, _ in about.most_common()))[:_TOPIC_TRADES]
    used = (use for trade in first for use in trades()[trade].uses)
    return tuple(dict.fromkeys((*first, *used)))[:_STEPS]


def _steps(corpus: Corpus, asked: Conditions) -> tuple[str, ...]:
    named = Counter(hit.trade for hit in find_trades(asked.topic))
    wanted = (*asked.trades, *(trade for trade, _ in named.most_common()))
    return steps_of(corpus, [corpus.row_of[key] for key in asked.members[:1]], wanted)
