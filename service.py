"""Runs the web service: `python service.py` is `matcher serve`, with the same options."""

import sys

from matcher.cli import main  # sets the threads of native libraries before anything is imported
from matcher.web import create_app

__all__ = ["create_app", "main"]

if __name__ == "__main__":
    main(["serve", *sys.argv[1:]], prog_name="matcher")
