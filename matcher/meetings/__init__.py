"""Bilateral meetings at an event: schedule, agendas, and what came of it."""
