import pytest

from matcher import PartnerQuery, notebook, read_profiles
from matcher.profiles.profile import DraftProfile


@pytest.fixture(scope="module")
def answer(analyst):
    return analyst.recommend("Kharkiv IT Cluster", k=5)


@pytest.fixture(scope="module")
def pair(analyst, answer):
    return analyst.explain("Kharkiv IT Cluster", answer.partners[0].id)


@pytest.fixture(scope="module")
def plan(analyst):
    askers = [one.id for one in analyst.clusters if one.country == "GE"][:4]
    return notebook.plan(
        analyst, askers=askers, asker_limits={"at_most": 1}, target_limits={"at_most": 1}
    )


def test_partners_as_a_frame(answer):
    frame = answer.to_frame()
    assert list(frame.index) == [1, 2, 3, 4, 5]
    assert frame["score"].is_monotonic_decreasing
    assert list(frame["id"]) == [one.id for one in answer.partners]
    shares = answer.contributions_frame()
    assert shares.loc[frame.loc[2, "id"]].sum() == pytest.approx(
        sum(item.contribution for item in answer.partners[1].contributions)
    )


def test_no_partners_still_make_a_frame(analyst):
    nobody = analyst.recommend("Kharkiv IT Cluster", filters={"technologies": ("no such thing",)})
    assert nobody.to_frame().empty
    assert "score" in nobody.to_frame()


def test_a_pair_as_a_frame(pair):
    frame = pair.to_frame()
    assert frame["contribution"].abs().is_monotonic_decreasing
    assert {"title", "to_you", "to_them", "yours", "theirs"} <= set(frame.columns)


def test_a_plan_as_a_frame(plan):
    frame = plan.to_frame()
    assert len(frame) == 4
    assert frame["target"].is_unique
    assert frame["value"].is_monotonic_decreasing
    assert plan.exposure().plan.introductions == 4


def test_what_a_fuller_profile_changes_as_a_frame(analyst):
    known = analyst.find("Kharkiv IT Cluster").model_dump(exclude={"id", "seeks"})
    before = DraftProfile.model_validate({**known, "seeks": ()})
    after = before.model_copy(update={"seeks": ("clients in the EU for software",)})
    old, new = (
        analyst.recommend(PartnerQuery(profile=draft, k=5)).partners for draft in (before, after)
    )
    change = analyst.what_if(before, after, k=5)
    frame = change.to_frame()
    assert list(frame["rank"]) == [1, 2, 3, 4, 5]
    assert list(frame.index) == [one.id for one in new]
    assert frame["before"].dropna().to_dict() == {
        one.id: one.rank for one in old if one.id in frame.index
    }
    assert change.added == ("seeks",)
    assert change.complete_after > change.complete_before


def test_the_landscape_as_a_frame(analyst):
    frame = analyst.landscape().to_frame()
    public = [one for one in analyst.public if one.country == "GE"]
    assert frame.loc["GE"].sum() == sum(len(one.ecosystems) for one in public)
    assert analyst.landscape() is analyst.landscape()


def test_a_sheet_names_its_bad_rows(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("name,country,members_total\nGood,UA,5\nSecond,Atlantis,6\nThird,Utopia,7\n")
    sheet = read_profiles(file)
    assert list(notebook.profiles(sheet.profiles)["name"]) == ["Good"]
    problems = notebook.problems(sheet)
    assert list(problems["where"]) == ["line 3", "line 4"]
    assert list(problems["severity"]) == ["problem", "problem"]
