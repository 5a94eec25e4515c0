"""Answers as data frames: pandas is imported when the first one is asked for."""

from types import ModuleType

from matcher.errors import MissingPackageError


def pandas() -> ModuleType:
    """Import pandas.

    Raises
    ------
    MissingPackageError
        It is not installed; the text names what to install.
    """
    try:
        import pandas as imported
    except ImportError as error:
        raise MissingPackageError("pandas", "notebooks") from error
    return imported
