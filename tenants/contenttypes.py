"""Content types, cached by town.

Django keeps them in one dictionary of the process, while the same model may have another id in each town and threads
of the worker are in different towns at once. django-tenants clears the dictionary at each switch, which costs every
request a query and is no help between threads.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connections


class CacheByTown(dict[Any, dict[Any, ContentType]]):
    """Stands for `ContentTypeManager._cache`: what is stored under an alias goes under the alias and its schema."""

    def __getitem__(self, alias: str) -> dict[Any, ContentType]:
        return super().__getitem__((alias, connections[alias].schema_name))

    def setdefault(self, alias: str, default: Any = None) -> dict[Any, ContentType]:
        """As in `dict`, for the schema of the current connection."""
        return super().setdefault((alias, connections[alias].schema_name), default)


def keep_apart_by_town() -> None:
    """Replace the process's cache of content types."""
    ContentType.objects._cache = CacheByTown()  # noqa: SLF001 (Django has no door to it)
