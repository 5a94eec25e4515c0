"""From profile to vectors: facet texts, encoder, cache; no question imports torch."""

from matcher.embedding.cache import CachedEncoder, VectorCache
from matcher.embedding.embedder import EmbeddedProfiles, PhraseVectors, embed_profiles
from matcher.embedding.encoder import (
    Encoder,
    Progress,
    SentenceTransformerEncoder,
    Vectors,
    content_key,
)
from matcher.embedding.facets import FACETS, PHRASE_KINDS, facet_texts, phrases
from matcher.embedding.lexical import LexicalModel, Lexicon
from matcher.embedding.packaged import PackagedEncoder, open_encoder
from matcher.embedding.sparse import Sparse

__all__ = [
    "FACETS",
    "PHRASE_KINDS",
    "CachedEncoder",
    "EmbeddedProfiles",
    "Encoder",
    "LexicalModel",
    "Lexicon",
    "PackagedEncoder",
    "PhraseVectors",
    "Progress",
    "SentenceTransformerEncoder",
    "Sparse",
    "VectorCache",
    "Vectors",
    "content_key",
    "embed_profiles",
    "facet_texts",
    "open_encoder",
    "phrases",
]
