"""A whole service in a temporary folder, for requests to be thrown at."""

import json
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from support import FakeEncoder

from matcher.config import Settings
from matcher.matcher import Matcher
from matcher.store import Store
from matcher.store.tokens import SCOPES
from matcher.web import create_app
from matcher.web.http import work
from matcher.web.http.operations import documented_routes

NAMES = {
    "cluster_id": "ua-kharkiv-it-cluster",
    "a": "ua-kharkiv-it-cluster",
    "b": "ro-cluj-it-cluster",
    "event_id": "brussels-2026",
    "participant_id": "ua-kharkiv-it-cluster",
    "form": "csv",
}
"""What stands in addresses; any other place is the first of its kind: 1."""


class _Nobody:
    """Takes long work and does none of it."""

    def submit(self, *_: object) -> None:
        return


class Service:
    """The application with everything open to it, on all shipped clusters."""

    def __init__(self) -> None:
        self._home = TemporaryDirectory()
        settings = Settings(
            home=Path(self._home.name), rate_limit=0, post_rate_limit=0, log_level="error"
        )
        matcher = Matcher(Store.open(settings.store_url), FakeEncoder(), settings)
        matcher.load()
        app = create_app(matcher, settings)
        app.extensions[work.EXTENSION] = _Nobody()
        token = matcher.store.tokens.create("fuzz", SCOPES)
        self._client = app.test_client()
        self._headers = {"Authorization": f"Bearer {token}", "If-Match": '"1"'}
        self.bodies = [body for rule in documented_routes(app) for body in _bodies(*rule)]

    def send(self, address: str, media: str, body: bytes) -> Any:
        """The answer to a POST with everything that it may need."""
        return self._client.post(address, data=body, content_type=media, headers=self._headers)


def _bodies(rule: Any, operation: Any) -> list[tuple[str, str, bytes]]:
    if "POST" not in rule.methods or rule.rule.endswith("profiles:import"):
        return []
    address = re.sub(r"<(?:.*:)?(\w+)>", lambda part: NAMES.get(part[1], "1"), rule.rule)
    example = json.dumps(operation.example or {}).encode()
    return [
        (address, f"{media}; boundary=x" if media.startswith("multipart") else media, example)
        for media in (*(["application/json"] if operation.body else ()), *operation.takes)
    ]


@cache
def service() -> Service:
    """The one of this process."""
    return Service()
