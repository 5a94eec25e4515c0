"""Who takes part: one-time links by e-mail, sessions, and roles at clusters."""
