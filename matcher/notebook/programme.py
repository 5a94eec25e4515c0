"""Plans of introductions, as an analyst tries them out."""

from matcher.introductions.papers import plan_with
from matcher.matcher import Matcher
from matcher.planning.plan import IntroductionPlan, PlanRequest
from matcher.profiles.problems import parsed


def plan(matcher: Matcher, **request: object) -> IntroductionPlan:
    """Plan a programme of introductions; documented partners are not introduced again.

    Parameters
    ----------
    matcher
        Source of clusters and values.
    **request
        Fields of `matcher.planning.plan.PlanRequest`.

    Raises
    ------
    InvalidInputError
        Unknown clusters, or wishes that contradict each other.
    """
    return plan_with(matcher, parsed(PlanRequest, request, "This cannot be planned."))
