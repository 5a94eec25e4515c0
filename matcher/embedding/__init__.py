"""From profile to vectors: facet texts, encoder, cache; no question imports torch."""
