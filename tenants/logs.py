"""Which town a line of the log is about."""

import logging

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
