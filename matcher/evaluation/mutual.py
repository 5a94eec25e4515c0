"""Whether suggestions are mutual: each side finds the other near the top of its own list."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.evaluation.metrics import FIRST
from matcher.evaluation.protocol import Question


def both_sides_hits(
    questions: Sequence[Question], lists: Sequence[Sequence[int]], direction: str
) -> NDArray[np.float64]:
    """For each asker the share of its documented pairs that are in both sides' top ten.

    Parameters
    ----------
    questions
        Questions of all directions: a pair counts where both sides asked about the same group.
    lists
        For each question the rows in order.
    direction
        Whose askers are averaged over, such as ``"eap_eu"``.

    Returns
    -------
    ndarray, shape (askers,)
        In the order of the askers' rows.
    """
    near = {
        (question.asker, row, question.group)
        for question, ranked in zip(questions, lists, strict=True)
        for row in ranked[:FIRST]
        if row in question.relevant
    }
    shares: dict[int, list[bool]] = {}
    for question in questions:
        if question.direction == direction:
            shares.setdefault(question.asker, []).extend(
                {(question.asker, row, question.group), (row, question.asker, question.group)}
                <= near
                for row in sorted(question.relevant)
            )
    return np.array([np.mean(shares[asker]) for asker in sorted(shares)])
