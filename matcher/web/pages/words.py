"""Titles of the fixed words of the domain, in English; templates translate them."""

from collections.abc import Mapping

from matcher.accounts.opinions import Why
from matcher.i18n.message import Message
from matcher.introductions.contacts import Purpose
from matcher.introductions.grouped import Standing
from matcher.introductions.workflow import Answer, Outcome, Role, State
from matcher.mail.outbox import State as MailState
from matcher.matching.directory import Freshness, Size, Sort
from matcher.matching.features import FEATURE_TITLES, GROUP_TITLES
from matcher.matching.purposes import INTENT_TITLES
from matcher.matching.recommendation import Evidence, EvidenceKind, Level
from matcher.planning.groups import Sides
from matcher.planning.solver.planner import Objective
from matcher.profiles.profile import DraftProfile, LegalForm, Origin
from matcher.profiles.taxonomy import ecosystems
from matcher.store.jobs import JobState

ECOSYSTEMS = ecosystems()
INTENTS = INTENT_TITLES
FEATURES = FEATURE_TITLES
GROUPS = GROUP_TITLES
LEVELS: Mapping[Level, str] = {
    "strong": "Likely a good match",
    "worth_a_talk": "Worth a talk",
    "weak": "Weak fit",
}
EVIDENCE: Mapping[EvidenceKind, str] = {
    "need_met": "A need that is met",
    "need_near": "Worth asking about",
    "trade": "Same trade",
    "field": "Same wide field",
    "value_chain": "Value chain",
    "interest": "Interest in the country",
    "same_wish": "Same wish",
    "speciality": "Similar speciality",
    "same_offer": "Similar offers",
    "organisation": "Kind of organisation",
    "purpose": "Suits the purpose",
}
JOBS: Mapping[str, str] = {
    "plan programme": "Planning a programme",
    "explain plan": "Explaining a plan",
    "draft introductions": "Drafting introductions",
    "schedule event": "Scheduling an event",
}
JOB_STATES: Mapping[JobState, str] = {
    "waiting": "Waiting",
    "running": "Running",
    "done": "Done",
    "failed": "Failed",
}
REFUSALS: Mapping[Why, str] = {
    "trade": "Their field is too far from ours",
    "nothing": "They offer nothing that we need",
    "place": "The country does not suit us",
    "size": "They are too large or too small",
    "known": "We know them already",
    "other": "Another reason",
}
"""Why a suggestion is not for somebody."""
MULTIPLIERS = ("ignore", "less", "as usual", "more", "much more")
"""What a weight does, in words: 0, below 1, 1, up to 2, and above."""
WEIGHTS = tuple(zip((0.0, 0.5, 1.0, 2.0, 3.0), MULTIPLIERS, strict=True))
VARIETY = ((0.0, "best first"), (0.3, "some variety"), (0.8, "as varied as possible"))
SCOPES = {"eu": "European Union", "eap": "Eastern Partnership", "all": "Both"}
GROUP_SIDES: Mapping[Sides, str] = {
    "both": "Both the Eastern Partnership and the EU",
    "eap": "Eastern Partnership only",
    "eu": "European Union only",
    "any": "Anywhere",
}
FACETS: Mapping[str, str] = {
    "country": "Country",
    "trade": "Trade",
    "ecosystem": "Industrial ecosystem",
    "kind": "Kind of organisation",
    "label": "Excellence label",
    "size": "Size",
    "freshness": "Age of the facts",
}
SIZES: Mapping[Size, str] = {
    "small": "Fewer than 50 members",
    "medium": "50 to 149 members",
    "large": "150 members or more",
    "unknown": "Not known",
}
FRESHNESS: Mapping[Freshness, str] = {
    "recent": "Up to 2 years old",
    "older": "3 to 5 years old",
    "old": "6 years or older",
    "unknown": "Not known",
}
SORTS: Mapping[Sort, str] = {
    "best": "Best match",
    "name": "Name",
    "country": "Country",
    "members": "Most members",
    "newest": "Newest facts",
}
KINDS = {
    "cluster": "Cluster",
    "cluster_network": "Cluster network",
    "business_association": "Business association",
    "technology_park": "Technology park",
    "incubator_accelerator": "Incubator or accelerator",
    "innovation_hub": "Innovation hub",
    "public_agency": "Public agency",
}
LEGAL_FORMS: Mapping[LegalForm, str] = {
    "state_body": "State body",
    "state_university": "State university",
    "state_owned": "State-owned company",
    "private": "Private company",
    "ngo": "Association or other non-profit body",
}
LABELS = {"gold": "Gold label", "silver": "Silver label", "bronze": "Bronze label"}
FIELDS: Mapping[str, str] = {
    "name": "Name",
    "country": "Country",
    "region": "Region",
    "city": "City",
    "lat": "Coordinates",
    "website": "Website",
    "founded": "Founded",
    "kind": "Kind of organisation",
    "members_total": "Members",
    "members_sme": "Small and medium firms among the members",
    "members_large": "Large firms among the members",
    "members_research": "Research bodies among the members",
    "members_public": "Public bodies among the members",
    "employees_represented": "Employees of the members",
    "label": "Excellence label",
    "label_year": "Year of the label",
    "ecosystems": "Industrial ecosystems",
    "nace": "Activities (NACE)",
    "technologies": "Technologies",
    "services": "Services to members",
    "offers": "What you offer",
    "seeks": "What you seek",
    "target_countries": "Target countries",
    "languages": "Working languages",
    "description": "Description",
    "management_fte": "Management team (full-time equivalents)",
    "recognised_programme": "Recognised by a cluster programme",
    "english_site": "Website in English",
    "legal_form": "Legal form",
    "registered_in": "Region of registration",
    "owner_country_over_50": "Country that owns more than half",
    "opt_in_countries": "Countries it has opted in to",
    "intents": "Purposes of cooperation",
    "native_name": "Name in your own language",
    "acronym": "Short name",
    "native_description": "Description in your own language",
    "last_verified": "Day of the last check",
    "as_of": "Year of the facts",
}
COMPARED = {**FIELDS, "offers": "Offers", "seeks": "Seeks"}
COLUMNS: Mapping[str, str] = {
    **COMPARED,
    "native_name": "Name in its own language",
    "acronym": "Acronym",
    "lat": "Latitude",
    "lon": "Longitude",
    "nuts2": "NUTS 2 region",
    "native_description": "Description in its own language",
    "capacity": "Introductions it can take",
    "visibility": "Who may see it",
    "sources": "Sources",
    "trades": "Trades",
    "origins": "Who says so",
    "id": "Id",
}
"""Columns of a profile file."""
ORIGINS: Mapping[Origin, str] = {
    "public_page": "public pages",
    "owner": "the cluster itself",
    "staff": "our staff",
}
LINKS = {
    "consortium": "Consortium",
    "memorandum": "Memorandum",
    "network": "Network",
    "project": "Project",
    "exchange": "Exchange",
}
STATUSES = {
    "met": "Met",
    "not_met": "Not met",
    "probably_not": "Probably not",
    "some_regions": "Some regions only",
    "signed": "Signed, not seen in force",
    "none_seen": "No agreement seen",
    "unknown": "Unknown",
    "not_applicable": "Not applicable",
}
SURENESS = {
    "A": "read on the owner's page",
    "B": "read on another page",
    "C": "inferred",
    "≠": "pages differ",
    "?": "not known",
}

STATES: Mapping[State, str] = {
    "draft": "Draft",
    "vetted": "Vetted",
    "asked_a": "First side asked",
    "asked_b": "Second side asked",
    "agreed": "Both agreed",
    "introduced": "Introduced",
    "met": "Met each other",
    "outcome": "With an outcome",
    "declined": "Declined",
    "expired": "Expired",
}
STANDINGS: Mapping[Standing, str] = {
    "leads": "Leads the group",
    "knows": "Knows the first member",
    "none": "Not asked",
    **dict[Standing, str](STATES.items()),
}
STEPS: Mapping[State, str] = {
    "vetted": "A good pair: vetted",
    "asked_a": "First side asked",
    "asked_b": "First side agrees, second asked",
    "agreed": "Second side agrees",
    "introduced": "Introduced to each other",
    "met": "They have met",
    "outcome": "Outcome known",
    "declined": "One side says no",
    "expired": "Nobody answered",
}
ANSWERS: Mapping[Answer, str] = {
    "not_now": "Not now",
    "no": "No",
    "known_to_us": "They know each other",
    "not_for_us": "Not for us",
}
OUTCOMES: Mapping[Outcome, str] = {
    "mou": "A memorandum",
    "project": "A project",
    "none": "Nothing yet",
}
LETTER_STATES: Mapping[MailState, str] = {
    "waiting": "Waiting to be sent",
    "sending": "Being sent",
    "sent": "Sent",
    "filed": "Kept as a file",
    "uncertain": "May have arrived",
    "failed": "Not delivered",
    "bounced": "Came back",
    "stopped": "Not wanted by its reader",
    "expired": "Its link has expired",
}
ROLES: Mapping[Role, str] = {"staff": "Staff", "a": "First side", "b": "Second side"}
CONSENTS: Mapping[Purpose, str] = {"introduction": "Introductions", "meeting": "Meetings"}
OBJECTIVES: Mapping[Objective, tuple[str, str]] = {
    "total": (
        "Highest total value",
        "The largest sum of mutual values, whoever gets it.",
    ),
    "worst-off": (
        "The worst-off first",
        "First the weakest best introduction is raised as far as possible, then the next "
        "weakest; the total comes last.",
    ),
}
"""Objective -> its title, and what it means."""


SEEN_STATES: Mapping[State, str] = {
    "draft": "With the staff",
    "vetted": "With the staff",
    "asked_a": "You are asked",
    "asked_b": "The other side is asked",
    "agreed": "Both agree",
    "introduced": "In touch: the contacts came by letter",
    "met": "You have met",
    "outcome": "With an outcome",
    "declined": "Not at present",
    "expired": "Over without an answer",
}
"""How far an introduction is, for the two sides; who declined and why is for staff alone."""
ANSWERED_STATES: Mapping[State, str] = {
    **dict.fromkeys(("draft", "vetted", "asked_a", "asked_b"), "This request is not ready yet."),
    **dict.fromkeys(
        ("agreed", "introduced", "met", "outcome"),
        "You said yes. Both sides have each other's contact by letter.",
    ),
    "declined": "Thank you for your answer. Nothing was passed on.",
    "expired": "This request is over. Nothing was passed on.",
}
"""What the asked side reads behind its link once it cannot answer any more."""
CHANGES = {
    "": "As it was before",
    "registered": "Registered",
    "confirmed": "Confirmed",
    "public": "Shown again",
    "hidden": "Hidden",
    "withdrawn": "Deleted",
}
"""What was done to a profile, where it is more than changed fields."""


def change_title(change: str) -> Message:
    """Say what was done to a profile."""
    if change in CHANGES:
        return Message(CHANGES[change])
    if change.startswith("back to "):
        return Message("Back to an earlier version")
    fields = change.split(", ")
    return Message(
        "Changed: {fields}", fields=tuple(Message(FIELDS.get(one, one)) for one in fields)
    )


def multiplier(weight: float) -> str:
    """Say what a weight does."""
    steps = (weight > 0, weight >= 1, weight > 1, weight > 2)
    return MULTIPLIERS[sum(steps)]


def evidence_roles(found: Evidence) -> tuple[str, str]:
    """Say what the two phrases of a piece of evidence are: yours, then theirs."""
    if found.kind not in ("need_met", "need_near"):
        return "You", "They"
    return ("You seek", "They offer") if found.side == "you" else ("You offer", "They seek")


def shared_markets(a: DraftProfile, b: DraftProfile) -> list[str]:
    """Countries that both target and neither sits in."""
    theirs = set(b.target_countries) - {a.country, b.country}
    return [code for code in a.target_countries if code in theirs]
