"""Letters by e-mail: an outbox in the store, and who carries what is in it."""
