"""Programmes that two clusters could go to together."""

from dataclasses import dataclass
from datetime import date

from matcher.profiles.profile import DraftProfile
from matcher.readiness.check import check_readiness
from matcher.readiness.report import ProgrammeCheck, Status


@dataclass(frozen=True, slots=True)
class SharedProgramme:
    """One programme, as it stands for both sides."""

    name: str
    together: Status
    yours: ProgrammeCheck
    theirs: ProgrammeCheck


def shared_programmes(a: DraftProfile, b: DraftProfile, today: date) -> tuple[SharedProgramme, ...]:
    """Programmes and open calls that say something of either side, those open to both first.

    A programme that is unknown for either side is unknown for both together.
    """
    one, other = (
        {check.id: check for check in check_readiness(side, today).programmes.checks}
        for side in (a, b)
    )
    found = [
        SharedProgramme(mine.name, _together(mine.status, other[key].status), mine, other[key])
        for key, mine in one.items()
        if key in other and "none-seen" not in (mine.country_status, other[key].country_status)
    ]
    order = ("met", "unknown", "not_met", "not_applicable")
    return tuple(sorted(found, key=lambda item: order.index(item.together)))


def _together(mine: Status, theirs: Status) -> Status:
    for status in ("not_met", "not_applicable", "unknown"):
        if status in (mine, theirs):
            return status
    return "met"
