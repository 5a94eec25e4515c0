"""Finds partner clusters for innovation clusters, scored from both sides, with reasons."""
