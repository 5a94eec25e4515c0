"""lancedb: IVF-PQ with bitmap indexes on the fields, filtered before the search, refined."""

from benchmarks.peers.contract import Peer
from benchmarks.peers.data import K

INDEXED = 10_000


class Lance(Peer):
    efforts = ((20, 10), (50, 20), (150, 50), (500, 100), (2000, 200))
    """Partitions probed, and how many times ten rows are compared exactly."""

    def build(self, task, folder):
        import lancedb
        import pyarrow as pa

        dim = task.vectors.shape[1]
        schema = pa.schema(
            [
                pa.field("row", pa.int64()),
                pa.field("vector", pa.list_(pa.float32(), dim)),
                pa.field("country", pa.string()),
                pa.field("ecosystem", pa.string()),
            ]
        )
        self.table = lancedb.connect(str(folder)).create_table("rows", schema=schema)
        step = 100_000
        for start in range(0, len(task), step):
            end = min(start + step, len(task))
            values = pa.array(task.vectors[start:end].ravel())
            columns = [
                pa.array(range(start, end), pa.int64()),
                pa.FixedSizeListArray.from_arrays(values, dim),
                pa.array(task.countries[start:end]),
                pa.array(task.ecosystems[start:end]),
            ]
            self.table.add(pa.table(columns, schema=schema))
        for field in ("country", "ecosystem"):
            self.table.create_scalar_index(field, index_type="BITMAP")
        self.indexed = len(task) >= INDEXED
        if self.indexed:
            self.table.create_index(metric="dot", vector_column_name="vector")

    def search(self, question, chosen, effort):
        names = ", ".join(f"'{code}'" for code in chosen.countries)
        where = f"country IN ({names})"
        if chosen.ecosystem:
            where += f" AND ecosystem = '{chosen.ecosystem}'"
        asked = self.table.search(question).distance_type("dot").where(where, prefilter=True)
        if self.indexed:
            probes, refined = effort
            asked = asked.nprobes(probes).refine_factor(refined)
        return asked.select(["row", "_distance"]).limit(K).to_arrow()["row"].to_pylist()
