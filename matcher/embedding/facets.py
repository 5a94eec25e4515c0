"""What is embedded of a profile: the one place where its texts are composed.

Cached vectors are keyed by the text itself, so a change here re-encodes exactly the texts that
come out differently.
"""

from collections.abc import Iterable

from matcher.profiles.profile import DraftProfile
from matcher.profiles.taxonomy import ecosystems

FACETS = ("about", "topic", "services", "offers", "seeks")
PHRASE_KINDS = ("technologies", "offers", "seeks")


def facet_texts(profile: DraftProfile) -> dict[str, str]:
    """One text a facet; an empty text means that the profile says nothing of it.

    Parameters
    ----------
    profile
        A registered cluster or a draft; any field may be missing.

    Returns
    -------
    dict
        The keys of `FACETS`: the cluster as a whole, its field in a few words, what it does for
        its members, what it offers and what it looks for.
    """
    return {
        "about": _about(profile),
        "topic": _sentence(_topic(profile)),
        "services": _sentence(profile.services),
        "offers": _sentence(profile.offers),
        "seeks": _sentence(profile.seeks),
    }


def phrases(profile: DraftProfile) -> dict[str, tuple[str, ...]]:
    """The single phrases that meet one another, by the kinds of `PHRASE_KINDS`."""
    return {kind: getattr(profile, kind) for kind in PHRASE_KINDS}


def _about(profile: DraftProfile) -> str:
    """Prose first, then the lists: the order that ranked best on the development partnerships."""
    parts = (
        profile.name or "",
        " ".join((profile.description or "").split()),
        _sentence(profile.technologies),
        _sentence(profile.services),
        _sentence(profile.offers),
        _sentence(profile.seeks),
    )
    return ". ".join(part.rstrip(". ") for part in parts if part)


def _topic(profile: DraftProfile) -> list[str]:
    """Name, ecosystems and technologies: the field without the prose."""
    titles = [ecosystems()[name] for name in profile.ecosystems]
    return [name for name in (profile.name,) if name] + titles + list(profile.technologies)


def _sentence(values: Iterable[str]) -> str:
    return "; ".join(values)
