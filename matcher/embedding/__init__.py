"""From profile to vectors: facet texts, encoder, cache; torch is imported by the encoder alone."""

from matcher.embedding.cache import CachedEncoder, VectorCache, content_key
from matcher.embedding.embedder import EmbeddedProfiles, embed_profiles
from matcher.embedding.encoder import Encoder, Progress, SentenceTransformerEncoder, Vectors
from matcher.embedding.facets import FACETS, facet_texts, phrases

__all__ = [
    "FACETS",
    "CachedEncoder",
    "EmbeddedProfiles",
    "Encoder",
    "Progress",
    "SentenceTransformerEncoder",
    "VectorCache",
    "Vectors",
    "content_key",
    "embed_profiles",
    "facet_texts",
    "phrases",
]
