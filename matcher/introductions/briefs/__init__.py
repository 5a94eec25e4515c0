"""One-page briefs and invitation letters for a pair: one `Brief`, several views of it."""
