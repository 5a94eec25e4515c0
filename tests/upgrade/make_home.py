"""Makes the data folder of a small office, to be kept for the tests of later versions.

Run it with the code whose data shall be kept: ``python tests/upgrade/make_home.py FOLDER.zip``.
Four shipped clusters, two of a user's, an introduction, a person, an event with its schedule, what
was said after a meeting, and a token; the index is in it, too. Prints the facts that must survive.
"""

import json
import shutil
import sys
import tempfile
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))

from support import FakeEncoder

from matcher.config import DATA_DIR, Settings
from matcher.events.after import MeetingReport
from matcher.events.event import Event, Participant, Place, slot_grid
from matcher.events.repository import Meetings
from matcher.events.scheduler import schedule
from matcher.introductions.contacts import Consent, Person
from matcher.introductions.desk import Desk
from matcher.introductions.workflow import propose
from matcher.matcher import Matcher
from matcher.matching import current
from matcher.profiles.profile import ClusterProfile
from matcher.store import Store
from matcher.store.migrate import HEAD

DAY = date(2026, 11, 2)
OWN = (
    ClusterProfile(
        id="ge-wine-route",
        name="Wine Route",
        native_name="ღვინის გზა",
        country="GE",
        description="Wine tourism in the valleys of the east",
        offers=("wine tourism",),
    ),
    ClusterProfile(
        id="ro-cellars", name="Cellars", country="RO", description="Cellars", seeks=("wine",)
    ),
)


def few_clusters(folder):
    for name, lines in (("clusters.jsonl", 4), ("partnerships.jsonl", 3)):
        text = (DATA_DIR / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / name).write_text("".join(text[:lines]), encoding="utf-8")
    return folder


def write_staff_records(url):
    with Store.open(url) as store:
        desk = Desk(store.database)
        person = desk.people.add(
            Person("ge-wine-route", "Contact person", "contact@example.org", phone="+1"),
            Consent("introduction", "herself, by e-mail", DAY),
        )
        kept = desk.introductions.add(
            propose("ge-wine-route", "ro-cellars", purpose="Wine fair", on=DAY)
        )
    zone = "Europe/Bucharest"
    event = Event(
        id="wine-fair",
        title="Wine fair",
        zone=zone,
        slots=slot_grid(zone, [(DAY, time(9), time(11))], 25, pause=5),
        places=[Place(id="t1", name="Table 1")],
        participants=[
            Participant(id=one.id, name=one.name, country=one.country, zone=zone) for one in OWN
        ],
    )
    made = schedule(event, {("ge-wine-route", "ro-cellars"): 0.8}, seconds=1)
    with Store.open(url) as store:
        meetings = Meetings(store.database)
        meetings.add(event)
        meetings.save(event, made, version=1)
        meetings.record(
            MeetingReport(
                event_id="wine-fair",
                a="ge-wine-route",
                b="ro-cellars",
                by="ro-cellars",
                attended=True,
                rating=5,
                outcome="project",
                second_meeting=True,
                recorded_at=datetime(2026, 11, 3, 9, tzinfo=ZoneInfo("UTC")),
            )
        )
        with store.audit.write("command line", "create token", "office: staff"):
            store.tokens.create("office", ["staff"])
    return {"person": person, "introduction": kept.id}


def main(target):
    with tempfile.TemporaryDirectory() as name:
        shipped, home = few_clusters(Path(name)), Path(name, "home")
        current.DATA_DIR = shipped
        settings = Settings(home=home)
        with Matcher(Store.open(settings.store_url), FakeEncoder(), settings) as matcher:
            matcher.load()
            matcher.import_profiles(OWN)
            facts = {"revision": HEAD, "clusters": [one.id for one in matcher.clusters]}
        facts |= write_staff_records(settings.store_url)
        shutil.make_archive(target.removesuffix(".zip"), "zip", home)
    sys.stdout.write(json.dumps(facts, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
