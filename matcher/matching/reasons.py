"""Reasons and cautions: what a factor means for one side, in a sentence."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from matcher.i18n.message import Message
from matcher.matching.recommendation import Contribution, PhraseMatch
from matcher.matching.words import (
    Meeting,
    country_name,
    ecosystem_titles,
    first_of,
    kind_title,
    values_that_met,
)

MAX_REASONS = 3
NOTABLE = 0.05
"""Log-odds from which a factor's share is worth a sentence."""
_THIN = 0.5
_OLD = 2016
"""Year before which facts are called old; fixed, so that an answer is the same on every day."""
_ONE_SIDED = 0.2
_FAR_IN_SIZE = 0.1


def reasons_for_you(contributions: Sequence[Contribution], meeting: Meeting) -> tuple[Message, ...]:
    """Why the partner suits the asker: the need that is met first, then the largest shares."""
    return _reasons(contributions, meeting, "you")


def reasons_for_them(
    contributions: Sequence[Contribution], meeting: Meeting
) -> tuple[Message, ...]:
    """Why the partner would agree, told to the asker."""
    return _reasons(contributions, meeting, "them")


def caution(
    meeting: Meeting, fit_for_you: float, fit_for_them: float, completeness: float
) -> Message | None:
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
        return Message("They would gain less than you: think first of what you can offer them.")
    if completeness < _THIN:
        return Message(
            "Their profile is thin ({share:.0%} complete): ask before you plan.", share=completeness
        )
    return next((text for check in _CAUTIONS if (text := check(meeting))), None)


def _no_ecosystem_shared(meeting: Meeting) -> Message | None:
    yours, theirs = meeting.you.ecosystems, meeting.they.ecosystems
    if not yours or not theirs or set(yours) & set(theirs):
        return None
    titles = first_of(ecosystem_titles(meeting.they))
    return Message("You share no industrial ecosystem; theirs: {titles}.", titles=titles)


def _far_in_size(meeting: Meeting) -> Message | None:
    yours, theirs = meeting.you.members_total, meeting.they.members_total
    if not yours or not theirs or min(yours, theirs) / max(yours, theirs) >= _FAR_IN_SIZE:
        return None
    return Message(
        "Very different size: you have {yours:,} members, they have {theirs:,}.",
        yours=yours,
        theirs=theirs,
    )


def _old_facts(meeting: Meeting) -> Message | None:
    year = meeting.they.as_of
    if not year or year >= _OLD:
        return None
    return Message(
        "What is known of them dates from {year}: check that they are still active.", year=str(year)
    )


def _no_need_met(meeting: Meeting) -> Message | None:
    if meeting.needs_met:
        return None
    return Message(
        "No stated need of one side is met by an offer of the other: agree on a purpose first."
    )


def _no_website(meeting: Meeting) -> Message | None:
    if meeting.they.website:
        return None
    return Message("No website of theirs is known: find a contact before you count on them.")


_CAUTIONS = (_no_ecosystem_shared, _far_in_size, _old_facts, _no_need_met, _no_website)


def _reasons(
    contributions: Sequence[Contribution], meeting: Meeting, side: str
) -> tuple[Message, ...]:
    match = next((m for m in meeting.needs_met if m.seeker == side), None)
    found = dict.fromkeys([_need_sentence(match, side)] if match else [])
    shares = [(c.to_you if side == "you" else c.to_them, c.factor) for c in contributions]
    for share, factor in sorted(shares, key=lambda pair: (-pair[0], pair[1])):
        if share < NOTABLE or len(found) == MAX_REASONS:
            break
        if factor != "needs" and (said := _SENTENCES[factor](meeting, side)):
            found[said] = None
    return tuple(found)


def _need_sentence(match: PhraseMatch, side: str) -> Message:
    if side == "you":
        return Message(
            "They offer “{offer}”; you look for “{need}”.", offer=match.offer, need=match.need
        )
    return Message(
        "They look for “{need}”; you offer “{offer}”.", offer=match.offer, need=match.need
    )


def _profile(meeting: Meeting, side: str) -> Message | None:
    mine, theirs = values_that_met("profile", meeting)
    if not mine or not theirs:
        return Message("Your description is close to theirs.") if side == "you" else None
    if side == "you":
        return Message("Their work is close to yours: {topics}.", topics=theirs)
    return Message("Your work is close to theirs: {topics}.", topics=mine)


def _wording(meeting: Meeting, _side: str) -> Message | None:
    match meeting.shared_terms:
        case (one,):
            return Message("You both speak of “{one}”.", one=one)
        case (one, two):
            return Message("You both speak of “{one}” and “{two}”.", one=one, two=two)
        case (one, two, three, *_):
            return Message(
                "You both speak of “{one}”, “{two}” and “{three}”.", one=one, two=two, three=three
            )
        case _:
            return None


def _specialities(meeting: Meeting, _side: str) -> Message | None:
    if not meeting.specialities:
        return None
    yours, theirs = meeting.specialities
    if yours.casefold() == theirs.casefold():
        return Message("You both name “{phrase}”.", phrase=yours)
    return Message("Your “{yours}” goes with their “{theirs}”.", yours=yours, theirs=theirs)


def _services(meeting: Meeting, side: str) -> Message | None:
    services = first_of(meeting.they.services if side == "you" else meeting.you.services, 2)
    if not services:
        return None
    if side == "you":
        return Message("They serve their members as you do: {services}.", services=services)
    return Message("You serve members as they do: {services}.", services=services)


def _ambitions(meeting: Meeting, _side: str) -> Message | None:
    if not (meeting.you.seeks and meeting.they.seeks):
        return None
    return Message(
        "You look for alike things: “{yours}” and “{theirs}”.",
        yours=meeting.you.seeks[0],
        theirs=meeting.they.seeks[0],
    )


def _ecosystems(meeting: Meeting, _side: str) -> Message | None:
    theirs = set(ecosystem_titles(meeting.they))
    common = first_of([title for title in ecosystem_titles(meeting.you) if title in theirs])
    return Message("You work in the same ecosystem: {titles}.", titles=common) if common else None


def _label(meeting: Meeting, side: str) -> Message | None:
    label = meeting.they.label if side == "you" else meeting.you.label
    if not label:
        return None
    if side == "you":
        return Message(
            "They hold the {level} label of cluster management excellence.", level=Message(label)
        )
    return Message(
        "You hold the {level} label of cluster management excellence.", level=Message(label)
    )


def _size(meeting: Meeting, _side: str) -> Message | None:
    yours, theirs = meeting.you.members_total, meeting.they.members_total
    if not yours or not theirs:
        return None
    return Message("Comparable size: {yours:,} and {theirs:,} members.", yours=yours, theirs=theirs)


def _kind(meeting: Meeting, _side: str) -> Message | None:
    kind = meeting.they.kind
    if not kind or kind == "cluster" or kind != meeting.you.kind:
        return None
    return Message("You are the same kind of organisation: {kind}.", kind=kind_title(kind))


def _proximity(meeting: Meeting, _side: str) -> Message | None:
    _, theirs = values_that_met("proximity", meeting)
    if meeting.distance_km is None or theirs is None:
        return None
    return Message("Their seat is near: {place}.", place=theirs)


def _target(meeting: Meeting, side: str) -> Message | None:
    you, they = meeting.you, meeting.they
    if side == "you":
        if they.country is None or they.country not in you.target_countries:
            return None
        country = country_name(they.country)
        return Message("{country} is among your target countries.", country=country)
    if you.country is None or you.country not in they.target_countries:
        return None
    country = country_name(you.country)
    return Message("They name {country} as a target country.", country=country)


def _markets(meeting: Meeting, _side: str) -> Message | None:
    theirs = set(meeting.they.target_countries)
    common = [code for code in meeting.you.target_countries if code in theirs]
    names = first_of([country_name(code) for code in common])
    return Message("You share target markets: {names}.", names=names) if names else None


_SENTENCES: Mapping[str, Callable[[Meeting, str], Message | None]] = MappingProxyType(
    {
        "profile": _profile,
        "topic": _profile,
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
