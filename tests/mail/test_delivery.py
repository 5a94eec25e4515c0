"""Letters through a real mail server: right, once, and never lost whatever the server does."""

import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from mail_server import broken_server, mail_server
from support import on_one_engine

from matcher.config import Settings
from matcher.errors import ConflictError, InvalidInputError, NotFoundError
from matcher.i18n.languages import language
from matcher.i18n.message import Message
from matcher.mail import delivery as delivery_module
from matcher.mail.carriers import Folder, MailServer
from matcher.mail.delivery import Delivery
from matcher.mail.letter import Letter, Link
from matcher.mail.outbox import Outbox, Post
from matcher.mail.stops import Stops
from matcher.store import Store

READER = "wine@example.org"
ORIGIN = "https://match.example.org"
LETTER = Letter(
    "test",
    Message("Letters"),
    (Message("With kind regards"), ".a line of its own\n..and another <b>"),
    Link(Message("Send it again"), f"{ORIGIN}/x?t=abc"),
)
SENDER = """
import os, sys
from matcher.mail.carriers import MailServer
from matcher.mail.delivery import Delivery
from matcher.store.database import Database

class Last(MailServer):
    def carry(self, message):
        super().carry(message)
        os._exit(9)  # as a kill would, between sending and noting

Delivery(Database(sys.argv[1]), Last(sys.argv[2]), "us@example.org").run()
"""


@pytest.fixture
def store(database_url):
    with Store.open(database_url) as store:
        yield store


@pytest.fixture
def put(store):
    post = Post(store.database, ORIGIN)

    def put(letter=LETTER, to=READER, code="en", **options):
        with store.database.write() as connection:
            return post.put(connection, letter, to, language(code), **options)

    return put


@pytest.fixture
def outbox(store):
    return Outbox(store.database)


def through(store, url, **patience):
    return Delivery(store.database, MailServer(url, **patience), "Us <us@example.org>")


@on_one_engine
@pytest.mark.parametrize("code", ["en", "ro", "uk"])
def test_a_letter_arrives_in_its_readers_language(store, put, outbox, code):
    key = put(code=code)
    with mail_server() as (url, box):
        assert through(store, url).run() == 1
    (letter,) = box.letters
    say = language(code)
    assert letter["Subject"] == say.gettext("Letters")
    assert (letter["To"], letter["From"]) == (READER, "Us <us@example.org>")
    assert letter["Content-Language"] == code
    assert letter["Message-ID"] == outbox.get(key).message_id
    assert letter["Message-ID"].endswith("@match.example.org>")
    text, html = (letter.get_body([kind]).get_content() for kind in ("plain", "html"))
    assert say.gettext("With kind regards") in text
    assert ".a line of its own\n..and another <b>" in text.replace("\r\n", "\n")
    assert f"{ORIGIN}/x?t=abc" in text
    assert "&lt;b&gt;" in html
    assert f'<html lang="{code}">' in html
    assert "<img" not in html
    assert (outbox.get(key).state, outbox.get(key).tries) == ("sent", 1)
    assert through(store, url).run() == 0


@on_one_engine
def test_without_a_server_letters_are_private_files(store, put, outbox, tmp_path):
    key = put()
    settings = Settings(home=tmp_path / "new")
    assert Delivery.of(store.database, settings).run() == 1
    (file,) = (tmp_path / "new" / "mail").iterdir()
    assert file.suffix == ".eml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert letter["To"] == READER
    assert outbox.get(key).state == "filed"
    outbox.again(key)
    with mail_server() as (url, box):
        assert through(store, url).run() == 1
    assert box.letters[0]["Message-ID"] == letter["Message-ID"]


@on_one_engine
def test_a_folder_that_cannot_be_written_is_tried_again(store, put, outbox, tmp_path):
    key = put()
    (tmp_path / "file").touch()
    Delivery(store.database, Folder(tmp_path / "file" / "mail"), "us@example.org").run()
    assert outbox.get(key).state == "waiting"
    assert "folder for letters" in outbox.get(key).problem


def test_a_server_that_is_away_is_tried_again_later_and_at_last_given_up(
    store, put, outbox, monkeypatch
):
    with mail_server() as (url, _):
        pass
    key = put()
    before = datetime.now(UTC)
    through(store, url).run()
    mail = outbox.get(key)
    assert (mail.state, mail.tries) == ("waiting", 1)
    assert datetime.fromisoformat(mail.due) > before + timedelta(seconds=50)
    assert "cannot be used" in mail.problem
    assert through(store, url).run() == 0
    assert outbox.get(key).tries == 1
    monkeypatch.setattr(delivery_module, "PAUSES", (timedelta(0),) * 2)
    again = put()
    for _ in range(4):
        through(store, url).run()
    assert (outbox.get(again).state, outbox.get(again).tries) == ("failed", 3)


@on_one_engine
@pytest.mark.parametrize("stage", ["rcpt_answers", "data_answers"])
def test_refusals_are_told_without_the_address_and_busy_servers_asked_again(
    store, put, outbox, stage
):
    refused, busy = put(), put(to="busy@example.org")
    with mail_server() as (url, box):
        getattr(box, stage).extend([f"550 5.1.1 <{READER}> unknown", "451 later"])
        assert through(store, url).run() == 0
        assert outbox.get(refused).state == "failed"
        assert outbox.get(refused).problem == "The mail server says: 550 5.1.1 <[address]> unknown"
        assert outbox.get(busy).state == "waiting"
        outbox.again(refused)
        assert through(store, url).run() == 1
    assert box.letters[0]["Message-ID"] == outbox.get(refused).message_id


@pytest.mark.parametrize(
    ("last_word", "state"),
    [(b"", "uncertain"), (None, "uncertain"), (b"250 yes\r\n", "sent"), (b"4", "uncertain")],
    ids=["dies", "hangs", "answers", "dies within its answer"],
)
def test_what_may_have_arrived_is_uncertain_and_not_repeated(store, put, outbox, last_word, state):
    key = put()
    with broken_server(last_word) as (url, taken):
        through(store, url, answer_seconds=0.5).run()
        assert outbox.get(key).state == state
        assert through(store, url).run() == 0
    assert len(taken) == 1
    if state == "uncertain":
        outbox.again(key)
        with mail_server() as (url, box):
            assert through(store, url).run() == 1
        assert box.letters[0]["Message-ID"].encode() in taken[0]


@on_one_engine
def test_a_server_that_says_nothing_holds_nobody_up(store, put, outbox):
    key = put()
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        through(store, url, answer_seconds=0.2).run()
        assert outbox.get(key).state == "waiting"
        through_slow = through(store, url, answer_seconds=20, conversation_seconds=0.1)
        assert through_slow.run() == 0


def test_a_kill_between_sending_and_noting_ends_as_uncertain(store, put, outbox, database_url):
    key = put()
    with mail_server() as (url, box):
        process = subprocess.run([sys.executable, "-c", SENDER, database_url, url], check=False)
        assert process.returncode == 9
        assert outbox.get(key).state == "sending"
        assert through(store, url).run() == 0  # the lease of the dead still holds
        assert outbox.get(key).state == "sending"
        lapse(store)
        assert through(store, url).run() == 0
        mail = outbox.get(key)
        assert mail.state == "uncertain"
        assert "may have arrived" in mail.problem
        assert len(box.letters) == 1
        outbox.again(key)
        assert through(store, url).run() == 1
    assert {letter["Message-ID"] for letter in box.letters} == {mail.message_id}


def lapse(store):
    """Let the time pass after which others may take the work of one that died."""
    from sqlalchemy import update

    from matcher.store.tables import meta

    with store.database.write() as connection:
        connection.execute(
            update(meta).where(meta.c.key == "lease:mail").values(value="2020-01-01 somebody")
        )


def test_only_one_process_sends_at_a_time(store, put, outbox):
    put()
    first, second = (through(store, "smtp://127.0.0.1:9") for _ in range(2))
    assert first._lease.take()
    assert second.run() == 0
    assert outbox.last(1)[0].tries == 0
    first._lease.give()
    second.run()
    assert outbox.last(1)[0].tries == 1


def test_one_time_links_are_forgotten_once_sent_and_never_shown(store, put, outbox):
    soon = datetime.now(UTC) + timedelta(minutes=30)
    key, late = put(until=soon), put(until=datetime.now(UTC) - timedelta(seconds=1))
    waiting = outbox.get(key)
    assert "abc" in waiting.text
    assert (waiting.for_staff().text, waiting.for_staff().html) == ("", "")
    with mail_server() as (url, box):
        assert through(store, url).run() == 1
    assert "abc" in box.letters[0].get_body(["plain"]).get_content()
    assert (outbox.get(key).state, outbox.get(key).text) == ("sent", "")
    assert (outbox.get(late).state, outbox.get(late).text) == ("expired", "")
    outbox.bounce(key, "It came back.")
    with pytest.raises(ConflictError, match="one-time link"):
        outbox.again(key)


def test_who_wants_no_more_gets_only_what_was_asked_for(store, put, outbox):
    stops = Stops(store.database)
    key = put(stoppable=True)
    with mail_server() as (url, box):
        through(store, url).run()
        (letter,) = box.letters
        link = letter["List-Unsubscribe"].strip("<>")
        assert link in letter.get_body(["plain"]).get_content()
        assert READER not in link
        assert not stops.stop_by_ticket("invented")
        assert stops.stop_by_ticket(link.partition("?t=")[2])
        stopped, asked_for = put(stoppable=True, to=READER.upper()), put()
        assert through(store, url).run() == 1
    assert [outbox.get(one).state for one in (key, stopped, asked_for)] == [
        *("sent", "stopped", "sent")
    ]


@on_one_engine
@pytest.mark.parametrize(
    "address",
    ["", "a", "a@b", "a@example.org\nBcc: b@example.org", "a b@example.org", "<a@example.org>",
     "a@example.org,b@example.org", "ö@example.org", "x" * 65 + "@example.org"],
)  # fmt: skip
def test_what_is_no_address_is_refused(put, address):
    with pytest.raises(InvalidInputError, match="Give an e-mail address"):
        put(to=address)


@on_one_engine
def test_a_subject_stays_one_line(store, put, outbox):
    key = put(Letter("test", "Two\r\nBcc: x@example.org", ("x",)))
    assert outbox.get(key).subject == "Two Bcc: x@example.org"
    with mail_server() as (url, box):
        through(store, url).run()
    assert box.letters[0]["Bcc"] is None
    assert box.recipients == [READER]


def test_unknown_letters_are_named(outbox):
    with pytest.raises(NotFoundError, match="no letter 7"):
        outbox.get(7)
