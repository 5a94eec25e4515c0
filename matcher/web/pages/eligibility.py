"""Programmes that two clusters could go to together."""

from dataclasses import dataclass
from datetime import date

from matcher.profiles.profile import DraftProfile
from matcher.readiness import ProgrammeCheck, Status, check_readiness


@dataclass(frozen=True, slots=True)
class SharedProgramme:
    """One programme, as it stands for both sides."""

    name: str
    together: Status
    yours: ProgrammeCheck
    theirs: ProgrammeCheck


def shared_programmes(a: DraftProfile, b: DraftProfile, today: date) -> tuple[SharedProgramme, ...]:
    """Programmes that are not over, those open to both first.

    Only countries and regions are compared; a programme that is unknown for either side is
    unknown for both together.
    """
    one, other = (check_readiness(side, today).programmes.checks for side in (a, b))
    found = [
        SharedProgramme(mine.name, _together(mine.status, theirs.status), mine, theirs)
        for mine, theirs in zip(one, other, strict=True)
        if not mine.call_closed
    ]
    order = ("met", "unknown", "not_met", "not_applicable")
    return tuple(sorted(found, key=lambda item: order.index(item.together)))


def _together(mine: Status, theirs: Status) -> Status:
    for status in ("not_met", "not_applicable", "unknown"):
        if status in (mine, theirs):
            return status
    return "met"
