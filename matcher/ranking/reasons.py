"""Reasons and cautions: what a factor means for one side, in a sentence."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from matcher.ranking.recommendation import Contribution, PhraseMatch
from matcher.ranking.words import (
    Meeting,
    country_name,
    ecosystem_titles,
    listed,
    values_that_met,
)

MAX_REASONS = 3
NOTABLE = 0.05
"""Log-odds from which a factor's share is worth a sentence."""
_THIN = 0.5
_OLD = 2016
_ONE_SIDED = 0.2
_FAR_IN_SIZE = 0.1


def reasons_for_you(contributions: Sequence[Contribution], meeting: Meeting) -> tuple[str, ...]:
    """Why the partner suits the asker: the need that is met first, then the largest shares."""
    return _reasons(contributions, meeting, "you")


def reasons_for_them(contributions: Sequence[Contribution], meeting: Meeting) -> tuple[str, ...]:
    """Why the partner would agree, told to the asker."""
    return _reasons(contributions, meeting, "them")


def caution(
    meeting: Meeting, fit_for_you: float, fit_for_them: float, completeness: float
) -> str | None:
    """The one thing to keep in mind about a pair, the gravest first.

    Parameters
    ----------
    meeting
        The pair.
    fit_for_you, fit_for_them
        The two fits, in [0, 1].
    completeness
        Of the partner's profile, in [0, 1].
    """
    if fit_for_you - fit_for_them > _ONE_SIDED:
        return "They would gain less than you: think first of what you can offer them."
    if completeness < _THIN:
        return f"Their profile is thin ({completeness:.0%} complete): ask before you plan."
    return next((text for check in _CAUTIONS if (text := check(meeting))), None)


def _no_ecosystem_shared(meeting: Meeting) -> str | None:
    yours, theirs = meeting.you.ecosystems, meeting.they.ecosystems
    if not yours or not theirs or set(yours) & set(theirs):
        return None
    return f"You share no industrial ecosystem; theirs: {listed(ecosystem_titles(meeting.they))}."


def _far_in_size(meeting: Meeting) -> str | None:
    yours, theirs = meeting.you.members_total, meeting.they.members_total
    if not yours or not theirs or min(yours, theirs) / max(yours, theirs) >= _FAR_IN_SIZE:
        return None
    return f"Very different size: you have {yours:,} members, they have {theirs:,}."


def _old_facts(meeting: Meeting) -> str | None:
    year = meeting.they.as_of
    if not year or year >= _OLD:
        return None
    return f"What is known of them dates from {year}: check that they are still active."


def _no_need_met(meeting: Meeting) -> str | None:
    if meeting.needs_met:
        return None
    return "No stated need of one side is met by an offer of the other: agree on a purpose first."


def _no_website(meeting: Meeting) -> str | None:
    if meeting.they.website:
        return None
    return "No website of theirs is known: find a contact before you count on them."


_CAUTIONS = (_no_ecosystem_shared, _far_in_size, _old_facts, _no_need_met, _no_website)


def _reasons(contributions: Sequence[Contribution], meeting: Meeting, side: str) -> tuple[str, ...]:
    match = next((m for m in meeting.needs_met if m.seeker == side), None)
    sentences = [_need_sentence(match, side)] if match else []
    shares = [(c.to_you if side == "you" else c.to_them, c.factor) for c in contributions]
    for share, factor in sorted(shares, key=lambda pair: (-pair[0], pair[1])):
        if share >= NOTABLE and factor != "needs" and len(sentences) < MAX_REASONS:
            sentences += filter(None, [_SENTENCES[factor](meeting, side)])
    return tuple(dict.fromkeys(sentences))


def _need_sentence(match: PhraseMatch, side: str) -> str:
    if side == "you":
        return f"They offer “{match.offer}”; you look for “{match.need}”."
    return f"They look for “{match.need}”; you offer “{match.offer}”."


def _profile(meeting: Meeting, side: str) -> str | None:
    mine, theirs = values_that_met("profile", meeting)
    if not mine or not theirs:
        return "Your description is close to theirs." if side == "you" else None
    if side == "you":
        return f"Their work is close to yours: {theirs}."
    return f"Your work is close to theirs: {mine}."


def _wording(meeting: Meeting, _side: str) -> str | None:
    terms = meeting.shared_terms
    return f"You both speak of {_quoted(terms)}." if terms else None


def _specialities(meeting: Meeting, _side: str) -> str | None:
    if not meeting.specialities:
        return None
    yours, theirs = meeting.specialities
    if yours.casefold() == theirs.casefold():
        return f"You both name “{yours}”."
    return f"Your “{yours}” goes with their “{theirs}”."


def _services(meeting: Meeting, side: str) -> str | None:
    services = listed(meeting.they.services if side == "you" else meeting.you.services, 2)
    if not services:
        return None
    owner = (
        "They serve their members as you do" if side == "you" else "You serve members as they do"
    )
    return f"{owner}: {services}."


def _ambitions(meeting: Meeting, _side: str) -> str | None:
    if not (meeting.you.seeks and meeting.they.seeks):
        return None
    return f"You look for alike things: “{meeting.you.seeks[0]}” and “{meeting.they.seeks[0]}”."


def _ecosystems(meeting: Meeting, _side: str) -> str | None:
    theirs = set(ecosystem_titles(meeting.they))
    common = listed([title for title in ecosystem_titles(meeting.you) if title in theirs])
    return f"You work in the same ecosystem: {common}." if common else None


def _label(meeting: Meeting, side: str) -> str | None:
    label = meeting.they.label if side == "you" else meeting.you.label
    owner = "They hold" if side == "you" else "You hold"
    return f"{owner} the {label} label of cluster management excellence." if label else None


def _size(meeting: Meeting, _side: str) -> str | None:
    sizes = (meeting.you.members_total, meeting.they.members_total)
    return f"Comparable size: {sizes[0]} and {sizes[1]} members." if all(sizes) else None


def _kind(meeting: Meeting, _side: str) -> str | None:
    kind = meeting.they.kind
    if not kind or kind == "cluster" or kind != meeting.you.kind:
        return None
    return f"You are the same kind of organisation: {kind.replace('_', ' ')}."


def _proximity(meeting: Meeting, _side: str) -> str | None:
    _, theirs = values_that_met("proximity", meeting)
    return f"Their seat is near: {theirs}." if meeting.distance_km is not None else None


def _target(meeting: Meeting, side: str) -> str | None:
    you, they = meeting.you, meeting.they
    if side == "you":
        named = they.country in you.target_countries
        return f"{country_name(they.country)} is among your target countries." if named else None
    named = you.country in they.target_countries
    return f"They name {country_name(you.country)} as a target country." if named else None


def _markets(meeting: Meeting, _side: str) -> str | None:
    theirs = set(meeting.they.target_countries)
    common = [code for code in meeting.you.target_countries if code in theirs]
    names = listed([name for code in common if (name := country_name(code))])
    return f"You share target markets: {names}." if names else None


def _quoted(terms: Sequence[str]) -> str:
    quoted = [f"“{term}”" for term in terms]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


Sentence = Callable[[Meeting, str], str | None]
_SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "profile": _profile,
        "wording": _wording,
        "specialities": _specialities,
        "services": _services,
        "ambitions": _ambitions,
        "ecosystems": _ecosystems,
        "label": _label,
        "size": _size,
        "kind": _kind,
        "proximity": _proximity,
        "target": _target,
        "markets": _markets,
    }
)
