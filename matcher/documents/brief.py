"""`Brief`: everything that the page for one pair says, in plain values, ready for any view."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from matcher.i18n.languages import Language
from matcher.i18n.languages import language as load_language


@dataclass(frozen=True, slots=True)
class Source:
    """A web address that a statement rests on; `text` is its short form."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Mini:
    """One cluster in a few lines; `place` tells more than its `town` with the country."""

    id: str
    name: str
    native_name: str | None
    town: str
    place: str
    summary: str | None
    facts: tuple[tuple[str, str], ...]
    offers: tuple[str, ...]
    seeks: tuple[str, ...]
    website: str | None
    contacts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """What speaks for the partner, seen from one side.

    Attributes
    ----------
    title
        What stands above it.
    matches
        (need, offer) in the words of the two profiles.
    need_label, offer_label
        What stands above needs and offers.
    no_match
        What stands there instead where no offer meets a need.
    points
        What to ask the other side about, then further reasons.
    """

    title: str
    matches: tuple[tuple[str, str], ...]
    need_label: str
    offer_label: str
    no_match: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """One page for a pair; plain text throughout, which every view escapes in its own way.

    It leaves the house: no score, no count of criteria and no state of a consent is in it. Letters
    about the pair are signed by `signature` and ask for an answer by `answer_by`.
    """

    language: str
    made_on: date
    purpose: str
    a: Mini
    b: Mini
    why_for_a: Why
    why_for_b: Why
    unknown: tuple[str, ...]
    eligibility: tuple[str, ...]
    past: tuple[str, ...]
    first_step: str
    questions: tuple[str, ...]
    sources: tuple[Source, ...]
    programme: str
    signature: str
    answer_by: date

    @property
    def name(self) -> str:
        """File name without ending, made of the two ids."""
        return f"{self.a.id}--{self.b.id}"

    @property
    def made_note(self) -> str:
        """For which programme, when and from what it was made."""
        made = self.say(
            "Made on {date} from the two profiles and the documented partnerships. "
            "A person makes the introduction; the service never does.",
            date=self.say.day(self.made_on),
        )
        return f"{self.programme} · {made}" if self.programme else made

    def signed_by(self, sender: str | None) -> Self:
        """Let somebody else sign its letters; nobody leaves it to the programme."""
        return replace(self, signature=sender) if sender else self

    @property
    def say(self) -> Language:
        """Its language."""
        return load_language(self.language)
