"""Readiness: ECCP registration, excellence labels and programmes, each finding with its source."""

from matcher.readiness.check import check_readiness
from matcher.readiness.loading import load_rules, rule_book
from matcher.readiness.report import Check, Fact, Figures, ProgrammeCheck, ReadinessReport, Status

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
