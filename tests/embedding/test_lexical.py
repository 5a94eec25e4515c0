"""Weighted words: as scikit-learn weighs them, which answers do without."""

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from matcher.config import DATA_DIR
from matcher.embedding.lexical import LexicalModel, lexical_text
from matcher.profiles.profile import ClusterProfile, DraftProfile

SHIPPED = [
    ClusterProfile.model_validate_json(line)
    for line in (DATA_DIR / "clusters.jsonl").read_text(encoding="utf-8").splitlines()[::12]
]


def test_terms_and_weights_are_those_of_scikit_learn() -> None:
    silent = DraftProfile()
    oracle = TfidfVectorizer(
        min_df=2, stop_words="english", ngram_range=(1, 2), sublinear_tf=True
    ).fit(map(lexical_text, SHIPPED))
    model = LexicalModel.of(SHIPPED)
    assert list(model.terms) == list(oracle.get_feature_names_out())
    np.testing.assert_allclose(model.idf, oracle.idf_, rtol=1e-6)
    rows = model.rows([*SHIPPED, silent])
    expected = oracle.transform(map(lexical_text, [*SHIPPED, silent])).toarray()
    ours = [rows.dense(row, len(model.terms)) for row in range(len(rows))]
    np.testing.assert_allclose(ours, expected, atol=1e-6)


def test_profiles_that_share_no_word_have_no_terms() -> None:
    model = LexicalModel.of([DraftProfile(name="Wine"), DraftProfile(name="Steel")])
    assert not len(model.terms)
    assert not model.rows([DraftProfile(name="Wine")]).filled.any()
    assert not len(LexicalModel.of([]).terms)
