"""From profile to vectors: facet texts, encoder, cache; torch is imported by the encoder alone."""

from matcher.embedding.cache import CachedEncoder, VectorCache, content_key
from matcher.embedding.embedder import EmbeddedProfiles, PhraseVectors, embed_profiles
from matcher.embedding.encoder import Encoder, Progress, SentenceTransformerEncoder, Vectors
from matcher.embedding.facets import FACETS, PHRASE_KINDS, facet_texts, phrases
from matcher.embedding.lexical import LexicalModel, Lexicon, SparseRows

__all__ = [
    "FACETS",
    "PHRASE_KINDS",
    "CachedEncoder",
    "EmbeddedProfiles",
    "Encoder",
    "LexicalModel",
    "Lexicon",
    "PhraseVectors",
    "Progress",
    "SentenceTransformerEncoder",
    "SparseRows",
    "VectorCache",
    "Vectors",
    "content_key",
    "embed_profiles",
    "facet_texts",
    "phrases",
]
