"""Graded pairs, texts and phrases: what an adviser would propose, and what meets a need."""

import csv
import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from matcher.config import DATA_DIR
from matcher.errors import FieldProblem, InvalidInputError, UnreadableFileError

FOLDER = DATA_DIR / "judged"
_PAIR = ("cluster_id", "partner_id")
GRADES = range(4)

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


def judged_pairs(folder: Path = FOLDER) -> Grades:
    """Grades in all files ``pairs*.csv`` of a folder.

    Raises
    ------
    InvalidInputError
        A grade is none, or a pair has two different ones; every such line is named.
    UnreadableFileError
        A file lacks a column.
    """
    grades: defaultdict[str, dict[str, int]] = defaultdict(dict)
    problems = []
    for path in sorted(folder.glob("pairs*.csv")):
        for line, row in read_rows(path, ("cluster_id", "partner_id", "grade")):
            known, given = grades[row["cluster_id"]], row["grade"]
            problem = _problem(given, known.get(row["partner_id"]))
            if problem:
                problems.append(FieldProblem(f"{path.name}, line {line}", problem, "grade"))
            else:
                known[row["partner_id"]] = int(given)
    if problems:
        raise InvalidInputError("Some graded pairs cannot be used.", problems)
    return grades


def joined(judged: Grades, said: Grades, askers: Collection[str]) -> Grades:
    """Add what clusters themselves said of suggestions to the grades of advisers.

    Parameters
    ----------
    judged
        Stays as it is: a pair that was graded keeps its grade.
    said
        A cluster that called nobody good is left out: no list of its would be right.
    askers
        Clusters whose word counts here: those whose partners are ranked.
    """
    known = {one: own for one, own in said.items() if one in askers}
    told = {one for one, own in known.items() if one in judged or any(own.values())}
    return {one: {**known.get(one, {}), **judged.get(one, {})} for one in sorted({*judged, *told})}


def judged_texts() -> list[JudgedText]:
    """The shipped texts, each in seven languages."""
    lines = (FOLDER / "texts_dev.jsonl").read_text(encoding="utf-8").splitlines()
    read = (json.loads(line) for line in lines)
    return [JudgedText(one["cluster_id"], one["language"], one["text"]) for one in read]


def judged_needs() -> list[JudgedNeed]:
    """The shipped pairs of a need and an offer."""
    columns = ("kind", "cluster_id", "phrase", "other_id", "other_phrase", "grade")
    return [
        JudgedNeed(row["cluster_id"], row["phrase"], row["other_id"], row["other_phrase"], grade)
        for path in sorted(FOLDER.glob("phrases*.csv"))
        for _, row in read_rows(path, columns)
        if row["kind"] == "need" and (grade := int(row["grade"])) >= 0
    ]


def _problem(given: str, before: int | None) -> str | None:
    if given not in map(str, GRADES):
        return f"{given!r} is no grade; use 0, 1, 2 or 3"
    if before not in (None, int(given)):
        return f"the pair has the grade {given} here, but {before} before; keep one of them"
    return None


def read_rows(path: Path, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """Read a CSV file; each row comes with the number of its line.

    Raises
    ------
    UnreadableFileError
        It is no UTF-8 CSV file, or lacks a column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows = [(reader.line_num, row) for row in reader]
            names = reader.fieldnames or ()
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFileError(f"{path} is not a UTF-8 CSV file: {error}.") from error
    if not set(columns) <= set(names):
        raise UnreadableFileError(f"{path} must have the columns {', '.join(columns)}.")
    return rows


def read_pairs(path: Path, row_of: Mapping[str, int]) -> list[tuple[int, int]]:
    """Read a CSV file of pairs as rows of (cluster, partner), given the row of each known id.

    Raises
    ------
    UnreadableFileError
        It is no such file, or holds no pair.
    InvalidInputError
        An id is unknown; every such line is named.
    """
    rows = read_rows(path, _PAIR)
    if not rows:
        raise UnreadableFileError(f"{path} holds no pair.")
    problems = [
        FieldProblem(f"line {line}", f"no cluster has the id {row[column]!r}", column)
        for line, row in rows
        for column in _PAIR
        if row[column] not in row_of
    ]
    if problems:
        raise InvalidInputError("Some pairs name unknown clusters.", problems)
    return [(row_of[row[_PAIR[0]]], row_of[row[_PAIR[1]]]) for _, row in rows]
