"""How each kind of rule judges a profile: a status, the fields that decided, a sentence."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from matcher.profiles.profile import LABELS, DraftProfile
from matcher.profiles.readiness.report import FieldValue, Status
from matcher.profiles.readiness.rules import (
    Ask,
    AtLeast,
    Fact,
    HeldLabel,
    LabelValidity,
    MemberTypes,
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
    sentence: str
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
            finding = Finding("unknown", rule.check.reason)
        case Fact():
            raise ValueError(f"{rule.id} is a fact, nothing to check")
    return finding


def _values(profile: DraftProfile, *fields: str) -> tuple[FieldValue, ...]:
    return tuple(FieldValue(field, getattr(profile, field)) for field in fields)


def _at_least(check: AtLeast, profile: DraftProfile) -> Finding:
    value, decided = getattr(profile, check.field), _values(profile, check.field)
    if value is None:
        sentence = f"The profile does not state the number of {check.unit}; at least"
        return Finding("unknown", f"{sentence} {check.value:g} are asked for.", decided)
    sentence = f"The profile states {value:,} {check.unit}; at least {check.value:g} are asked for."
    if value < check.value:
        return Finding("not_met", sentence, decided)
    if check.reading is None:
        return Finding("met", sentence, decided)
    return Finding("met", f"{sentence} {check.reading}", decided, at_best="C")


def _yes(check: Yes, profile: DraftProfile) -> Finding:
    answer, decided = getattr(profile, check.field), _values(profile, check.field)
    if answer is None:
        sentence = f"The profile does not say whether there is {check.subject}."
        return Finding("unknown", sentence, decided)
    if not answer:
        return Finding("not_met", f"The profile says that there is not {check.subject}.", decided)
    sentence = f"The profile says that there is {check.subject}"
    if check.needs and getattr(profile, check.needs) is None:
        decided = _values(profile, check.field, check.needs)
        return Finding("unknown", f"{sentence}, but does not give its address.", decided)
    return Finding("met", f"{sentence}.", decided)


def _member_types(check: MemberTypes, profile: DraftProfile) -> Finding:
    counts = {field: getattr(profile, field) for field in _MEMBER_FIELDS}
    stated = [name for name, fields in _TYPES.items() if any(counts[field] for field in fields)]
    known = [field for field, count in counts.items() if count is not None]
    listed = ", ".join(stated) or "none"
    sentence = f"Types of members that the profile states: {listed}; at least {check.value} are"
    sentence = f"{sentence} asked for"
    if len(stated) >= check.value:
        return Finding("met", f"{sentence}.", _values(profile, *known))
    total = profile.members_total
    if total is not None and total <= sum(counts[field] for field in known):
        decided = _values(profile, "members_total", *known)
        return Finding("not_met", f"{sentence}, and no further members are stated.", decided)
    decided = _values(profile, "members_total", *_MEMBER_FIELDS)
    return Finding("unknown", f"{sentence}. Members of other types may be unstated.", decided)


def _public_cooperation(profile: DraftProfile) -> Finding:
    count, decided = profile.members_public, _values(profile, "members_public")
    if count:
        sentence = f"The profile states {count:,} public bodies among the members, so no other"
        sentence = sentence.replace(" 1 public bodies", " 1 public body")
        return Finding("not_applicable", f"{sentence} cooperation with them need show.", decided)
    if count == 0:
        sentence = "No public body is a member, so cooperation with public bodies must be visible"
        return Finding("unknown", f"{sentence}; no field of the profile tells.", decided)
    sentence = "The profile does not say whether public bodies are members"
    return Finding("unknown", f"{sentence}; if none is, cooperation must be visible.", decided)


def _held_label(check: HeldLabel, profile: DraftProfile) -> Finding:
    held, decided = profile.label, _values(profile, "label")
    if held is None:
        return Finding(
            "unknown",
            "The profile states no label, so whether this step was taken is open.",
            decided,
        )
    if held == check.level:
        sentence = f"The profile states a {held} label, which is awarded after this step"
        return Finding("met", f"{sentence}; it does not show the assessment itself.", decided)
    sentence = f"The profile states a {held} label"
    if LABELS.index(held) < LABELS.index(check.level):  # gold comes first
        return Finding("not_applicable", f"{sentence}, which is above {check.level}.", decided)
    return Finding("unknown", f"{sentence}; whether this step is taken is not stated.", decided)


def _label_validity(check: LabelValidity, profile: DraftProfile, today: date) -> Finding:
    held, decided = profile.label, _values(profile, "label", "label_year")
    if held is None:
        return Finding("unknown", "The profile states no label.", decided)
    if held != check.level:
        return Finding("not_applicable", f"The label stated is {held}.", decided)
    if profile.label_year is None:
        return Finding("unknown", f"The year of the {held} label is not stated.", decided)
    status, words = _within(profile.label_year, check.years, today)
    label = f"The profile states a {held} label of {profile.label_year}"
    return Finding(status, f"{label}, first valid for {check.years} years: {words}.", decided)


def _within(year: int, years: int, today: date) -> tuple[Status, str]:
    """Judge by the year alone: the month of the award is not stated."""
    ends = year + years
    if year > today.year:
        return "unknown", "that year lies in the future"
    if today.year < ends:
        return "met", f"it ends in {ends}"
    if today.year == ends:
        return "unknown", f"it ends in {ends}, in a month that is not stated"
    return "unknown", f"it ended in {ends}, and whether it was renewed is not stated"
