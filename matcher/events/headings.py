"""Headings of the tables of an event, as people write them."""

from collections.abc import Sequence

from matcher.profiles.io.headers import compact, field_of
from matcher.profiles.io.raw import Meaning

_USUAL = {
    "zone": ("time zone", "tz", "часовий пояс", "часовой пояс", "fus orar"),
    "delegates": ("delegate", "role", "roles", "position", "function", "роль", "rol"),
    "minimum": ("min", "at least", "minimum meetings", "min meetings", "мінімум", "минимум"),
    "maximum": ("max", "at most", "maximum meetings", "max meetings", "максимум", "maxim"),
    "remote": ("online", "takes part online", "virtual", "онлайн", "дистанційно"),
    "day": ("date", "дата", "день", "data", "ziua"),
    "from": ("start", "begin", "arrives", "arrival", "з", "від", "с", "от", "de la"),
    "to": ("until", "till", "end", "leaves", "departure", "до", "по", "până la"),
    "participant": ("by", "who", "whose wish", "учасник", "участник", "participantul"),
    "other": ("partner", "about", "about whom", "with", "whom", "інший", "другой", "celălalt"),
    "wish": ("kind", "kind of wish", "preference", "request", "побажання", "пожелание", "dorință"),
}
_BY_SPELLING = {
    compact(spelling): column
    for column, spellings in _USUAL.items()
    for spelling in (column, *spellings)
}


def meaning_among(columns: Sequence[str]) -> Meaning:
    """Return what tells which of these columns a heading stands for, if any."""
    of_profile = {"participant": "name"} if "participant" in columns else {}

    def meaning(heading: str) -> str | None:
        near = _BY_SPELLING.get(compact(heading))
        if near in columns:
            return near
        usual = field_of(heading)
        return next((one for one in columns if of_profile.get(one, one) == usual), None)

    return meaning
