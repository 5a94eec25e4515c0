"""Steps that tests of those who take part share."""

import re

from flask import Flask
from flask.testing import FlaskClient

from matcher.mail.outbox import Outbox
from matcher.matcher import Matcher

BROWSER = {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ACCEPT": "text/html"}


def browser(app: Flask) -> FlaskClient:
    """A client that says from which site its forms come, as browsers do."""
    client = app.test_client()
    client.environ_base |= BROWSER
    return client


def last_letter(matcher: Matcher, to: str) -> str:
    """Text of the newest letter to an address."""
    found = [mail for mail in Outbox(matcher.store.database).last(50) if mail.recipient == to]
    return found[0].text


def link_in(text: str) -> str:
    """The path of the first link of a letter."""
    return re.findall(r"https?://[^/\s]+(/\S+)", text)[0]


def sign_in(client: FlaskClient, matcher: Matcher, email: str, onward: str = "") -> str:
    """Sign in by letter; gives where the service then leads."""
    asked = client.post("/sign-in", data={"email": email, "next": onward})
    assert asked.status_code == 200, asked.text
    link = link_in(last_letter(matcher, email))
    assert "Sign in" in client.get(link).text
    done = client.post("/sign-in/confirm", data={"t": link.partition("t=")[2]})
    assert done.status_code == 303, done.text
    return str(done.headers["Location"])
