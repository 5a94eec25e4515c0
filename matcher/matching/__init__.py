"""From one asker to a ranked, explained list of partners."""
