"""What a column of text may hold of persons: every one bears a mark, as its `info`.

Erasures, exports for the person and restores go through all tables by these marks, so that a table
of tomorrow is not forgotten.
"""

from typing import Any, Final

from sqlalchemy import Column, Table

Mark = dict[str, str]
KIND = "persons"

OWN: Final[Mark] = {KIND: "own"}
"""Tells whose row it is: the row goes with its person."""

WORDS: Final[Mark] = {KIND: "words"}
"""May name persons: what names the one to be erased is blanked."""

DOCUMENT: Final[Mark] = {KIND: "document"}
"""JSON whose texts may name persons: they are blanked one by one."""


def no_person(why: str) -> Mark:
    """Mark a column that never names a person, and say why it cannot."""
    return {KIND: "none", "why": why}


CLUSTER: Final = no_person("the id of a cluster or partnership, made from names of organisations")
CODE: Final = no_person("one of a few words of ours, or drawn at random")
DIGEST: Final = no_person("a digest, or what is signed")
MOMENT: Final = no_person("a moment, as ISO 8601 writes it")


def marked(table: Table, *marks: Mark) -> list[Column[Any]]:
    """List the columns of a table that bear one of the marks."""
    kinds = {mark[KIND] for mark in marks}
    return [column for column in table.columns if column.info.get(KIND) in kinds]
