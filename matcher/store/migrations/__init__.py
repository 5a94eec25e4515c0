"""Migrations of the store, run by `matcher.store.migrate`."""
