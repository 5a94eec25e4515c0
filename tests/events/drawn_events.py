"""Hypothesis strategy: small events of every shape that validation lets through."""

from dataclasses import dataclass
from itertools import combinations

from hypothesis import strategies as st
from meeting_grids import grid_of

from matcher.errors import InvalidInputError
from matcher.events.event import Event, FixedMeeting, Participant, Place, Window, Wish


@dataclass(frozen=True)
class Drawn:
    event: Event
    values: dict[tuple[str, str], float]


@st.composite
def drawn_events(draw, people=7, slots=6, tables=3):
    grid = grid_of(draw(st.integers(1, slots)), draw(st.integers(1, slots)))
    keys = [f"p{n}" for n in range(draw(st.integers(2, people)))]
    remote_allowed = draw(st.booleans())
    places = [Place(id=f"t{n}", name=f"T{n}") for n in range(draw(st.integers(1, tables)))]
    if remote_allowed:
        count = draw(st.integers(1, 2))
        places += [Place(id=f"o{n}", name=f"O{n}", kind="online") for n in range(count)]
    participants = [draw(_participants(key, grid, remote_allowed)) for key in keys]
    pairs = list(combinations(keys, 2))
    wishes = draw(
        st.lists(
            st.builds(
                lambda pair, kind, turn: Wish(by=pair[turn], about=pair[1 - turn], kind=kind),
                st.sampled_from(pairs),
                st.sampled_from(["must_meet", "meet", "meet", "no_thanks"]),
                st.integers(0, 1),
            ),
            max_size=8,
        )
    )
    shares = st.integers(0, 20).map(lambda n: n / 20)
    valued = draw(st.lists(st.sampled_from(pairs), unique=True))
    values = {pair: draw(shares) for pair in valued}
    event = Event(
        id="drawn",
        title="Drawn",
        zone="Europe/Kyiv",
        slots=grid,
        places=places,
        spare_share=draw(st.sampled_from([0.0, 0.1, 0.2])),
        participants=participants,
        wishes=wishes,
        met_before=draw(st.lists(st.sampled_from(pairs), max_size=2)),
    )
    return Drawn(_with_fixed(draw, event, pairs), values)


def _with_fixed(draw, event, pairs):
    """Fix up to two meetings where that contradicts nothing."""
    for pair in draw(st.lists(st.sampled_from(pairs), unique=True, max_size=2)):
        slot = draw(st.sampled_from(event.slots)).id
        place = draw(st.sampled_from([None, *(place.id for place in event.places)]))
        one = FixedMeeting(a=pair[0], b=pair[1], slot=slot, place=place)
        try:
            event = Event.model_validate(
                {**event.model_dump(), "fixed": [*event.model_dump()["fixed"], one.model_dump()]}
            )
        except InvalidInputError:
            continue
    return event


@st.composite
def _participants(draw, key, grid, remote_allowed):
    available = None
    if draw(st.booleans()):
        first, last = sorted(
            (draw(st.sampled_from(grid)), draw(st.sampled_from(grid))), key=lambda slot: slot.start
        )
        available = (Window(start=first.start, end=last.end),)
    maximum = draw(st.integers(0, 6))
    return Participant(
        id=key,
        name=key.upper(),
        available=available,
        maximum=maximum,
        minimum=draw(st.integers(0, min(maximum, 3))),
        remote=remote_allowed and draw(st.booleans()),
    )
