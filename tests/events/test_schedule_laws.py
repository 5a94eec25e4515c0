"""Laws of the scheduler, on events drawn by hypothesis."""

from collections import Counter

from drawn_events import drawn_events
from hypothesis import given
from hypothesis import strategies as st
from rules_of_meetings import best_by_enumeration, broken_rules, levels

from matcher.events.attendance import cancel_participants
from matcher.events.scheduler import freeze, replan, schedule
from matcher.events.scheduler.instance import build_instance
from matcher.events.scheduler.placing import greedy

QUICK = 0.02


def plan(drawn, **more):
    return schedule(drawn.event, drawn.values, seconds=QUICK, **more)


def reached(drawn, schedule_):
    return levels(drawn.event, drawn.values, {m.pair for m in schedule_.meetings})


@given(drawn_events(people=9, slots=8))
def test_no_hard_rule_is_ever_broken(drawn):
    assert broken_rules(drawn.event, plan(drawn)) == []


@given(drawn_events(people=9, slots=8))
def test_never_worse_than_greedy_nor_better_than_the_bound(drawn):
    found = plan(drawn)
    problem = build_instance(drawn.event, drawn.values)
    by_hand = {problem.pair(n) for n in greedy(problem)[0]}
    figures = found.figures
    assert reached(drawn, found) >= levels(drawn.event, drawn.values, by_hand)
    assert (figures.lacking, figures.musts) >= (figures.lacking_bound, 0)
    assert figures.musts <= figures.musts_bound
    assert figures.value <= figures.value_bound + 1e-9


@given(drawn_events(people=4, slots=3, tables=2))
def test_small_events_are_solved_to_the_optimum(drawn):
    found = plan(drawn)
    assert found.figures.optimal
    assert reached(drawn, found) == best_by_enumeration(drawn.event, drawn.values)


@given(drawn_events())
def test_the_figures_say_what_the_meetings_achieve(drawn):
    found = plan(drawn)
    figures = found.figures
    lacking, musts, value = reached(drawn, found)
    assert (-figures.lacking, figures.musts, round(figures.value, 6)) == (lacking, musts, value)
    assert figures.idle_gaps == sum(load.idle_gaps for load in found.loads)
    assert figures.table_changes == sum(load.table_changes for load in found.loads)


@given(drawn_events(), st.integers(0, 3))
def test_same_input_and_seed_give_the_same_schedule(drawn, seed):
    assert plan(drawn, seed=seed).model_dump_json() == plan(drawn, seed=seed).model_dump_json()


@given(drawn_events(people=8), st.data())
def test_a_cancellation_moves_nobody_else(drawn, data):
    before = plan(drawn)
    gone = data.draw(st.sampled_from([one.id for one in drawn.event.participants]))
    event = cancel_participants(drawn.event, [gone])
    after = replan(event, drawn.values, before, seconds=QUICK)
    assert broken_rules(event, after) == []
    kept = {m for m in before.meetings if gone not in m.pair}
    assert {m.model_copy(update={"fixed": False}) for m in kept} <= {
        m.model_copy(update={"fixed": False}) for m in after.meetings
    }
    assert {m.pair for m in after.withdrawn} == {m.pair for m in before.of(gone)}


@given(drawn_events(people=8), st.data())
def test_a_lost_place_costs_moves_only_where_needed(drawn, data):
    before = freeze(plan(drawn))
    lost = data.draw(st.sampled_from(drawn.event.places))
    if lost.id in {one.place for one in drawn.event.fixed}:
        return
    places = tuple(place for place in drawn.event.places if place != lost)
    alike = {place.id for place in places if (place.kind == "online") == (lost.kind == "online")}
    if not alike:
        return
    event = drawn.event.model_copy(update={"places": places})
    after = replan(event, drawn.values, before, seconds=QUICK)
    assert broken_rules(event, after) == []
    assert {m.pair for m in after.meetings} <= {m.pair for m in before.meetings}
    crowd = Counter(m.slot for m in before.meetings if m.place in {*alike, lost.id})
    if max(crowd.values(), default=0) <= len(alike):
        changed = {m.pair for m in before.meetings} - {
            m.pair for m in after.meetings if m.sequence == 1
        }
        assert changed == {m.pair for m in before.at(lost.id)}
        assert {(m.pair, m.slot) for m in after.meetings} == {
            (m.pair, m.slot) for m in before.meetings
        }


@given(drawn_events(people=8), st.data())
def test_a_change_worked_in_twice_gives_the_same_schedule(drawn, data):
    before = plan(drawn)
    gone = data.draw(st.sampled_from(drawn.event.participants)).id
    event = cancel_participants(drawn.event, [gone])
    first, second = (replan(event, drawn.values, before, seconds=QUICK) for _ in range(2))
    assert first == second


@given(drawn_events(people=8))
def test_every_wished_pair_is_scheduled_or_explained(drawn):
    found = plan(drawn)
    held = {m.pair for m in found.meetings}
    wished = {w.pair for w in drawn.event.wishes if w.kind != "no_thanks"}
    assert {(m.a, m.b) for m in found.missed} == wished - held
    assert all(m.code not in ("not_found", "frozen") for m in found.missed)
    refused = {w.pair for w in drawn.event.wishes if w.kind == "no_thanks"}
    assert {(m.a, m.b) for m in found.missed if m.private} == (wished - held) & refused
