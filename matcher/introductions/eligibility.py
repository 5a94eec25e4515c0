"""What the readiness check says of a pair, in a few lines."""

from datetime import date

from matcher.i18n.languages import Language
from matcher.profiles.profile import DraftProfile
from matcher.readiness.check import check_readiness
from matcher.readiness.dates import overdue

_MOST = 3


def eligibility(a: DraftProfile, b: DraftProfile, today: date, say: Language) -> tuple[str, ...]:
    """Name the programmes that admit both countries, and say where that may have changed."""
    reports = [check_readiness(side, today) for side in (a, b)]
    admitted = [
        {check.id for check in report.programmes.checks if check.status == "met"}
        for report in reports
    ]
    both = [
        check for check in reports[0].programmes.checks if check.id in admitted[0] & admitted[1]
    ]
    if not both:
        return (say("We know of no programme that is certainly open to both countries."),)
    told = both[:_MOST]
    items = "; ".join(check.name for check in told)
    late = overdue(min(check.recheck_by for check in told if check.recheck_by), today)
    return (
        say("Programmes open to both countries, by the lists we last saw: {items}", items=items),
        *([say.say(late)] if late else []),
    )
