"""chromadb: a persistent collection in the space of inner products, filtered by `where`."""

from benchmarks.peers.contract import Peer
from benchmarks.peers.data import K


class Chroma(Peer):
    efforts = (100, 400, 1600)

    def build(self, task, folder):
        import chromadb

        settings = chromadb.Settings(anonymized_telemetry=False)
        self.client = chromadb.PersistentClient(path=str(folder), settings=settings)
        self.collection = self.client.create_collection(
            "rows",
            configuration={"hnsw": {"space": "ip", "ef_search": self.efforts[0]}},
            embedding_function=None,
        )
        step = self.client.get_max_batch_size()
        for start in range(0, len(task), step):
            end = min(start + step, len(task))
            fields = zip(task.countries[start:end], task.ecosystems[start:end], strict=True)
            self.collection.add(
                ids=[str(row) for row in range(start, end)],
                embeddings=task.vectors[start:end],
                metadatas=[{"country": country, "ecosystem": name} for country, name in fields],
            )
        self.effort = self.efforts[0]

    def search(self, question, chosen, effort):
        if effort != self.effort:
            self.collection.modify(configuration={"hnsw": {"ef_search": effort}})
            self.effort = effort
        where = {"country": {"$in": list(chosen.countries)}}
        if chosen.ecosystem:
            where = {"$and": [where, {"ecosystem": {"$eq": chosen.ecosystem}}]}
        found = self.collection.query(
            query_embeddings=question[None], n_results=K, where=where, include=[]
        )
        return [int(name) for name in found["ids"][0]]
