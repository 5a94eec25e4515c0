from html.parser import HTMLParser

import pytest
from matcher.analysis.html import bar, box, signed_bar, table

from matcher import PartnerQuery, read_profiles
from matcher.matching.recommendation import PartnerList
from matcher.matching.serialise import explanation_json, partner_list_json
from matcher.profiles.profile import DraftProfile

EVIL = "<script>alert(1)</script>"


class Tags(HTMLParser):
    """Collects tags and attributes; fails on tags that are not closed in order."""

    def __init__(self, page):
        super().__init__()
        self.open, self.seen, self.attributes = [], [], []
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def answer(analyst):
    return analyst.recommend("Kharkiv IT Cluster", k=5)


@pytest.fixture(scope="module")
def pair(analyst, answer):
    return analyst.explain("Kharkiv IT Cluster", answer.partners[0].id)


@pytest.fixture(scope="module")
def plan(analyst):
    askers = [one.id for one in analyst.clusters if one.country == "GE"][:4]
    return analyst.plan(askers=askers, asker_limits={"at_most": 1}, target_limits={"at_most": 1})


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
    Tags(nobody._repr_html_())


def test_a_pair_as_a_frame(pair):
    frame = pair.to_frame()
    assert frame["contribution"].abs().is_monotonic_decreasing
    assert {"title", "to_you", "to_them", "yours", "theirs"} <= set(frame.columns)


def test_answers_stay_what_they_were(answer, pair):
    assert isinstance(answer, PartnerList)
    assert len(partner_list_json(answer)["partners"]) == 5
    assert explanation_json(pair)["id"] == answer.partners[0].id


def test_a_plan_as_a_frame(plan):
    frame = plan.to_frame()
    assert len(frame) == 4
    assert frame["target"].is_unique
    assert frame["value"].is_monotonic_decreasing
    assert plan.exposure().plan.introductions == 4


def test_displays_are_self_contained(answer, pair, plan, across):
    for shown in (answer, pair, plan, across):
        tags = Tags(shown._repr_html_())
        assert not {"script", "link", "img", "iframe", "style"} & set(tags.seen)
        assert not {"src", "href"} & set(tags.attributes)
        assert not [name for name in tags.attributes if name.startswith("on")]


def test_text_of_profiles_is_escaped(analyst):
    draft = DraftProfile(name=EVIL, country="UA", description="Software firms", offers=(EVIL,))
    shown = analyst.recommend(PartnerQuery(profile=draft, k=3))._repr_html_()
    assert EVIL not in shown
    shown = box(EVIL, EVIL, table((EVIL,), [(EVIL,)]), bar(0.5, EVIL), foot=EVIL)
    assert EVIL not in shown
    Tags(shown)


def test_bars_stay_within_their_box():
    assert "width:100%" in bar(3.0, "")
    assert "width:0%" in bar(-1.0, "")
    assert "left:0%;width:50%" in signed_bar(-9.0, 2.0)
    assert "width:0%" in signed_bar(0.0, 0.0)


def test_a_sheet_names_its_bad_rows(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text(f"name,country,members_total\nGood,UA,5\n{EVIL},Atlantis,6\nThird,MD,many\n")
    sheet = read_profiles(str(file))
    assert list(sheet.to_frame()["name"]) == ["Good"]
    problems = sheet.problems_frame()
    assert list(problems["where"]) == ["line 3", "line 4"]
    assert list(problems["severity"]) == ["problem", "problem"]
    assert "1 of 3 rows" in sheet._repr_html_()
    assert EVIL not in sheet._repr_html_()
    assert len(read_profiles(file.read_bytes()).profiles) == 1
