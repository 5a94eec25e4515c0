"""The product's own engine, by the function that a request calls."""

import numpy as np

from benchmarks.peers.contract import Peer
from benchmarks.peers.data import K
from matcher.config import Settings
from matcher.index.faiss_index import FaissIndex


class Ours(Peer):
    def build(self, task, folder):
        self.task = task
        settings = Settings()
        self.index = FaissIndex(settings.index_factory, settings.index_factory_rows)
        self.index.build([f"{number:09}" for number in range(len(task))], np.array(task.vectors))
        print(f"  {self.index.told}", flush=True)

    def search(self, question, chosen, effort):
        hits = self.index.search(question[None], K, self.task.mask(chosen))[0]
        return hits.rows.tolist()
