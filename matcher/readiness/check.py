"""`check_readiness`: a profile against all rules, on a day."""

from collections.abc import Iterable
from datetime import date

from matcher.profiles.completeness import completeness
from matcher.profiles.profile import DraftProfile
from matcher.readiness.loading import rule_book
from matcher.readiness.programmes import check_programmes
from matcher.readiness.registration import check_labels, check_registration
from matcher.readiness.report import Check, Counts, OpenQuestion, ReadinessReport
from matcher.readiness.rules import Question, RuleBook


def check_readiness(
    profile: DraftProfile, today: date, rules: RuleBook | None = None
) -> ReadinessReport:
    """Check a profile against registration criteria, label steps and programmes.

    Parameters
    ----------
    profile
        Any profile; blank fields leave checks unknown, never failed.
    today
        The day that calls and labels are judged on.
    rules
        Rules of one's own; the shipped ones by default.

    Raises
    ------
    UnreadableFileError, InvalidInputError
        If the shipped rules are damaged; see `load_rules`.
    """
    book = rules or rule_book()
    registration = check_registration(profile, book, today)
    labels = check_labels(profile, book, today)
    programmes = check_programmes(profile, book, today)
    steps = [check for step in labels.steps for check in step.checks]
    checks: list[Check] = [*registration.checks, *steps, *programmes.checks]
    return ReadinessReport(
        today=today,
        rules_read=book.sources.read,
        registration=registration,
        labels=labels,
        programmes=programmes,
        figures=Counts.of([*registration.checks, *steps]),
        questions=_open_questions(profile, checks, book),
        completeness=completeness(profile),
    )


def _open_questions(
    profile: DraftProfile, checks: Iterable[Check], book: RuleBook
) -> tuple[OpenQuestion, ...]:
    by_id = {check.id: check for check in checks}
    found = []
    for question in book.questions.questions:
        judged = [by_id[name] for name in question.rules if name in by_id]
        settles = tuple(check.id for check in judged if _settles(question, check, profile, book))
        if settles:
            found.append(OpenQuestion(question.id, question.text, question.fields, settles))
    return tuple(found)


def _settles(question: Question, check: Check, profile: DraftProfile, book: RuleBook) -> bool:
    blank = {field for field in question.fields if getattr(profile, field) is None}
    waivers = book.registration.waivers
    if blank & {waivers[note.id].field for note in check.waivers}:
        return True
    decided = {given.field for given in check.decided_by}
    return check.open and (not question.fields or bool(blank & decided))
