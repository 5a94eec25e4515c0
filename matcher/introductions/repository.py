"""Introductions in the database, safe against two people changing one at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial, reduce
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, Select, and_, delete, insert, or_, select, update

from matcher.errors import ConflictError, InvalidInputError, NotFoundError
from matcher.introductions.tables import (
    answer_links,
    introduction_moves,
    introductions,
    partner_marks,
)
from matcher.introductions.workflow import (
    CLOSED,
    UNASKED,
    IllegalMoveError,
    Introduction,
    Move,
    Outcome,
    Role,
    State,
    advance,
    expires_on,
    further,
    refusing_side,
    reminder_on,
)
from matcher.mail.outbox import withdraw
from matcher.planning.rules import Exclusions
from matcher.store.database import Repository, upsert
from matcher.store.records import chunks

_OWN = ("a", "b", "purpose", "origin", "version")
"""Columns of an introduction, besides those that its moves tell."""

_COLUMN_OF = {name: name for name in Move.__slots__} | {"on": "day", "to": "to_state"}
"""Column of each field of a move."""


class TakenBack(NamedTuple):
    """An introduction without its last step, and whether the letter of that could be stopped.

    `withdrawn` is ``None`` where there is no letter.
    """

    introduction: Introduction
    withdrawn: bool | None


class Introductions(Repository):
    """All introductions of a database."""

    def add(self, introduction: Introduction) -> Introduction:
        """Save a proposed introduction; its id is given now.

        Raises
        ------
        ConflictError
            The pair already has an introduction under way.
        InvalidInputError
            One side does not want the other.
        """
        with self._database.write() as connection:
            pair = frozenset((introduction.a, introduction.b))
            excluded = _exclusions(connection)
            if pair in excluded.refused:
                raise InvalidInputError("These two must not be introduced: one of them declined.")
            _require_none_open(excluded, pair)
            values = {name: getattr(introduction, name) for name in (*_OWN, "state")}
            new = insert(introductions).values(values).returning(introductions.c.id)
            added = connection.execute(new)
            saved = replace(introduction, id=int(added.scalar_one()))
            for place, move in enumerate(saved.moves):
                _insert_move(connection, saved.id, place, move)
        return saved

    def get(self, key: int) -> Introduction:
        """Read one introduction.

        Raises
        ------
        NotFoundError
            There is none of that id.
        """
        with self._database.read() as connection:
            return _get(connection, key)

    def all(
        self, *, cluster: str | None = None, state: State | None = None, due: date | None = None
    ) -> list[Introduction]:
        """List introductions, the oldest first.

        Parameters
        ----------
        cluster, state
            Only those of a cluster, or in a state.
        due
            Only those whose reminder or expiry has come by this day.
        """
        query = select(introductions).order_by(introductions.c.id)
        if cluster:
            query = query.where(or_(introductions.c.a == cluster, introductions.c.b == cluster))
        if state:
            query = query.where(introductions.c.state == state)
        with self._database.read() as connection:
            rows = connection.execute(query).mappings().all()
            found = _with_moves(connection, rows)
        return [one for one in found if due is None or _is_due(one, due)]

    def move(self, key: int, move: Move, *, version: int) -> Introduction:
        """Apply a move to the version that the mover has seen.

        Raises
        ------
        NotFoundError
            There is no such introduction.
        ConflictError
            It has been changed since.
        IllegalMoveError
            The move is not allowed.
        """
        with self._database.write() as connection:
            return _advanced(connection, _seen(connection, key, version), move)

    def take_back(self, key: int, *, version: int) -> TakenBack:
        """Undo the last step, which staff entered by mistake; where nobody is asked now, links end.

        A letter that it sent is withdrawn while it waits in the outbox; a reminder is not, for the
        link of the letter before has ended.

        Raises
        ------
        NotFoundError
            There is no such introduction.
        ConflictError
            It has been changed since, or the pair has another introduction under way by now.
        IllegalMoveError
            The last step is a side's own answer, or the draft.
        """
        with self._database.write() as connection:
            before = _seen(connection, key, version)
            *earlier, last = before.moves
            if not earlier or not last.who:
                raise IllegalMoveError(
                    f"The last step of introduction {key} was not entered by staff, so that it "
                    "cannot be taken back: record a further step instead."
                )
            after = replace(before, moves=tuple(earlier), version=version + 1)
            if after.is_open and not before.is_open:
                _require_none_open(_exclusions(connection), frozenset((before.a, before.b)))
            _save(connection, before, after)
            moves = introduction_moves.c
            this = (moves.introduction_id == key) & (moves.place == len(earlier))
            connection.execute(delete(introduction_moves).where(this))
            if after.state in UNASKED:
                links = answer_links.c.introduction_id == key
                connection.execute(delete(answer_links).where(links))
            _forget_refusal(connection, after, last)
            reminded = after.state == before.state
            withdrawn = None if reminded else withdraw(connection, of_step(before))
        return TakenBack(after, withdrawn)

    def exclusions(self) -> Exclusions:
        """Pairs that a programme must not introduce now."""
        with self._database.read() as connection:
            return _exclusions(connection)


def of_step(one: Introduction) -> str:
    """Name the last step of an introduction, as the letter that it sends is marked."""
    return f"introduction-{one.id}-{len(one.moves) - 1}."


def carry_on(
    connection: Connection, pair: tuple[str, str], *, by: str, on: date, outcome: Outcome | None
) -> None:
    """Enter in the introduction of a pair, if it has one, that the two met and what came of it.

    An outcome that is entered is only replaced by one that leads further.
    """
    query = select(introductions).where(
        or_(
            and_(introductions.c.a == pair[0], introductions.c.b == pair[1]),
            and_(introductions.c.a == pair[1], introductions.c.b == pair[0]),
        ),
        introductions.c.state.in_(("introduced", "met", "outcome")),
    )
    for one in _with_moves(connection, connection.execute(query).mappings().all()):
        role: Role = "a" if by == one.a else "b"
        steps = [Move(max(on, one.since), role, "met")] if one.state == "introduced" else []
        if outcome and further(one.outcome, outcome) != one.outcome:
            steps.append(Move(max(on, one.since), role, "outcome", outcome=outcome))
        reduce(partial(_advanced, connection), steps, one)


def _is_due(introduction: Introduction, today: date) -> bool:
    days = (reminder_on(introduction), expires_on(introduction))
    return any(day is not None and day <= today for day in days)


def _advanced(connection: Connection, before: Introduction, move: Move) -> Introduction:
    after = advance(before, move)
    _save(connection, before, after)
    _insert_move(connection, before.id, len(before.moves), move)
    _remember_refusal(connection, before, move)
    return after


def _save(connection: Connection, before: Introduction, after: Introduction) -> None:
    changed = connection.execute(
        update(introductions)
        .where(introductions.c.id == before.id, introductions.c.version == before.version)
        .values(state=after.state, version=after.version)
    )
    if changed.rowcount != 1:
        raise _stale(before.id, before.version, None)


def _seen(connection: Connection, key: int, version: int) -> Introduction:
    """Return an introduction, at the version that somebody has seen."""
    found = _get(connection, key)
    if found.version != version:
        raise _stale(key, version, found.version)
    return found


def _stale(key: int, seen: int, now: int | None) -> ConflictError:
    state = f"it is now at version {now}" if now else "it has just been changed"
    return ConflictError(
        f"Introduction {key} was changed by somebody else: you saw version {seen}, {state}. "
        "Read it again, then repeat the move if it still makes sense."
    )


def _get(connection: Connection, key: int) -> Introduction:
    rows = connection.execute(select(introductions).where(introductions.c.id == key))
    found = _with_moves(connection, rows.mappings().all())
    if not found:
        raise NotFoundError(f"There is no introduction {key}.")
    return found[0]


def _with_moves(connection: Connection, rows: Sequence[RowMapping]) -> list[Introduction]:
    moves: dict[int, list[Move]] = {row["id"]: [] for row in rows}
    table = introduction_moves.c
    for part in chunks([*moves]):
        query = select(introduction_moves).where(table.introduction_id.in_(part))
        for row in connection.execute(query.order_by(table.place)).mappings():
            move = Move(**{name: row[column] for name, column in _COLUMN_OF.items()})
            moves[row["introduction_id"]].append(move)
    return [
        Introduction(
            id=row["id"], moves=tuple(moves[row["id"]]), **{name: row[name] for name in _OWN}
        )
        for row in rows
    ]


def _insert_move(connection: Connection, key: int, place: int, move: Move) -> None:
    values = {column: getattr(move, name) for name, column in _COLUMN_OF.items()}
    connection.execute(
        insert(introduction_moves).values(introduction_id=key, place=place, **values)
    )


def _remember_refusal(connection: Connection, before: Introduction, move: Move) -> None:
    if move.answer in ("known_to_us", "not_for_us"):
        upsert(connection, partner_marks, [_mark(before, move)])


def _forget_refusal(connection: Connection, before: Introduction, move: Move) -> None:
    if move.answer in ("known_to_us", "not_for_us"):
        same = (partner_marks.c[name] == value for name, value in _mark(before, move).items())
        connection.execute(delete(partner_marks).where(*same))


def _mark(before: Introduction, move: Move) -> dict[str, object]:
    """Return the mark that a refusal leaves on the pair."""
    second = refusing_side(before, move) == "b"
    cluster, partner = (before.b, before.a) if second else (before.a, before.b)
    return {"cluster_id": cluster, "partner_id": partner, "kind": move.answer, "day": move.on}


def _require_none_open(excluded: Exclusions, pair: frozenset[str]) -> None:
    if pair in excluded.under_way:
        raise ConflictError("These two already have an introduction under way.")


def _exclusions(connection: Connection) -> Exclusions:
    sides = select(introductions.c.a, introductions.c.b)
    marked = select(partner_marks.c.cluster_id, partner_marks.c.partner_id)
    state, kind = introductions.c.state, partner_marks.c.kind
    declined = sides.join(introduction_moves).where(introduction_moves.c.answer == "no")

    def pairs(query: Select[Any, Any]) -> frozenset[frozenset[str]]:
        return frozenset(frozenset((a, b)) for a, b in connection.execute(query))

    return Exclusions(
        known=pairs(marked.where(kind == "known_to_us")) | pairs(sides.where(state == "outcome")),
        refused=pairs(marked.where(kind == "not_for_us")) | pairs(declined),
        under_way=pairs(sides.where(state.not_in(CLOSED))),
    )
