"""Programmes that two clusters could go to together."""

from dataclasses import dataclass
from datetime import date
from typing import get_args

from matcher.profiles.profile import DraftProfile
from matcher.readiness.check import check_readiness
from matcher.readiness.report import ProgrammeCheck, Status

_FROM_OPEN_TO_CLOSED: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True, slots=True)
class SharedProgramme:
    """One programme, as it stands for both sides."""

    name: str
    together: Status
    yours: ProgrammeCheck
    theirs: ProgrammeCheck


def shared_programmes(a: DraftProfile, b: DraftProfile, today: date) -> tuple[SharedProgramme, ...]:
    """Programmes and open calls that say something of either side, those open to both first.

    Together it stands as for the side that it is less open to.
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
    return tuple(sorted(found, key=lambda item: _FROM_OPEN_TO_CLOSED.index(item.together)))


def _together(mine: Status, theirs: Status) -> Status:
    return max(mine, theirs, key=_FROM_OPEN_TO_CLOSED.index)
