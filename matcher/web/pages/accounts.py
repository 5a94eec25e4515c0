"""Signing in by a link, one's own account, and its end."""

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as Redirect

from matcher.accounts.accounts import Accounts
from matcher.accounts.memberships import Memberships
from matcher.accounts.sessions import Sessions
from matcher.accounts.signing_in import SigningIn
from matcher.accounts.tickets import TicketError
from matcher.errors import InvalidInputError
from matcher.i18n import CODES
from matcher.web.api.staff import entered
from matcher.web.http.authorisation import only_for
from matcher.web.http.context import current_database, current_settings, keep_private, saved_cluster
from matcher.web.http.languages import current_language
from matcher.web.http.limits import client_of
from matcher.web.http.sessions import current_account, forget, remember, the_account

accounts = Blueprint("accounts", __name__)
accounts.after_request(keep_private)
MAX_SECRET = 100
_LONGEST_PATH = 500


@accounts.get("/sign-in")
def sign_in() -> str | tuple[str, int]:
    """Show the form for an address, or for a link the button that uses it up.

    Mail programs open links unasked, so that none may act by itself.
    """
    secret = request.args.get("t", "")[:MAX_SECRET]
    if not secret:
        return render_template("sign_in.html", onward=_local(request.args.get("next", "")))
    try:
        SigningIn(current_database(), current_settings().origin).look(secret)
    except TicketError as error:
        return render_template("sign_in.html", onward="", error=error), 410
    return render_template("sign_in.html", secret=secret)


@accounts.post("/sign-in")
def ask_for_link() -> str | tuple[str, int]:
    """Send a link; the answer is the same whether the address is known or not."""
    onward = _local(request.form.get("next", ""))
    signing_in = SigningIn(current_database(), current_settings().origin)
    try:
        signing_in.ask(
            request.form.get("email", "")[:300],
            current_language(),
            detail=onward,
            client=client_of(request.remote_addr),
        )
    except InvalidInputError as error:
        return render_template("sign_in.html", onward=onward, error=error), 422
    return render_template("sign_in.html", sent=True, filed=current_settings().smtp_url is None)


@accounts.post("/sign-in/confirm")
def confirm() -> Redirect | tuple[str, int]:
    """Use a link up, begin a session and go on to where it was asked for."""
    signing_in = SigningIn(current_database(), current_settings().origin)
    try:
        entry = signing_in.enter(request.form.get("t", "")[:MAX_SECRET], current_language())
    except TicketError as error:
        return render_template("sign_in.html", onward="", error=error), 410
    response = redirect(_local(entry.detail) or url_for("accounts.mine"), 303)
    remember(response, entry.cookie)
    return response


@accounts.post("/sign-out")
def sign_out() -> Redirect:
    """End this session, or all of the account."""
    response = redirect(url_for("start.home"), 303)
    account = current_account()
    if account and request.form.get("everywhere"):
        Sessions(current_database()).end_all(account)
    forget(response)
    return response


@accounts.get("/account")
@only_for("account")
def mine() -> str:
    """Show the account: its clusters, what waits, its data."""
    account = the_account()
    held = Memberships(current_database()).of(account)
    found = [(one, saved_cluster(one.cluster_id)) for one in held]
    return render_template("account.html", account=account, held=found)


@accounts.post("/account")
@only_for("account")
def change() -> Redirect:
    """Change name and language."""
    code = request.form.get("language", "")
    name = request.form.get("name", "")
    Accounts(current_database()).change(
        the_account().id,
        name=name if name.isprintable() else "",
        language=code if code in CODES else the_account().language,
    )
    return redirect(url_for("accounts.mine"), 303)


@accounts.get("/account/data.json")
@only_for("account")
def data() -> Response:
    """Give everything that is kept about the account."""
    response = make_response(jsonify(Accounts(current_database()).export(the_account().id)))
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@accounts.post("/account/delete")
@only_for("account")
def delete() -> Redirect:
    """Forget the account for good."""
    account = the_account()
    with entered("delete account", account.actor):
        Accounts(current_database()).erase(account.id)
    response = redirect(url_for("start.home"), 303)
    forget(response)
    return response


def _local(path: str) -> str:
    """Return a path of this site; nothing for any other address."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if plain and len(path) <= _LONGEST_PATH else ""
