"""Libraries that search an array: a filter takes the allowed rows out of it first."""

import numpy as np

from benchmarks.peers.contract import Peer
from benchmarks.peers.data import K


class SemanticSearch(Peer):
    """sentence-transformers: `semantic_search` over the allowed rows, dot products of unit rows."""

    def build(self, task, folder):
        import torch

        torch.set_num_threads(1)
        self.task = task
        self.corpus = torch.from_numpy(np.array(task.vectors))

    def search(self, question, chosen, effort):
        import torch
        from sentence_transformers.util import dot_score, semantic_search

        rows = torch.from_numpy(np.flatnonzero(self.task.mask(chosen)))
        asked = torch.from_numpy(question[None])
        hits = semantic_search(asked, self.corpus[rows], top_k=K, score_function=dot_score)[0]
        return [int(rows[hit["corpus_id"]]) for hit in hits]


class NearestRows(Peer):
    """scikit-learn: brute `NearestNeighbors` over the allowed rows."""

    def build(self, task, folder):
        self.task = task
        self.corpus = np.array(task.vectors)

    def search(self, question, chosen, effort):
        from sklearn.neighbors import NearestNeighbors

        rows = np.flatnonzero(self.task.mask(chosen))
        if not len(rows):
            return []
        near = NearestNeighbors(n_neighbors=min(K, len(rows)), algorithm="brute", metric="cosine")
        near.fit(self.corpus[rows])
        return rows[near.kneighbors(question[None], return_distance=False)[0]]
