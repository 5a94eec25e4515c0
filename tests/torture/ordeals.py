"""What is tortured: a way to begin, an act that is cut short, and a look at what is left.

Each look gives a text that must be the one of before the act or the one of after it.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import text
from stage import Place, digest, opened, served

from matcher.events.event import Event, Participant, slot_grid
from matcher.events.event import Place as Table
from matcher.events.plan import Schedule
from matcher.events.repository import Meetings
from matcher.events.scheduler import schedule
from matcher.index.saved import SavedIndex
from matcher.introductions.contacts import Consent, Person
from matcher.introductions.desk import Desk
from matcher.profiles.profile import ClusterProfile
from matcher.store import Store
from matcher.store.archive import open_archive
from matcher.store.backup import back_up, restore
from matcher.store.database import Database
from matcher.store.migrate import recorded_revision, upgrade

OLDEST = "0001"


@dataclass(frozen=True)
class Ordeal:
    """Three steps over a place; `settle` names the only state that a fresh start may end in."""

    begin: Callable[[Place], None]
    act: Callable[[Place], None]
    look: Callable[[Place], str] = served
    settle: Callable[[Place], str] | None = None


def newcomers(mark):
    """A file of clusters to import: new ones, and one that is there already."""
    names = ("Wine Route", "Alpine Timber", "Baltic Photonics", "Delta Foods")
    return [
        ClusterProfile(
            id=f"{country.lower()}-torture-{number}",
            name=name,
            country=country,
            city=mark,
            description=f"{name} unites makers and researchers of {mark}",
            offers=(name.lower(), mark),
        )
        for number, (name, country) in enumerate(zip(names, ("GE", "AT", "LT", "RO"), strict=True))
    ]


def nothing(_place):
    """Begin with an empty folder."""


def start(place):
    with opened(place):
        pass


def import_(place):
    with opened(place) as matcher:
        matcher.import_profiles(newcomers("Kutaisi"))


def save_without_index(place):
    start(place)
    with Store.open(place.url) as store:
        store.imports.save(newcomers("Kutaisi"))


def reindex(place):
    with opened(place) as matcher:
        matcher.reindex()


def generation(place):
    """The generation that a process meets, before it mends anything."""
    with Store.open(place.url) as store:
        collection = store.collection()
    found = SavedIndex(place.home).read()
    arrays = (f"{name} {array.tobytes().hex()}" for name, array in sorted(found.arrays.items()))
    return digest([found.notes["generation"], collection, *arrays])


def archive_of(place):
    return place.home / "backup.zip"


def save(place):
    with closing(Database(place.url)) as database:
        back_up(database, archive_of(place))


def begin_backup(place):
    start(place)
    save(place)
    import_(place)


def archived(place):
    """The rows of the backup, and of the database that it was made from."""
    with open_archive(archive_of(place)) as archive:
        rows = [
            f"{table} {row}"
            for table in archive.manifest.tables
            if table != "vectors"
            for row in archive.rows(table)
        ]
    return digest([*rows, served(place)])


def begin_restore(place):
    begin_event(place)
    import_(place)
    save(place)
    with Store.open(place.url) as store:
        store.imports.save(newcomers("Batumi"))
        store.tokens.create("ministry", ["import"])
    start(place)


def restore_(place):
    with closing(Database(place.url)) as database:
        restore(database, archive_of(place), replace=True)


def fair():
    """A small event with its schedule."""
    event = Event(
        id="fair",
        title="Fair",
        zone="Europe/Brussels",
        slots=slot_grid("Europe/Brussels", [(date(2027, 3, 1), time(9), time(11))], 25, pause=5),
        places=[Table(id=f"t{number}", name=f"Table {number}") for number in (1, 2)],
        participants=[
            Participant(id=f"p{number}", name=f"P {number}", country=country, zone="Europe/Kyiv")
            for number, country in enumerate(("UA", "MD", "DE", "PT"))
        ],
    )
    values = {("p0", "p2"): 0.7, ("p1", "p3"): 0.6, ("p1", "p2"): 0.5}
    return event, schedule(event, values, seconds=1, seed=0)


def begin_event(place):
    """Keep an event and a contact person."""
    start(place)
    event, made = fair()
    (place.home / "schedule.json").write_text(made.model_dump_json())
    with Store.open(place.url) as store:
        Meetings(store.database).add(event)
    with Store.open(place.url) as store:
        desk = Desk(store.database)
        desk.people.add(
            Person("ge-torture-0", "Contact of the wine route", "contact@example.org"),
            Consent("introduction", "herself", date(2026, 11, 1)),
        )


def save_schedule(place):
    made = Schedule.model_validate_json((place.home / "schedule.json").read_text())
    with Store.open(place.url) as store:
        meetings = Meetings(store.database)
        meetings.save(meetings.get("fair").event, made, version=1)


def begin_oldest(place):
    """A database of the first version, with a cluster of a user's in it."""
    with closing(Database(place.url)) as database, database.write() as connection:
        upgrade(connection, OLDEST)
        for one in newcomers("Telavi"):
            connection.execute(
                text("INSERT INTO clusters VALUES (:id, :country, 'public', 'user', :body)"),
                {"id": one.id, "country": one.country, "body": one.model_dump_json()},
            )


def upgrade_(place):
    Store.open(place.url).close()


def upgraded(place):
    with closing(Database(place.url)) as database, database.read() as connection:
        rows = connection.execute(text("SELECT id, origin, body FROM clusters ORDER BY id")).all()
        return f"{recorded_revision(connection)} {rows}"


ORDEALS = {
    "first start": Ordeal(nothing, start),
    "import": Ordeal(start, import_),
    "re-index": Ordeal(save_without_index, reindex, generation, served),
    "backup": Ordeal(begin_backup, save, archived),
    "restore": Ordeal(begin_restore, restore_),
    "schedule": Ordeal(begin_event, save_schedule),
    "upgrade": Ordeal(begin_oldest, upgrade_, upgraded, served),
}
