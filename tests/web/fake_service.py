"""Serves the shipped clusters under an encoder without a model; settings from the environment."""

import warnings

from support import FakeEncoder

from matcher.config import get_settings
from matcher.matcher import Matcher
from matcher.store import Store
from matcher.web import leave, serve

if __name__ == "__main__":
    warnings.simplefilter("error")
    settings = get_settings()
    store = Store.open(
        settings.store_url, read_url=settings.database_read_url, threads=settings.threads
    )
    with Matcher(store, FakeEncoder(), settings) as matcher:
        matcher.load()
        serve(settings, matcher)
    leave()
