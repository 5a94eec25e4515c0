import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from babel import Locale
from pypdf import PdfReader

from matcher.documents.archive import FORMATS, brief_archive, render_brief
from matcher.documents.letters import Occasion, answer_day, first_ask, joint_introduction
from matcher.i18n import CODES
from matcher.i18n.languages import language
from matcher.i18n.message import Message
from matcher.introductions.eligibility import eligibility
from matcher.introductions.programme import Programme
from matcher.introductions.workflow import Move, advance, propose
from matcher.matching.recommendation import Evidence, KnownLink, PhraseMatch
from matcher.profiles.profile import ClusterProfile
from matcher.profiles.taxonomy import countries

DAY = date(2026, 3, 2)
NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }} {% raw %} {name} %s",
    '=HYPERLINK("http://evil.example")',
    "[click](javascript:alert(1)) ![x](http://evil.example/x.png)",
    "<b>&amp;</b> <para> <font color='red'>",
    "\u202egnp.exe \ufffe\uffff \u2028",
)


def cluster(key="ua-one", name="One Cluster", **more):
    return ClusterProfile(id=key, name=name, country=key[:2].upper(), **more)


def pdf_text(content):
    pages = PdfReader(BytesIO(content)).pages
    assert len(pages) == 1
    return pages[0].extract_text()


def docx_text(content):
    document = docx.Document(BytesIO(content))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(
        [p.text for p in document.paragraphs] + [p.text for c in cells for p in c.paragraphs]
    )


def flat(text):
    """Letters alone: line ends, hyphenation and spacing are a matter of the view."""
    return re.sub(r"[\s\\\u200b]+", "", text)


def in_words(brief, form):
    content = render_brief(brief, form)
    views = {"pdf": pdf_text, "docx": docx_text}
    return views[form](content)


@pytest.mark.parametrize("code", CODES)
def test_countries_are_named_as_the_cldr_names_them(code):
    for country, known in countries().items():
        if known.group != "other":
            assert language(code).country(country) == Locale(code).territories[country]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("code", CODES)
def test_every_view_says_everything(make_brief, clusters, form, code):
    a, b = clusters["ua-kharkiv-it-cluster"], clusters["ro-cluj-it-cluster"]
    brief = make_brief(a, b, language=code)
    text = flat(in_words(brief, form))
    for part in (
        a.name,
        b.name,
        a.native_name,
        brief.purpose,
        *(
            phrase
            for why in (brief.why_for_a, brief.why_for_b)
            for m in why.matches
            for phrase in m
        ),
        *brief.why_for_a.points,
        *brief.questions,
        brief.first_step,
        *brief.unknown,
        *brief.eligibility,
        *brief.past,
    ):
        assert flat(part) in text, part


def test_programmes_past_their_review_are_named_with_a_warning():
    sides = cluster(), cluster("pl-two")
    told, *warned = eligibility(*sides, date(2027, 12, 31), language("en"))
    assert "Horizon Europe" in told
    assert not warned
    assert "may have changed" in eligibility(*sides, date(2028, 1, 1), language("en"))[-1]


@pytest.mark.parametrize("form", FORMATS)
def test_user_text_is_data(make_brief, form):
    for nasty in NASTY:
        a = cluster(name=nasty, offers=(nasty,), seeks=(nasty,), description=nasty, city=nasty)
        b = cluster("pl-two", name=nasty, offers=(nasty,), seeks=(nasty,), native_name=nasty)
        brief = make_brief(a, b, matches=(PhraseMatch("you", nasty, nasty, 0.9),))
        render_brief(brief, form)


def test_pdf_markup_of_a_profile_is_shown_as_it_is(make_brief):
    brief = make_brief(cluster(name="A & <b>B</b>"), cluster("pl-two"))
    assert "A & <b>B</b>" in in_words(brief, "pdf")


def test_georgian_and_armenian_letters_are_in_the_pdf(make_brief):
    a = cluster("ge-one", name="ბიოფარმაცევტული კლასტერი")
    b = cluster("am-two", name="Հայկական կլաստեր")
    text = in_words(make_brief(a, b), "pdf")
    assert a.name in text and b.name in text


@pytest.mark.parametrize("code", CODES)
def test_known_pairs_fit_on_one_page(make_brief, clusters, known_pairs, code):
    share = known_pairs[CODES.index(code) :: 15]
    assert len(share) > 5
    for a, b in share:
        brief = make_brief(clusters[a], clusters[b], language=code)
        assert len(PdfReader(BytesIO(render_brief(brief, "pdf"))).pages) == 1, (a, b)


def test_the_wordiest_pair_still_fits_on_one_page(make_brief, clusters):
    def words(c):
        return sum(map(len, (c.name, *c.offers[:3], *c.seeks[:3], (c.description or "")[:230])))

    a, b = sorted(clusters.values(), key=words)[-2:]
    for code in CODES:
        brief = make_brief(a, b, language=code)
        assert len(PdfReader(BytesIO(render_brief(brief, "pdf"))).pages) == 1


def test_same_brief_same_pdf(make_brief, clusters):
    a, b = clusters["ua-kharkiv-it-cluster"], clusters["ro-cluj-it-cluster"]
    assert render_brief(make_brief(a, b), "pdf") == render_brief(make_brief(a, b), "pdf")


def test_questions_and_first_step_come_from_the_pair(make_brief, recommend):
    a = cluster(seeks=("test fields for drones",), offers=("drone software",))
    b = cluster("pl-two", name="Two", offers=("airfield for tests",), seeks=("developers",))
    match = PhraseMatch("you", a.seeks[0], b.offers[0], 0.9)
    brief = make_brief(a, b, matches=(match,))
    assert "airfield for tests" in brief.first_step
    assert "test fields for drones" in brief.questions[0]
    assert any("developers" in question for question in brief.questions)
    assert len(set(brief.questions)) == 3
    link = KnownLink("x", "DRONES-2", "consortium", 2019, ())
    after = make_brief(a, b, found=recommend(a, b, known_links=(link,)))
    assert "DRONES-2" in after.questions[0] and "DRONES-2" in after.first_step
    assert after.past == ("DRONES-2 (2019)",)


def test_a_pair_of_which_little_is_known_still_gets_three_questions(make_brief):
    brief = make_brief(cluster(), cluster("pl-two", name="Two"))
    assert len(set(brief.questions)) == 3
    assert any("number of members" in line for line in brief.unknown)


def introduced(*steps):
    introduction = propose("ua-one", "pl-two", purpose="A joint bid", on=DAY)
    for step in steps:
        introduction = advance(introduction, Move(DAY, "staff", step))
    return introduction


@pytest.mark.parametrize(
    ("steps", "shown"),
    [
        ((), False),
        (("vetted", "asked_a"), False),
        (("vetted", "asked_a", "asked_b"), False),
        (("vetted", "asked_a", "asked_b", "agreed"), True),
        (("vetted", "asked_a", "asked_b", "agreed", "introduced"), True),
        (("vetted", "asked_a", "asked_b", "agreed", "expired"), False),
    ],
)
def test_no_person_is_named_before_both_sides_agreed(make_brief, steps, shown):
    contacts = {"ua-one": ("Olena K., olena@one.example",)}
    brief = make_brief(
        cluster(), cluster("pl-two"), introduction=introduced(*steps), contacts=contacts
    )
    for form in FORMATS:
        assert ("olena@one.example" in flat(in_words(brief, form))) == shown
    assert ("olena@one.example" in joint_introduction(brief).text) == shown
    assert "olena" not in first_ask(brief, "b").text


@pytest.mark.parametrize("form", FORMATS)
def test_a_brief_tells_no_score_no_count_of_criteria_and_no_consent(make_brief, form):
    asked = introduced("vetted", "asked_a", "asked_b")
    brief = make_brief(cluster(), cluster("pl-two", name="Two"), introduction=asked)
    words = flat(in_words(brief, form)).casefold()
    assert "ajointbid" in words
    assert not re.search(r"/100|criteria|consent|agreed|noanswer|notasked|0[.,]\d\d", words)


@pytest.mark.parametrize("form", FORMATS)
def test_what_a_cluster_says_in_its_own_words_is_quoted(make_brief, form):
    a = cluster(description="We make clay jars.", offers=("clay jars",), seeks=("kilns",))
    words = flat(in_words(make_brief(a, cluster("pl-two"), language="uk"), form))
    for own in ("We make clay jars.", "clay jars", "kilns"):
        assert flat(f"«{own}»") in words


def test_a_need_that_may_be_met_is_asked_about_on_both_sides(make_brief, recommend):
    a, b = cluster(name="One"), cluster("pl-two", name="Two")
    said = Message("so")
    near = (
        Evidence("need_near", "you", "kilns", "ovens", 0.4, said),
        Evidence("need_near", "them", "clay jars", "jugs", 0.3, said),
    )
    brief = make_brief(a, b, found=recommend(a, b, matches=(), evidence=near))
    assert brief.why_for_a.points[0] == "One is looking for “kilns”: ask Two about “ovens”"
    assert brief.why_for_b.points[0] == "Two is looking for “jugs”: ask One about “clay jars”"


@pytest.mark.parametrize("code", CODES)
def test_letters_leave_no_gap_open(make_brief, clusters, code):
    a, b = clusters["ua-kharkiv-it-cluster"], clusters["ro-cluj-it-cluster"]
    brief = make_brief(a, b, language=code)
    for letter in (
        first_ask(brief, "a"),
        first_ask(brief, "b"),
        joint_introduction(brief),
    ):
        assert not re.search(r"{\w+}", letter.subject + letter.text)
        assert "\n" not in letter.subject
        assert a.name in letter.subject + letter.text and b.name in letter.subject + letter.text


def test_a_letter_names_the_event_its_addresses_and_a_day_that_makes_sense(make_brief):
    friday, fair = date(2026, 3, 6), Occasion("Spring fair", date(2026, 3, 16))
    assert answer_day(friday, 21) == date(2026, 3, 27)
    assert answer_day(friday, 22) == date(2026, 3, 27)  # the 28th is a Saturday
    assert answer_day(friday, 21, fair) == date(2026, 3, 13)  # the fair is on a Monday
    assert answer_day(friday, 3, fair) == date(2026, 3, 9)
    assert answer_day(friday, 21, Occasion("Tomorrow", date(2026, 3, 7))) == date(2026, 3, 7)
    assert answer_day(friday, 21, deadline=date(2026, 3, 12)) == date(2026, 3, 12)
    assert answer_day(friday, 21, deadline=friday) == date(2026, 3, 27)  # it has passed
    brief = make_brief(cluster(), cluster("pl-two"), occasion=fair)
    asked = first_ask(brief, "a", to=("office@one.example.org",))
    assert "You both take part in Spring fair on 16 March 2026" in asked.text
    assert asked.whole.splitlines()[:2] == ["office@one.example.org", asked.subject]


@pytest.mark.parametrize("form", FORMATS)
def test_papers_say_what_is_settled_of_the_programme(make_brief, form):
    days = {"event_day": date(2026, 5, 4), "deadline": date(2026, 3, 12)}
    settled = Programme(name="Bridges", sender="The office", event="Spring fair", **days)
    brief = make_brief(cluster(), cluster("pl-two"), programme=settled, on=date(2026, 3, 6))
    words = flat(in_words(brief, form))
    assert flat("You could also talk at Spring fair on 4 May 2026.") in words
    assert flat("Bridges · Made on") in words
    for letter in (first_ask(brief, "a"), joint_introduction(brief)):
        assert letter.text.endswith("With kind regards\nThe office\nBridges\n")
        assert "Spring fair on 4 May 2026" in letter.text
    assert "If we hear nothing by 12 March 2026" in first_ask(brief, "b").text
    late = make_brief(cluster(), cluster("pl-two"), programme=settled, on=date(2026, 5, 5))
    assert "Spring fair" not in late.first_step


def test_a_brace_in_a_name_is_not_a_placeholder(make_brief):
    brief = make_brief(cluster(name="{sender} {0}"), cluster("pl-two"))
    assert "{sender} {0}" in first_ask(brief, "a").text


def test_archive_holds_all_papers_of_each_pair_and_is_reproducible(make_brief):
    one = make_brief(cluster(), cluster("pl-two"))
    two = replace(one, a=replace(one.a, id="ua-three"))
    seen = []
    content = brief_archive(
        [one, two],
        formats=("pdf", "docx"),
        progress=lambda *step: seen.append(step),
    )
    papers = {"brief.pdf", "brief.docx", "ask-a.txt", "ask-b.txt"}
    with ZipFile(BytesIO(content)) as archive:
        assert set(archive.namelist()) == {
            f"{pair}/{paper}" for pair in ("ua-one--pl-two", "ua-three--pl-two") for paper in papers
        }
        assert archive.read("ua-one--pl-two/ask-a.txt").decode().startswith("May we introduce")
    assert seen == [(1, 2), (2, 2)]
    again = [brief_archive([one, two], formats=["pdf"]) for _ in range(2)]
    assert again[0] == again[1]
