"""Reports of letters that came back."""

import pytest

from matcher.errors import NotFoundError, UnreadableFileError
from matcher.i18n.languages import language
from matcher.mail.bounces import note_bounce
from matcher.mail.letter import Letter
from matcher.mail.outbox import Outbox, Post
from matcher.mail.stops import is_stopped
from matcher.store import Store

REPORT = """\
From: MAILER-DAEMON@mx.example.org
To: us@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; gone@example.org
Action: failed
Status: {status}

--b
Content-Type: message/rfc822

From: us@example.org
To: gone@example.org
Message-ID: {message_id}
Subject: Hello

Hello
--b--
"""


@pytest.fixture
def store(tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/matcher.db") as store:
        yield store


@pytest.fixture
def mail(store):
    post = Post(store.database, "http://localhost:8000")
    with store.database.write() as connection:
        key = post.put(connection, Letter("test", "x", ("y",)), "gone@example.org", language("en"))
    return Outbox(store.database).get(key)


@pytest.mark.parametrize(("status", "dead"), [("5.1.1", True), ("5.2.2", False)])
def test_a_report_names_its_letter_and_dead_addresses_are_stopped(store, mail, status, dead):
    report = REPORT.format(status=status, message_id=mail.message_id)
    assert note_bounce(store.database, report.encode()).id == mail.id
    noted = Outbox(store.database).get(mail.id)
    assert (noted.state, noted.problem) == ("bounced", f"It came back: {status}.")
    with store.database.read() as connection:
        assert is_stopped(connection, "gone@example.org") is dead


def test_reports_of_other_letters_are_told(store, mail):
    report = REPORT.format(status="5.1.1", message_id="<other@example.org>")
    with pytest.raises(NotFoundError, match="none of our letters"):
        note_bounce(store.database, report.encode())


@pytest.mark.parametrize("data", [b"", b"\x00\xff" * 500, b"Subject: hi\n\nhi", b"PK\x03\x04"])
def test_what_is_no_report_is_told(store, data):
    with pytest.raises(UnreadableFileError, match="names no letter"):
        note_bounce(store.database, data)
