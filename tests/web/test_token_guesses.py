"""Guessing tokens: every guess is answered alike, counts, and tells nothing."""

import re

from flask.testing import FlaskClient
from support import FakeEncoder

from matcher.config import Settings
from matcher.matcher import Matcher
from matcher.store import Store
from matcher.web import create_app

PEOPLE = "/api/v1/people?cluster=ua-kharkiv-it-cluster"
GUESS = f"cmt-{'0' * 8}-{'x' * 43}"


def asked(client: FlaskClient, text: str) -> tuple[int, str]:
    response = client.get(PEOPLE, headers={"Authorization": f"Bearer {text}"})
    return response.status_code, re.sub(r'"request_id":"\w+"', "", response.text)


def test_no_answer_tells_a_token_that_exists(own_settings: Settings) -> None:
    store = Store.open(own_settings.store_url)
    with Matcher(store, FakeEncoder(), own_settings) as matcher:
        matcher.load()
        client = create_app(matcher, own_settings).test_client()
        for name in ("guessed", "revoked"):
            store.tokens.create(name, ["staff"])
        store.tokens.revoke("revoked")
        wrong = [f"cmt-{token.id}-{'x' * 43}" for token in store.tokens.all()]
        answers = {asked(client, text) for text in (GUESS, *wrong, "", "x", "\xe4", GUESS + "x")}
    assert len(wrong) == 2
    assert {status for status, _ in answers} == {401}
    assert len(answers) == 1


def test_guesses_count_against_the_limit(matcher: Matcher, settings: Settings) -> None:
    few = settings.model_copy(update={"rate_limit": 5})
    client = create_app(matcher, few).test_client()
    assert [asked(client, GUESS)[0] for _ in range(7)] == [401] * 5 + [429] * 2
