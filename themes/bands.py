"""Bands across the top of every page: rooms above register what must never be out of sight."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Band:
    """One band: the template that draws it, and what it says (`band.said` there)."""

    template: str
    said: dict[str, Any]


BandProvider = Callable[[HttpRequest], Band | None]
_providers: list[BandProvider] = []


def register_band_provider(provider: BandProvider) -> None:
    """Have `provider` asked on each page for a band, or nothing. Pages of visitors without a session are kept for all
    of them: it must not depend on anything else of theirs."""
    if provider not in _providers:
        _providers.append(provider)


def bands_of(request: HttpRequest) -> list[Band]:
    """The bands of this request."""
    return [band for provider in _providers if (band := provider(request)) is not None]
