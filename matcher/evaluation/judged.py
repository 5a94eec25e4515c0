"""Graded pairs, texts and phrases: what an adviser would propose, and what meets a need."""

import csv
import json
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from matcher.config import DATA_DIR

FOLDER = DATA_DIR / "judged"

Grades = Mapping[str, Mapping[str, int]]
"""Asker -> partner -> grade, 0 to 3."""


class JudgedText(NamedTuple):
    """A text as the manager of a cluster would paste it."""

    cluster: str
    language: str
    text: str


class JudgedNeed(NamedTuple):
    """A need and an offer; grade 2 where it is met, 1 where it is related, else 0."""

    cluster: str
    need: str
    other: str
    offer: str
    grade: int


def judged_pairs() -> Grades:
    """Grades of the shipped pairs."""
    grades: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in _rows("pairs_dev.csv"):
        grades[row["cluster_id"]][row["partner_id"]] = int(row["grade"])
    return grades


def judged_texts() -> list[JudgedText]:
    """The shipped texts, each in seven languages."""
    lines = (FOLDER / "texts_dev.jsonl").read_text(encoding="utf-8").splitlines()
    read = (json.loads(line) for line in lines)
    return [JudgedText(one["cluster_id"], one["language"], one["text"]) for one in read]


def judged_needs() -> list[JudgedNeed]:
    """The shipped pairs of a need and an offer."""
    return [
        JudgedNeed(row["cluster_id"], row["phrase"], row["other_id"], row["other_phrase"], grade)
        for row in _rows("phrases_dev.csv")
        if row["kind"] == "need" and (grade := int(row["grade"])) >= 0
    ]


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
