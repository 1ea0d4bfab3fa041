"""How far one point is from another."""

from decimal import Decimal
from math import asin, cos, radians, sin, sqrt
from typing import Protocol

EARTH_RADIUS_KM = 6371.0088  # mean radius of the WGS 84 ellipsoid


class Point(Protocol):
    """What has a place on the map, or None in both: a commune, a district."""

    latitude: Decimal | None
    longitude: Decimal | None


def distance_km(a: Point, b: Point) -> float | None:
    """Return the great-circle distance in kilometres, None when one of the two places is unknown.

    Haversine on a sphere: within 0.6 % of the truth, which bands of kilometres never show.
    """
    if None in (a.latitude, a.longitude, b.latitude, b.longitude):
        return None
    latitude_a, latitude_b = radians(a.latitude), radians(b.latitude)
    half_north = (latitude_b - latitude_a) / 2
    half_east = radians(b.longitude - a.longitude) / 2
    chord = sin(half_north) ** 2 + cos(latitude_a) * cos(latitude_b) * sin(half_east) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))
