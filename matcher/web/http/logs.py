"""Logs as one JSON object a line, without secrets, addresses of people or what they wrote."""

import logging
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from traceback import extract_tb

import orjson

from matcher.config import Settings
from matcher.store.drafts import KEY_PATTERN
from matcher.store.tokens import TOKEN_PATTERN

_MAX_MESSAGE = 200
_SECRETS = (
    (TOKEN_PATTERN, "[token]"),
    (KEY_PATTERN, "[draft]"),
    (re.compile(r"(?i)\bbearer\s+[^\s\"\\]+"), "[token]"),
    (re.compile(r"://[^\s/:@\"]{1,64}:[^\s/@\"]{1,128}@"), "://[password]/"),
    (re.compile(r"[^\s@<>\"'\\:/,;=?&]{1,64}@[^\s@<>\"'\\:/,;=?&]{1,128}"), "[e-mail]"),
)
_SIGNS = ("@", "cmt-", "draft-")
log = logging.getLogger("matcher.requests")


class JsonFormatter(logging.Formatter):
    """One line of JSON a record; `extra={"fields": {...}}` adds to it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line."""
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            entry["error"] = _told(record.exc_info[1])
        return without_secrets(orjson.dumps(entry, default=str).decode())


def configure(settings: Settings) -> None:
    """Send all logs of the process to standard error in this form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)


def log_request(fields: Mapping[str, object]) -> None:
    """Log one answered request."""
    if log.isEnabledFor(logging.INFO):
        log.info("request", extra={"fields": fields})


def without_secrets(text: str) -> str:
    """Return the text with tokens, passwords in addresses and e-mail addresses blotted out."""
    if not any(sign in text for sign in _SIGNS) and "earer" not in text.lower():
        return text
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def _told(error: BaseException) -> list[str]:
    """Where an error came from, outermost cause last.

    Of its message only the first line stands here, cut short: what follows in those of pydantic
    and SQLAlchemy is the user's input.
    """
    told: list[str] = []
    cause: BaseException | None = error
    while cause:
        message = str(cause).partition("\n")[0][:_MAX_MESSAGE]
        told.append(f"{type(cause).__name__}: {message}")
        frames = extract_tb(cause.__traceback__)
        told.extend(f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return told
