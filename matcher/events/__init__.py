"""Bilateral meetings at an event: schedule, agendas, and what came of it.

`event` describes who meets where and when, `importing` reads it from files, `scheduler` plans,
`agendas` and `papers` tell everybody, `after` and `repository` keep what came of it.
"""
