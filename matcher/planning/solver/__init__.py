"""The best pairs under limits and rules."""
