"""Cluster profiles: what they hold, how they are read, written, found and judged."""
