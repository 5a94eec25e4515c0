"""What the service writes to those who take part."""

from collections.abc import Sequence

from matcher.i18n.message import Message, joined
from matcher.mail.letter import Letter, Link
from matcher.matching.recommendation import Recommendation
from matcher.profiles.taxonomy import countries

_REASONS = 2


def claim_waits(cluster: str, link: str) -> Letter:
    """Tell staff of a claim."""
    return Letter(
        "claim",
        Message("A request waits for you: {cluster}", cluster=cluster),
        (
            Message(
                "Somebody asks to speak for {cluster}. Please decide on the page of requests.",
                cluster=cluster,
            ),
        ),
        Link(Message("Look at the request"), link),
    )


def claim_approved(cluster: str, link: str) -> Letter:
    """Tell somebody that they may speak for a cluster now."""
    return Letter(
        "claim approved",
        Message("You can now describe {cluster}", cluster=cluster),
        (
            Message(
                "The staff have approved your request. You can change the profile of {cluster}, "
                "see which partners each change brings, and ask for introductions.",
                cluster=cluster,
            ),
        ),
        Link(Message("To the profile"), link),
    )


def claim_refused(cluster: str) -> Letter:
    """Tell somebody that they may not."""
    return Letter(
        "claim refused",
        Message("Your request for {cluster}", cluster=cluster),
        (
            Message(
                "The staff could not confirm that you speak for {cluster}. If you do, please ask "
                "again from an address at its own website, or say how they can reach you there.",
                cluster=cluster,
            ),
        ),
    )


def invited(cluster: str, link: str) -> Letter:
    """Tell somebody of a role that an owner has given them."""
    return Letter(
        "invitation",
        Message("You are invited to describe {cluster}", cluster=cluster),
        (
            Message(
                "An owner of {cluster} has given you the right to change its profile. Sign in with "
                "the address that this letter came to.",
                cluster=cluster,
            ),
        ),
        Link(Message("To the profile"), link),
    )


def new_partners(cluster: str | None, found: Sequence[Recommendation], origin: str) -> Letter:
    """Tell somebody who has entered the first ten of a saved search, and why."""
    name = cluster or Message("your cluster")
    return Letter(
        "saved search",
        Message("New partners for {cluster}", cluster=name),
        (
            Message(
                "New or changed profiles are now among the first ten of a search that you have "
                "saved for {cluster}:",
                cluster=name,
            ),
            *(_partner(one, origin) for one in found),
        ),
        Link(Message("To your saved searches"), f"{origin}/searches"),
        (
            Message(
                "You get such a letter once a week at most, and only if there is something new."
            ),
        ),
    )


def _partner(one: Recommendation, origin: str) -> Message:
    return Message(
        "{partner} ({country}). {reasons}\n{link}",
        partner=one.name,
        country=Message(countries()[one.country].name),
        reasons=joined(*(one.reasons or one.reasons_for_them or one.cautions)[:_REASONS]),
        link=f"{origin}/clusters/{one.id}",
    )
