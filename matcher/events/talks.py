"""What helps those who meet at an event to talk: who comes, why the two, and their brief."""

import numpy as np

from matcher.events.agendas import Talk, Talks
from matcher.events.event import Event
from matcher.events.plan import Schedule
from matcher.i18n.message import Message
from matcher.introductions.contacts import People
from matcher.matcher import Matcher

_REASONS = 2
MOST_REASONS = 200
"""Meetings of which papers for everybody tell the reasons; each takes some hundredths of a second.
"""


class Briefing:
    """Tells participants of those whom they meet.

    Parameters
    ----------
    matcher
        Who is who, and why two suit each other.
    origin
        Address of the service as readers have it.
    """

    def __init__(self, matcher: Matcher, origin: str) -> None:
        self._matcher = matcher
        self._people = People(matcher.store.database)
        self._origin = origin

    def talks(self, schedule: Schedule, participant_id: str, *, reasons: bool = True) -> Talks:
        """What there is to say to a participant of each of its meetings."""
        others = (meeting.other(participant_id) for meeting in schedule.of(participant_id))
        return {
            other: Talk(
                who=self._comes(other),
                why=self.reasons(participant_id, other) if reasons else (),
                brief=self._brief(participant_id, other),
            )
            for other in others
        }

    def reasons(self, one: str, other: str) -> tuple[Message, ...]:
        """Why `other` suits `one`, the strongest reasons first; none where one is no cluster."""
        if not self._both_public(one, other):
            return ()
        return self._matcher.explain(one, other).recommendation.reasons[:_REASONS]

    def suggestions(self, event: Event, one: str, most: int) -> list[str]:
        """Those who suit a participant best among the others.

        Whoever has declined to meet it is among them, so that the list gives nobody away.
        """
        others = [other.id for other in event.participants if not other.cancelled]
        known = [key for key in others if key != one and self._both_public(one, key)]
        if not known:
            return []
        fits = self._matcher.pair_scores([one], known).score[0]
        return [known[place] for place in np.argsort(-fits, kind="stable")[:most]]

    def _comes(self, other: str) -> tuple[str, ...]:
        people = self._people.of_cluster(other, "meeting").values()
        return tuple(", ".join(filter(None, (one.name, one.position))) for one in people)

    def _brief(self, one: str, other: str) -> str | None:
        return (
            f"{self._origin}/pairs/{one}/{other}/brief" if self._both_public(one, other) else None
        )

    def _both_public(self, one: str, other: str) -> bool:
        found = (self._matcher.get(key) for key in (one, other))
        return all(cluster and cluster.visibility == "public" for cluster in found)


def tells_reasons(schedule: Schedule) -> bool:
    """Whether papers for everybody tell the reasons of each meeting."""
    return len(schedule.meetings) <= MOST_REASONS
