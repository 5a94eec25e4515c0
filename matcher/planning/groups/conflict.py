"""Which conditions stand in each other's way where no group satisfies them all."""

from collections.abc import Sequence

import numpy as np

from matcher.i18n.message import Message
from matcher.matching.columns import Bools
from matcher.planning.groups.optimum import best_group
from matcher.planning.groups.rows import Row
from matcher.planning.groups.worth import Worth


def conflict(rows: Sequence[Row], belongs: Bools) -> tuple[Message, ...]:
    """Name conditions that cannot hold together, of which each one is needed for that.

    Conditions are dropped one by one; what can be spared stays out (J. W. Chinneck, *Feasibility
    and Infeasibility in Optimization*, 2008, ch. 6: the deletion filter).

    Parameters
    ----------
    rows
        Rows that no group satisfies; those of one condition bear one name.
    belongs
        (c, n) which candidate belongs to which country.
    """
    nobody = Worth.alone(np.zeros(belongs.shape[1]))
    kept = list(dict.fromkeys(row.name for row in rows))
    for name in tuple(kept):
        without = [one for one in kept if one != name]
        if best_group(nobody, [row for row in rows if row.name in without], belongs) is None:
            kept = without
    return tuple(kept)
