"""Reading pairs to evaluate on."""

from collections.abc import Mapping
from pathlib import Path

from matcher.errors import FieldProblem, InvalidInputError, UnreadableFileError
from matcher.evaluation.judged import read_rows

COLUMNS = ("cluster_id", "partner_id")


def read_pairs(path: Path, row_of: Mapping[str, int]) -> list[tuple[int, int]]:
    """Read a CSV file of pairs as rows of (cluster, partner), given the row of each known id.

    Raises
    ------
    UnreadableFileError
        It is no such file, or holds no pair.
    InvalidInputError
        An id is unknown; every such line is named.
    """
    rows = read_rows(path, COLUMNS)
    if not rows:
        raise UnreadableFileError(f"{path} holds no pair.")
    problems = [
        FieldProblem(f"line {line}", f"no cluster has the id {row[column]!r}", column)
        for line, row in rows
        for column in COLUMNS
        if row[column] not in row_of
    ]
    if problems:
        raise InvalidInputError("Some pairs name unknown clusters.", problems)
    return [(row_of[row[COLUMNS[0]]], row_of[row[COLUMNS[1]]]) for _, row in rows]
