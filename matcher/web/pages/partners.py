"""Partners of whoever asks: a registered cluster, or one that was described."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, current_app, render_template, request

from matcher.accounts.opinions import Opinion
from matcher.matching.recommendation import PartnerList
from matcher.matching.serialise import partner_list_json
from matcher.profiles.profile import ClusterProfile
from matcher.web.http.context import current_matcher, name_of
from matcher.web.http.exports import attachment
from matcher.web.http.sessions import current_account
from matcher.web.pages.addresses import public_address
from matcher.web.pages.askers import Asker, asker_with
from matcher.web.pages.drafts import correction
from matcher.web.pages.markers import picture
from matcher.web.pages.opinions import held, without_unwanted
from matcher.web.pages.partner_files import partners_csv, partners_xlsx
from matcher.web.pages.shared import choices
from matcher.web.pages.state import PageState

partners = Blueprint("partners", __name__)


@partners.get("/clusters/<cluster_id>/partners")
def of_cluster(cluster_id: str) -> str:
    """Show the partners of a cluster or a draft."""
    asker = asker_with(cluster_id)
    state, said = PageState(request.args, asker.key), held(asker)
    query = without_unwanted(state.query(**asker.query), said)
    return _page(current_matcher().recommend(query), asker, state, said)


@partners.get("/clusters/<cluster_id>/partners.<any(csv, xlsx, json):form>")
def file(cluster_id: str, form: str) -> Response:
    """Show the same list as a file."""
    asker = asker_with(cluster_id)
    query = PageState(request.args, asker.key).query(**asker.query)
    query = without_unwanted(query, held(asker))
    name = asker.key if asker.registered else "partners"
    return _file(current_matcher().recommend(query), form, name)


def _page(answer: PartnerList, asker: Asker, state: PageState, said: Mapping[str, Opinion]) -> str:
    find = current_matcher().find
    found = [(partner, find(partner.id)) for partner in answer.partners]
    shown = answer.understood.profile if answer.understood else asker.profile
    return render_template(
        "partners.html",
        answer=answer,
        asker=asker,
        shown=shown,
        correction=None if asker.profile.name else correction(shown),
        found=found,
        state=state,
        said=said,
        refused=[(one, name_of(key)) for key, one in said.items() if one.verdict == "not_for_us"],
        account=current_account(),
        picture=picture(shown, [cluster for _, cluster in found]),
        ids=[partner.id for partner in answer.partners],
        address=public_address("partners.of_cluster", cluster_id=asker.key, **state.conditions),
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
