"""How each kind of rule judges a profile: a status, the fields that decided, a sentence."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from matcher.i18n.message import Message, joined, plain
from matcher.profiles.profile import LABELS, DraftProfile
from matcher.readiness.report import FieldValue, Status
from matcher.readiness.rules import (
    Ask,
    AtLeast,
    Fact,
    HeldLabel,
    LabelValidity,
    MemberTypes,
    OnForm,
    PublicCooperation,
    Rule,
    Sureness,
    Yes,
)

_TYPES: Mapping[str, tuple[str, ...]] = {
    "industry": ("members_sme", "members_large"),
    "research": ("members_research",),
    "public bodies": ("members_public",),
}
_MEMBER_FIELDS = tuple(field for fields in _TYPES.values() for field in fields)


class Finding(NamedTuple):
    """What a rule says of a profile; `at_best` caps how sure the finding can be."""

    status: Status
    sentence: Message
    decided_by: tuple[FieldValue, ...] = ()
    at_best: Sureness = "A"


def find(rule: Rule, profile: DraftProfile, today: date) -> Finding:
    """Judge a profile by a rule, whether or not the rule applies to its country."""
    match rule.check:
        case AtLeast():
            finding = _at_least(rule.check, profile)
        case Yes():
            finding = _yes(rule.check, profile)
        case MemberTypes():
            finding = _member_types(rule.check, profile)
        case PublicCooperation():
            finding = _public_cooperation(profile)
        case HeldLabel():
            finding = _held_label(rule.check, profile)
        case LabelValidity():
            finding = _label_validity(rule.check, profile, today)
        case Ask():
            finding = Finding("unknown", plain(rule.check.reason))
        case Fact() | OnForm():
            raise ValueError(f"{rule.id} is nothing to check")
    return finding


def _values(profile: DraftProfile, *fields: str) -> tuple[FieldValue, ...]:
    return tuple(FieldValue(field, getattr(profile, field)) for field in fields)


def _at_least(check: AtLeast, profile: DraftProfile) -> Finding:
    value, decided = getattr(profile, check.field), _values(profile, check.field)
    unit, least = plain(check.unit), check.value
    if value is None:
        sentence = Message(
            "The profile does not state the number of {unit}; at least {least:g} are required.",
            unit=unit,
            least=least,
        )
        return Finding("unknown", sentence, decided)
    sentence = Message(
        "The profile states {count:,} {unit}; at least {least:g} are required.",
        count=value,
        unit=unit,
        least=least,
    )
    if value >= least and check.reading:
        return Finding("met", joined(sentence, plain(check.reading)), decided, at_best="C")
    return Finding("met" if value >= least else "not_met", sentence, decided)


def _yes(check: Yes, profile: DraftProfile) -> Finding:
    answer, decided = getattr(profile, check.field), _values(profile, check.field)
    subject = plain(check.subject)
    if answer is None:
        sentence = Message("The profile does not say whether there is {subject}.", subject=subject)
        return Finding("unknown", sentence, decided)
    if not answer:
        sentence = Message(
            "The profile says that there is no such thing: {subject}.", subject=subject
        )
        return Finding("not_met", sentence, decided)
    if check.needs and getattr(profile, check.needs) is None:
        sentence = Message(
            "The profile says that there is {subject}, but does not give its address.",
            subject=subject,
        )
        return Finding("unknown", sentence, _values(profile, check.field, check.needs))
    sentence = Message("The profile says that there is {subject}.", subject=subject)
    return Finding("met", sentence, decided)


def _member_types(check: MemberTypes, profile: DraftProfile) -> Finding:
    counts = {field: getattr(profile, field) for field in _MEMBER_FIELDS}
    stated = [name for name, fields in _TYPES.items() if any(counts[field] for field in fields)]
    known = {field: count for field, count in counts.items() if count is not None}
    sentence = Message(
        "Types of members in the profile: {types}; at least {least} are required.",
        types=tuple(map(plain, stated)) or (Message("none"),),
        least=check.value,
    )
    if len(stated) >= check.value:
        return Finding("met", sentence, _values(profile, *known))
    total = profile.members_total
    if total is not None and total <= sum(known.values()):
        sentence = joined(sentence, Message("No further members are stated."))
        return Finding("not_met", sentence, _values(profile, "members_total", *known))
    sentence = joined(sentence, Message("There may be members of other types."))
    return Finding("unknown", sentence, _values(profile, "members_total", *_MEMBER_FIELDS))


def _public_cooperation(profile: DraftProfile) -> Finding:
    decided = _values(profile, "members_public")
    if profile.members_public:
        sentence = Message(
            "The profile states public bodies among the members, so no other cooperation with "
            "them need show."
        )
        return Finding("not_applicable", sentence, decided)
    if profile.members_public == 0:
        sentence = Message(
            "No public body is a member, so cooperation with public bodies must be visible; no "
            "field of the profile tells."
        )
    else:
        sentence = Message(
            "The profile does not say whether public bodies are members; if none is, cooperation "
            "must be visible."
        )
    return Finding("unknown", sentence, decided)


def _held_label(check: HeldLabel, profile: DraftProfile) -> Finding:
    held, decided = profile.label, _values(profile, "label")
    if held is None:
        return Finding(
            "unknown",
            Message("The profile states no label, so we cannot tell whether this step was taken."),
            decided,
        )
    if held == check.level:
        sentence = Message(
            "The profile states a {held} label, which is awarded after this step; it does not "
            "show the assessment itself.",
            held=plain(held),
        )
        return Finding("met", sentence, decided)
    if LABELS.index(held) < LABELS.index(check.level):  # gold comes first
        sentence = Message(
            "The profile states a {held} label, which is above {level}.",
            held=plain(held),
            level=plain(check.level),
        )
        return Finding("not_applicable", sentence, decided)
    sentence = Message(
        "The profile states a {held} label; whether this step is taken is not stated.",
        held=plain(held),
    )
    return Finding("unknown", sentence, decided)


def _label_validity(check: LabelValidity, profile: DraftProfile, today: date) -> Finding:
    held, decided = profile.label, _values(profile, "label", "label_year")
    if held is None:
        return Finding("unknown", Message("The profile states no label."), decided)
    if held != check.level:
        return Finding(
            "not_applicable", Message("The label stated is {held}.", held=plain(held)), decided
        )
    if profile.label_year is None:
        sentence = Message("The year of the {held} label is not stated.", held=plain(held))
        return Finding("unknown", sentence, decided)
    status, words = _within(profile.label_year, check.years, today)
    sentence = Message(
        "The profile states a {held} label of {year}, first valid for {years} years: {state}.",
        held=plain(held),
        year=str(profile.label_year),
        years=check.years,
        state=words,
    )
    return Finding(status, sentence, decided)


def _within(year: int, years: int, today: date) -> tuple[Status, Message]:
    """Judge by the year alone: the month of the award is not stated."""
    ends = year + years
    if year > today.year:
        return "unknown", Message("that year lies in the future")
    if today.year < ends:
        return "met", Message("it ends in {year}", year=str(ends))
    if today.year == ends:
        return "unknown", Message(
            "it ends in {year}, in a month that is not stated", year=str(ends)
        )
    return "unknown", Message(
        "it ended in {year}, and whether it was renewed is not stated", year=str(ends)
    )
