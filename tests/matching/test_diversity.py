import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.matching.diversity import diversify


def unit(rows):
    vectors = np.array(rows, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_a_twin_of_the_first_gives_way_to_something_new():
    vectors = unit([[1, 0], [1, 0.01], [0, 1]])
    relevance = np.array([0.9, 0.89, 0.6], dtype=np.float32)
    assert diversify(relevance, vectors, 2, 0).tolist() == [0, 1]
    assert diversify(relevance, vectors, 2, 0.5).tolist() == [0, 2]


@given(
    n=st.integers(1, 12), k=st.integers(1, 15), diversity=st.floats(0, 1), seed=st.integers(0, 99)
)
def test_takes_k_different_rows_and_starts_with_the_best(n, k, diversity, seed):
    random = np.random.default_rng(seed)
    relevance = np.sort(random.random(n).astype(np.float32))[::-1]
    taken = diversify(relevance, unit(random.standard_normal((n, 3))), k, diversity).tolist()
    assert len(taken) == len(set(taken)) == min(k, n)
    assert taken[0] == 0
