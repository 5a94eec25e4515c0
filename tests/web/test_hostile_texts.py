"""Hostile words in every record, on every route: shown, and nothing else; nothing is ever fetched.

Routes are taken from the application, so that a new one is covered as soon as it is there.
"""

import io
import re
import socket
import urllib.request
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice, product
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from harmless import harms, words
from hostile_data import LINES, MARK, TEXTS, Hostile, stuffed
from werkzeug.routing import Rule

import matcher.web as web
from matcher.config import Settings
from matcher.matcher import Matcher
from matcher.web.http.operations import operation_of

TEMPLATES = Path(web.__file__).parent / "templates"
FIELDS = sorted(
    {
        name
        for file in TEMPLATES.glob("*.html")
        for name in re.findall(r'name="([a-z_]+)"', file.read_text(encoding="utf-8"))
    }
)
"""Names of the fields of all forms."""
KEPT_APART = {"static"}
GUEST_FORMS = ("profile", "person", "unname", "presence", "wishes", "late", "feedback")
WORDLESS = {
    "/api/v1/events/<event_id>/openings",
    "/api/v1/events/<event_id>/why-not",
    "/api/v1/jobs/<job_id>",
    "/drafts/<key>/delete",
    "/landscape/<a>/<b>",
    "/problems/<code>",
    *(f"/clusters/<cluster_id>/{page}" for page in ("claim", "edit", "people", "profile.json")),
}
"""Routes that repeat no words of a record, or tell nothing to who has not signed in."""
MOST_CHOICES = 5
"""Values of a parameter to try: file formats and languages are fewer, countries many."""
BROWSER = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def hostile(small: tuple[Matcher, Settings]) -> Hostile:
    return stuffed(*small)


def guard(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Refuse every connection, and keep a list of them."""
    tried: list[object] = []

    def refuse(*args: object, **kwargs: object) -> None:
        tried.append(args)
        raise OSError("no connections here")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    return tried


@pytest.fixture
def nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No name is looked up and no connection opened, not even one that fails and is forgiven."""
    tried = guard(monkeypatch)
    yield
    assert tried == []


def addresses(hostile: Hostile, rule: Rule, most: int) -> Iterator[str]:
    """Addresses of a route with everything in its places that the records offer."""
    places: dict[str, list[str]] = {}
    for name in rule.arguments:
        choice = re.search(rf"<any\(([^)]*)\):{name}>", rule.rule)
        assert choice or name in hostile.names, f"say in hostile_data what {name} stands for"
        places[name] = choice[1].split(", ") if choice else hostile.names[name]
    length = max((len(values) for values in places.values()), default=1)
    forms = [name for name in places if name not in hostile.names]
    rows = (
        {name: values[number % len(values)] for name, values in places.items()}
        | dict(zip(forms, chosen, strict=True))
        for number in range(length)
        for chosen in product(*(places[name] for name in forms))
    )
    for row in islice(rows, most):
        yield re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda part, row=row: row[part[1]], rule.rule)


def variants(hostile: Hostile, rule: Rule) -> list[dict[str, Any]]:
    """Queries: none, each choice that the documentation names, and hostile words everywhere."""
    operation = operation_of(hostile.app.view_functions[rule.endpoint])
    if operation:
        parameters = operation.parameters
        given = {one.name for one in parameters} & hostile.names.keys()
        known = {name: hostile.names[name][0] for name in given}
        choices = {one.name: one.schema.get("enum", ()) for one in parameters}
        return [{}, known] + [
            {name: value} for name, values in choices.items() for value in values[:MOST_CHOICES]
        ]
    if rule.rule.startswith("/participant"):
        links = (hostile.guest.page, hostile.guest.calendar)
        secrets = [link.partition("t=")[2] for link in links]
        return [{"t": secret, **more} for secret in secrets for more in ({}, {"q": TEXTS[0]})]
    words = {name: TEXTS[place % len(TEXTS)] for place, name in enumerate(FIELDS)}
    ids = {"id": hostile.names["cluster_id"][:3]}
    return [{}, {"lang": "uk"}, words, {"q": LINES, **ids}, ids, {"q": TEXTS[0], "name": TEXTS[1]}]


def rules(hostile: Hostile, method: str) -> list[Rule]:
    found = [
        rule
        for rule in hostile.app.url_map.iter_rules()
        if method in (rule.methods or ()) and rule.endpoint not in KEPT_APART
    ]
    assert len(found) > 5
    return found


def judge(response: Any, address: str, seen: dict[str, int]) -> None:
    with response:
        assert response.status_code < 500, (address, response.text[:500])
        content, media = response.data, response.mimetype
        assert harms(content, media) == [], (address, media)
        assert not re.search(r"evil", str(response.headers).partition("ocation:")[0], re.IGNORECASE)
        for name, value in response.headers:
            assert "\n" not in value and "\r" not in value, (address, name)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        if response.status_code == 200 and MARK in words(content, media):
            seen[media] += 1


@pytest.mark.usefixtures("nothing_is_fetched")
def test_every_answer_to_get_is_harmless(hostile: Hostile) -> None:
    client, seen = hostile.app.test_client(), defaultdict[str, int](int)
    client.set_cookie("session", hostile.session)
    staff = {"Authorization": f"Bearer {hostile.token}"}
    silent = []
    for rule in rules(hostile, "GET"):
        before = sum(seen.values())
        for query in variants(hostile, rule):
            for address in addresses(hostile, rule, most=1 if query else 4):
                answer = client.get(address, query_string=query, headers=staff | BROWSER)
                judge(answer, address, seen)
        for address in addresses(hostile, rule, most=1):
            judge(client.get(address, headers=staff), address, seen)
        if sum(seen.values()) == before:
            silent.append(rule.rule)
    kinds = {media.rpartition(".")[2].rpartition("/")[2] for media in seen}
    assert kinds >= {"html", "json", "csv", "sheet", "document", "pdf", "calendar"}, seen
    assert {rule for rule in silent if "<" in rule} <= WORDLESS


def book(formula: str) -> bytes:
    target = io.BytesIO()
    made = openpyxl.Workbook()
    made.active["A1"] = formula
    made.save(target)
    return target.getvalue()


def archive(name: str, part: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr(name, part)
    return target.getvalue()


CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{}\r\nEND:VCALENDAR\r\n"
OFFICE = "application/vnd.openxmlformats-officedocument."
DOCUMENT = f"{OFFICE}wordprocessingml.document"


@pytest.mark.parametrize(
    ("media", "bad", "good"),
    [
        ("text/html", b"<p onclick=x>", b"<p>onclick=x"),
        ("text/html", b"<a href=' javascript:x'>", b"<a href='/x'>javascript:"),
        ("text/html", b"<style>a{}</style><style>zqmark</style>", b"<style>a{}</style>"),
        ("text/csv", b"a, =1+1", b"a,'=1+1,-1.5"),
        (f"{OFFICE}spreadsheetml.sheet", book("=1+1"), book("1+1")),
        (DOCUMENT, archive("a.rels", '<R Target="file:///x"/>'), archive("a.rels", "<R/>")),
        (DOCUMENT, archive("a.xml", "<w:instrText>"), archive("a.xml", "<w:t>")),
        (
            "text/calendar",
            CALENDAR.format("ATTENDEE:mailto:evil@evil.example").encode(),
            CALENDAR.format("X-A:ATTENDEE").encode(),
        ),
        ("image/svg+xml", b"<svg onload=x>", b"<svg>"),
        ("application/zip", archive("../a.json", "{}"), archive("a.json", "{}")),
        ("application/zip", archive("a.csv", "=1"), archive("a.csv", "1")),
        ("application/x-new", b"", None),
    ],
)
def test_harm_would_be_noticed(media: str, bad: bytes, good: bytes | None) -> None:
    assert harms(bad, media)
    assert good is None or harms(good, media) == []


def test_a_connection_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = guard(monkeypatch)
    with suppress(OSError):
        urllib.request.urlopen("http://evil.example/")
    with suppress(OSError), socket.socket() as opened:
        opened.connect(("127.0.0.1", 9))
    assert len(tried) == 2


@pytest.mark.usefixtures("nothing_is_fetched")
@pytest.mark.parametrize("number", range(0, len(TEXTS), 8))
def test_every_answer_to_a_form_is_harmless(hostile: Hostile, number: int) -> None:
    client, seen = hostile.app.test_client(), defaultdict[str, int](int)
    turned = TEXTS[number:] + TEXTS[:number]
    typed = {name: turned[place % len(turned)] for place, name in enumerate(FIELDS)}
    lists = {
        "offers": f"wine {turned[1]}",
        "seeks": "buyers of wine",
        "base": "",
        "include_weak": "true",
    }
    kind = {"country": "UA", "description": f"{turned[0]}\n{LINES}", "website": "", **lists}
    forms = (typed, typed | kind, kind, {"description": turned[0], "name": turned[1]})
    secret = hostile.guest.page.partition("t=")[2]
    guests = [typed | {"t": secret, "act": act} for act in GUEST_FORMS]
    for rule in rules(hostile, "POST"):
        if operation_of(hostile.app.view_functions[rule.endpoint]):
            continue
        for address in addresses(hostile, rule, most=3):
            for form in (*forms, *(guests if rule.rule == "/participant" else ())):
                answer = client.post(address, data=form, headers=BROWSER, follow_redirects=True)
                judge(answer, address, seen)
    assert seen["text/html"] > 5
