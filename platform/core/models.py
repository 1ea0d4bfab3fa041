"""Abstract models that any room may build on."""

from typing import Any, NoReturn

from django.db import models


class AppendOnlyError(TypeError):
    """Somebody tried to change or remove what is only ever added."""


class AppendOnly(models.Model):
    """A row that is written once and never changed: a journal's, a fact's.

    The town's role has neither UPDATE nor DELETE on such a table (tenants.walls); these refusals only say it sooner
    and in clear words.
    """

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; refuse to update."""
        if not self._state.adding:
            raise AppendOnlyError(f"{self._meta.label} is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError(f"{self._meta.label} is append-only")
