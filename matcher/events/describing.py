"""What a table says of participants that are not in the data: they are ranked by these words."""

from pydantic import ValidationError

from matcher.events.headings import DESCRIBED
from matcher.events.rows import Row
from matcher.profiles.io.values import convert
from matcher.profiles.personal import without_personal_data
from matcher.profiles.problems import faults
from matcher.profiles.profile import DraftProfile


def described(row: Row) -> DraftProfile | None:
    """Read the columns that describe a participant, without what belongs to persons.

    What cannot be read is told as a remark; ``None`` where nothing is left.
    """
    values: dict[str, object] = {}
    for field in DESCRIBED:
        found, remarks = convert(field, row.text(field))
        for one in remarks:
            if one.fault:
                row.remark(field, one.message)
        if found not in (None, []):
            values[field] = found
    profile = without_personal_data(_sound(row, values))
    return profile if profile.model_dump(exclude_defaults=True) else None


def _sound(row: Row, values: dict[str, object]) -> DraftProfile:
    """Profile of the values that keep the rules; of those that break one, a remark tells."""
    try:
        return DraftProfile.model_validate(values)
    except ValidationError as error:
        found = faults(error)
        for fault in found:
            row.remark(fault.field, fault.message)
        wrong = {fault.field for fault in found}
        kept = {field: value for field, value in values.items() if field not in wrong}
        return _sound(row, kept if wrong & values.keys() else {})
