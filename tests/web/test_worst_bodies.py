"""Every route that takes a body, given a megabyte of the worst that its schema names.

What it costs is measured within the process, so that a busy machine changes nothing: time of the
processor in the thread that answers and, for the slowest body of each route, memory at its highest.
"""

import json
import time
import tracemalloc
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from support import on_all

from matcher.config import Settings
from matcher.matcher import Matcher
from matcher.web import create_app

SECONDS = 2
MEGABYTES = 100
SIZE = 1_000_000
SIMPLE = {
    "integer": 1,
    "number": 1.0,
    "boolean": True,
    "string": "a",
    "date": "2026-11-12",
    "date-time": "2026-11-12T09:00:00+01:00",
}
PEOPLE = {
    **{"introduction_id": "1", "person_id": "1", "event_id": "small"},
    **{"participant_id": "one", "group_key": "none"},
}
CONTAINERS = ("array", "object")
Schema = Mapping[str, Any]


class Document:
    """The OpenAPI document: its bodies, the lists in them, and values that are full of entries."""

    def __init__(self, client: FlaskClient) -> None:
        document = client.get("/openapi.json").json
        self._paths, self._schemas = document["paths"], document["components"]["schemas"]

    def bodies(self) -> Iterator[tuple[str, str, Schema]]:
        """Method, path and schema of each JSON body."""
        for path, methods in self._paths.items():
            for method, operation in methods.items():
                content = operation.get("requestBody", {}).get("content", {})
                if schema := content.get("application/json", {}).get("schema"):
                    yield method, path.format_map(PEOPLE), schema

    def flat(self, schema: Schema) -> Schema:
        """The schema itself; of alternatives, one that holds others."""
        if name := schema.get("$ref"):
            return self.flat(self._schemas[name.rpartition("/")[2]])
        if several := schema.get("anyOf") or schema.get("oneOf"):
            return max(
                map(self.flat, several), key=lambda one: one.get("type") in ("array", "object")
            )
        return schema

    def lists(self, schema: Schema, *place: str) -> Iterator[tuple[tuple[str, ...], Schema]]:
        """All lists and maps in a schema, with the names that lead there."""
        schema = self.flat(schema)
        if "prefixItems" not in schema and (entries(schema) is not None):
            yield place, schema
            yield from self.lists(entries(schema) or {}, *place, "[]")
        for name, part in schema.get("properties", {}).items():
            yield from self.lists(part, *place, name)

    def least(self, schema: Schema, number: int = 1) -> Any:
        """A small value that has the types of a schema; numbered, so that no two are the same."""
        schema = self.flat(schema)
        if "enum" in schema or "const" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        if schema.get("type") == "object":
            return {
                name: self.least(schema["properties"][name], number)
                for name in schema.get("required", ())
            }
        if schema.get("type") == "array":
            given = schema.get("prefixItems") or [schema["items"]] * schema.get("minItems", 0)
            return [self.least(one, number) for one in given]
        value = SIMPLE.get(schema.get("format", schema.get("type", "string")), "a")
        return f"a{number}" if value == "a" else value

    def full(self, schema: Schema, *place: str, most: int) -> Any:
        """A value whose list at a place holds a megabyte, or so many entries."""
        schema = self.flat(schema)
        if place and place[0] == "[]":
            return [self.full(entries(schema) or {}, *place[1:], most=most)]
        if place:
            inner = self.full(schema["properties"][place[0]], *place[1:], most=most)
            return {**self.least(schema), place[0]: inner}
        one = entries(schema) or {}
        count = min(most, SIZE // (len(json.dumps(self.least(one, 99_999))) + 2))
        values = [self.least(one, number) for number in range(count)]
        if schema["type"] == "array":
            return values
        return {f"a{number}": value for number, value in enumerate(values[: count // 2])}


def entries(schema: Schema) -> Schema | None:
    """What a list or a map holds."""
    inner = schema.get("items", schema.get("additionalProperties"))
    return inner if isinstance(inner, Mapping) else None


@pytest.fixture
def client(own: Matcher, own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A desk with an event; jobs are refused after all else was looked at."""
    monkeypatch.setattr("matcher.store.jobs.MAX_OPEN", 0)
    return create_app(own, own_settings).test_client()


@on_all
def test_every_list_in_every_body_has_a_bound(client: FlaskClient) -> None:
    document = Document(client)
    unbounded = [
        (path, ".".join(place))
        for _, path, body in document.bodies()
        for place, one in document.lists(body)
        if not {"maxItems", "maxProperties"} & one.keys()
    ]
    assert unbounded == []


@on_all
def test_no_body_of_a_megabyte_costs_much(client: FlaskClient, own: Matcher) -> None:
    document, tried = Document(client), 0
    headers = {"Authorization": f"Bearer {own.store.tokens.create('desk', ['staff', 'import'])}"}
    event = {"id": "small", "title": "Small", "zone": "Europe/Brussels"}
    client.post("/api/v1/events", json=event, headers=headers)
    headers |= {"If-Match": '"1"', "Content-Type": "application/json"}
    for method, path, schema in document.bodies():
        slowest: tuple[float, bytes, str] = (0.0, b"", "")
        for place, one in document.lists(schema):
            bound = one.get("maxItems", one.get("maxProperties", SIZE))
            for most in {SIZE, bound}:
                body = json.dumps(document.full(schema, *place, most=most)).encode()
                told = f"{method} {path} {'.'.join(place)} x {most}: {{}}"
                seconds = assert_quick(client, method, path, body, headers, told)
                slowest = max(slowest, (seconds, body, told))
                tried += 1
        if slowest[0] > SECONDS / 10:  # else too soon over to have made a hundred megabytes
            assert_small(client, method, path, slowest[1], headers, slowest[2])
    assert tried > 60


def assert_quick(
    client: FlaskClient, method: str, path: str, body: bytes, headers: Any, told: str
) -> float:
    """Check the answer and its time of the processor; returns it, in seconds."""
    begun = time.thread_time()
    response = client.open(path, method=method, data=body, headers=headers)
    seconds = time.thread_time() - begun
    assert response.status_code in (200, 404, 409, 412, 413, 422, 429), told.format(response.text)
    assert seconds < SECONDS, told.format(f"{seconds:.1f} s")
    return seconds


def assert_small(
    client: FlaskClient, method: str, path: str, body: bytes, headers: Any, told: str
) -> None:
    tracemalloc.start()
    try:
        client.open(path, method=method, data=body, headers=headers)
        highest = tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()
    assert highest < MEGABYTES, told.format(f"{highest:.0f} MB")
