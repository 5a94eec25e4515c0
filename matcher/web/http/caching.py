"""Answers that are kept: by clients through ETags, and by the process for repeated questions."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import cast

from flask import Flask, Response, current_app, request
from werkzeug.http import generate_etag

from matcher.web.http.jsonio import to_json
from matcher.web.http.sessions import COOKIE as SESSION

EXTENSION = "answers"
_ENTRY_BYTES = 500
"""What an entry costs beside its body and its question, roughly."""

_NEVER = frozenset({"docs.healthz", "docs.readyz", "metrics.metrics"})


@dataclass(frozen=True, slots=True)
class Answer:
    """A serialised answer and the tag that names its content."""

    body: bytes
    etag: str


class AnswerCache:
    """The answers used last, all from the source asked for last; another one empties the cache.

    The source is the snapshot that answers are computed from: a re-index makes a new one, and with
    it everything that was kept is gone. Safe to share between threads: one that still asks for the
    old source empties the cache once more, and nobody gets an answer from a source not asked for.

    Parameters
    ----------
    max_bytes
        What all entries together may take.

    Attributes
    ----------
    hits, misses, bytes
        For the metrics.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._entries: OrderedDict[str, Answer] = OrderedDict()
        self._source: object = None
        self._lock = Lock()
        self.hits = self.misses = self.bytes = 0

    def get(self, source: object, key: str) -> Answer | None:
        """Return the answer to that question from that source, if it is kept."""
        with self._lock:
            if source is not self._source:
                self._source = source
                self._entries.clear()
                self.bytes = 0
            found = self._entries.get(key)
            if found is None:
                self.misses += 1
            else:
                self.hits += 1
                self._entries.move_to_end(key)
            return found

    def put(self, source: object, key: str, answer: Answer) -> None:
        """Keep an answer, if its source is still the one asked for last."""
        with self._lock:
            if source is not self._source or key in self._entries:
                return
            self._entries[key] = answer
            self.bytes += _size(key, answer)
            while self.bytes > self._max_bytes:
                self.bytes -= _size(*self._entries.popitem(last=False))


def _size(key: str, answer: Answer) -> int:
    return len(key.encode()) + len(answer.body) + _ENTRY_BYTES


def init_app(app: Flask, max_bytes: int) -> AnswerCache:
    """Tag answers by their content and say who may keep them; gives the cache of the process."""
    answers = app.extensions[EXTENSION] = AnswerCache(max_bytes)
    app.after_request(_tag)
    return answers


def remembered(source: object, key: str, compute: Callable[[], object]) -> Response:
    """Return the answer to a question as JSON, computed only if it is not kept.

    Parameters
    ----------
    source
        What the answer depends on besides the question.
    key
        The question.
    compute
        Gives the answer; when it raises, nothing is kept.
    """
    answers = cast(AnswerCache, current_app.extensions[EXTENSION])
    found = answers.get(source, key)
    if found is None:
        body = to_json(compute())
        found = Answer(body, generate_etag(body))
        answers.put(source, key, found)
    response = Response(found.body, mimetype="application/json")
    response.set_etag(found.etag)
    return response


def _tag(response: Response) -> Response:
    """Everything may be kept if it is asked for again each time; private and failed, not at all."""
    private = request.method not in ("GET", "HEAD") or request.endpoint in _NEVER
    if private or response.status_code >= 400:
        response.headers.setdefault("Cache-Control", "no-store")
        return response
    signed_in = SESSION in request.cookies
    response.headers.setdefault(
        "Cache-Control", f"{'private' if signed_in else 'public'}, no-cache"
    )
    if response.status_code != 200 or response.is_streamed or response.direct_passthrough:
        return response
    response.add_etag()
    if "HTTP_IF_NONE_MATCH" in request.environ:
        response.make_conditional(request)
    return response
