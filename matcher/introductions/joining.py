"""A cluster that was registered twice becomes one, with all that refers to either."""

from matcher.embedding.encoder import Progress
from matcher.introductions.tables import introductions, partner_marks, people
from matcher.matcher import Matcher
from matcher.planning.tables import group_members
from matcher.store.joining import join as join_in_store

REFERENCES = (
    introductions.c.a,
    introductions.c.b,
    partner_marks.c.cluster_id,
    partner_marks.c.partner_id,
    people.c.cluster_id,
    group_members.c.cluster_id,
)
"""Columns that name a cluster. Events keep whom they had; their pages still know a hidden one."""


def join(
    matcher: Matcher, gone: str, kept: str, *, who: str, progress: Progress | None = None
) -> int:
    """Join one cluster into another, and re-index; the number is that of the import to take back.

    Parameters
    ----------
    gone, kept
        Ids; the first is hidden from now on, the second gains what it lacks.
    who
        Who joins them.

    Raises
    ------
    InvalidInputError, ClusterNotFoundError
        They are one already, are of two countries, or one is not stored.
    """
    key = join_in_store(matcher.store.database, gone, kept, REFERENCES, who)
    matcher.reindex(progress)
    return key
