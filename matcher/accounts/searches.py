"""Saved searches, and letters about partners that are new in their first ten."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import RowMapping, delete, func, insert, select, update

from matcher.accounts import letters
from matcher.accounts.accounts import Account, as_account
from matcher.accounts.opinions import Opinions
from matcher.accounts.tables import accounts, saved_searches
from matcher.errors import ClusterNotFoundError, ConflictError, InvalidInputError
from matcher.i18n.languages import language
from matcher.mail.outbox import Post
from matcher.matcher import Matcher
from matcher.matching.query import PartnerQuery
from matcher.matching.recommendation import Recommendation
from matcher.store.database import now
from matcher.store.leases import Lease

FIRST = 10
"""Who enters these is told."""

WATCHED = 30
"""Whose profiles are compared: whoever only moves up from these has not changed."""

PAUSE = timedelta(days=7)
MOST = 20
"""Searches that an account may save."""

_LEASE = timedelta(minutes=10)
Seen = Mapping[str, str]
"""Id of a cluster -> digest of its profile, the best partner first."""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search that somebody has saved.

    Attributes
    ----------
    id, query
        Its number, and who seeks what.
    created, told
        When it was saved, and when its reader was last written to, if ever; ISO 8601 in UTC.
    """

    id: int
    query: PartnerQuery
    created: str
    told: str


class SavedSearches:
    """The saved searches of a matcher's database.

    Parameters
    ----------
    matcher
        What answers them.
    """

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._database = matcher.store.database

    def save(self, account: Account, query: PartnerQuery) -> None:
        """Save a search; the same one again is no other.

        Raises
        ------
        ConflictError
            The account has saved as many as it may.
        InvalidInputError, ClusterNotFoundError
            It cannot be answered.
        """
        row = {
            "account_id": account.id,
            "query": query.model_dump_json(exclude_defaults=True),
            "seen": json.dumps(Watch(self._matcher).seen(account, query)),
            "checked": self._matcher.status().generation,
            "created": now(),
            "told": "",
        }
        mine = saved_searches.c.account_id == account.id
        count = select(func.count()).select_from(saved_searches).where(mine)
        same = mine & (saved_searches.c.query == row["query"])
        with self._database.write() as connection:
            connection.execute(delete(saved_searches).where(same))
            if (connection.scalar(count) or 0) >= MOST:
                raise ConflictError("You have saved many searches: delete one of them first.")
            connection.execute(insert(saved_searches).values(row))

    def of(self, account: Account) -> list[SavedSearch]:
        """The searches of an account, the newest first."""
        query = (
            select(saved_searches)
            .where(saved_searches.c.account_id == account.id)
            .order_by(saved_searches.c.id.desc())
        )
        return list(map(_search, self._database.rows(query)))

    def delete(self, account: Account, key: int) -> None:
        """Forget a search; one that is gone already is no error."""
        this = (saved_searches.c.id == key) & (saved_searches.c.account_id == account.id)
        self._database.change(delete(saved_searches).where(this))


class Watch:
    """Answers saved searches, and knows their lists again.

    Parameters
    ----------
    matcher
        What answers them.
    """

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._opinions = Opinions(matcher.store.database)

    def first(
        self, account: Account, query: PartnerQuery, k: int = FIRST
    ) -> Sequence[Recommendation]:
        """The best partners of a search, without those whom its reader does not want.

        Raises
        ------
        InvalidInputError, ClusterNotFoundError
            It cannot be answered any more.
        """
        wanted = query.model_copy(update={"k": k})
        if query.cluster:
            asker = self._matcher.find(query.cluster)
            if asker.visibility != "public":
                raise ClusterNotFoundError(query.cluster)
            unwanted = self._opinions.unwanted(account, asker.id)
            wanted = wanted.model_copy(update={"not_for_us": (*query.not_for_us, *unwanted)})
        return self._matcher.recommend(wanted).partners

    def seen(self, account: Account, query: PartnerQuery) -> Seen:
        """How a list begins, to be compared later; a varied one may begin otherwise if longer.

        Raises
        ------
        InvalidInputError, ClusterNotFoundError
            As `first`.
        """
        found = (*self.first(account, query), *self.first(account, query, WATCHED))
        return {one: self._digest(one) for one in dict.fromkeys(one.id for one in found)}

    def _digest(self, cluster: str) -> str:
        profile = self._matcher.find(cluster)
        told = profile.model_dump_json(exclude={"origins", "last_verified", "sources"})
        return sha256(told.encode()).hexdigest()[:12]


class Alerts:
    """Writes to those whose saved searches have found somebody new.

    Parameters
    ----------
    matcher
        What answers the searches.
    origin
        Address of the service as readers have it.
    """

    def __init__(self, matcher: Matcher, origin: str) -> None:
        self._matcher = matcher
        self._database = matcher.store.database
        self._origin = origin
        self._watch = Watch(matcher)
        self._lease = Lease(self._database, "alerts", _LEASE)

    def run(self) -> int:
        """Compare what has not been compared under the present index; count the letters.

        A search is left alone for a week after each letter, and then compared with what its
        reader knew: so nobody is written to more often, and nothing is missed.
        """
        generation = self._matcher.status().generation
        if not self._due(generation) or not self._lease.take():
            return 0
        try:
            return sum(
                self._lease.take() and self._check(row, generation) for row in self._due(generation)
            )
        finally:
            self._lease.give()

    def _due(self, generation: str) -> Sequence[RowMapping]:
        due = (saved_searches.c.checked != generation) & (saved_searches.c.told <= now(-PAUSE))
        joined = saved_searches.join(accounts, accounts.c.id == saved_searches.c.account_id)
        query = select(saved_searches, *accounts.c).select_from(joined).where(due)
        return self._database.rows(query.order_by(saved_searches.c.id))

    def _check(self, row: RowMapping, generation: str) -> bool:
        """Compare a search, and note that; tell whether there is a letter about it."""
        search = _search(row)
        reader = as_account(row)
        seen: Seen = json.loads(row["seen"])
        found, after = self._answer(reader, search.query)
        entered = [one for one in found if _enters(one.id, seen, after)]
        values = {"checked": generation, "seen": json.dumps(after or seen)}
        if entered:
            values["told"] = now()
        post = Post(self._database, self._origin)
        this = update(saved_searches).where(saved_searches.c.id == search.id)
        with self._database.write() as connection:
            if not connection.execute(this.values(values)).rowcount or not entered:
                return False
            letter = letters.new_partners(self._name(search), entered, self._origin)
            to, say = reader.email, language(reader.language)
            post.put(connection, letter, to, say, stoppable=True)
        return True

    def _answer(
        self, reader: Account, query: PartnerQuery
    ) -> tuple[Sequence[Recommendation], Seen]:
        """What a search finds now; nothing while its cluster is gone or hidden."""
        try:
            return self._watch.first(reader, query), self._watch.seen(reader, query)
        except (InvalidInputError, ClusterNotFoundError):
            return (), {}

    def _name(self, search: SavedSearch) -> str | None:
        if search.query.cluster:
            return self._matcher.find(search.query.cluster).name
        return search.query.profile.name if search.query.profile else None


def _enters(cluster: str, seen: Seen, after: Seen) -> bool:
    """Whether a cluster of the first ten is new there, and new or changed itself."""
    return cluster not in [*seen][:FIRST] and seen.get(cluster) != after.get(cluster)


def _search(row: RowMapping) -> SavedSearch:
    query = PartnerQuery.model_validate_json(row[saved_searches.c.query])
    key, created, told = (row[saved_searches.c[name]] for name in ("id", "created", "told"))
    return SavedSearch(key, query, created, told)
