"""What belongs to a person is taken out of a profile, and nothing else."""

import pytest

from matcher.profiles.io.readers import ImportReport
from matcher.profiles.personal import without_personal_data
from matcher.profiles.profile import DraftProfile

PRIVATE = {
    "Contact: Anna Examplenko, a.b@example.org, or ring +380 44 000 00 00.": "Contact, or ring.",
    "Our director is Nino Examplidze. We make wine.": "Our director is. We make wine.",
    "Tel. 0732 000 000, office (at) example.org": "",
    "Мене звати Олена Прикладенко, ми виноробні.": "Мене звати, ми виноробні.",
    "ჩვენი დირექტორი გიორგი ნიმუშაძე. ვეძებთ": "ჩვენი. ვეძებთ",
    "Mrs. Example leads us.": "Mrs. leads us.",
    "Контакт: И. Образцов, тел: 044 000-00-00": "Контакт",
}
HARMLESS = (
    "We bottled 1 200 000 litres from 01.02.2024 to 2025, ISO 9001:2015.",
    "In Craiova and Prahova we work with the Republic of Moldova.",
    "Contact Georgian Wine Agency about the President Hotel.",
    "Head of the value chain; manager training; 2019-2021",
)


@pytest.mark.parametrize(("text", "rest"), PRIVATE.items())
def test_private_words_go(text: str, rest: str) -> None:
    profile = DraftProfile(description=text, offers=(text, "wine"))
    cleaned = without_personal_data(profile)
    assert cleaned.description == (rest or None)
    assert cleaned.offers == ((rest, "wine") if rest else ("wine",))


@pytest.mark.parametrize("text", HARMLESS)
def test_other_words_stay(text: str) -> None:
    profile = DraftProfile(description=text, seeks=(text,))
    assert without_personal_data(profile) == profile


def test_shipped_descriptions_lose_next_to_nothing(shipped_report: ImportReport) -> None:
    profiles = shipped_report.profiles
    changed = [one.id for one in profiles if without_personal_data(one) != one]
    assert len(changed) < len(profiles) / 100
