"""Why a group is good, in words: what each member brings, what is missing."""

from collections.abc import Iterator

import numpy as np

from matcher.i18n.message import Message, Text
from matcher.matching.columns import Bools
from matcher.matching.words import trade_name
from matcher.planning.groups.problem import Problem
from matcher.planning.groups.roles import ROLE_TITLES, ROLES

_NEEDS_A_MEMBER, _MISSING_NEEDS = 3, 4


def brings(problem: Problem, chosen: Bools, place: int) -> tuple[Message, ...]:
    """Say what a member brings to a group: needs it meets, roles, steps, acquaintances."""
    return (
        *_meets(problem, chosen, place),
        *_roles(problem, place),
        *_covers(problem, place),
        *_knows(problem, chosen, place),
    )


def missing(problem: Problem, chosen: Bools) -> tuple[Message, ...]:
    """Say what a group lacks: steps that nobody covers, needs that nobody meets."""
    covered = problem.worth.covered(chosen)
    steps = tuple(
        trade_name(step) for step, done in zip(problem.steps, covered, strict=True) if not done
    )
    met = problem.worth.met(chosen)
    unmet = [
        Message("Nobody meets a need of {name}: “{need}”.", name=_name(problem, owner), need=need)
        for (owner, need), done in zip(problem.needs, met, strict=True)
        if chosen[owner] and not done
    ]
    chain = [Message("Nobody works in: {trades}.", trades=steps)] if steps else []
    return (*chain, *unmet[:_MISSING_NEEDS])


def _meets(problem: Problem, chosen: Bools, place: int) -> Iterator[Message]:
    met = [one for one in problem.met_needs if one.giver == place and chosen[one.seeker]]
    for one in met[:_NEEDS_A_MEMBER]:
        yield Message(
            "Meets a need of {name}, “{need}”, by “{offer}”.",
            name=_name(problem, one.seeker),
            need=one.need,
            offer=one.offer,
        )


def _roles(problem: Problem, place: int) -> Iterator[Message]:
    titles = tuple(
        ROLE_TITLES[role]
        for role in problem.asked.roles
        if ROLES[role](problem.corpus.take(np.array([place])), problem.links)[0]
    )
    if titles:
        yield Message("Can take a role: {roles}.", roles=titles)


def _covers(problem: Problem, place: int) -> Iterator[Message]:
    steps = tuple(
        trade_name(step)
        for step, covered in zip(problem.steps, problem.chain[:, place], strict=True)
        if covered
    )
    if steps:
        yield Message("Works in: {trades}.", trades=steps)


def _knows(problem: Problem, chosen: Bools, place: int) -> Iterator[Message]:
    known = problem.links.of(problem.clusters[place].id)
    names = tuple(
        problem.clusters[other].name
        for other in np.flatnonzero(chosen).tolist()
        if problem.clusters[other].id in known
    )
    if names:
        yield Message("Has worked with: {names}.", names=names)


def _name(problem: Problem, place: int) -> Text:
    """Name of a member; one that is not registered need not have any."""
    return problem.clusters[place].name or Message("your cluster")
