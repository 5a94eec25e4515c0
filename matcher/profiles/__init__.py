"""Cluster profiles: what they hold, how they are read, written, found and judged."""

from matcher.profiles.completeness import Completeness, completeness
from matcher.profiles.ids import make_id
from matcher.profiles.io.formats import MAX_FILE_BYTES, MAX_ROWS, Format
from matcher.profiles.io.readers import ImportReport, read_profiles
from matcher.profiles.io.writers import write_profiles
from matcher.profiles.language import language_warning, non_english
from matcher.profiles.lookup import NameIndex
from matcher.profiles.partnership import Partnership
from matcher.profiles.problems import field_problems
from matcher.profiles.profile import ClusterProfile, DraftProfile

__all__ = [
    "MAX_FILE_BYTES",
    "MAX_ROWS",
    "ClusterProfile",
    "Completeness",
    "DraftProfile",
    "Format",
    "ImportReport",
    "NameIndex",
    "Partnership",
    "completeness",
    "field_problems",
    "language_warning",
    "make_id",
    "non_english",
    "read_profiles",
    "write_profiles",
]
