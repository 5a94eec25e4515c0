"""The Python face for analysts: answers as data frames, all pairs at once, what-if weights."""

from matcher.analysis.answers import EvaluationReport, Pair, Partners, ProgrammePlan, Sheet
from matcher.analysis.face import Matcher, read_profiles
from matcher.analysis.pairs import PairScores
from matcher.analysis.stability import Stability, factor_influence, rank_stability

__all__ = [
    "EvaluationReport",
    "Matcher",
    "Pair",
    "PairScores",
    "Partners",
    "ProgrammePlan",
    "Sheet",
    "Stability",
    "factor_influence",
    "rank_stability",
    "read_profiles",
]
