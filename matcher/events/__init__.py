"""Bilateral meetings at an event: schedule, agendas, and what came of it.

`event` describes who meets where and when, `importing` reads it from tables, `schedule` plans,
plans again and freezes, `agendas` with `calendars`, `sheets` and `printing` tell everybody,
`after` and `repository` keep what came of it.
"""
