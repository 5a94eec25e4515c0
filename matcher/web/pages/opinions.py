"""Good, or not for us: what those who have signed in say of suggestions."""

from collections.abc import Mapping
from typing import cast, get_args

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from matcher.accounts.opinions import Opinion, Opinions, Verdict, Why
from matcher.errors import InvalidInputError
from matcher.matching.query import PartnerQuery
from matcher.web.http.authorisation import only_for
from matcher.web.http.context import cluster_with_id, current_database
from matcher.web.http.sessions import current_account, the_account
from matcher.web.pages.askers import Asker

opinions = Blueprint("opinions", __name__)


@opinions.post("/clusters/<cluster_id>/opinions")
@only_for("account")
def say(cluster_id: str) -> Redirect:
    """Note what is said of a suggestion, or take it back, and show the list again."""
    asker = cluster_with_id(cluster_id).id
    partner = cluster_with_id(request.form.get("partner", "")[:300]).id
    verdict, why = (request.form.get(name, "") for name in ("verdict", "why"))
    if verdict in get_args(Verdict):
        said = (cast(Verdict, verdict), _reason(verdict, why))
        _opinions().give(the_account(), asker, partner, *said)
    elif verdict == "none":
        _opinions().take_back(the_account(), asker, partner)
    else:
        raise InvalidInputError("Say whether the suggestion is good, or not for you.")
    path = url_for("partners.of_cluster", cluster_id=asker, lang=None).partition("?")[0]
    return redirect(f"{path}?{request.query_string.decode('latin-1')}#said", 303)


def held(asker: Asker) -> Mapping[str, Opinion]:
    """What holds for whoever looks at the partners of a listed cluster."""
    account = current_account()
    return _opinions().of(account, asker.key) if account and asker.registered else {}


def without_unwanted(query: PartnerQuery, said: Mapping[str, Opinion]) -> PartnerQuery:
    """Return the query without those partners that are not for the asker."""
    unwanted = [key for key, one in said.items() if one.verdict == "not_for_us"]
    return query.model_copy(update={"not_for_us": (*query.not_for_us, *unwanted)})


def _reason(verdict: str, why: str) -> Why:
    known = verdict == "not_for_us" and why in get_args(Why)
    return cast(Why, why) if known else ""


def _opinions() -> Opinions:
    return Opinions(current_database())
