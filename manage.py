#!/usr/bin/env python
"""The door to every command of Palier: `./manage.py help`."""

import os
import sys
from pathlib import Path

SOURCE_ROOTS = [Path(__file__).resolve().parent, Path(__file__).resolve().parent / "platform"]


def main() -> None:
    """Run the command named on the command line. A database out of reach is one line, not a traceback."""
    sys.path[:0] = [str(root) for root in SOURCE_ROOTS if str(root) not in sys.path]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError

    from config import database, embedded

    embedded.exit_on_signals()
    try:
        execute_from_command_line(sys.argv)
    except (database.ServerUnavailable, OperationalError) as error:
        if (line := database.explain(error)) is None:
            raise
        sys.exit(line)


if __name__ == "__main__":
    main()
