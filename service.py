"""Runs the web service: `python service.py`, settings from `MATCHER_*` variables."""

import os

# Native libraries read these when they load, so they are set before anything else is imported.
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

from matcher.web import create_app, serve  # noqa: E402

__all__ = ["create_app", "main"]


def main() -> None:
    """Serve until told to stop."""
    serve()


if __name__ == "__main__":
    main()
