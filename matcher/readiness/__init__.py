"""Readiness: registration, labels, programmes and cautions, each finding with its source."""

from matcher.readiness.cautions import Caution, pair_cautions, suspended
from matcher.readiness.check import check_readiness
from matcher.readiness.loading import load_rules, rule_book
from matcher.readiness.registration import references, registration_form
from matcher.readiness.report import (
    Check,
    Counts,
    Fact,
    FormField,
    ProgrammeCheck,
    ReadinessReport,
    Status,
)

__all__ = [
    "Caution",
    "Check",
    "Counts",
    "Fact",
    "FormField",
    "ProgrammeCheck",
    "ReadinessReport",
    "Status",
    "check_readiness",
    "load_rules",
    "pair_cautions",
    "references",
    "registration_form",
    "rule_book",
    "suspended",
]
