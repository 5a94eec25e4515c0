"""The facade's answers, as data frames and as HTML in notebooks.

Each class is the answer of a room below, unchanged, plus `to_frame` and a display: whatever
takes a `PartnerList`, say, takes a `Partners` as well.
"""

from dataclasses import asdict, fields
from typing import TypeVar

import pandas as pd

from matcher.analysis.frames import profiles_frame
from matcher.analysis.html import Markup, bar, box, lines, signed_bar, table
from matcher.evaluation.evaluate import Report
from matcher.matching.eligibility import SCOPE_TITLES
from matcher.matching.features import FACTORS
from matcher.matching.intents import INTENT_TITLES
from matcher.matching.recommendation import PairExplanation, PartnerList
from matcher.planning.plan import IntroductionPlan
from matcher.profiles.io.readers import ImportReport
from matcher.profiles.taxonomy import countries

Answer = TypeVar("Answer")
_METRICS = ("hit@5", "hit@10", "recall@20", "ndcg@10", "mrr")


def dressed(kind: type[Answer], answer: object) -> Answer:
    """The same answer as one of the classes below, each of which adds methods but no fields."""
    return kind(**{field.name: getattr(answer, field.name) for field in fields(kind)})  # type: ignore[arg-type]


class Partners(PartnerList):
    """Ranked partners."""

    __slots__ = ()

    def to_frame(self) -> pd.DataFrame:
        """One row a partner, indexed by rank."""
        plain = ("id", "name", "country", "score", "fit_for_you", "fit_for_them", "confidence")
        rows = [
            {
                "rank": partner.rank,
                **{name: getattr(partner, name) for name in plain},
                "known_links": len(partner.known_links),
                "reasons": "\n".join(map(str, partner.reasons)),
                "reasons_for_them": "\n".join(map(str, partner.reasons_for_them)),
                "caution": str(partner.caution) if partner.caution else None,
            }
            for partner in self.partners
        ]
        columns = ["rank", *plain, "known_links", "reasons", "reasons_for_them", "caution"]
        return pd.DataFrame(rows, columns=columns).set_index("rank")

    def contributions_frame(self) -> pd.DataFrame:
        """What each factor (a column) adds to the logit of each partner's score (a row)."""
        rows = {
            partner.id: {item.factor: item.contribution for item in partner.contributions}
            for partner in self.partners
        }
        return pd.DataFrame.from_dict(rows, orient="index", columns=list(FACTORS))

    def _repr_html_(self) -> str:
        draft = self.query.profile
        asker = self.cluster.name if self.cluster else draft and draft.name
        intent = f", for {INTENT_TITLES[self.query.intent].lower()}" if self.query.intent else ""
        scope = SCOPE_TITLES[self.query.scope] if self.query.scope else "both sides"
        rows = [
            (
                partner.rank,
                lines([partner.name], muted=_country(partner.country)),
                bar(partner.score, f"{partner.score:.2f}"),
                lines(partner.reasons, muted=partner.caution),
                f"{partner.fit_for_you:.2f}",
                f"{partner.fit_for_them:.2f}",
                f"{partner.confidence:.0%}",
            )
            for partner in self.partners
        ]
        heads = ("", "Partner", "Score", "Why", "For you", "For them", "Confidence")
        return box(
            f"Partners for {asker or 'your description'}",
            f"{len(rows)} of {self.eligible} eligible clusters in {scope}{intent}",
            lines(self.warnings),
            table(heads, rows, right=3),
            foot=f"Index {self.generation}, model {self.model}, weights {self.weights}",
        )


class Pair(PairExplanation):
    """Why, or why not, two clusters."""

    __slots__ = ()

    def to_frame(self) -> pd.DataFrame:
        """One row a factor, the weightiest first; contributions in log-odds."""
        rows = [asdict(item) for item in self.recommendation.contributions]
        return pd.DataFrame(rows).set_index("factor")

    def _repr_html_(self) -> str:
        found = self.recommendation
        largest = max(abs(item.contribution) for item in found.contributions)
        rows = [
            (
                item.title,
                signed_bar(item.contribution, largest),
                item.yours or "–",
                item.theirs or "–",
            )
            for item in found.contributions
        ]
        place = (
            f"not in the list: {self.ineligible_because}"
            if self.ineligible_because
            else f"place {found.rank} in the list of {self.a.name}"
        )
        fits = f"fit for them {found.fit_for_them:.2f}, for you {found.fit_for_you:.2f}"
        return box(
            f"{self.a.name} and {self.b.name}",
            f"Score {found.score:.2f} ({fits}); {place}",
            lines(found.reasons, muted=found.caution),
            table(("Factor", "Contribution (log-odds)", "Yours", "Theirs"), rows),
            foot=f"Index {self.generation}, model {self.model}, weights {self.weights}",
        )


class ProgrammePlan(IntroductionPlan):
    """Planned introductions."""

    def to_frame(self) -> pd.DataFrame:
        """One row an introduction, the most valuable first."""
        columns = ["asker", "asker_name", "target", "target_name", "value", "fit_for_asker"]
        rows = [
            (i.a.id, i.a.name, i.b.id, i.b.name, i.value, i.fit_for_a, i.fit_for_b)
            for i in self.introductions
        ]
        return pd.DataFrame(rows, columns=[*columns, "fit_for_target"])

    def _repr_html_(self) -> str:
        rows = [
            (
                lines([one.a.name], muted=_country(one.a.country)),
                lines([one.b.name], muted=_country(one.b.country)),
                bar(one.value, f"{one.value:.2f}"),
                f"{one.fit_for_a:.2f}",
                f"{one.fit_for_b:.2f}",
            )
            for one in self.introductions
        ]
        plan = self.plan
        proof = "proven best" if plan.method == "exact" else f"within {plan.gap:.1%} of the best"
        return box(
            f"{len(rows)} introductions",
            f"Objective {plan.objective}, total value {plan.total_value:.2f}, {proof}",
            table(("Asker", "Partner", "Value", "For asker", "For partner"), rows, right=2),
            lines(self._shortfalls()),
        )

    def _shortfalls(self) -> list[str]:
        return [
            f"{self.cluster(gap.side, gap.index).name} gets {gap.got} of {gap.wanted}: "
            f"{gap.reason}."
            for gap in self.plan.shortfalls
        ]


class EvaluationReport(Report):
    """How well documented partners are found."""

    __slots__ = ()

    def to_frame(self) -> pd.DataFrame:
        """One row for each slice, ranker and metric: value and 95 % interval."""
        rows = [
            (name, one.clusters, one.pairs, ranker, metric, *estimate)
            for name, one in self.slices.items()
            for ranker, metrics in one.rankers.items()
            for metric, estimate in metrics.items()
        ]
        return pd.DataFrame(
            rows,
            columns=["slice", "clusters", "pairs", "ranker", "metric", "value", "low", "high"],
        )

    def _repr_html_(self) -> str:
        parts = [self._slice(name) for name in self.slices if "/" not in name]
        return box(
            "Documented partners found",
            f"Split {self.protocol.get('split', 'given pairs')}; mean over clusters, with 95 % "
            "bootstrap intervals",
            *parts,
            foot=f"Expected calibration error {self.calibration.error:.3f}",
        )

    def _slice(self, name: str) -> Markup:
        one = self.slices[name]
        rows = [
            (ranker, *(_interval(*metrics[metric]) for metric in _METRICS))
            for ranker, metrics in one.rankers.items()
        ]
        title = lines([f"{name}: {one.clusters} clusters, {one.pairs} pairs"])
        return Markup(title + table(("Ranker", *_METRICS), rows, right=len(_METRICS)))


class Sheet(ImportReport):
    """A file of profiles, its good rows and its problems."""

    __slots__ = ()

    def to_frame(self) -> pd.DataFrame:
        """The good rows, as `profiles_frame` shows clusters."""
        return profiles_frame(self.profiles)

    def problems_frame(self) -> pd.DataFrame:
        """One row for each problem (a row left out) or warning (a row kept)."""
        rows = [
            {"severity": severity, "where": item.where, "field": item.field, "what": item.message}
            for severity, items in (("problem", self.problems), ("warning", self.warnings))
            for item in items
        ]
        return pd.DataFrame(rows, columns=["severity", "where", "field", "what"])

    def _repr_html_(self) -> str:
        frame = self.problems_frame().fillna("")
        return box(
            f"{len(self.profiles)} of {self.rows} rows can be used",
            f"{len(self.problems)} problems, {len(self.warnings)} warnings",
            table(tuple(name.capitalize() for name in frame.columns), frame.to_numpy().tolist()),
        )


def _country(code: str) -> str:
    return countries()[code].name if code else ""


def _interval(value: float, low: float, high: float) -> str:
    return f"{value:.2f} [{low:.2f}, {high:.2f}]"
