"""Reading pairs to evaluate on."""

import csv
from collections.abc import Mapping
from pathlib import Path

from matcher.errors import FieldProblem, InvalidInputError, UnreadableFileError

COLUMNS = ("cluster_id", "partner_id")


def read_pairs(path: Path, row_of: Mapping[str, int]) -> list[tuple[int, int]]:
    """Read a CSV file with the columns ``cluster_id`` and ``partner_id``.

    Parameters
    ----------
    path
        The file.
    row_of
        Row of each known cluster id.

    Returns
    -------
    list of (int, int)
        Rows of cluster and partner.

    Raises
    ------
    UnreadableFileError
        It is no such file, or holds no pair.
    InvalidInputError
        An id is unknown; every such line is named.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows = [(reader.line_num, row) for row in reader]
            columns = reader.fieldnames or ()
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFileError(f"{path} is not a UTF-8 CSV file: {error}.") from error
    if not set(COLUMNS) <= set(columns) or not rows:
        raise UnreadableFileError(
            f"{path} must have the columns {' and '.join(COLUMNS)}, and at least one pair."
        )
    problems = [
        FieldProblem(f"line {line}", f"no cluster has the id {row[column]!r}", column)
        for line, row in rows
        for column in COLUMNS
        if row[column] not in row_of
    ]
    if problems:
        raise InvalidInputError("Some pairs name unknown clusters.", problems)
    return [(row_of[row[COLUMNS[0]]], row_of[row[COLUMNS[1]]]) for _, row in rows]
