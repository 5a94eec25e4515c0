"""The main job through the facade."""

import math

import pytest

from matcher.errors import AmbiguousNameError, ClusterNotFoundError, InvalidInputError
from matcher.matching.features import FEATURES, GROUP_TITLES
from matcher.matching.model import shipped_model
from matcher.matching.purposes import PURPOSE
from matcher.matching.query import PartnerQuery
from matcher.profiles.profile import INTENTS, DraftProfile

KHARKIV = "ua-kharkiv-it-cluster"
TEXT = "We unite 40 makers of solid-wood furniture and seek designers, buyers and timber."


def test_ten_eu_partners_with_reasons_and_both_fits(matcher):
    answer = matcher.recommend("Kharkiv IT Cluster")
    assert [partner.rank for partner in answer.partners] == list(range(1, 11))
    assert all(matcher.find(partner.id).group == "EU" for partner in answer.partners)
    assert all(partner.evidence for partner in answer.partners)
    assert all(partner.level != "weak" for partner in answer.partners)
    scores = [partner.score for partner in answer.partners]
    assert scores == sorted(scores, reverse=True)
    for partner in answer.partners:
        low, high = sorted((partner.fit_for_you, partner.fit_for_them))
        assert low - 1e-6 <= partner.score <= high + 1e-6


@pytest.mark.parametrize(
    ("options", "more"), [({}, set()), ({"intent": "know_how", "weights": {"needs": 3}}, {PURPOSE})]
)
def test_contributions_sum_to_the_score_and_to_both_fits(matcher, options, more):
    intercept = shipped_model().intercept
    for partner in matcher.recommend(KHARKIV, k=30, **options).partners:
        shares = partner.contributions
        assert {share.factor for share in shares} == set(FEATURES) | more
        for total, fit in (
            (sum(share.contribution for share in shares), partner.score),
            (sum(share.to_you for share in shares), partner.fit_for_you),
            (sum(share.to_them for share in shares), partner.fit_for_them),
        ):
            assert 1 / (1 + math.exp(-intercept - total)) == pytest.approx(fit, abs=1e-6)


def test_the_same_question_has_the_same_answer(matcher):
    query = PartnerQuery(cluster=KHARKIV, k=50, diversity=0.3, intent="joint_rd")
    assert matcher.recommend(query) == matcher.recommend(query)


def test_asking_from_the_other_side_swaps_the_fits(matcher):
    there = matcher.explain(KHARKIV, "ro-cluj-it-cluster").recommendation
    back = matcher.explain("ro-cluj-it-cluster", KHARKIV).recommendation
    assert there.score == pytest.approx(back.score, abs=1e-5)
    assert there.fit_for_you == pytest.approx(back.fit_for_them, abs=1e-5)
    assert there.fit_for_them == pytest.approx(back.fit_for_you, abs=1e-5)


def test_explanation_and_list_agree(matcher):
    answer = matcher.recommend(KHARKIV, k=5)
    for partner in answer.partners:
        told = matcher.explain(KHARKIV, partner.id)
        assert told.recommendation.rank == partner.rank
        assert told.recommendation.score == pytest.approx(partner.score, abs=1e-5)
        assert told.recommendation.reasons == partner.reasons


def test_a_pair_outside_the_list_is_still_explained(matcher):
    told = matcher.explain(KHARKIV, "ua-lviv-it-cluster")
    assert "scope" in told.ineligible_because
    assert told.recommendation.rank == 0
    assert told.recommendation.contributions


def test_a_pair_of_one_is_refused(matcher):
    with pytest.raises(InvalidInputError, match="no partner for itself"):
        matcher.explain(KHARKIV, "Kharkiv IT Cluster")


def test_known_links_are_shown_and_can_be_left_out(matcher):
    known = {
        partner.id: partner.known_links
        for partner in matcher.recommend(KHARKIV, k=100, include_weak=True).partners
        if partner.known_links
    }
    assert "ro-cluj-it-cluster" in known
    assert all(link.name for links in known.values() for link in links)
    new = matcher.recommend(KHARKIV, k=100, include_weak=True, new_only=True).partners
    assert not {partner.id for partner in new} & known.keys()


def test_a_documented_link_changes_no_score(matcher):
    """Known partners are shown; what is documented about the pair itself never scores."""
    linked = matcher.explain(KHARKIV, "ro-cluj-it-cluster").recommendation
    names = {share.factor for share in linked.contributions}
    assert linked.known_links
    assert names == set(FEATURES)


def test_a_text_alone_is_answered(matcher):
    answer = matcher.recommend(PartnerQuery(text=TEXT, k=5))
    assert answer.cluster is None
    assert len(answer.partners) == 5
    assert answer.query.scope == "eu"
    assert answer.understood.trades[0].trade == "furniture"
    assert any("buyers" in need.kinds for need in answer.understood.seeks)


def test_a_registered_profile_sent_as_a_draft_gets_its_own_list(matcher):
    profile = matcher.find(KHARKIV)
    draft = DraftProfile.model_validate(profile.model_dump(exclude={"sources"}))
    mine, sent = matcher.recommend(KHARKIV), matcher.recommend(PartnerQuery(profile=draft))
    assert [p.id for p in mine.partners] == [p.id for p in sent.partners]
    assert mine.partners[0].score == pytest.approx(sent.partners[0].score, abs=1e-4)


def test_a_draft_is_judged_by_its_own_words_whatever_id_it_carries(matcher):
    """What is kept of a registered cluster must not answer for a draft under the same id."""
    matcher.recommend(KHARKIV)
    draft = DraftProfile(id=KHARKIV, country="UA", technologies=("furniture",), name="Makers")
    alone = draft.model_copy(update={"id": None})
    sent, plain = (
        matcher.recommend(PartnerQuery(profile=one, k=5)).partners for one in (draft, alone)
    )
    assert [(one.id, one.score, one.evidence) for one in sent] == [
        (one.id, one.score, one.evidence) for one in plain
    ]


@pytest.mark.parametrize(
    "text", ["საქართველოს ავეჯის კლასტერი აერთიანებს მწარმოებლებს", "Кластер виробників меблів"]
)
def test_text_that_the_model_does_not_read_is_understood_by_its_words_with_a_warning(matcher, text):
    answer = matcher.recommend(PartnerQuery(text=text))
    assert [found.trade for found in answer.understood.trades] == ["furniture"]
    assert any("English" in str(warning) for warning in answer.warnings)


def test_a_draft_that_says_nothing_is_refused(matcher):
    with pytest.raises(InvalidInputError, match="says nothing"):
        matcher.recommend(PartnerQuery(profile=DraftProfile(country="GE")))


def test_english_needs_no_warning(matcher):
    assert matcher.recommend(PartnerQuery(text=TEXT)).warnings == ()


def test_text_without_a_trade_or_a_need_gets_a_sentence_and_no_list(matcher):
    answer = matcher.recommend(PartnerQuery(text="qwertz " * 15))
    assert answer.partners == ()
    assert "what you look for" in str(answer.notice)
    assert matcher.recommend(KHARKIV).notice is None


def test_weak_partners_are_listed_only_when_asked_for_and_the_answer_says_so(matcher):
    usual = matcher.recommend(KHARKIV, k=100)
    every = matcher.recommend(KHARKIV, k=100, include_weak=True)
    assert {one.level for one in usual.partners} <= {"strong", "worth_a_talk"}
    assert "weak" in {one.level for one in every.partners}
    assert len(every.partners) == 100 > len(usual.partners)
    assert "weak fits" in str(usual.notice)
    assert every.notice is None


def test_a_partner_without_evidence_is_weak_whatever_its_score(matcher):
    partners = matcher.recommend(KHARKIV, k=100, include_weak=True).partners
    assert any(not one.evidence for one in partners)
    for one in partners:
        assert one.evidence or one.level == "weak"


def test_no_eligible_cluster_is_an_empty_list(matcher):
    answer = matcher.recommend(KHARKIV, filters={"countries": ["MT"], "ecosystems": ["textile"]})
    assert (answer.partners, answer.eligible) == ((), 0)
    assert "loosen a filter" in str(answer.notice)


@pytest.mark.parametrize("group", GROUP_TITLES)
def test_a_weight_of_zero_takes_a_group_out_and_nothing_else(matcher, group):
    query = {"k": 3, "include_weak": True}
    for partner in matcher.recommend(KHARKIV, **query, weights={group: 0}).partners:
        for share in partner.contributions:
            if FEATURES[share.factor].group == group:
                assert share.contribution == share.to_you == share.to_them == 0
        assert any(share.contribution for share in partner.contributions)


def test_a_weight_multiplies_what_a_group_adds(matcher):
    def shares(answer):
        return {one.id: {s.factor: s.contribution for s in one.contributions} for one in answer}

    query = {"k": 30, "include_weak": True}
    plain = shares(matcher.recommend(KHARKIV, **query).partners)
    heavy = shares(matcher.recommend(KHARKIV, **query, weights={"profile": 3}).partners)
    both = plain.keys() & heavy.keys()
    assert both
    for key in both:
        for name, feature in FEATURES.items():
            by = 3 if feature.group == "profile" else 1
            assert heavy[key][name] == pytest.approx(by * plain[key][name], abs=1e-5)


@pytest.mark.parametrize("intent", INTENTS)
def test_a_purpose_lifts_partners_that_show_it(matcher, intent):
    def showing(answer):
        return sum(
            any(one.kind == "purpose" for one in partner.evidence) for partner in answer.partners
        )

    def lift(partner):
        return next(s.contribution for s in partner.contributions if s.factor == PURPOSE)

    meant = matcher.recommend(KHARKIV, intent=intent)
    assert meant.query.intent == intent
    few_show_it = intent == "investment"  # 205 of 961 clusters say anything of it
    assert showing(meant) >= (5 if few_show_it else 7)
    assert any(lift(partner) > 0 for partner in meant.partners)
    for partner in meant.partners:
        assert lift(partner) >= 0
        quoted = [one for one in partner.evidence if one.kind == "purpose"]
        assert not quoted or lift(partner) > 0


def test_diversity_spreads_a_list_over_more_countries_or_fields(matcher):
    def likeness(answer):
        corpus = matcher.snapshot.corpus
        rows = [corpus.row_of[p.id] for p in answer.partners]
        about = corpus.vectors.facets["about"][rows]
        return float((about @ about.T).mean())

    varied = matcher.recommend(KHARKIV, diversity=0.6)
    assert likeness(varied) < likeness(matcher.recommend(KHARKIV))
    assert varied.partners[0].id == matcher.recommend(KHARKIV).partners[0].id


@pytest.mark.parametrize("k", [0, 101, 10_000])
def test_impossible_k_is_refused(matcher, k):
    with pytest.raises(InvalidInputError) as refused:
        matcher.recommend(KHARKIV, k=k)
    assert [problem.where for problem in refused.value.problems] == ["k"]


def test_options_beside_a_query_are_refused(matcher):
    with pytest.raises(InvalidInputError, match="into the query"):
        matcher.recommend(PartnerQuery(cluster=KHARKIV), k=3)


def test_errors_say_what_to_do(matcher):
    with pytest.raises(ClusterNotFoundError) as unknown:
        matcher.recommend("Zzyzx Quux")
    assert "No cluster" in str(unknown.value)
    with pytest.raises(AmbiguousNameError) as several:
        matcher.recommend("HTP")
    assert len(several.value.candidates) == 2
    with pytest.raises(InvalidInputError, match="no weight called 'luck'"):
        matcher.recommend(KHARKIV, weights={"luck": 2})


def test_retrieval_agrees_with_scoring_everyone(matcher, settings, monkeypatch):
    """Above the limit, candidates are retrieved; the best of all are among them."""
    everyone = matcher.recommend(KHARKIV, k=10)
    monkeypatch.setattr(matcher, "_settings", settings.model_copy(update={"exhaustive_limit": 500}))
    retrieved = matcher.recommend(KHARKIV, k=10)
    assert retrieved.eligible == everyone.eligible
    shared = {p.id for p in everyone.partners} & {p.id for p in retrieved.partners}
    assert len(shared) >= 9
