"""What the readiness check says of a pair, in a few lines."""

from datetime import date

from matcher.documents.text import clean
from matcher.i18n.languages import Language
from matcher.profiles.profile import DraftProfile
from matcher.readiness.check import check_readiness

_MOST = 3


def eligibility(a: DraftProfile, b: DraftProfile, today: date, say: Language) -> tuple[str, ...]:
    """Sum up the registration of either side, and the programmes that admit both countries."""
    reports = [check_readiness(side, today) for side in (a, b)]
    lines = []
    for side, report in zip((a, b), reports, strict=True):
        figures = report.registration.figures
        lines.append(
            say(
                "{name}, registration on the ECCP: criteria met {met}, not met {not_met}, unknown "
                "{unknown}",
                name=clean(side.acronym or side.name or ""),
                met=figures.met,
                not_met=figures.not_met,
                unknown=figures.unknown,
            )
        )
    admitted = [
        {check.id for check in report.programmes.checks if check.status == "met"}
        for report in reports
    ]
    both = [
        check.name
        for check in reports[0].programmes.checks
        if check.id in admitted[0] & admitted[1]
    ]
    lines.append(
        say(
            "Programmes open to both countries, by the lists we last saw: {items}",
            items="; ".join(both[:_MOST]),
        )
        if both
        else say("We know of no programme that is certainly open to both countries.")
    )
    return tuple(lines)
