"""Readiness: ECCP registration, excellence labels and programmes, each finding with its source."""

from matcher.profiles.readiness.check import check_readiness
from matcher.profiles.readiness.loading import load_rules, rule_book
from matcher.profiles.readiness.report import (
    Check,
    Fact,
    Figures,
    ProgrammeCheck,
    ReadinessReport,
    Status,
)

__all__ = [
    "Check",
    "Fact",
    "Figures",
    "ProgrammeCheck",
    "ReadinessReport",
    "Status",
    "check_readiness",
    "load_rules",
    "rule_book",
]
