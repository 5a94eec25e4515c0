"""How likely an offer meets a need, from what is understood of the two phrases."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import UnreadableFileError
from matcher.matching.need_model import FILE, PARTS, NeedModel, NeedPairs, need_model
from matcher.profiles.needs import TRADE_RELATIONS


def pair(cosine, agrees, known, relation):
    place = np.array([TRADE_RELATIONS.index(relation)], dtype=np.uint8)
    return NeedPairs(
        np.array([cosine], dtype=np.float32), np.array([agrees]), np.array([known]), place
    )


def parts(cosine, agrees, known, relation):
    return pair(cosine, agrees, known, relation).parts[0]


def likely(cosine, *, agrees, relation, known=True):
    return float(need_model().likelihood(pair(cosine, agrees, known, relation))[0])


def test_each_part_says_one_thing():
    said = dict(zip(PARTS, parts(0.75, True, True, "same").tolist(), strict=True))
    assert said == {
        **dict.fromkeys(PARTS, 0.0),
        "cosine": 0.75,
        "cosine_above_half": 0.25,
        "kind_agrees": 1,
        "trade_same": 1,
        "kind_agrees_x_cosine": 0.75,
        "kind_agrees_x_trade_same": 1,
    }


def test_kinds_differ_only_where_both_are_known():
    place = PARTS.index("kind_differs")
    assert parts(0.4, False, True, "none")[place] == 1
    assert parts(0.4, False, False, "none")[place] == 0


def test_of_trades_that_are_not_known_nothing_is_said():
    said = dict(zip(PARTS, parts(0.4, False, False, "unknown").tolist(), strict=True))
    assert not any(value for name, value in said.items() if name.startswith("trade_"))


@pytest.mark.parametrize("cosine", [-0.2, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("relation", TRADE_RELATIONS)
@pytest.mark.parametrize("agrees", [True, False])
@pytest.mark.parametrize("known", [True, False])
def test_a_likelihood_is_the_logistic_of_the_weighed_parts(cosine, agrees, known, relation):
    model = need_model()
    logit = parts(cosine, agrees, known, relation) @ list(model.weights.values()) + model.intercept
    likelihood = likely(cosine, agrees=agrees, known=known, relation=relation)
    assert likelihood == pytest.approx(1 / (1 + np.exp(-logit)), abs=1e-6)


@pytest.mark.parametrize("cosine", [0.3, 0.5, 0.7, 0.9])
def test_kind_and_trade_tell_more_than_closeness(cosine):
    both = likely(cosine, agrees=True, relation="same")
    assert both > likely(cosine, agrees=False, relation="same")
    assert both > likely(cosine, agrees=True, relation="none")
    assert both > likely(min(cosine + 0.2, 1), agrees=False, relation="none")


@given(
    low=st.floats(0, 1),
    more=st.floats(0, 1),
    agrees=st.booleans(),
    relation=st.sampled_from(TRADE_RELATIONS),
)
def test_a_closer_phrase_is_never_less_likely_to_meet_a_need(low, more, agrees, relation):
    near, far = (
        likely(value, agrees=agrees, relation=relation) for value in (min(low + more, 1), low)
    )
    assert 0 <= far <= near + 1e-6 <= 1 + 1e-6


def test_the_file_reads_back_as_it_was_written(tmp_path):
    copy = tmp_path / "model.json"
    copy.write_text(need_model().to_json(), encoding="utf-8")
    assert NeedModel.load(copy) == need_model()


def lacking_a_part(text):
    content = json.loads(text)
    del content["weights"]["cosine"]
    return json.dumps(content)


@pytest.mark.parametrize("damage", [lambda text: "", lambda text: text[:-40], lacking_a_part])
def test_a_damaged_file_is_refused_with_what_to_do(tmp_path, damage):
    file = tmp_path / "need_model.json"
    file.write_text(damage(FILE.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="matcher train"):
        NeedModel.load(file)
