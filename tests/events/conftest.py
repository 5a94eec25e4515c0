"""A small event for the tests."""

from datetime import date, time

import pytest

from matcher.events.event import Event, Participant, Place, Wish, slot_grid
from matcher.events.plan import Schedule
from matcher.events.scheduler import schedule


@pytest.fixture(scope="session")
def fair() -> Event:
    """Six delegations in Brussels, eight slots on two days, three tables."""
    zones = {
        "am-engine": ("Engine Armenia", "AM", "Asia/Yerevan"),
        "ge-ict": ("Georgian ICT Cluster", "GE", "Asia/Tbilisi"),
        "ua-kharkiv-it": ("Харківський ІТ-кластер", "UA", "Europe/Kyiv"),
        "md-it": ("Asociația IT Moldova", "MD", "Europe/Chisinau"),
        "de-cyber": ("Cyber Cluster Süd", "DE", "Europe/Berlin"),
        "pt-ocean": ("Forum Oceano", "PT", "Europe/Lisbon"),
    }
    slots = slot_grid(
        "Europe/Brussels",
        [(date(2026, 11, 12), time(9), time(11)), (date(2026, 11, 13), time(14), time(16))],
        25,
        pause=5,
    )
    return Event(
        id="brussels-2026",
        title="Matchmaking day; ICT, health & energy",
        zone="Europe/Brussels",
        venue="Square, Brussels",
        slots=slots,
        places=[Place(id=f"t{n}", name=f"Table {n}") for n in (1, 2, 3)],
        participants=[
            Participant(id=key, name=name, country=country, zone=zone, minimum=1)
            for key, (name, country, zone) in zones.items()
        ],
        wishes=[
            Wish(by="am-engine", about="de-cyber", kind="must_meet"),
            Wish(by="de-cyber", about="ua-kharkiv-it", kind="meet"),
            Wish(by="ua-kharkiv-it", about="pt-ocean", kind="meet"),
            Wish(by="pt-ocean", about="ua-kharkiv-it", kind="no_thanks"),
            Wish(by="md-it", about="pt-ocean", kind="meet"),
        ],
    )


@pytest.fixture(scope="session")
def fair_values() -> dict[tuple[str, str], float]:
    east = ("am-engine", "ge-ict", "md-it", "ua-kharkiv-it")
    pairs = sorted((w, e) if w < e else (e, w) for e in east for w in ("de-cyber", "pt-ocean"))
    return {pair: 0.2 + 0.1 * n for n, pair in enumerate(pairs)}


@pytest.fixture(scope="session")
def plan(fair: Event, fair_values: dict[tuple[str, str], float]) -> Schedule:
    return schedule(fair, fair_values, seconds=0.3)
