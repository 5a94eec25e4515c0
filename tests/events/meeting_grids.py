from datetime import UTC, datetime, timedelta

from matcher.events.event import Slot


def grid_of(count: int, per_day: int) -> tuple[Slot, ...]:
    """Half-hour slots without pause from nine o'clock UTC, `per_day` a day."""
    opening = datetime(2026, 11, 12, 9, tzinfo=UTC)
    starts = [
        opening + timedelta(days=n // per_day, minutes=30 * (n % per_day)) for n in range(count)
    ]
    return tuple(
        Slot(id=f"s{n}", start=start, end=start + timedelta(minutes=30))
        for n, start in enumerate(starts)
    )
