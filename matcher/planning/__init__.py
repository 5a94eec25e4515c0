"""Who is introduced to whom: a fair programme of pairs under limits, solved exactly."""
