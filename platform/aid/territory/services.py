"""The verbs of the territory: cover communes, name districts and sectors, tell distances, draw maps."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Account
from aid.configuration.services import rules
from aid.territory.models import CoveredCommune, District, Sector, SectorCoordinator
from geography.models import Commune
from geography.services import distance_km
from themes.maps import MapView, Point, Tiles, middle

# Upper bounds in kilometres, each with its band: never a distance that would tell where somebody lives.
DISTANCE_BANDS = [
    (1, "moins d’1 km"),
    (3, "1 à 3 km"),
    (5, "3 à 5 km"),
    (10, "5 à 10 km"),
    (20, "10 à 20 km"),
]
FURTHER = "plus de 20 km"
TILES_KEY = "territory.tiles"
UNKNOWN_DISTANCE = "distance inconnue"


@dataclass(frozen=True)
class Coverage:
    """What `cover` changed: communes that joined the territory, and those that left it."""

    added: list[Commune]
    removed: list[Commune]


@transaction.atomic
def cover(communes: Iterable[Commune]) -> Coverage:
    """Make the territory these communes and no other; a second call changes nothing.

    Raises ValidationError, and changes nothing, for an empty territory or when a commune that would leave
    still has districts or belongs to a sector.
    """
    wanted = {commune.code: commune for commune in communes}
    if not wanted:
        raise ValidationError("Un territoire a au moins une commune.")
    covered = {place.commune_id: place for place in CoveredCommune.objects.select_for_update(of=["self"])}
    leaving = [covered[code] for code in sorted(covered.keys() - wanted.keys())]
    _refuse_if_used(leaving)
    added = [wanted[code] for code in sorted(wanted.keys() - covered.keys())]
    CoveredCommune.objects.bulk_create([CoveredCommune(commune=commune) for commune in added])
    CoveredCommune.objects.filter(pk__in=[place.pk for place in leaving]).delete()
    return Coverage(added, [place.commune for place in leaving])


@transaction.atomic
def add_district(
    *, name: str, commune: CoveredCommune, latitude: Decimal | None = None, longitude: Decimal | None = None
) -> District:
    """Name a district of a covered commune; its centre is in degrees.

    Raises ValidationError if the commune has one of this name already, accents and capitals aside, or if the
    centre is half given or out of range.
    """
    district = District(name=_tidy(name), commune=commune, latitude=latitude, longitude=longitude)
    district.full_clean()
    district.save()
    return district


@transaction.atomic
def add_sector(*, name: str, communes: Iterable[CoveredCommune] = (), districts: Iterable[District] = ()) -> Sector:
    """Group covered communes and districts under a name.

    Raises ValidationError if a sector has this name already, accents and capitals aside.
    """
    sector = Sector(name=_tidy(name))
    sector.full_clean()
    sector.save()
    sector.communes.set(communes)
    sector.districts.set(districts)
    return sector


@transaction.atomic
def bind_coordinator(account: Account, *, sectors: Iterable[Sector], by_account: Account) -> None:
    """Have an account see the people of these sectors and no other; what was so already keeps its date and its author.

    It gives no role: who is no coordinator sees nobody by this.
    """
    Account.objects.select_for_update().get(pk=account.pk)
    wanted = {sector.pk for sector in sectors}
    SectorCoordinator.objects.filter(account=account).exclude(sector__in=wanted).delete()
    there = set(SectorCoordinator.objects.filter(account=account).values_list("sector", flat=True))
    SectorCoordinator.objects.bulk_create(
        SectorCoordinator(account=account, sector_id=number, bound_by=by_account) for number in sorted(wanted - there)
    )


def distance_between(a: District, b: District) -> float | None:
    """Return the kilometres between the centres of two districts, None when unknown.

    A district whose centre is unknown stands at that of its commune, but only seen from another commune:
    within one commune that would say « very near » of two districts at its two ends.
    """
    if a == b:
        return 0.0
    if a.commune_id == b.commune_id:
        return distance_km(a, b)
    return distance_km(_centre(a), _centre(b))


def distance_label(km: float | None) -> str:
    """Return the French band of a distance, « 1 à 3 km »; « distance inconnue » for None."""
    if km is None:
        return UNKNOWN_DISTANCE
    return next((label for bound, label in DISTANCE_BANDS if km < bound), FURTHER)


def point_of(place: CoveredCommune | District | Sector) -> Point | None:
    """The centre of a place on a map, None where nobody knows it: never a point of somebody's own.

    A district whose centre is unknown stands at its commune's; a sector in the middle of what it groups.
    """
    match place:
        case CoveredCommune():
            return Point.of(place.commune)
        case District():
            return Point.of(_centre(place))
        case Sector():
            parts = [*place.communes.all(), *place.districts.all()]
            return middle(point for part in parts if (point := point_of(part)) is not None)


def tiles() -> Tiles | None:
    """The tiles of the town's maps, else the operator's, else none. Kept in memory until the town's pulse changes."""
    known = cache.get(TILES_KEY)
    if known is None:
        chosen = rules()
        known = (chosen.tiles_url, chosen.tiles_credit)
        cache.set(TILES_KEY, known)
    url, credit = known if known[0] else (settings.MAP_TILES_URL, settings.MAP_TILES_CREDIT)
    return Tiles(url, credit) if url else None


def map_of_territory(label: str, communes: Iterable[CoveredCommune]) -> MapView:
    """A map of the town, on which its communes, all of them given, are named dots, the most peopled first."""
    by_people = sorted(communes, key=lambda place: (-(place.commune.population or 0), place.commune_id))
    known = ((str(place), point_of(place)) for place in by_people)
    return MapView(label, tuple((name, point) for name, point in known if point is not None), tiles())


def _centre(district: District) -> District | Commune:
    return district.commune.commune if district.latitude is None else district


def _refuse_if_used(leaving: list[CoveredCommune]) -> None:
    used = CoveredCommune.objects.filter(pk__in=[place.pk for place in leaving])
    with_districts = set(used.filter(districts__isnull=False).values_list("pk", flat=True))
    with_sectors = set(used.filter(sectors__isnull=False).values_list("pk", flat=True))
    problems = [
        f"{place} a encore des quartiers : déplacez-les ou supprimez-les d’abord."
        for place in leaving
        if place.pk in with_districts
    ]
    problems += [
        f"{place} fait encore partie d’un secteur : retirez-la du secteur d’abord."
        for place in leaving
        if place.pk in with_sectors
    ]
    if problems:
        raise ValidationError(problems)


def _tidy(name: str) -> str:
    return " ".join(name.split())
