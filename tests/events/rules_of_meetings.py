"""The hard rules and the levels, written once more and independently of the scheduler."""

from collections import Counter
from itertools import product


def broken_rules(event, schedule):
    """Every hard rule that a schedule breaks, in words."""
    people, places = event.by_id, {place.id: place for place in event.places}
    slots = {slot.id: slot for slot in event.slots}
    refused = {wish.pair for wish in event.wishes if wish.kind == "no_thanks"}
    broken = []
    for meeting in schedule.meetings:
        slot = slots[meeting.slot]
        a, b = people[meeting.a], people[meeting.b]
        if meeting.pair in refused:
            broken.append(f"no thanks {meeting}")
        if a.cancelled or b.cancelled:
            broken.append(f"cancelled {meeting}")
        for one in (a, b):
            inside = one.available is None or any(
                window.start <= slot.start and slot.end <= window.end for window in one.available
            )
            if not inside:
                broken.append(f"absent {one.id} {meeting}")
        if any(one.start < slot.end and slot.start < one.end for one in event.breaks):
            broken.append(f"break {meeting}")
        only_online = all(place.kind == "online" for place in event.places)
        if (places[meeting.place].kind == "online") != (a.remote or b.remote or only_online):
            broken.append(f"wrong kind of place {meeting}")
    busy = Counter((key, m.slot) for m in schedule.meetings for key in m.pair)
    seats = Counter((m.place, m.slot) for m in schedule.meetings)
    broken += [f"twice {key}" for key, n in [*busy.items(), *seats.items()] if n > 1]
    pairs = Counter(m.pair for m in schedule.meetings)
    broken += [f"pair twice {pair}" for pair, n in pairs.items() if n > 1]
    load = Counter(key for m in schedule.meetings for key in m.pair)
    broken += [f"maximum {key}" for key, n in load.items() if n > people[key].maximum]
    for one in event.fixed:
        held = [m for m in schedule.meetings if m.pair == one.pair and m.slot == one.slot]
        if not held or (one.place and held[0].place != one.place):
            broken.append(f"fixed {one}")
    return broken


def worth(event, values):
    """Value of each pair that may meet, and how many sides call it a must."""
    refused = {wish.pair for wish in event.wishes if wish.kind == "no_thanks"}
    sides = {(w.by, w.pair) for w in event.wishes if w.kind != "no_thanks"}
    musts = Counter(
        pair for _, pair in {(w.by, w.pair) for w in event.wishes if w.kind == "must_meet"}
    )
    known = {tuple(sorted(pair)) for pair in event.met_before}
    pairs = {*values, *(pair for _, pair in sides), *(one.pair for one in event.fixed)}
    table = {}
    for pair in pairs - refused:
        value = values.get(pair, 0.0) + 0.5 * sum(pair == asked for _, asked in sides)
        table[pair] = (musts[pair], 0.0 if pair in known else value)
    return table


def levels(event, values, pairs):
    """(minus meetings lacking, musts honoured, total value) of a set of pairs."""
    table = worth(event, values)
    load = Counter(key for pair in pairs for key in pair)
    lacking = sum(max(0, one.minimum - load[one.id]) for one in event.participants)
    return (
        -lacking,
        sum(table[pair][0] for pair in pairs),
        round(sum(table[pair][1] for pair in pairs), 6),
    )


def best_by_enumeration(event, values):
    """Best levels of all schedules: every choice of a slot, or none, for every pair."""
    table = worth(event, values)
    fixed = {one.pair: one.slot for one in event.fixed}
    options = []
    for pair in sorted(table):
        a, b = (event.by_id[key] for key in pair)
        shared = [s.id for s in event.slots if a.is_available(s) and b.is_available(s)]
        options.append([fixed[pair]] if pair in fixed else [None, *shared])
    room = {online: len(event.usable_places(online=online)) for online in (False, True)}
    best = None
    for choice in product(*options):
        held = {p: s for p, s in zip(sorted(table), choice, strict=True) if s is not None}
        if _fits(event, held, room, fixed):
            found = levels(event, values, held)
            best = found if best is None else max(best, found)
    return best


def _fits(event, held, room, fixed):
    people = event.by_id
    busy = Counter((key, slot) for pair, slot in held.items() for key in pair)
    load = Counter(key for pair in held for key in pair)
    if any(n > 1 for n in busy.values()) or any(n > people[k].maximum for k, n in load.items()):
        return False

    def crowd(pairs):
        return Counter(
            (slot, event.is_online(*(people[k] for k in pair))) for pair, slot in pairs.items()
        )

    by_hand = crowd(fixed)
    return all(
        n <= max(room[online], by_hand[slot, online]) for (slot, online), n in crowd(held).items()
    )
