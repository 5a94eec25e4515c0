"""From a claim to a role: asked by whoever says so, decided by staff, told by letter."""

from datetime import date

from sqlalchemy import Connection

from matcher.accounts import letters
from matcher.accounts.accounts import Account, Accounts
from matcher.accounts.memberships import Membership, Memberships, Role
from matcher.accounts.profiles import OwnProfiles
from matcher.errors import ConflictError
from matcher.i18n.languages import Language, language
from matcher.mail.letter import Letter
from matcher.mail.outbox import Post
from matcher.matcher import Matcher
from matcher.profiles.ids import make_id
from matcher.profiles.profile import ClusterProfile, DraftProfile


class Claims:
    """Claims on the clusters of a matcher.

    Parameters
    ----------
    matcher
        Where the clusters are.
    origin
        Address of the service as readers have it.
    """

    def __init__(self, matcher: Matcher, origin: str) -> None:
        self._matcher = matcher
        self._database = matcher.store.database
        self._post = Post(self._database, origin)
        self._held = Memberships(self._database)

    def claim(self, account: Account, cluster: ClusterProfile, note: str) -> None:
        """Ask to speak for a cluster.

        Raises
        ------
        ConflictError
            The account has asked already, or too often.
        """
        self._held.ask(account, cluster.id, note)
        self._tell_staff(cluster.name)

    def register(self, account: Account, draft: DraftProfile, note: str) -> str:
        """Ask to list a cluster that is not listed; nothing of it is shown before staff agree.

        Parameters
        ----------
        account, note
            Who asks, and what they say of themselves.
        draft
            With a name and a country.

        Returns
        -------
        str
            The id that the cluster will have.

        Raises
        ------
        ConflictError
            The account has asked already, or too often.
        """
        taken = {one.id for one in self._matcher.clusters}
        taken |= {one.cluster_id for one in self._held.waiting()}
        key = make_id(str(draft.country), str(draft.name), taken)
        told = draft.model_dump(exclude={"id", "visibility", "origins", "sources"})
        profile = ClusterProfile.model_validate({**told, "id": key})
        self._held.ask(account, key, note, profile.model_dump_json())
        self._tell_staff(profile.name)
        return key

    def approve(self, account_id: int, cluster: str, on: date) -> Membership:
        """Agree to a claim; a new cluster is listed once the matcher is re-indexed.

        Raises
        ------
        NotFoundError
            It was decided already.
        """
        with self._database.write() as connection:
            claim = self._held.approve(connection, account_id, cluster)
            link = f"{self._post.origin}/clusters/{cluster}/edit"
            self._tell(connection, claim, letters.claim_approved(self._name(claim), link))
        if claim.draft:
            draft = ClusterProfile.model_validate_json(claim.draft)
            OwnProfiles(self._matcher).add(draft, claim.account.actor, on)
        return claim

    def refuse(self, account_id: int, cluster: str) -> Membership:
        """Refuse a claim.

        Raises
        ------
        NotFoundError
            It was decided already.
        """
        with self._database.write() as connection:
            claim = self._held.refuse(connection, account_id, cluster)
            self._tell(connection, claim, letters.claim_refused(self._name(claim)))
        return claim

    def invite(self, cluster: ClusterProfile, email: str, role: Role, say: Language) -> Account:
        """Give somebody a role at a cluster, and tell them.

        Raises
        ------
        InvalidInputError
            That is not an e-mail address.
        ConflictError
            They have one already.
        """
        there = {one.account.email.lower() for one in self._held.at(cluster.id)}
        if email.strip().lower() in there:
            raise ConflictError("This person has a role here already.")
        link = f"{self._post.origin}/clusters/{cluster.id}/edit"
        with self._database.write() as connection:
            account = self._held.invite(connection, email, cluster.id, role, say.code)
            letter = letters.invited(cluster.name, link)
            self._post.put(connection, letter, account.email, language(account.language))
        return account

    def _name(self, claim: Membership) -> str:
        if claim.draft:
            return ClusterProfile.model_validate_json(claim.draft).name
        found = self._matcher.get(claim.cluster_id)
        return found.name if found else claim.cluster_id

    def _tell(self, connection: Connection, claim: Membership, letter: Letter) -> None:
        to = claim.account
        self._post.put(connection, letter, to.email, language(to.language))

    def _tell_staff(self, name: str) -> None:
        letter = letters.claim_waits(name, f"{self._post.origin}/staff/requests")
        staff = Accounts(self._database).staff()
        with self._database.write() as connection:
            for one in staff:
                self._post.put(connection, letter, one.email, language(one.language))
