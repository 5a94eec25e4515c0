"""Plans of introductions, as an analyst tries them out."""

from matcher.introductions.papers import plan_with
from matcher.matcher import Matcher
from matcher.planning.programme import Programme, ProgrammeRequest
from matcher.profiles.problems import parsed


def plan(matcher: Matcher, **request: object) -> Programme:
    """Plan a programme of introductions; documented partners are not introduced again.

    Parameters
    ----------
    matcher
        Source of clusters and values.
    **request
        Fields of `matcher.planning.programme.ProgrammeRequest`.

    Raises
    ------
    InvalidInputError
        Unknown clusters, or wishes that contradict each other.
    """
    return plan_with(matcher, parsed(ProgrammeRequest, request, "This cannot be planned."))
