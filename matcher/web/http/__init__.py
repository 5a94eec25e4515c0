"""What every request passes through, and what the API and the pages share."""
