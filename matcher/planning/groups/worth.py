"""What a group is worth as a whole, in parts that add up.

A member brings its fit to the topic and its two best ties within the group; the group brings the
needs that members meet for each other, and the steps of the value chain that it covers, each
counted once, so that a second member for the same step adds nothing. Each member costs something,
and more where it stands in many groups already.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from matcher.matching.columns import Bools, Floats
from matcher.planning.groups.rows import Values

Part = Literal["fit", "ties", "needs", "chain", "load"]
TIES = 2
"""How many of its ties a member is judged by."""

COST = 0.4
"""What each member must bring at least: whoever joins has to be coordinated."""

WEIGHTS: Mapping[Part, float] = {"fit": 1.0, "ties": 0.1, "needs": 0.25, "chain": 0.1, "load": 0.1}
NEAREST = 2.0
"""How many times as much as the mean of all members the one counts whom a candidate suits best.

This and the weights but for the load: as one half of the documented partnerships chose them, see
`measured`.
"""


def fit_of(mean: Floats, best: Floats, nearest: float = NEAREST) -> Values:
    """(n,) fit of each to some members, from the mean and the best of its scores with them."""
    return np.asarray((mean + nearest * best) / (1 + nearest), dtype=float)


@dataclass(frozen=True)
class Worth:
    """What n candidates bring to a group, alone and together.

    Attributes
    ----------
    fit
        (n,) how well each fits the topic, in [0, 1].
    ties
        (n, n) how well two suit or know each other, in [0, 1]; symmetric, 0 on the diagonal.
    needs
        (q, n) whether a candidate's offers meet a need; never the owner's.
    owners
        (q,) whose need each is.
    chain
        (s, n) whether a candidate covers a step of the value chain.
    load
        (n,) groups and introductions that each is in already.
    weights
        Of the parts.
    """

    fit: Values
    ties: Values
    needs: Bools
    owners: NDArray[np.intp]
    chain: Bools
    load: Values
    weights: Mapping[Part, float] = field(default_factory=lambda: WEIGHTS)

    @classmethod
    def alone(cls, fit: Values) -> Self:
        """What candidates bring that are judged by their fit alone."""
        none = np.zeros((0, len(fit)), dtype=np.bool_)
        return cls(
            fit,
            np.zeros((len(fit), len(fit))),
            none,
            np.zeros(0, np.intp),
            none,
            np.zeros(len(fit)),
        )

    @property
    def single(self) -> Values:
        """(n,) what each brings by itself, less what it costs."""
        return self.weights["fit"] * self.fit - self.weights["load"] * self.load - COST

    @property
    def need_shares(self) -> Values:
        """(q,) the value of a need that is met: those of one owner share its weight."""
        counts = np.bincount(self.owners, minlength=len(self.fit))[self.owners]
        return self.weights["needs"] / np.maximum(counts, 1)

    @property
    def step_share(self) -> float:
        """The value of a step of the value chain that is covered."""
        return self.weights["chain"] / max(len(self.chain), 1)

    def met(self, chosen: Bools) -> Bools:
        """(q,) needs of members that another member meets."""
        return np.asarray(chosen[self.owners] & (self.needs & chosen).any(axis=1))

    def covered(self, chosen: Bools) -> Bools:
        """(s,) steps of the value chain that a member covers."""
        return np.asarray((self.chain & chosen).any(axis=1))

    def parts(self, chosen: Bools) -> dict[Part, float]:
        """What each part adds to the value of a group, given as (n,) truths."""
        within = -np.sort(-self.ties[np.ix_(chosen, chosen)], axis=1)[:, :TIES]
        return {
            "fit": self.weights["fit"] * float(self.fit[chosen].sum()),
            "ties": self.weights["ties"] * float(within.sum()) / TIES,
            "needs": float(self.need_shares[self.met(chosen)].sum()),
            "chain": self.step_share * int(self.covered(chosen).sum()),
            "load": -self.weights["load"] * float(self.load[chosen].sum()),
        }

    def value(self, chosen: Bools) -> float:
        """Value of a group: its parts, less what its members cost."""
        return sum(self.parts(chosen).values()) - COST * int(chosen.sum())
