"""The most that is taken from outside for an event, the same from every face."""

LONGEST_MINUTES = 600
"""Of a meeting, and of the pause between two."""

LONGEST_SCHEDULING = 60
"""Seconds of work on one schedule."""

MOST_PLACES = 300
"""Tables, and rooms online, that are made by their number."""

GREATEST_SEED = 2**31 - 1

MOST_SLOTS = 500
MOST_BREAKS = 100
MOST_PARTICIPANTS = 2_000
MOST_WISHES = 20_000
MOST_WINDOWS = 50
"""Stretches in which one participant is present."""

MOST_PROBLEMS = 100
"""Contradictions of one event that are told; whoever mends these is told the next."""
