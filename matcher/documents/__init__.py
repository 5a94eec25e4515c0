"""Papers made from plain values: briefs, letters, agendas, calendars, workbooks."""
