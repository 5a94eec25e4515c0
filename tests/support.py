"""Stand-ins that tests of several rooms share."""

import hashlib
import re
import time
from contextlib import contextmanager
from functools import lru_cache

import numpy as np
import pytest

from matcher import config
from matcher.embedding.encoder import content_key, require_text
from matcher.events.event import Event, Place
from matcher.matching import current

on_one_engine = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests of what no engine does: what is written and read is tested on each elsewhere."""

on_all = pytest.mark.parametrize("own_settings", ["whole"], indirect=True)
"""For tests of pages that need many clusters to choose from, or that may cost more with them."""


@contextmanager
def ships(folder):
    """Let the product ship with the data of a folder; whoever loads meanwhile has these alone."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (config, current):
            patch.setattr(module, "DATA_DIR", folder)
        yield


class FakeEncoder:
    """A deterministic `Encoder` without a model: texts that share words are close.

    Each word has a fixed random direction; a text is the sum of its words' directions. What was
    encoded stands in `encoded`, so a test can see that nothing was encoded twice.
    """

    english_only = True

    def __init__(self, dim=64, fingerprint="fake-words@1"):
        self.dim = dim
        self.fingerprint = self.cached_as = fingerprint
        self.encoded = []

    def key(self, text):
        return content_key(text)

    def prepare(self):
        """Nothing has to be made."""

    def encode(self, texts, progress=None):
        require_text(texts)
        self.encoded += texts
        rows = [self._vector(text) for text in texts]
        if progress:
            progress(len(texts), len(texts))
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dim)

    def _vector(self, text):
        words = re.findall(r"\w+", text.casefold()) or [text]
        total = sum(_direction(word, self.dim) for word in words)
        return total / np.linalg.norm(total)


@lru_cache(maxsize=20_000)
def _direction(word, dim):
    """Of all shipped texts' words each is drawn once, as many tests encode all of them."""
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    direction = np.random.default_rng(seed).standard_normal(dim)
    direction.flags.writeable = False
    return direction


class MemoryCache:
    """A `VectorCache` in memory; `puts` counts the saves."""

    def __init__(self):
        self.vectors = {}
        self.puts = 0

    def get(self, fingerprint, keys):
        return {
            key: self.vectors[fingerprint, key]
            for key in keys
            if (fingerprint, key) in self.vectors
        }

    def put(self, fingerprint, vectors):
        self.puts += 1
        self.vectors.update({(fingerprint, key): row for key, row in vectors.items()})


def job_ended(client, answer, headers):
    """The job that an answer began, once it has ended."""
    assert answer.status_code == 202, answer.text
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        job = client.get(answer.headers["Location"], headers=headers).json
        if job["state"] in ("done", "failed"):
            return job
        time.sleep(0.02)
    raise AssertionError(f"the job takes too long: {job}")


STAFF_OPERATIONS = (
    "introductions_list_introductions",
    "introductions_add_introduction",
    "introductions_introduction",
    "introductions_move_introduction",
    "introductions_move_introductions",
    "introductions_take_back_steps",
    "introductions_send_letters",
    "introductions_brief",
    "introductions_letters",
    "groups_api_introductions",
    "groups_api_draft",
    "groups_api_replacing",
    "groups_api_replace",
    "calls_api_enter",
    "calls_api_enter_file",
    "calls_api_take_away",
    "plans_plan",
    "plans_why_not",
    "plans_draft",
    "plans_briefs",
    "plans_programme",
    "plans_settle_programme",
    "introductions_outcomes",
    "events_list_events",
    "events_add_event",
    "events_divide",
    "events_event",
    "events_edit_event",
    "events_delete_event",
    "events_fill_event",
    "events_matches",
    "events_identify",
    "schedules_schedule_event",
    "schedules_why_not_meeting",
    "schedules_agendas",
    "schedules_agenda",
    "day_change_meeting",
    "day_could_meet",
    "day_tell_all",
    "day_badges",
    "day_arrived",
    "day_arrive",
    "figures_all_figures",
    "feedback_list_feedback",
    "feedback_add_feedback",
    "jobs_list_jobs",
    "jobs_job",
    "jobs_cancel_job",
    "people_list_people",
    "people_add_person",
    "people_person",
    "people_add_consent",
    "people_change_person",
    "people_import_people",
    "people_withdraw_consent",
    "people_erase_person",
    "outbox_letters",
    "outbox_again",
    "outbox_bounced",
    "outbox_bounce_report",
)
"""Names of the routes that need a token of staff, as in the OpenAPI document."""


def bare_event(zone):
    """An event that nobody has filled in yet: it has an online room, but no slot so far."""
    room = Place(id="room", name="Room", kind="online")
    return Event.model_construct(id="bare", zone=zone, slots=(), places=(room,), participants=())
