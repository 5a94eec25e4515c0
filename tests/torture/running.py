"""A service of few clusters in a process of its own, and a client that asks and imports."""

import http.client
import json
import os
import signal
import subprocess
import sys
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from postgres import free_port, wait_for
from stage import Place, opened

from matcher.config import get_settings
from matcher.matching import current
from matcher.web import leave, serve

HERE = Path(__file__).parent
JSONL = "application/jsonl"
SECONDS = 300
"""How long a busy machine may take to start or end a service."""


@dataclass
class Service:
    """A running process, its port, and what a client needs."""

    process: subprocess.Popen
    port: int

    def ask(self, method, path, body=None, token=None, kind="application/json", match=None):
        """Status and body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        headers = {"Content-Type": kind} | ({"Authorization": f"Bearer {token}"} if token else {})
        headers |= {"If-Match": f'"{match}"'} if match else {}
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def has(self, cluster):
        return self.ask("GET", f"/api/v1/clusters/{cluster}")[0] == 200

    def send(self, profiles, token):
        """Import profiles; give the status, or nothing if the service died meanwhile."""
        lines = "".join(profile.model_dump_json() + "\n" for profile in profiles)
        with suppress(OSError, http.client.HTTPException):
            path = "/api/v1/profiles:import"
            return self.ask("POST", path, lines.encode(), token, JSONL)[0]
        return None

    def end(self, how):
        """End it by a signal; give its exit status."""
        self.process.send_signal(how)
        return self.process.wait(SECONDS)


def start(place, shipped):
    """Start a service on a place; `shipped` holds the clusters that the product ships with."""
    port = free_port()
    given = {
        "MATCHER_HOME": place.home,
        "MATCHER_DATABASE_URL": place.url,
        "MATCHER_PORT": port,
        "MATCHER_RATE_LIMIT": 0,
        "MATCHER_POST_RATE_LIMIT": 0,
        "MATCHER_LOG_LEVEL": "error",
        "TORTURE_SHIPPED": shipped,
        "PYTHONPATH": f"{HERE.parent}:{os.environ.get('PYTHONPATH', '')}",
    }
    process = subprocess.Popen(
        [sys.executable, HERE / "running.py"],
        env=os.environ | {name: str(value) for name, value in given.items()},
    )
    service = Service(process, port)

    def answers():
        assert process.poll() is None, "the service died before it answered"
        with suppress(OSError):
            status, body = service.ask("GET", "/readyz")
            return status == 200 and json.loads(body)["status"] == "ready"

    try:
        wait_for(answers, "the service answers", SECONDS)
    except BaseException:
        service.end(signal.SIGKILL)
        raise
    return service


def main():
    warnings.simplefilter("error")
    current.DATA_DIR = Path(os.environ["TORTURE_SHIPPED"])
    settings = get_settings()
    with opened(Place(settings.home, settings.store_url)) as matcher:
        serve(settings, matcher)
    leave()


if __name__ == "__main__":
    main()
