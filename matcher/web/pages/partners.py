"""Partners of a registered cluster, or of one that is described or uploaded."""

from collections.abc import Callable, Mapping

import orjson
from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.datastructures import MultiDict

from matcher.errors import FieldProblem, InvalidInputError, MatcherError, UnreadableFileError
from matcher.matching.query import PartnerQuery
from matcher.matching.recommendation import PartnerList
from matcher.matching.serialise import partner_list_json
from matcher.matching.words import trade_name
from matcher.profiles.io.readers import read_profiles
from matcher.profiles.profile import ClusterProfile, DraftProfile
from matcher.web.http.context import cluster_with_id, current_matcher
from matcher.web.http.exports import attachment
from matcher.web.http.languages import current_language
from matcher.web.http.validation import validated
from matcher.web.pages.markers import picture
from matcher.web.pages.partner_files import partners_csv, partners_xlsx
from matcher.web.pages.shared import choices, member_countries
from matcher.web.pages.state import PageState
from matcher.web.pages.whatif import filled, form_values

partners = Blueprint("partners", __name__)
_MAX_LISTED = 200
_DESCRIBED = (
    *("description", "country", "seeks", "offers"),
    *("technologies", "ecosystems", "target_countries"),
)
"""What the form asks of a cluster; under other names it may send conditions on partners."""


@partners.get("/clusters/<cluster_id>/partners")
def of_cluster(cluster_id: str) -> str:
    """Show the partners of a registered cluster."""
    asker = cluster_with_id(cluster_id)
    state = PageState(request.args, asker.id)
    answer = current_matcher().recommend(state.query(cluster=asker.id))
    return _page(answer, asker, state)


@partners.get("/clusters/<cluster_id>/partners.<any(csv, xlsx, json):form>")
def export_of_cluster(cluster_id: str, form: str) -> Response:
    """Show the same list as a file."""
    asker = cluster_with_id(cluster_id)
    state = PageState(request.args, asker.id)
    return _file(current_matcher().recommend(state.query(cluster=asker.id)), form, asker.id)


@partners.get("/describe")
def describe() -> str:
    """Show the form for a cluster that is not listed."""
    return _describe_page({})


@partners.post("/describe")
def of_draft() -> str | tuple[str, int]:
    """Partners of the described cluster, or the form again with what is missing."""
    try:
        draft = _draft()
        state = _conditions()
        answer = current_matcher().recommend(state.query(profile=draft))
    except InvalidInputError as error:
        return _describe_page(request.form, error), 422
    return _page(answer, draft, state)


@partners.post("/describe/partners.<any(csv, xlsx, json):form>")
def export_of_draft(form: str) -> Response:
    """Show the partners of the described cluster as a file."""
    return _file(
        current_matcher().recommend(_conditions().query(profile=_draft())), form, "partners"
    )


@partners.post("/upload")
def upload() -> str | tuple[str, int]:
    """Partners of the cluster in a file; with several, a list to choose from."""
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise InvalidInputError(current_language().gettext("Please choose a file first."))
        report = read_profiles(file.read(), name=file.filename)
    except (InvalidInputError, UnreadableFileError) as error:
        return _describe_page({}, error), 422
    if len(report.profiles) == 1 and not report.problems:
        draft = report.profiles[0]
        answer = current_matcher().recommend(PartnerQuery(profile=draft))
        return _page(answer, draft, PageState(MultiDict()))
    page = render_template(
        "upload.html",
        report=report,
        name=file.filename,
        shown=[(profile, packed(profile)) for profile in report.profiles[:_MAX_LISTED]],
    )
    return page, 200 if report.profiles else 422


def packed(profile: DraftProfile) -> str:
    """Return a profile as the text that a form sends back."""
    return profile.model_dump_json(exclude_defaults=True)


def unpacked(text: str) -> DraftProfile:
    """Return the profile that a form sent back.

    Raises
    ------
    InvalidInputError
        It is not a profile.
    """
    try:
        data = current_app.json.loads(text)
    except orjson.JSONDecodeError as error:
        problem = FieldProblem(
            "form", "must be the profile exactly as this page wrote it", "profile"
        )
        raise InvalidInputError(str(problem), [problem]) from error
    return validated(DraftProfile, data, where="form")


def _draft() -> DraftProfile:
    if "profile" in request.form:
        return unpacked(request.form["profile"])
    told = [(name, text) for name, text in request.form.items(multi=True) if name in _DESCRIBED]
    base = unpacked(request.form.get("base") or "{}")
    draft = filled(base, MultiDict(told))
    if not draft.description:
        raise InvalidInputError(
            current_language().gettext("Please write a few sentences about your cluster first.")
        )
    return draft


def _conditions() -> PageState:
    """Read what the form asks of partners; beside a description, the country is the asker's own."""
    given = MultiDict(request.form)
    if "profile" not in given:
        given.poplist("country")
    return PageState(given)


def _describe_page(given: Mapping[str, str], error: MatcherError | None = None) -> str:
    return render_template(
        "describe.html",
        given=given,
        base=given.get("base", ""),
        error=error,
        codes=member_countries(),
        **choices(),
    )


def _page(answer: PartnerList, asker: DraftProfile, state: PageState) -> str:
    find = current_matcher().find
    found = [(partner, find(partner.id)) for partner in answer.partners]
    shown = answer.understood.profile if answer.understood else asker
    kept = shown.model_copy(update={name: DraftProfile().model_dump()[name] for name in _DESCRIBED})
    return render_template(
        "partners.html",
        answer=answer,
        asker=asker,
        shown=shown,
        given=form_values(shown),
        base=packed(kept),
        trade_name=trade_name,
        found=found,
        state=state,
        packed="" if answer.cluster else packed(asker),
        picture=picture(shown, [cluster for _, cluster in found]),
        codes=member_countries(),
        ids=[partner.id for partner in answer.partners],
        **choices(),
    )


def _file(answer: PartnerList, form: str, name: str) -> Response:
    found: list[ClusterProfile] = [current_matcher().find(item.id) for item in answer.partners]
    make: dict[str, Callable[[], bytes]] = {
        "csv": lambda: partners_csv(answer, found),
        "xlsx": lambda: partners_xlsx(answer, found),
        "json": lambda: current_app.json.dumps(partner_list_json(answer)).encode(),
    }
    return attachment(make[form](), f"{name}.{form}")
