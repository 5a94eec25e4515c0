"""Sparse rows agree with dense ones, whatever they hold."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.embedding.sparse import Sparse

WIDTH = 7
numbers = st.floats(-4, 4, width=32)
tables = st.lists(st.dictionaries(st.integers(0, WIDTH - 1), numbers, max_size=WIDTH), max_size=8)
vectors = st.lists(numbers, min_size=WIDTH, max_size=WIDTH).map(
    lambda values: np.array(values, dtype=np.float32)
)


def dense(rows):
    table = np.zeros((len(rows), WIDTH), dtype=np.float32)
    for place, row in enumerate(rows):
        for column, value in row.items():
            table[place, column] = value
    return table


@given(rows=tables)
def test_rows_read_back(rows):
    sparse = Sparse.of(rows)
    assert len(sparse) == len(rows)
    assert sparse.filled.tolist() == [bool(row) for row in rows]
    for place, row in enumerate(dense(rows)):
        np.testing.assert_array_equal(sparse.dense(place, WIDTH), row)


@given(rows=tables, one=vectors)
def test_products_are_those_of_the_dense_table(rows, one):
    np.testing.assert_allclose(Sparse.of(rows).dot(one), dense(rows) @ one, atol=1e-4)


@given(rows=tables, one=vectors)
def test_largest_looks_at_the_columns_of_a_row_alone(rows, one):
    expected = [max((float(one[column]) for column in row), default=0.0) for row in rows]
    np.testing.assert_array_equal(Sparse.of(rows).largest(one), np.array(expected, np.float32))


@given(rows=tables.filter(bool), data=st.data())
def test_rows_are_taken_in_the_given_order(rows, data):
    wanted = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=10))
    taken = Sparse.of(rows).take(np.array(wanted, dtype=np.intp))
    assert len(taken) == len(wanted)
    for place, row in enumerate(wanted):
        np.testing.assert_array_equal(taken.dense(place, WIDTH), dense(rows)[row])


@given(rows=tables)
def test_arrays_read_back(rows):
    sparse = Sparse.of(rows)
    again = Sparse.from_arrays("some", sparse.arrays("some"))
    for part in ("values", "columns", "starts"):
        np.testing.assert_array_equal(getattr(again, part), getattr(sparse, part))
