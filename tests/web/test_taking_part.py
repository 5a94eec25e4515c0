"""Clusters take part: sign in, claim, register, describe themselves, ask and answer."""

import json
import re
from collections.abc import Callable
from io import BytesIO
from threading import Event

import pytest
from flask import Flask
from flask.testing import FlaskClient
from postgres import wait_for
from sqlalchemy import update
from taking_part import browser, last_letter, link_in, sign_in

from matcher.accounts.accounts import Accounts
from matcher.accounts.memberships import Memberships, is_own_domain
from matcher.accounts.profiles import OwnProfiles
from matcher.config import Settings
from matcher.errors import ConflictError
from matcher.i18n.languages import language
from matcher.introductions.contacts import Consent, Person
from matcher.introductions.desk import Desk
from matcher.introductions.tables import people
from matcher.mail.letter import Letter
from matcher.mail.outbox import Outbox, Post
from matcher.mail.stops import Stops, is_stopped
from matcher.matcher import Matcher
from matcher.profiles.profile import ClusterProfile
from matcher.web import create_app
from matcher.web.http.context import today
from matcher.web.pages.own_fields import EDIT_FIELDS

FURNITURE = "ge-georgian-furniture-cluster"
STAFF = "staff@example.org"
PATIENCE = 60
WINERY = {
    "name": "Example Valley Winery Union",
    "country": "GE",
    "description": "A union of small family wineries that make amber wine in clay vessels.",
    "offers": "amber wine in clay vessels\nwine tourism in family cellars",
    "seeks": "importers of bottled wine\noak barrels",
    "ecosystems": "agrifood",
    "note": "I run its office.",
}
CONTACT = {"name": "A. Example", "email": "cellar@example.org", "consent": "yes"}


@pytest.fixture
def app(own: Matcher, own_settings: Settings) -> Flask:
    return create_app(own, own_settings)


@pytest.fixture
def entered(app: Flask, own: Matcher) -> Callable[[str], FlaskClient]:
    """Sign somebody in, in a browser of their own."""

    def entered(email: str) -> FlaskClient:
        client = browser(app)
        sign_in(client, own, email)
        return client

    return entered


@pytest.fixture
def staff(own: Matcher, entered: Callable[[str], FlaskClient]) -> FlaskClient:
    Accounts(own.store.database).add_staff(STAFF)
    return entered(STAFF)


def approve(staff: FlaskClient, page: str = "/staff/requests") -> None:
    for address in re.findall(r'action="(/staff/requests/[^"]+)"', staff.get(page).text):
        assert staff.post(address, data={"approve": "yes"}).status_code == 303


def claimed(own: Matcher, staff: FlaskClient, client: FlaskClient, cluster: str) -> None:
    assert client.post(f"/clusters/{cluster}/claim", data={"note": "me"}).status_code == 200
    approve(staff)


def test_whoever_asks_gets_the_same_answer_and_a_link_that_works_once(
    app: Flask, own: Matcher
) -> None:
    client = browser(app)
    Accounts(own.store.database).add_staff("known@example.org")
    known, unknown = (
        client.post("/sign-in", data={"email": email}).text
        for email in ("known@example.org", "unknown@example.org")
    )
    same = re.compile(r"Request [0-9a-f]+")
    assert same.sub("", known) == same.sub("", unknown)
    link = link_in(last_letter(own, "unknown@example.org"))
    secret = link.partition("t=")[2]
    assert client.get(link).status_code == 200
    assert client.get(link).status_code == 200  # looking does not use it up
    done = client.post("/sign-in/confirm", data={"t": secret})
    cookie = done.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert client.get("/account").status_code == 200
    again = browser(app).post("/sign-in/confirm", data={"t": secret})
    assert again.status_code == 410
    assert "Set-Cookie" not in again.headers
    assert browser(app).get(link).status_code == 410


def test_receivers_and_clients_get_so_many_links_an_hour(app: Flask, own: Matcher) -> None:
    client = browser(app)
    answers = [client.post("/sign-in", data={"email": "many@example.org"}) for _ in range(7)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len(Outbox(own.store.database).last(99)) == 5
    codes = [
        client.post("/sign-in", data={"email": f"a{n}@example.org"}).status_code for n in range(20)
    ]
    assert codes[:15] == [200] * 15
    assert codes[-1] == 429


@pytest.mark.parametrize(
    "onward", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x"]
)
def test_a_link_leads_to_this_site_alone(app: Flask, own: Matcher, onward: str) -> None:
    assert sign_in(browser(app), own, "a@example.org", onward) == "/account"


def test_a_session_ends_and_forged_ones_never_begin(app: Flask, own: Matcher) -> None:
    client = browser(app)
    assert sign_in(client, own, "a@example.org", "/introductions") == "/introductions"
    assert client.post("/sign-out").status_code == 303
    assert client.get("/account").status_code == 401
    for forged in ("x", "x" * 300, "InNlY3JldCI.AAAA"):
        client.set_cookie("session", forged)
        assert client.get("/account").status_code == 401


def test_a_change_must_say_from_which_site_it_comes(app: Flask, own: Matcher) -> None:
    client = browser(app)
    sign_in(client, own, "a@example.org")
    del client.environ_base["HTTP_SEC_FETCH_SITE"]
    assert client.post("/account", data={"name": "B"}).status_code == 403
    other = {"Origin": "https://evil.example"}
    assert client.post("/account", data={"name": "B"}, headers=other).status_code == 403
    same = {"Origin": "http://localhost"}
    assert client.post("/account", data={"name": "B"}, headers=same).status_code == 303


def test_an_account_is_exported_and_erased(
    app: Flask, own: Matcher, entered: Callable[[str], FlaskClient]
) -> None:
    client = entered("leaves@example.org")
    client.post("/account", data={"name": "L. Example", "language": "uk"})
    told = client.get("/account/data.json").json
    assert told["account"]["email"] == "leaves@example.org"
    assert told["account"]["name"] == "L. Example"
    assert [letter["kind"] for letter in told["outbox"]] == ["sign in"]
    assert client.post("/account/delete").status_code == 303
    assert client.get("/account").status_code == 401
    assert "leaves@example.org" not in "".join(
        str(tuple(row))
        for table in ("accounts", "outbox", "tickets", "sessions", "audit", "meta")
        for row in all_rows(own, table)
    )


def all_rows(own: Matcher, table: str) -> list[object]:
    from matcher.store.tables import metadata

    with own.store.database.read() as connection:
        return list(connection.execute(metadata.tables[table].select()))


def test_a_claim_is_approved_and_the_profile_is_its_owners(
    own: Matcher, staff: FlaskClient, entered: Callable[[str], FlaskClient]
) -> None:
    client = entered("owner@example.org")
    assert client.get(f"/clusters/{FURNITURE}/edit").status_code == 403
    claimed(own, staff, client, FURNITURE)
    assert "You can now describe" in last_subject(own, "owner@example.org")
    before = own.get(FURNITURE)
    assert before
    page = client.get(f"/clusters/{FURNITURE}/edit").text
    for field in EDIT_FIELDS:
        assert f'name="{field}"' in page, field
    changed = {
        **sent_back(before),
        "seeks": "buyers of oak tables\nfurniture designers",
        "seen": "0",
    }
    preview = client.post(f"/clusters/{FURNITURE}/edit", data={**changed, "preview": "yes"}).text
    assert "Partners that your changes would bring" in preview
    assert own.get(FURNITURE) == before
    saved = client.post(f"/clusters/{FURNITURE}/edit", data={**changed, "save": "yes"})
    assert saved.status_code == 303, saved.text
    after = own.get(FURNITURE)
    assert after
    assert after.seeks == ("buyers of oak tables", "furniture designers")
    assert after.origin("seeks") == "owner"
    assert after.origin("offers") == "public_page"
    assert after.last_verified
    same = after.model_dump(exclude={"seeks", "origins", "last_verified"})
    assert same == before.model_dump(exclude={"seeks", "origins", "last_verified"})
    stale = client.post(f"/clusters/{FURNITURE}/edit", data={**changed, "save": "yes"})
    assert stale.status_code == 422
    assert "Somebody else has changed the profile" in stale.text
    own.import_profiles([before])
    kept = own.get(FURNITURE)
    assert kept
    assert kept.seeks == after.seeks
    versions = OwnProfiles(own).versions(FURNITURE)
    assert [one.who for one in versions] == ["account 2", "before"]
    back = staff.post(f"/clusters/{FURNITURE}/versions/{versions[-1].id}")
    assert back.status_code == 303
    assert own.get(FURNITURE) == before


def last_subject(own: Matcher, to: str) -> str:
    return next(m.subject for m in Outbox(own.store.database).last(50) if m.recipient == to)


def sent_back(profile: ClusterProfile) -> dict[str, object]:
    """What the form sends of a profile that nobody has changed."""
    from matcher.web.pages.whatif import LISTS, form_values

    shown = dict(form_values(profile, EDIT_FIELDS))
    return {key: value.split("\n") if key in LISTS else value for key, value in shown.items()}


def test_roles_are_given_and_taken_away(
    own: Matcher, staff: FlaskClient, entered: Callable[[str], FlaskClient]
) -> None:
    owner = entered("owner@example.org")
    claimed(own, staff, owner, FURNITURE)
    people = f"/clusters/{FURNITURE}/people"
    assert owner.post(people, data={"email": "ed@example.org", "role": "editor"}).status_code == 303
    assert "You are invited" in last_subject(own, "ed@example.org")
    editor = entered("ed@example.org")
    assert editor.get(f"/clusters/{FURNITURE}/edit").status_code == 200
    assert editor.get(people).status_code == 403
    visibility = f"/clusters/{FURNITURE}/visibility"
    assert editor.post(visibility, data={"visibility": "hidden"}).status_code == 403
    held = Memberships(own.store.database).at(FURNITURE)
    ids = {one.account.email: one.account.id for one in held}
    last = owner.post(f"{people}/{ids['owner@example.org']}/removal")
    assert last.status_code == 409
    assert owner.post(f"{people}/{ids['ed@example.org']}/removal").status_code == 303
    data = {"name": "x", "save": "yes"}
    assert editor.post(f"/clusters/{FURNITURE}/edit", data=data).status_code == 403
    assert owner.post(visibility, data={"visibility": "hidden"}).status_code == 303
    assert FURNITURE not in {one.id for one in own.public}
    assert owner.post(visibility, data={"visibility": "public"}).status_code == 303
    assert FURNITURE in {one.id for one in own.public}
    assert owner.post(f"/clusters/{FURNITURE}/withdrawal").status_code == 303
    bare = own.get(FURNITURE)
    assert bare
    assert (bare.description, bare.offers, bare.visibility) == (None, (), "hidden")


def test_two_claims_at_once_and_the_second_of_one(
    own: Matcher, staff: FlaskClient, entered: Callable[[str], FlaskClient]
) -> None:
    first, second = entered("first@example.org"), entered("second@example.org")
    for client in (first, second):
        client.post(f"/clusters/{FURNITURE}/claim", data={})
    assert first.post(f"/clusters/{FURNITURE}/claim", data={}).status_code == 409
    approve(staff)
    roles = {one.account.email: one.role for one in Memberships(own.store.database).at(FURNITURE)}
    assert roles == {"first@example.org": "owner", "second@example.org": "editor"}


@pytest.mark.parametrize(
    ("email", "website", "own"),
    [
        ("a@wine.example", "https://www.wine.example/en", True),
        ("a@mail.wine.example", "https://wine.example", True),
        ("a@wine.example", "https://en.wine.example", True),
        ("a@notwine.example", "https://wine.example", False),
        ("a@gmail.com", "https://gmail.com", False),
        ("a@facebook.com", "https://www.facebook.com/wine", False),
        ("a@wine.example", None, False),
    ],
)
def test_an_address_at_the_website_is_a_hint(email: str, website: str | None, own: bool) -> None:
    assert is_own_domain(email, website) is own


def test_from_an_unlisted_winery_to_each_others_contact(
    monkeypatch: pytest.MonkeyPatch,
    app: Flask,
    own: Matcher,
    staff: FlaskClient,
    entered: Callable[[str], FlaskClient],
) -> None:
    winery = entered("cellar@example.org")
    sent = winery.post("/register", data=WINERY)
    assert "with the staff" in sent.text
    assert "example-valley" not in " ".join(one.id for one in own.clusters)
    assert "I run its office." in staff.get("/staff/requests").text
    slow, reindex = Event(), own.reindex
    monkeypatch.setattr(own, "reindex", lambda *told: slow.wait(PATIENCE) and reindex(*told))
    approve(staff)
    (key,) = re.findall(r'href="/clusters/(.*?)/edit"', winery.get("/account").text)
    told = f"/staff/requests?listed={key}"
    for page in (staff.get(told).text, winery.get(f"/clusters/{key}/edit").text):
        assert f'data-ready="/api/v1/clusters/{key}"' in page
    slow.set()
    wait_for(lambda: own.get(key), "its partners")
    assert 'data-ready=""' in staff.get(told).text
    assert "data-ready" not in winery.get(f"/clusters/{key}/edit").text
    (found,) = [one for one in own.public if one.name == WINERY["name"]]
    assert found.origin("offers") == "owner"
    partner = own.recommend(found.id).partners[0].id
    ask = f"/introductions/ask?from={found.id}&to={partner}"
    assert "Your e-mail address" in browser(app).get(ask).text
    assert "Purpose" in winery.get(ask).text
    data = {"from": found.id, "to": partner, "purpose": "To try amber wine", **CONTACT}
    no_consent = {name: value for name, value in data.items() if name != "consent"}
    assert winery.post("/introductions/ask", data=no_consent).status_code == 422
    assert entered("x@example.org").post("/introductions/ask", data=data).status_code == 403
    asked = winery.post("/introductions/ask", data={**data, "message": "We would like to meet."})
    assert asked.status_code == 303, asked.text
    assert winery.post("/introductions/ask", data=data).status_code == 422
    assert "With the staff" in winery.get("/introductions").text
    page = staff.get("/staff/requests").text
    assert "We would like to meet." in page
    (address,) = re.findall(r'action="(/staff/asks/\d+)"', page)
    bare = {"send": "yes", "email": "office@example.org", "language": "ro"}
    assert staff.post(address, data=bare).status_code == 422
    there = {**bare, "source": "https://example.org/contact"}
    assert staff.post(address, data=there).status_code == 303
    assert staff.post(address, data=there).status_code == 409  # clicked twice, sent once
    letters = Outbox(own.store.database).last(50)
    assert [one.recipient for one in letters].count("office@example.org") == 1
    letter = last_letter(own, "office@example.org")
    assert "cellar@example.org" not in letter
    secret = link_in(letter)
    other = browser(app)
    assert "We would like to meet." in other.get(secret).text
    data = {"t": secret.partition("t=")[2], "reply": "yes"}
    assert other.post("/answer", data=data).status_code == 422
    person = {"name": "B. Example", "email": "barrel@example.org", "consent": "yes"}
    done = other.post("/answer", data={**data, **person})
    assert "You said yes" in done.text
    assert other.post("/answer", data={**data, "reply": "not_now"}).status_code == 422
    to_asker = last_letter(own, "cellar@example.org")
    assert "barrel@example.org" in to_asker
    assert "cellar@example.org" in last_letter(own, "barrel@example.org")
    assert "In touch" in winery.get("/introductions").text
    (one,) = Desk(own.store.database).introductions.all()
    assert one.state == "introduced"


@pytest.mark.parametrize("reply", ["not_now", "not_for_us"])
def test_a_no_passes_nothing_on_and_is_respected(
    app: Flask, own: Matcher, staff: FlaskClient, entered: Callable[[str], FlaskClient], reply: str
) -> None:
    asker = entered("asks@example.org")
    claimed(own, staff, asker, FURNITURE)
    partner = own.recommend(FURNITURE).partners[0].id
    data = {"from": FURNITURE, "to": partner, "purpose": "To meet", **CONTACT}
    assert asker.post("/introductions/ask", data=data).status_code == 303
    form = {"copy": "yes", "language": "uk"}
    copied = staff.post("/staff/asks/1", data=form)
    early = re.findall(r"/answer\?t=[\w.-]+", copied.text)[0]
    undone = {"introductions": [{"id": 1, "version": 3}]}
    assert staff.post("/api/v1/introductions:undo", json=undone).json["moved"] == [1]
    assert browser(app).get(early).status_code == 410
    assert "/staff/asks/1" in staff.get("/staff/requests").text  # it waits again
    copied = staff.post("/staff/asks/1", data=form)
    secret = re.findall(r"/answer\?t=([\w.-]+)", copied.text)[0]
    other = browser(app)
    done = other.post("/answer", data={"t": secret, "reply": reply, "reason": "not <b>us</b>"})
    assert "Nothing was passed on" in done.text
    assert "Your request to" in last_subject(own, "asks@example.org")
    everything = "".join(mail.text for mail in Outbox(own.store.database).last(50))
    assert "not <b>us</b>" not in everything
    again = asker.post("/introductions/ask", data=data).status_code
    assert again == (422 if reply == "not_for_us" else 303)


def test_both_sides_of_what_staff_drafted_are_asked_by_letter_and_answer_by_link(
    app: Flask, own: Matcher, staff: FlaskClient
) -> None:
    desk, names = Desk(own.store.database), ("ua-lviv-it-cluster", "pl-infotech")
    given = Consent("introduction", "herself, by e-mail", today())
    for side, key in zip("ab", names, strict=True):
        desk.people.add(Person(key, f"{side.upper()}. Example", f"{side}@example.org"), given)
    for place, key in enumerate((names[0], "ua-kharkiv-it-cluster")):  # kept before, loosely
        desk.people.add(Person(key, "L. Example", f"loose-{place}@example.org"), given)
    with own.store.database.write() as connection:
        loose = people.c.email.like("loose-%")
        connection.execute(update(people).where(loose).values(email=people.c.email + ";"))
    pairs = [names, ("ua-kharkiv-it-cluster", "ro-cluj-it-cluster")]
    made = [
        staff.post("/api/v1/introductions", json={"a": a, "b": b, "purpose": "A bid"}).json
        for a, b in pairs
    ]
    seen = [{"id": one["id"], "version": one["version"]} for one in made]
    answer = staff.post("/api/v1/introductions:send", json={"introductions": seen}).json
    assert answer["moved"] == [made[0]["id"]]
    assert "No address of ua-kharkiv-it-cluster is known" in answer["refused"][0]["message"]
    assert desk.introductions.get(made[1]["id"]).state == "draft"
    told = staff.get(f"/api/v1/introductions/{made[0]['id']}").json
    assert [step["to"] for step in told["moves"]] == ["draft", "vetted", "asked_a"]
    assert {step["who"] for step in told["moves"]} == {STAFF}

    # Reminded: the link of the first letter ends. Each side answers for itself alone.
    first = link_in(last_letter(own, "a@example.org"))
    seen[0]["version"] = told["version"]
    reminded = staff.post("/api/v1/introductions:send", json={"introductions": seen[:1]})
    assert reminded.json["moved"] == [made[0]["id"]]
    client = browser(app)
    assert client.get(first).status_code == 410
    letter = last_letter(own, "a@example.org")
    undone = [{"id": made[0]["id"], "version": told["version"] + 1}]
    staff.post("/api/v1/introductions:undo", json={"introductions": undone})
    assert "@" not in letter.replace("a@example.org", "").partition("unsubscribe")[0]
    of_a = {"t": link_in(letter).partition("t=")[2], "reply": "yes", "consent": "yes"}
    page = client.get(link_in(letter)).text
    assert "May we introduce" in page
    done = client.post("/answer", data={**of_a, "name": "A. Example", "email": "a@example.org"})
    assert "We now ask the other side" in done.text
    assert client.post("/answer", data={**of_a, "name": "A"}).status_code == 422
    secret = link_in(last_letter(own, "b@example.org")).partition("t=")[2]
    of_b = {**of_a, "t": secret, "name": "B. Example", "email": "b@example.org"}
    assert "You said yes" in client.post("/answer", data=of_b).text
    assert "b@example.org" in last_letter(own, "a@example.org")
    assert desk.introductions.get(made[0]["id"]).state == "introduced"


def test_the_first_side_hears_of_a_no_and_staff_of_a_side_without_an_address(
    app: Flask, own: Matcher, staff: FlaskClient
) -> None:
    desk, (a, b) = Desk(own.store.database), ("ua-lviv-it-cluster", "pl-infotech")
    given = Consent("introduction", "herself, by e-mail", today())
    desk.people.add(Person(a, "A. Example", "a@example.org"), given)
    staff.post("/api/v1/introductions", json={"a": a, "b": b, "purpose": "A bid"})
    send = "/api/v1/introductions:send"
    assert staff.post(send, json={"introductions": [{"id": 1, "version": 1}]}).json["moved"] == [1]
    client, link = browser(app), link_in(last_letter(own, "a@example.org"))
    yes = {"t": link.partition("t=")[2], "reply": "yes", "consent": "yes"}
    client.post("/answer", data={**yes, "name": "A. Example", "email": "a@example.org"})
    (due,) = staff.get("/api/v1/introductions?due=true").json["introductions"]
    assert (due["state"], due["reminder_on"]) == ("asked_b", today().isoformat())
    assert "no letter was sent" in due["moves"][-1]["reason"]

    desk.people.add(Person(b, "B. Example", "b@example.org"), given)
    seen = [{"id": 1, "version": due["version"]}]
    assert staff.post(send, json={"introductions": seen}).json["moved"] == [1]
    assert staff.get("/api/v1/introductions?due=true").json == {"introductions": []}
    secret = link_in(last_letter(own, "b@example.org")).partition("t=")[2]
    client.post("/answer", data={"t": secret, "reply": "not_now"})
    assert "does not want to be introduced" in last_letter(own, "a@example.org")


def test_letters_are_in_the_readers_language_and_are_withdrawn_with_their_step(
    app: Flask, own: Matcher, staff: FlaskClient
) -> None:
    desk, outbox, clusters = Desk(own.store.database), Outbox(own.store.database), {}
    given = Consent("introduction", "herself, by e-mail", today())
    for key in ("ua-lviv-it-cluster", "md-cci", "ua-kharkiv-it-cluster", "pl-infotech"):
        clusters[key] = f"{key}@example.org"
        desk.people.add(Person(key, "A. Example", clusters[key]), given)
    settled = {"sender": "The office", "event": "Fair", "event_day": "2999-05-04"}
    assert staff.put("/api/v1/programme", json=settled).status_code == 428
    for status in (200, 412):  # a colleague was faster
        seen = {"headers": {"If-Match": '"0"'}}
        assert staff.put("/api/v1/programme", json=settled, **seen).status_code == status
    assert staff.get("/api/v1/programme").json["programme"]["event_day"] == "2999-05-04"

    def does(what: str, key: int, **more: str) -> dict[str, object]:
        seen = {"id": key, "version": desk.introductions.get(key).version}
        body = {"introductions": [seen], **more}
        return staff.post(f"/api/v1/introductions:{what}", json=body).json

    for place, (a, b, theirs) in enumerate(
        (("ua-lviv-it-cluster", "md-cci", "ro"), ("ua-kharkiv-it-cluster", "pl-infotech", "uk")), 1
    ):
        staff.post("/api/v1/introductions", json={"a": a, "b": b, "purpose": "A bid"})
        does("send", place, language="uk")
        (waits,) = outbox.last(1)
        undone = does("undo", place)
        assert (undone["moved"], undone["withdrawn"], undone["gone"]) == ([place], 1, 0)
        assert outbox.get(waits.id).state == "stopped"
        assert browser(app).get(link_in(waits.text)).status_code == 410
        does("send", place, language="uk")
        (asked,) = outbox.last(1)
        assert (asked.recipient, asked.language) == (clusters[a], "uk")
        assert "The office" in asked.text and "The office" in asked.html
        assert "Fair" in asked.text
        yes = {"t": link_in(asked.text).partition("t=")[2], "reply": "yes", "consent": "yes"}
        browser(app).post("/answer", data={**yes, "name": "A. Example", "email": clusters[a]})
        (second,) = outbox.last(1)
        assert (second.recipient, second.language) == (clusters[b], theirs)
        yes["t"] = link_in(second.text).partition("t=")[2]
        browser(app).post("/answer", data={**yes, "name": "B. Example", "email": clusters[b]})
        joint = {mail.recipient: mail.language for mail in outbox.last(2)}
        assert joint == {clusters[a]: "uk", clusters[b]: theirs}

    staff.post("/api/v1/introductions", json={"a": "md-cci", "b": "pl-infotech", "purpose": "A"})
    does("send", 3)
    letter = outbox.begin(outbox.last(1)[0].id)
    assert letter is not None
    outbox.end(letter, "sent")
    undone = does("undo", 3)
    assert (undone["moved"], undone["withdrawn"], undone["gone"]) == ([3], 0, 1)


def test_a_helper_checks_in_and_does_nothing_else(
    own: Matcher, entered: Callable[[str], FlaskClient]
) -> None:
    Accounts(own.store.database).add_staff("helps@example.org", helper=True)
    Accounts(own.store.database).add_staff(STAFF)
    with pytest.raises(ConflictError, match="organiser"):
        Accounts(own.store.database).add_staff(STAFF, helper=True)
    helper = entered("helps@example.org")
    assert "data-signed-in" in helper.get("/staff/events/fair/check-in").text
    assert helper.get("/api/v1/events/fair/arrivals").status_code == 404  # there is no such event
    assert "data-signed-in" not in helper.get("/staff").text
    assert helper.get("/staff/requests").status_code == 403
    for path in ("introductions", "people", "events", "outbox"):
        assert helper.get(f"/api/v1/{path}").status_code == 401
    assert "You help at events" in helper.get("/account").text
    Accounts(own.store.database).end_staff("helps@example.org")
    assert helper.get("/api/v1/events/fair/arrivals").status_code == 401


@pytest.mark.parametrize("secret", ["", "x", "x" * 500, "'; --"])
def test_links_that_are_none_are_told(app: Flask, secret: str) -> None:
    client = browser(app)
    assert client.get("/answer", query_string={"t": secret}).status_code == 410
    assert client.post("/answer", data={"t": secret, "reply": "yes"}).status_code == 410
    assert client.post("/sign-in/confirm", data={"t": secret}).status_code == 410


def test_staff_who_sign_in_need_no_token(own: Matcher, staff: FlaskClient) -> None:
    listed = staff.get("/api/v1/outbox")
    assert listed.status_code == 200
    (letter,) = listed.json["letters"]
    assert (letter["is_secret"], letter["text"]) == (True, "")
    assert "data-signed-in" in staff.get("/staff/outbox").text
    assert staff.post("/api/v1/outbox/1/bounce").status_code == 200
    assert own.store.audit.last(1)[0].who == "account 1"
    Accounts(own.store.database).end_staff(STAFF.upper())
    assert staff.get("/api/v1/outbox").status_code == 401
    assert json.loads(staff.get("/api/v1/outbox").text)["type"] == "/problems/token-required"


def test_letters_are_repeated_and_returned_by_staff(own: Matcher, staff: FlaskClient) -> None:
    database = own.store.database
    post = Post(database, "https://match.example.org")
    with database.write() as connection:
        letter = Letter("test", "x", ("y",))
        key = post.put(connection, letter, "gone@example.org", language("en"))
    message_id = Outbox(database).get(key).message_id
    assert staff.post(f"/api/v1/outbox/{key}/again").status_code == 409
    report = (
        "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
        "Content-Type: message/rfc822\r\n\r\nMessage-ID: {}\r\n\r\n--b--\r\n"
    )
    for message, code in ((message_id, 200), ("<other@example.org>", 404), ("", 422)):
        sent = {"file": (BytesIO(report.format(message).encode()), "report.eml")}
        assert staff.post("/api/v1/outbox:bounces", data=sent).status_code == code
    assert staff.get("/api/v1/outbox?state=bounced").json["letters"][0]["id"] == key
    assert staff.post(f"/api/v1/outbox/{key}/again").json["state"] == "waiting"
    assert staff.post("/api/v1/outbox:bounces").status_code == 400


def test_letters_are_ended_by_their_reader(app: Flask, own: Matcher) -> None:
    ticket, client = Stops(own.store.database).ticket("reader@example.org"), browser(app)
    assert ticket in client.get("/unsubscribe", query_string={"t": ticket}).text
    assert client.post("/unsubscribe", data={"t": "x"}).status_code == 422
    with own.store.database.read() as connection:
        assert not is_stopped(connection, "reader@example.org")
    assert client.post("/unsubscribe", data={"t": ticket}).status_code == 200
    with own.store.database.read() as connection:
        assert is_stopped(connection, "reader@example.org")


def test_staff_are_told_of_letters_that_were_not_delivered(
    own: Matcher, staff: FlaskClient
) -> None:
    assert "not delivered" not in staff.get("/staff/requests").text
    staff.post("/api/v1/outbox/1/bounce")
    assert "1 letter was not delivered" in staff.get("/staff/requests").text
