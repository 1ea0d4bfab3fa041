"""How far one point is from another."""

from decimal import Decimal
from math import asin, cos, radians, sin, sqrt
from typing import Protocol

from django.db.models import Expression, FloatField, Value
from django.db.models.functions import ASin, Cast, Cos, Least, Radians, Sin, Sqrt

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


def kilometres_between(place: Point, field: str) -> Expression:
    """The same distance as `distance_km` in SQL, from a place that is known to the one that a field leads to.

    `field` names a relation to a commune or a district (« centre__commune »); NULL where that one is unknown. Raises
    ValueError for a place that is unknown.
    """
    if place.latitude is None or place.longitude is None:
        raise ValueError("the place has no coordinates")
    latitude, longitude = radians(place.latitude), radians(place.longitude)
    there = Radians(Cast(f"{field}__latitude", FloatField()))
    half_north = Sin((there - Value(latitude)) / Value(2.0))
    half_east = Sin((Radians(Cast(f"{field}__longitude", FloatField())) - Value(longitude)) / Value(2.0))
    chord = half_north * half_north + Value(cos(latitude)) * Cos(there) * half_east * half_east
    return Value(2 * EARTH_RADIUS_KM) * ASin(Least(Sqrt(chord), Value(1.0)), output_field=FloatField())
