"""Dates of rules, which may lack their day or month, and rules that are due for another look."""

import re
from calendar import month_name, monthrange
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from matcher.i18n.message import Message, plain


def last_day(text: str) -> date:
    """Return the last day of a date that may lack its day or month.

    Raises
    ------
    ValueError
        If there is no such date.
    """
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        raise ValueError(f"{text!r} is not a date")
    year, *rest = (int(part) for part in text.split("-"))
    month = rest[0] if rest else 12
    return date(year, month, rest[1] if len(rest) > 1 else monthrange(year, month)[1])


def first_day(text: str) -> date:
    """Return the first day of a date that may lack its day or month."""
    return date.fromisoformat((text + "-01-01")[:10])


def spell(text: str) -> Message:
    """Write a date that may lack its day or month in words, such as ``"4 June 2024"``."""
    year, *rest = text.split("-")
    if not rest:
        return plain(year)
    month = plain(month_name[int(rest[0])])
    if len(rest) == 1:
        return Message("{month} {year}", month=month, year=year, number=rest[0])
    return Message("{day} {month} {year}", day=str(int(rest[1])), month=month, year=year)


def overdue(recheck_by: date | None, today: date) -> Message | None:
    """Say that a rule is past the day of its review; ``None`` while it is not."""
    if recheck_by is None or today <= recheck_by:
        return None
    return Message(
        "This was to be checked again by {date} and may have changed.",
        date=spell(recheck_by.isoformat()),
    )


def _iso(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _real_date(text: str) -> str:
    try:
        if text != "undated":
            last_day(text)
    except ValueError as error:
        raise ValueError("write a date as 2026, 2026-11 or 2026-11-30, or undated") from error
    return text


def _dated(text: str) -> str:
    if text == "undated":
        raise ValueError("give at least the year of a call")
    return text


RuleDate = Annotated[str, BeforeValidator(_iso), AfterValidator(_real_date)]
"""A date that may lack its day or month, or ``"undated"``."""

CallDate = Annotated[RuleDate, AfterValidator(_dated)]
"""The same, with at least the year."""
