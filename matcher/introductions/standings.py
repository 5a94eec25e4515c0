"""How pairs stand to each other, by their introductions and marks, for the events of both."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from matcher.introductions.tables import introduction_moves, introductions, partner_marks
from matcher.introductions.workflow import Outcome, State


class Standings(NamedTuple):
    """How pairs stand to each other; each pair of ids is sorted.

    Attributes
    ----------
    declined
        One side declined, did not want the other, or knew it already.
    agreed
        Both agreed to be introduced, and have not met.
    met
        They met.
    """

    declined: frozenset[tuple[str, str]]
    agreed: frozenset[tuple[str, str]]
    met: frozenset[tuple[str, str]]


def standings(connection: Connection, by: date) -> Standings:
    """Read how all pairs stand, by their marks and their latest introduction.

    Parameters
    ----------
    by
        What was declined later does not count: a meeting that was held stays what it was.
    """
    sides = select(partner_marks.c.cluster_id, partner_marks.c.partner_id)
    marked = connection.execute(sides.where(partner_marks.c.day <= by))
    declined = {_sorted(*row) for row in marked}
    latest = {
        _sorted(row.a, row.b): row.state
        for row in connection.execute(select(introductions).order_by(introductions.c.id))
    }

    def standing(*states: State) -> frozenset[tuple[str, str]]:
        return frozenset(pair for pair, state in latest.items() if state in states)

    return Standings(
        declined=frozenset(declined | _declined(connection, by, standing("declined"))),
        agreed=standing("agreed", "introduced"),
        met=standing("met", "outcome"),
    )


def outcomes_of_pairs(connection: Connection) -> dict[tuple[str, str], Outcome]:
    """Read what came of the introductions of pairs, by sorted ids."""
    ends = (
        select(introductions.c.a, introductions.c.b, introduction_moves.c.outcome)
        .join(introduction_moves)
        .where(introduction_moves.c.outcome.is_not(None))
        .order_by(introductions.c.id, introduction_moves.c.place)
    )
    return {_sorted(row.a, row.b): row.outcome for row in connection.execute(ends)}


def _declined(
    connection: Connection, by: date, closed: frozenset[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Pairs that declined for good, or whose latest introduction ended by a refusal."""
    moves = introduction_moves.c
    refusals = (
        select(introductions.c.a, introductions.c.b, moves.answer)
        .join(introduction_moves)
        .where(moves.to_state == "declined", moves.day <= by)
    )
    return {
        pair
        for row in connection.execute(refusals)
        if (pair := _sorted(row.a, row.b)) in closed or row.answer == "no"
    }


def _sorted(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)
