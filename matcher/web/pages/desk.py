"""The desk of the staff: pages that hold nothing private until their reader gives a token.

The pages ask the API as any program does. The token is kept by the browser for that tab alone.
"""

from itertools import groupby

from flask import Blueprint, render_template

from matcher.documents.archive import FORMATS
from matcher.i18n.languages import sort_key
from matcher.introductions.contact_file import COLUMNS, NEEDED
from matcher.introductions.conversion import ANCHORS
from matcher.profiles.profile import ClusterProfile
from matcher.web.api.plans import MOST_BRIEFS
from matcher.web.http.context import current_matcher, current_settings, keep_private
from matcher.web.http.languages import current_language

desk = Blueprint("desk", __name__)
desk.after_request(keep_private)
Countries = list[tuple[str, list[ClusterProfile]]]


@desk.get("/staff")
def introductions() -> str:
    """Introductions by state, what is due, and the steps as forms."""
    return render_template("desk.html", formats=FORMATS, anchors=ANCHORS)


@desk.get("/staff/plan")
def plan() -> str:
    """Wishes for a programme, its plan, and what is made of the chosen pairs."""
    sides = {"askers": _by_country("EaP"), "targets": _by_country("EU")}
    return render_template("staff_plan.html", sides=sides, most_briefs=MOST_BRIEFS)


@desk.get("/staff/import")
def imports() -> str:
    """A file of profiles: what it would change, how it is read, and taking it back."""
    return render_template("staff_import.html")


@desk.get("/staff/people")
def people() -> str:
    """Contact persons, their consents, and what is kept about them."""
    columns = {"needed": NEEDED, "further": [one for one in COLUMNS if one not in NEEDED]}
    return render_template("staff_people.html", columns=columns)


@desk.get("/staff/outbox")
def letters() -> str:
    """Letters by e-mail, and what became of them."""
    settings = current_settings()
    return render_template("staff_outbox.html", filed=settings.smtp_url is None)


def _by_country(group: str) -> Countries:
    """Public clusters of a group of countries: name of the country, its clusters by name."""
    name = current_language().country
    found = [cluster for cluster in current_matcher().public if cluster.group == group]
    found.sort(key=lambda one: (sort_key(name(one.country)), sort_key(one.name), one.id))
    return [(name(code), list(these)) for code, these in groupby(found, lambda one: one.country)]
