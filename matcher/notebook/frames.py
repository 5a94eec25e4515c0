"""Clusters and partnerships as tidy tables."""

from collections.abc import Iterable

import pandas as pd

from matcher.profiles.completeness import completeness
from matcher.profiles.io.readers import ImportReport
from matcher.profiles.partnership import Partnership
from matcher.profiles.profile import ClusterProfile
from matcher.profiles.taxonomy import countries

_COUNTS = (
    *("founded", "members_total", "members_sme", "members_large", "members_research"),
    *("members_public", "employees_represented", "label_year", "capacity", "as_of"),
)
_WORDS = ("country", "country_name", "group", "kind", "label", "visibility")


def profiles(clusters: Iterable[ClusterProfile]) -> pd.DataFrame:
    """One row a cluster, indexed by id, the columns of `data/README.md`.

    Unknown is missing (``<NA>``, ``NaN``), never 0. Lists stay tuples: ``frame.explode("nace")``
    gives one row for each division. Beside the profile's fields stand `group` (EU or EaP),
    `country_name` and `completeness` in [0, 1].
    """
    rows = [
        {
            **{name: getattr(profile, name) for name in ClusterProfile.model_fields},
            "group": profile.group,
            "country_name": countries()[profile.country].name,
            "completeness": completeness(profile).share,
        }
        for profile in clusters
    ]
    columns = [*ClusterProfile.model_fields, "group", "country_name", "completeness"]
    frame = pd.DataFrame(rows, columns=columns).set_index("id")
    return frame.astype(dict.fromkeys(_COUNTS, "Int64") | dict.fromkeys(_WORDS, "category"))


def partnerships(documented: Iterable[Partnership]) -> pd.DataFrame:
    """One row a documented partnership, indexed by id.

    `members` counts all organisations named, `profiled` those that have a profile; `clusters`
    holds the ids of the latter.
    """
    rows = [
        {
            "id": one.id,
            "name": one.name,
            "programme": one.programme,
            "kind": one.kind,
            "year_start": one.year_start,
            "year_end": one.year_end,
            "theme": one.theme,
            "members": len(one.members),
            "profiled": len(one.member_ids),
            "clusters": one.member_ids,
        }
        for one in documented
    ]
    frame = pd.DataFrame(rows).set_index("id")
    return frame.astype({"year_start": "Int64", "year_end": "Int64", "kind": "category"})


def links(documented: Iterable[Partnership], clusters: Iterable[ClusterProfile]) -> pd.DataFrame:
    """One row for each documented pair of clusters, however often it is documented.

    Columns: `a` and `b` (ids, sorted), their groups and countries, `direction` (such as
    ``"EaP-EU"``), `partnerships` (how many document the pair) and `first_year`.
    """
    by_id = {profile.id: profile for profile in clusters}
    rows = [
        {"a": a, "b": b, "partnership": one.id, "year": one.year_start}
        for one in documented
        for a, b in one.pairs
        if a in by_id and b in by_id
    ]
    pairs = pd.DataFrame(rows, columns=["a", "b", "partnership", "year"])
    frame = pairs.groupby(["a", "b"], as_index=False).agg(
        partnerships=("partnership", "nunique"), first_year=("year", "min")
    )
    for side in ("a", "b"):
        frame[f"country_{side}"] = [by_id[key].country for key in frame[side]]
        frame[f"group_{side}"] = [by_id[key].group for key in frame[side]]
    frame["direction"] = [
        "-".join(sorted(groups)) for groups in zip(frame.group_a, frame.group_b, strict=True)
    ]
    return frame.astype({"first_year": "Int64"})


def problems(report: ImportReport) -> pd.DataFrame:
    """One row for each problem (a row left out) or warning (a row kept) of a file."""
    rows = [
        {
            "severity": severity,
            "where": str(item.where),
            "field": item.field,
            "what": str(item.message),
        }
        for severity, items in (("problem", report.problems), ("warning", report.warnings))
        for item in items
    ]
    return pd.DataFrame(rows, columns=["severity", "where", "field", "what"])
