"""Where static files are: looked for once by each process, since none moves while it lives."""

from functools import cached_property
from typing import Any

from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class KeptAddresses:
    """Keeps the addresses that pages ask for, a dozen on each."""

    @cached_property
    def _kept(self) -> dict[str, str]:
        return {}

    def url(self, name: str, **options: Any) -> str:
        """The address of a file, by its path."""
        if options:
            return super().url(name, **options)
        if name not in self._kept:
            self._kept[name] = super().url(name)
        return self._kept[name]


class StaticFiles(KeptAddresses, CompressedManifestStaticFilesStorage):
    """Collected, compressed, named after what they hold."""


class LooseStaticFiles(KeptAddresses, StaticFilesStorage):
    """Straight from their folders: demo and tests."""
