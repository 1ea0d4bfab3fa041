"""What this room does, by subject; import from here."""

from geography.services.ages import import_ages
from geography.services.coordinates import import_coordinates
from geography.services.distances import distance_km, kilometres_between
from geography.services.files import ImportRefusedError
from geography.services.reference import load_reference
from geography.services.search import search_communes, search_intercommunalities
from geography.services.territories import UnknownTerritoryError, resolve_communes, time_zone_of

__all__ = [
    "ImportRefusedError",
    "UnknownTerritoryError",
    "distance_km",
    "import_ages",
    "import_coordinates",
    "kilometres_between",
    "load_reference",
    "resolve_communes",
    "search_communes",
    "search_intercommunalities",
    "time_zone_of",
]
