"""Answers as plain JSON values: one shape for the API and for ``--json``."""

from dataclasses import asdict
from typing import Any

from matcher.matching.recommendation import PairExplanation, PartnerList
from matcher.profiles.paragraph import Understood
from matcher.profiles.trades import trades


def partner_list_json(answer: PartnerList) -> dict[str, Any]:
    """A `PartnerList` with the keys that the API documents.

    Partners stay dataclasses, which orjson writes ten times faster than their dictionaries.
    """
    return {
        "cluster": answer.cluster.model_dump(mode="json") if answer.cluster else None,
        "query": answer.query.model_dump(mode="json", exclude_defaults=True),
        "eligible": answer.eligible,
        "partners": list(answer.partners),
        "warnings": list(answer.warnings),
        "notice": answer.notice,
        "understood": understood_json(answer.understood),
        "generation": answer.generation,
        "model": answer.model,
        "weights": answer.weights,
    }


def understood_json(understood: Understood | None) -> dict[str, Any] | None:
    """What was read from a text, with the keys that the API documents."""
    if understood is None:
        return None
    return {
        "trades": [
            {"id": found.trade, "name": trades()[found.trade].names["en"], "words": found.words}
            for found in understood.trades
        ],
        "offers": [offer.phrase for offer in understood.offers],
        "seeks": [{"phrase": need.phrase, "kinds": need.kinds} for need in understood.seeks],
        "countries": understood.countries,
        "home": understood.home,
        "languages": understood.languages,
        "unread": understood.unread,
        "profile": understood.profile.model_dump(mode="json", exclude_defaults=True),
    }


def explanation_json(pair: PairExplanation) -> dict[str, Any]:
    """A `PairExplanation` with the keys that the API documents."""
    return {
        "a": pair.a.model_dump(mode="json"),
        "b": pair.b.model_dump(mode="json"),
        **asdict(pair.recommendation),
        "ineligible_because": pair.ineligible_because,
        "differences": [asdict(difference) for difference in pair.differences],
        "generation": pair.generation,
        "model": pair.model,
        "weights": pair.weights,
    }
