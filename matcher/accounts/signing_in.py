"""Signing in by a link sent to an e-mail address: no password, and no way to ask who is known."""

import logging
from dataclasses import dataclass

from matcher.accounts import tickets
from matcher.accounts.accounts import Account, account_of
from matcher.accounts.sessions import Sessions
from matcher.errors import MatcherError
from matcher.i18n.languages import Language
from matcher.i18n.message import Message
from matcher.mail.letter import Letter, Link
from matcher.mail.outbox import Post, checked
from matcher.store.database import Database
from matcher.store.keys import signing_key

log = logging.getLogger(__name__)


class TooManyLinksError(MatcherError):
    """One client has asked for many links, to whatever addresses."""

    code = "too-many-links"

    def __init__(self) -> None:
        super().__init__("Too many links were asked for from here. Try again in an hour.")


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody who has just signed in.

    Attributes
    ----------
    account
        Theirs.
    cookie
        Of the session that has begun.
    detail
        Where to go on.
    """

    account: Account
    cookie: str
    detail: str


class SigningIn:
    """Sends links and takes them back.

    Parameters
    ----------
    database
        Where accounts are.
    origin
        Address of the service as readers have it.
    """

    def __init__(self, database: Database, origin: str) -> None:
        self._database = database
        self._post = Post(database, origin)
        self._sessions = Sessions(database)
        self._key = signing_key(database)

    def ask(self, email: str, language: Language, *, detail: str = "", client: str = "") -> None:
        """Send a link to an address, whether it has an account or not.

        Nobody can tell from outside whether a letter was sent: an address that has had enough of
        them gets no more for an hour.

        Parameters
        ----------
        email, language
            Where to, and in which language.
        detail
            Where to go on after signing in.
        client
            Who asks: an address of the network.

        Raises
        ------
        InvalidInputError
            That is not an e-mail address.
        TooManyLinksError
            This client has asked for too many.
        """
        address = checked(email)
        client = f"{self._key} {client}"  # so that a digest does not give away whose it is
        with self._database.write() as connection:
            for_receiver, for_client = tickets.too_many(connection, address, client)
            if for_client:
                raise TooManyLinksError
            if for_receiver:
                log.info("no further link to sign in this hour, for a receiver of many")
                return
            secret, until = tickets.issue(connection, "sign in", address, detail, client)
            letter = sign_in_letter(self._link(secret))
            self._post.put(connection, letter, address, language, until=until)

    def link_for(self, account: Account) -> str:
        """Make a link for an account and give it to whoever runs the service."""
        with self._database.write() as connection:
            secret, _ = tickets.issue(connection, "invite", account.email)
        return self._link(secret)

    def look(self, secret: str) -> tickets.Ticket:
        """Look at a link without using it up.

        Raises
        ------
        TicketError
            It does not work.
        """
        with self._database.read() as connection:
            return tickets.peek(connection, secret)

    def enter(self, secret: str, language: Language) -> Entry:
        """Use a link up and begin a session; the account is made if there was none.

        Raises
        ------
        TicketError
            It does not work.
        """
        with self._database.write() as connection:
            ticket = tickets.use(connection, secret)
            account = account_of(connection, ticket.email, language.code)
            return Entry(account, self._sessions.begin(connection, account), ticket.detail)

    def _link(self, secret: str) -> str:
        return f"{self._post.origin}/sign-in?t={secret}"


def sign_in_letter(link: str) -> Letter:
    """Write the letter with a link to sign in."""
    minutes = int(tickets.LASTING["sign in"].total_seconds() // 60)
    return Letter(
        "sign in",
        Message("Your link to sign in to Cluster Matcher"),
        (
            Message(
                "With this link you sign in. It works once, for {minutes} minutes.",
                minutes=str(minutes),
            ),
        ),
        Link(Message("Sign in"), link),
        (
            Message(
                "If you did not ask for it, somebody may have mistyped an address: you need do "
                "nothing."
            ),
        ),
    )
