"""txtai: FAISS and SQLite, filtered in SQL after the search among so many candidates."""

import numpy as np

from benchmarks.peers.contract import Peer
from benchmarks.peers.data import K

ASKED = "the question"


class Txtai(Peer):
    efforts = (100, 1000, 10_000, 100_000)

    def build(self, task, folder):
        from txtai import Embeddings

        self.asked = None

        def vectors(texts):
            asked = (self.asked if text == ASKED else task.vectors[int(text)] for text in texts)
            return np.array(list(asked))

        self.embeddings = Embeddings(
            {"method": "external", "transform": vectors, "content": True, "backend": "faiss"}
        )
        fields = zip(task.countries, task.ecosystems, strict=True)
        self.embeddings.index(
            (row, {"text": str(row), "country": country, "ecosystem": name}, None)
            for row, (country, name) in enumerate(fields)
        )

    def search(self, question, chosen, effort):
        self.asked = question
        names = ", ".join(f"'{code}'" for code in chosen.countries)
        where = f"country in ({names})"
        if chosen.ecosystem:
            where += f" and ecosystem = '{chosen.ecosystem}'"
        sql = f"select id from txtai where similar('{ASKED}', {effort}) and {where} limit {K}"
        return [int(hit["id"]) for hit in self.embeddings.search(sql)]
