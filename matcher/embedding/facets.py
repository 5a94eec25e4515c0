"""What is embedded of a profile: the one place where its texts are composed.

Cached vectors are keyed by the text itself, so a change here re-encodes exactly the texts that
come out differently.
"""

from collections.abc import Iterable

from matcher.profiles.profile import DraftProfile
from matcher.profiles.taxonomy import ecosystems

FACETS = ("about", "offers", "seeks")


def facet_texts(profile: DraftProfile) -> dict[str, str]:
    """One text a facet; an empty text means that the profile says nothing of it.

    Parameters
    ----------
    profile
        A registered cluster or a draft; any field may be missing.

    Returns
    -------
    dict
        The keys of `FACETS`: what the cluster is, what it offers, what it looks for.
    """
    return {
        "about": _about(profile),
        "offers": _sentence(profile.offers),
        "seeks": _sentence(profile.seeks),
    }


def phrases(profile: DraftProfile) -> dict[str, tuple[str, ...]]:
    """Return the single phrases that meet one another: keys ``"offers"`` and ``"seeks"``."""
    return {"offers": profile.offers, "seeks": profile.seeks}


def _about(profile: DraftProfile) -> str:
    """Short lists first: a model reads only the beginning of a text (256 tokens, say)."""
    titles = [ecosystems()[name] for name in profile.ecosystems]
    parts = (
        profile.name or "",
        _sentence(titles),
        _sentence(profile.technologies),
        _sentence(profile.services),
        " ".join((profile.description or "").split()),
    )
    return ". ".join(part.rstrip(". ") for part in parts if part)


def _sentence(values: Iterable[str]) -> str:
    return "; ".join(values)
