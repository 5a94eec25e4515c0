"""From a suggestion to a handshake: planner, double opt-in, briefs, people."""
