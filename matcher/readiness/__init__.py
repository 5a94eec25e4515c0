"""Readiness: registration, labels, programmes and cautions, each finding with its source."""
