import numpy as np
import pytest

from matcher.errors import InvalidInputError
from matcher.matching.links import KnownLinks
from matcher.planning.plan import PlanRequest, SideLimits, participants, plan_introductions
from matcher.planning.rules import Exclusions, documented
from matcher.planning.solver.instance import PairFits
from matcher.profiles.partnership import Partnership
from matcher.profiles.profile import ClusterProfile


def cluster(key, **more):
    return ClusterProfile(id=key, name=f"Cluster {key}", country=key[:2].upper(), **more)


EAST = (cluster("md-c"), cluster("ua-a"), cluster("ua-b"))
WEST = (cluster("pl-x"), cluster("ro-y"))
VALUES = np.array([[0.5, 0.6], [0.9, 0.8], [0.7, 0.3]])
FITS = PairFits(VALUES, VALUES, VALUES)


def plan(exclusions=None, fits=FITS, sides=(EAST, WEST), **request):
    request.setdefault("asker_limits", SideLimits(at_most=1))
    request.setdefault("target_limits", SideLimits(at_most=1))
    return plan_introductions(PlanRequest(**request), sides, fits, exclusions or Exclusions())


def ids(programme):
    return [(one.a.id, one.b.id) for one in programme.introductions]


def pair(a, b):
    return frozenset((a, b))


def test_the_best_pairs_come_first():
    assert ids(plan()) == [("ua-a", "ro-y"), ("ua-b", "pl-x")]


@pytest.mark.parametrize(
    ("exclusions", "rule"),
    [
        (Exclusions(known=frozenset({pair("ro-y", "ua-a")})), "already known to each other"),
        (Exclusions(refused=frozenset({pair("ua-a", "ro-y")})), "refused before"),
        (Exclusions(under_way=frozenset({pair("ua-a", "ro-y")})), "an introduction under way"),
    ],
)
def test_history_rules_pairs_out_in_either_order_and_is_named(exclusions, rule):
    programme = plan(exclusions)
    assert ("ua-a", "ro-y") not in ids(programme)
    assert rule in str(programme.why_not("ua-a", "ro-y")[0])


def test_known_pairs_may_be_allowed_or_fixed_but_refusals_beat_everything():
    known = Exclusions(known=frozenset({pair("ua-a", "ro-y")}))
    assert ("ua-a", "ro-y") in ids(plan(known, allow_known=True))
    assert ("ua-a", "ro-y") in ids(plan(known, fixed=(("ua-a", "ro-y"),)))
    refused = Exclusions(refused=frozenset({pair("ua-a", "ro-y")}))
    with pytest.raises(InvalidInputError):
        plan(refused, fixed=(("ua-a", "ro-y"),), allow_known=True)


def test_own_country_own_self_and_mirrored_pairs_are_out():
    both = (cluster("md-c"), cluster("ua-a"), cluster("ua-b"))
    full = np.ones((3, 3))
    programme = plan(
        fits=PairFits(full, full, full),
        sides=(both, both),
        asker_limits=SideLimits(at_most=3),
        target_limits=SideLimits(at_most=3),
    )
    assert sorted(ids(programme)) == [("md-c", "ua-a"), ("md-c", "ua-b")]


def test_the_programmes_no_list_and_documented_partnerships():
    row = {
        "id": "p",
        "name": "P",
        "kind": "project",
        "members": [{"id": key, "name": key} for key in ("ua-a", "ro-y", "de-z")],
    }
    links = KnownLinks([Partnership.model_validate(row)])
    excluded = Exclusions(known=documented(links, EAST))
    assert pair("ua-a", "ro-y") in excluded.known
    programme = plan(excluded, never=(("ua-a", "pl-x"),))
    assert "ua-a" not in [a for a, _ in ids(programme)]


def test_capacity_of_a_profile_caps_what_the_programme_asks():
    full = (*EAST[:2], cluster("ua-b", capacity=0))
    programme = plan(sides=(full, WEST), asker_limits=SideLimits(at_least=1, at_most=3))
    assert "ua-b" not in [a for a, _ in ids(programme)]
    assert not [s for s in programme.plan.shortfalls if s.side == "asker" and s.index == 2]


def test_exceptions_by_id_and_unmet_wishes():
    programme = plan(
        asker_limits=SideLimits(at_most=1, exceptions={"md-c": (1, 1)}),
        target_limits=SideLimits(at_most=1, exceptions={"pl-x": (0, 0)}),
    )
    assert ids(programme) == [("md-c", "ro-y")]


def test_why_not_names_who_holds_the_places_and_the_price():
    text = " ".join(map(str, plan().why_not("md-c", "ro-y")))
    assert "Cluster ro-y has reached its limit of 1 and is to meet Cluster ua-a (0.80)." in text
    assert "Cluster ua-a – Cluster ro-y (0.80)" in text
    assert "worth 0.000 less" not in text
    (told,) = plan().why_not("ua-a", "ro-y")
    assert str(told) == "Cluster ua-a and Cluster ro-y are in the plan."
    with pytest.raises(InvalidInputError):
        plan().why_not("ua-a", "de-z")


def test_why_not_counts_the_loss():
    text = " ".join(map(str, plan().why_not("md-c", "ro-y")))
    best_with_it = VALUES[0, 1] + VALUES[1, 0]
    loss = VALUES[1, 1] + VALUES[2, 0] - best_with_it
    assert abs(loss) < 5e-4
    assert "would be just as good" in text
    cheaper = plan().why_not("md-c", "pl-x")
    assert "With it, the best plan is worth 0.200 less." in map(str, cheaper)


def test_a_total_takes_the_best_and_says_so():
    programme = plan(total=1)
    assert ids(programme) == [("ua-a", "pl-x")]
    reasons = {str(one.reason) for one in programme.exposure().unserved}
    assert reasons == {"the programme's introductions go to pairs that add more to the plan"}
    short = plan(total=1, asker_limits=SideLimits(at_least=1, at_most=1)).plan.shortfalls
    assert {str(one.reason) for one in short} == {"the total of the programme, 1, is used up"}
    with pytest.raises(InvalidInputError, match="total"):
        plan(total=1, fixed=(("ua-a", "ro-y"), ("ua-b", "pl-x")))
    text = " ".join(map(str, plan(total=1, fixed=(("ua-a", "ro-y"),)).why_not("ua-b", "pl-x")))
    assert "fixed pairs use up the limit" in text


def test_pairs_below_the_least_value_are_told_but_not_planned():
    wishes = {"asker_limits": SideLimits(at_most=2), "target_limits": SideLimits(at_most=2)}
    programme = plan(least_value=0.7, total=4, **wishes)
    assert ids(programme) == [("ua-a", "pl-x"), ("ua-a", "ro-y"), ("ua-b", "pl-x")]
    assert [(one.a.id, one.b.id, one.value) for one in programme.below] == [("md-c", "ro-y", 0.6)]
    (told,) = programme.why_not("md-c", "ro-y")
    assert "worth less than the least value of the programme" in str(told)
    kept = plan(least_value=0.7, fixed=(("ua-b", "ro-y"),))
    assert ids(kept) == [("ua-a", "pl-x"), ("ua-b", "ro-y")]
    assert plan().below == ()


def test_exposure_speaks_of_clusters():
    programme = plan()
    (unserved,) = programme.exposure().unserved
    assert programme.cluster(unserved.side, unserved.index).id == "md-c"


def test_participants_default_to_the_two_sides_of_the_programme():
    everyone = [
        cluster("ua-a"),
        cluster("pl-x"),
        cluster("de-h", visibility="hidden"),
        cluster("am-b"),
    ]
    askers, targets = participants(everyone, PlanRequest())
    assert [c.id for c in askers] == ["am-b", "ua-a"]
    assert [c.id for c in targets] == ["pl-x"]
    some = PlanRequest(askers=("pl-x",), targets=("am-b", "ua-a"))
    askers, targets = participants(everyone, some)
    assert ([c.id for c in askers], [c.id for c in targets]) == (["pl-x"], ["am-b", "ua-a"])


def test_unknown_ids_are_all_named():
    request = PlanRequest(askers=("ua-x",), target_limits=SideLimits(exceptions={"pl-q": (0, 1)}))
    with pytest.raises(InvalidInputError) as caught:
        participants([cluster("ua-a")], request)
    assert [problem.where for problem in caught.value.problems] == [
        "askers",
        "target_limits.exceptions",
    ]
