"""qdrant-client in its local mode: no server, exact search in Python and numpy."""

import warnings

from benchmarks.peers.contract import Peer
from benchmarks.peers.data import K


class QdrantLocal(Peer):
    def build(self, task, folder):
        from qdrant_client import QdrantClient, models

        warnings.filterwarnings("ignore", message="Local mode is not recommended")
        self.client = QdrantClient(":memory:")
        parameters = models.VectorParams(size=task.vectors.shape[1], distance=models.Distance.DOT)
        self.client.create_collection("rows", vectors_config=parameters)
        step = 10_000
        for start in range(0, len(task), step):
            rows = range(start, min(start + step, len(task)))
            fields = [
                {"country": task.countries[row], "ecosystem": task.ecosystems[row]} for row in rows
            ]
            vectors = task.vectors[rows.start : rows.stop].tolist()
            batch = models.Batch(ids=list(rows), vectors=vectors, payloads=fields)
            self.client.upsert("rows", batch)

    def search(self, question, chosen, effort):
        from qdrant_client import models

        wanted = [
            models.FieldCondition(key="country", match=models.MatchAny(any=list(chosen.countries)))
        ]
        if chosen.ecosystem:
            match = models.MatchValue(value=chosen.ecosystem)
            wanted.append(models.FieldCondition(key="ecosystem", match=match))
        found = self.client.query_points(
            "rows",
            query=question.tolist(),
            query_filter=models.Filter(must=wanted),
            limit=K,
            with_payload=False,
        )
        return [point.id for point in found.points]
