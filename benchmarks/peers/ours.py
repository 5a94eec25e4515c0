"""The product's own engine, exact below its limit, by codes above."""

from functools import reduce

import numpy as np

from benchmarks.peers.contract import Peer
from benchmarks.peers.data import COUNTRIES, ECOSYSTEMS, K
from matcher.index.quantised import QuantisedIndex


class Ours(Peer):
    """It asks for a mask of the rows, which is made of a bitmap for each value of a field."""

    def build(self, task, folder):
        self.rows = len(task)
        self.countries = {
            name: np.packbits(task.country == place) for place, name in enumerate(COUNTRIES)
        }
        self.ecosystems = {
            name: np.packbits(task.ecosystem == place) for place, name in enumerate(ECOSYSTEMS)
        }
        self.index = QuantisedIndex(task.vectors.shape[1])
        names = tuple(map(str, range(self.rows)))
        self.index.build(names, task.vectors, questions=task.asking)
        print(f"  {self.index.report}", flush=True)

    def search(self, question, chosen, effort):
        allowed = reduce(np.bitwise_or, (self.countries[code] for code in chosen.countries))
        if chosen.ecosystem:
            allowed = allowed & self.ecosystems[chosen.ecosystem]
        mask = np.unpackbits(allowed, count=self.rows).view(np.bool_)
        hits = self.index.search(question[None], K, mask)[0]
        return [int(hit.id) for hit in hits]
