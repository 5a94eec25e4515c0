import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from matcher.config import DATA_DIR
from matcher.errors import StoreUnavailableError
from matcher.profiles.merging import with_owner
from matcher.profiles.partnership import Partnership
from matcher.profiles.profile import ClusterProfile
from matcher.store import Store

FILES = ("clusters.jsonl", "partnerships.jsonl")


def profile(key="ge-a", **fields):
    return ClusterProfile(
        **({"id": key, "name": f"Cluster {key}", "country": key[:2].upper()} | fields)
    )


def partnership(key="allied", **fields):
    members = [{"id": "ge-a", "name": "A"}, {"id": None, "name": "B", "country": "SE"}]
    return Partnership.model_validate(
        {"id": key, "name": key.title(), "kind": "project", "members": members} | fields
    )


def ship(folder, profiles, partnerships=()):
    folder.mkdir(exist_ok=True)
    for name, records in zip(FILES, (profiles, partnerships), strict=True):
        lines = [record.model_dump_json() + "\n" for record in records]
        (folder / name).write_text("".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def url(database_url):
    return database_url


@pytest.fixture
def store(url):
    with Store.open(url) as store:
        yield store


@pytest.fixture
def data(tmp_path):
    return ship(tmp_path / "data", [profile("ge-a"), profile("pl-b")], [partnership()])


def test_saved_profiles_are_read_whole_and_sorted_by_another_store(store, url):
    full = profile(
        "ua-kharkiv",
        native_name="Харківський ІТ кластер",
        seeks=("EU partners; and more",),
        lat=50.0,
        lon=36.2,
        management_fte=0.5,
        last_verified="2026-11-01",
        visibility="hidden",
    )
    store.imports.save([full, profile("ge-a"), profile("am-z")])
    with Store.open(url) as other:
        assert other.profiles() == [profile("am-z"), profile("ge-a"), full]
        assert other.profile("ua-kharkiv") == full
        assert other.profile("ua-nobody") is None


def test_a_save_counts_what_it_did(store):
    assert (
        str(store.imports.save([profile("ge-a"), profile("pl-b")]))
        == "2 added, 0 changed, 0 unchanged"
    )
    again = [profile("ge-a"), profile("pl-b", city="Kraków"), profile("pl-c")]
    assert str(store.imports.save(again)) == "1 added, 1 changed, 1 unchanged"
    assert str(store.imports.save([])) == "0 added, 0 changed, 0 unchanged"


def test_of_two_records_with_one_id_the_last_counts(store):
    assert store.imports.save([profile(city="Batumi"), profile(city="Tbilisi")]).added == 1
    assert store.profile("ge-a").city == "Tbilisi"


def test_more_records_than_one_statement_takes(store):
    many = [profile(f"ge-{n}") for n in range(1201)]
    assert store.imports.save(many).added == 1201
    assert store.imports.save(many).unchanged == 1201
    assert len(store.profiles()) == 1201


def test_a_save_that_breaks_off_changes_nothing(store):
    store.imports.save([profile("ge-a")])

    def broken():
        yield profile("ge-a", city="Batumi")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.imports.save(broken())
    assert store.profiles() == [profile("ge-a")]


def test_shipped_data_are_loaded_once(store, data):
    assert store.load_shipped(data)
    assert store.profiles() == [profile("ge-a"), profile("pl-b")]
    assert store.partnerships() == [partnership()]
    assert not store.load_shipped(data)


def test_real_shipped_data_are_loaded_as_they_stand_in_the_files(store):
    assert store.load_shipped(DATA_DIR)
    for name, found in zip(FILES, (store.profiles(), store.partnerships()), strict=True):
        lines = (DATA_DIR / name).read_text(encoding="utf-8").splitlines()
        assert [record.id for record in found] == sorted(json.loads(line)["id"] for line in lines)


def test_an_update_of_the_shipped_data_changes_only_what_is_still_as_shipped(store, data):
    store.load_shipped(data)
    store.imports.save([profile("ge-a", city="Batumi"), profile("md-mine")])
    ship(data, [profile(key, region="new") for key in ("ge-a", "pl-b", "pl-c", "md-mine")])
    assert store.load_shipped(data)
    assert store.profiles() == [
        profile("ge-a", city="Batumi", region="new"),
        profile("md-mine"),
        profile("pl-b", region="new"),
        profile("pl-c", region="new"),
    ]


def test_the_owners_words_stay_and_shipped_facts_come_into_the_other_fields(store, data):
    first = {"city": "Batumi", "region": "old", "members_total": 10, "origins": ("region=staff",)}
    ship(data, [profile("ge-a", **first)])
    store.load_shipped(data)
    before = store.profile("ge-a")
    said = before.model_copy(update={"city": "Telavi", "website": "https://own.example.org"})
    store.save_profile(with_owner(before, said))
    now = {
        "city": "Poti",
        "members_total": 20,
        "website": "https://old.example.org",
        "founded": 1990,
    }
    for region, origins in (("new", ("founded=staff",)), ("newer", ())):
        ship(data, [profile("ge-a", region=region, **now, origins=origins)])
        assert store.load_shipped(data)
        found = store.profile("ge-a")
        assert (found.city, found.website) == ("Telavi", "https://own.example.org")
        assert (found.region, found.members_total, found.founded) == (region, 20, 1990)
        assert set(found.origins) == {"city=owner", "website=owner", *origins}


def test_a_withdrawn_cluster_gets_nothing_that_is_shipped_later(store, data):
    store.load_shipped(data)
    before = store.profile("ge-a")
    hidden = with_owner(before, before.model_copy(update={"visibility": "hidden"}))
    store.save_profile(hidden)
    ship(data, [profile("ge-a", website="https://new.example.org")])
    store.load_shipped(data)
    assert store.profile("ge-a") == hidden


def test_saving_a_shipped_record_as_it_is_leaves_it_to_updates(store, data):
    store.load_shipped(data)
    assert str(store.imports.save([profile("ge-a")])) == "0 added, 0 changed, 1 unchanged"
    ship(data, [profile("ge-a", city="Batumi")])
    store.load_shipped(data)
    assert store.profile("ge-a").city == "Batumi"


def test_shipped_records_that_left_the_file_go_and_the_users_stay(store, data):
    store.load_shipped(data)
    store.imports.save([profile("md-mine")])
    ship(data, [profile("pl-b")])
    store.load_shipped(data)
    assert [one.id for one in store.profiles()] == ["md-mine", "pl-b"]
    assert store.partnerships() == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{", r"clusters.jsonl, line 2"),
        ('{"id": "ge-x", "name": "X", "country": "XX"}', r"line 2, country: .*XX"),
        (profile("ge-a").model_dump_json(), r"line 2: the id 'ge-a' stands there twice"),
    ],
)
def test_a_bad_line_of_the_shipped_data_is_named_and_nothing_is_loaded(store, data, text, named):
    store.load_shipped(data)
    (data / FILES[0]).write_text(profile("ge-a", city="Batumi").model_dump_json() + "\n" + text)
    with pytest.raises(StoreUnavailableError, match=named):
        store.load_shipped(data)
    assert store.profiles() == [profile("ge-a"), profile("pl-b")]


def test_missing_shipped_data_are_named(store, tmp_path):
    with pytest.raises(StoreUnavailableError, match=r"data/clusters\.jsonl cannot be read"):
        store.load_shipped(tmp_path)


def test_threads_share_a_store(store):
    keys = [f"ge-{n}" for n in range(40)]
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda key: store.imports.save([profile(key)]), keys))
        found = list(pool.map(store.profile, keys))
    assert list(map(str, counts)) == ["1 added, 0 changed, 0 unchanged"] * 40
    assert [one.id for one in found] == keys
