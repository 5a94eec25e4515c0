"""The product's own engine, exact below its limit, by codes above."""

from matcher.index.quantised import QuantisedIndex

from benchmarks.peers.contract import Peer
from benchmarks.peers.data import K


class Ours(Peer):
    def build(self, task, folder):
        self.task = task
        self.index = QuantisedIndex(task.vectors.shape[1])
        names = tuple(map(str, range(len(task))))
        self.index.build(names, task.vectors, questions=task.asking)
        print(f"  {self.index.report}", flush=True)

    def search(self, question, chosen, effort):
        hits = self.index.search(question[None], K, self.task.mask(chosen))[0]
        return [int(hit.id) for hit in hits]
