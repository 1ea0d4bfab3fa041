"""Maps: what `components/map.html` needs, and from where a page that shows one may take its tiles.

A map reads the list that stands before it: each item says its name, its address, and the centres of its places. It
never shows where somebody lives (docs/decisions/2026-11-26-maps.md).
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.http import HttpResponse

# A host in letters, digits and dots, maybe a port; then a path whose numbers of tile are between braces. Nothing that
# a policy or an attribute would read otherwise: no space, quote, semicolon, star, account or second host.
_TILES = re.compile(r"https://(?P<host>[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?)/[A-Za-z0-9/_.{}@=&?%~+-]*")
_NUMBERS = ("{z}", "{x}", "{y}")
# Of what else may stand between braces, Leaflet knows only the sharper tiles of sharp screens.
_BRACES = re.compile(r"{[^}]*}?|}")
TILES_TO_WRITE = "Écrivez une adresse en https, avec {z}, {x} et {y} : https://cartes.exemple.fr/{z}/{x}/{y}.png"


@dataclass(frozen=True)
class Point:
    """The centre of a commune, a district or a sector, in degrees."""

    latitude: float
    longitude: float

    @classmethod
    def of(cls, place: object) -> "Point | None":
        """The centre of what has a latitude and a longitude; None where they are not known."""
        latitude, longitude = getattr(place, "latitude", None), getattr(place, "longitude", None)
        return None if latitude is None or longitude is None else cls(float(latitude), float(longitude))

    @property
    def written(self) -> tuple[str, str]:
        """Latitude and longitude as attributes of HTML hold them, whatever the language of the page."""
        return (_number(self.latitude), _number(self.longitude))


def middle(points: Iterable[Point]) -> Point | None:
    """The middle of some points; None without any."""
    known = list(points)
    if not known:
        return None
    return Point(
        sum(point.latitude for point in known) / len(known), sum(point.longitude for point in known) / len(known)
    )


@dataclass(frozen=True)
class Tiles:
    """Where the background of maps comes from, and whom to credit for it, in plain text."""

    url: str
    credit: str

    @property
    def origin(self) -> str:
        """Scheme, host and port, as a content security policy names them. Raises ValidationError."""
        return f"https://{_host(self.url)}"


@dataclass(frozen=True)
class MapView:
    """A map: what it is called, the named dots of its background, and its tiles if somebody set some."""

    label: str
    territory: tuple[tuple[str, Point], ...] = ()
    tiles: Tiles | None = None

    @property
    def dots(self) -> str:
        """The named dots, as JSON, the first the most important."""
        told = [[name, round(point.latitude, 5), round(point.longitude, 5)] for name, point in self.territory]
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def validate_tiles(url: str) -> None:
    """Refuse what is no address of tiles, in https, on one host. Raises ValidationError in French."""
    _host(url)


def allow_tiles(response: HttpResponse, tiles: Tiles | None) -> HttpResponse:
    """Let this page, and no other, take images from where its map's tiles come from. Answers the same response."""
    if tiles is not None:
        # What django-csp's own decorator sets, and cms.middleware.VisitorPages looks at.
        response._csp_update = {"img-src": [tiles.origin]}  # noqa: SLF001
    return response


def _host(url: str) -> str:
    found = _TILES.fullmatch(url)
    # `{r}` is for sharp screens. `{s}` would need several hosts.
    unknown = {one for one in _BRACES.findall(url) if one not in (*_NUMBERS, "{r}")}
    if found is None or unknown or ".." in found["host"] or any(url.count(number) != 1 for number in _NUMBERS):
        raise ValidationError(TILES_TO_WRITE, "tiles")
    return found["host"]


def _number(degrees: float) -> str:
    return str(Decimal(str(round(degrees, 5))))
