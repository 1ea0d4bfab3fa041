"""What a line of the log says: which town it is about, and nothing of anybody."""

import logging
import traceback
from typing import Any

from django.db import connection


class TownFilter(logging.Filter):
    """Adds `town`, the schema's opaque name: never a name, an address or a number of anybody."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always keep the record.

        Django tells of a refused request after it has left its town: what the request was for is then in the record.
        """
        asked = getattr(getattr(record, "request", None), "town", None)
        record.town = asked.schema_name if asked else connection.schema_name
        return True


class QuietFormatter(logging.Formatter):
    """Writes where an error was raised and of which kind, never what it says.

    What it says may be of somebody: PostgreSQL quotes the row that breaks a constraint, Python the value that cannot
    be read.
    """

    def formatException(self, ei: Any) -> str:  # noqa: N802 (logging's own name)
        """The traceback, and of errors their kinds only; what each was raised from comes first."""
        return "\n".join(_told(ei[1])) if ei[1] else ""


def _told(error: BaseException) -> list[str]:
    former = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = [*_told(former), "then:"] if former else []
    lines += [line.rstrip("\n") for line in traceback.format_tb(error.__traceback__)]
    constraint = getattr(getattr(error, "diag", None), "constraint_name", None)
    return [*lines, f"{type(error).__module__}.{type(error).__qualname__}{f' ({constraint})' if constraint else ''}"]
