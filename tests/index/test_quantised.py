from contract import VectorIndexContract

from matcher.index.quantised import QuantisedIndex


class TestQuantisedIndex(VectorIndexContract):
    make = QuantisedIndex


class TestQuantisedIndexThatCodesFromTheFirstRow(VectorIndexContract):
    make = staticmethod(lambda dim: QuantisedIndex(dim, exact_rows=0))
