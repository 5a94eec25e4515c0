"""Where the sides of introductions are written to, and in which language."""

from sqlalchemy import func, select

from matcher.accounts.memberships import Memberships
from matcher.accounts.tables import accounts
from matcher.errors import FieldProblem, InvalidInputError
from matcher.i18n import CODES
from matcher.i18n.languages import Language, language
from matcher.introductions.contacts import People
from matcher.mail.outbox import checked, is_address
from matcher.matcher import Matcher


class Readers:
    """Who reads the letters to a cluster.

    Parameters
    ----------
    matcher
        Its clusters, and the database with accounts and contacts.
    """

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._database = matcher.store.database

    def addresses(self, cluster: str) -> list[str]:
        """Where a cluster can be written to: those who speak for it, then contacts who consent."""
        held = (one.account.email for one in Memberships(self._database).at(cluster))
        people = People(self._database).of_cluster(cluster, "introduction").values()
        found = dict.fromkeys((*held, *(person.email for person in people)))
        return [email for email in found if is_address(email)]

    def chosen(self, cluster: str, to: str, source: str) -> str:
        """Return the address that staff give, with its source, or else the first that is known.

        Raises
        ------
        InvalidInputError
            None is given or known, or a new one comes without its source.
        """
        known = self.addresses(cluster)
        if not to.strip() and known:
            return known[0]
        if not to.strip():
            raise InvalidInputError(
                f"No address of {cluster} is known: add a contact person who consents to "
                "introductions, or copy the letter and send it yourself."
            )
        address = checked(to)
        if address not in known and not source.strip():
            problem = FieldProblem("form", "say where this address is public", "source")
            raise InvalidInputError("Say where this address is public.", [problem])
        return address

    def language(self, email: str, cluster: str, otherwise: Language) -> Language:
        """Tell in which language to write to a reader at a cluster.

        It is that of the reader's account; else of who speaks for the cluster; else the first
        language of its profile in which letters can be written; else the one that is given.
        """
        query = select(accounts.c.language).where(func.lower(accounts.c.email) == email.lower())
        row, profile = self._database.first(query), self._matcher.get(cluster)
        known = [row["language"]] if row else []
        known += [one.account.language for one in Memberships(self._database).at(cluster)]
        known += [code for code in (profile.languages if profile else ()) if code in CODES]
        return language(known[0]) if known else otherwise

    def email_of(self, account: int) -> list[str]:
        """The address of an account, if it is still there."""
        query = select(accounts.c.email).where(accounts.c.id == account)
        return [row["email"] for row in self._database.rows(query)]
