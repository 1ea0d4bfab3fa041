from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from aid.territory.back_office import DistrictViewSet, SectorViewSet
from aid.territory.models import CoveredCommune, District, Sector
from aid.territory.services import add_district, add_sector, cover, distance_between, distance_label
from geography.services import resolve_communes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture
def grenoble():
    """Grenoble covered, and nothing else; its centre is known."""
    return covered("38185")


def covered(*codes):
    cover(resolve_communes(codes=codes))
    places = {place.commune_id: place for place in CoveredCommune.objects.all()}
    assert places.keys() == set(codes)
    return places[codes[0]] if len(codes) == 1 else [places[code] for code in codes]


def codes(communes):
    return [commune.code for commune in communes]


def test_covering_follows_the_list_and_a_second_time_changes_nothing():
    covered("60509")
    first = cover(resolve_communes(codes=["38185", "44109"]))
    kept = CoveredCommune.objects.get(commune="44109").pk
    again = cover(resolve_communes(codes=["44109", "38185"]))
    assert (again.added, again.removed) == ([], [])
    then = cover(resolve_communes(codes=["44109", "59481"]))
    assert (codes(first.added), codes(first.removed)) == (["38185", "44109"], ["60509"])
    assert (codes(then.added), codes(then.removed)) == (["59481"], ["38185"])
    assert CoveredCommune.objects.get(commune="44109").pk == kept


def test_a_territory_is_never_empty(grenoble):
    with pytest.raises(ValidationError, match="au moins une commune"):
        cover([])
    assert CoveredCommune.objects.get() == grenoble


@pytest.mark.parametrize("use", ["district", "sector"])
def test_a_commune_in_use_does_not_leave(grenoble, use):
    if use == "district":
        user = add_district(name="Île Verte", commune=grenoble)
    else:
        user = add_sector(name="Centre", communes=[grenoble])
    with pytest.raises(ValidationError, match="Grenoble"):
        cover(resolve_communes(codes=["44109"]))
    assert CoveredCommune.objects.get() == grenoble
    user.delete()
    assert codes(cover(resolve_communes(codes=["44109"])).removed) == ["38185"]


@pytest.mark.parametrize("name", ["Île Verte", "ile verte", "ILE-VERTE", " île   verte "])
def test_a_district_name_is_used_once_a_commune(name):
    grenoble, nantes = covered("38185", "44109")
    assert add_district(name="Île  Verte ", commune=grenoble).name == "Île Verte"
    with pytest.raises(ValidationError, match="a déjà un quartier de ce nom"):
        add_district(name=name, commune=grenoble)
    assert add_district(name=name, commune=nantes).commune == nantes
    with pytest.raises(IntegrityError, match="territory_district_name"), transaction.atomic():
        District.objects.create(name=name, commune=grenoble)


def test_a_renamed_district_frees_its_old_name(grenoble):
    district = add_district(name="Île Verte", commune=grenoble)
    district.name = "Championnet"
    district.save(update_fields=["name"])
    assert add_district(name="Ile verte", commune=grenoble).pk != district.pk


@pytest.mark.parametrize(
    "given",
    [
        {"name": " "},
        {"name": "…"},
        {"latitude": Decimal(45)},
        {"latitude": Decimal(95), "longitude": Decimal(5)},
    ],
)
def test_a_district_that_cannot_be_is_refused(grenoble, given):
    with pytest.raises(ValidationError):
        add_district(**{"name": "Île Verte", "commune": grenoble} | given)
    assert not District.objects.exists()


def test_a_sector_groups_communes_and_districts_under_a_name_of_its_own():
    grenoble, nantes = covered("38185", "44109")
    district = add_district(name="Île Verte", commune=grenoble)
    sector = add_sector(name="Côté nord", communes=[nantes], districts=[district])
    assert (list(sector.communes.all()), list(sector.districts.all())) == ([nantes], [district])
    with pytest.raises(ValidationError, match="porte déjà ce nom"):
        add_sector(name="cote-nord")
    assert Sector.objects.count() == 1


def test_the_centres_of_districts_tell_their_distance(grenoble):
    here = add_district(name="A", commune=grenoble, latitude=Decimal("45.2"), longitude=Decimal("5.7"))
    there = add_district(name="B", commune=grenoble, latitude=Decimal("45.2"), longitude=Decimal("5.75"))
    assert distance_between(here, there) == pytest.approx(3.92, abs=0.01)
    assert distance_label(distance_between(here, there)) == "3 à 5\N{NO-BREAK SPACE}km"


def test_a_commune_stands_for_its_district_only_from_another_commune():
    grenoble, nantes = covered("38185", "44109")
    placed = add_district(name="A", commune=grenoble, latitude=Decimal("45.2"), longitude=Decimal("5.7"))
    neighbour = add_district(name="B", commune=grenoble)
    far = add_district(name="C", commune=nantes)
    assert distance_between(placed, neighbour) is None
    assert distance_between(neighbour, neighbour) == 0
    assert distance_between(placed, far) == pytest.approx(606, abs=5)
    far.commune.commune.latitude = far.commune.commune.longitude = None
    assert distance_between(placed, far) is None


@pytest.mark.parametrize(
    ("km", "label"),
    [
        (0, "moins d’1 km"),
        (0.999, "moins d’1 km"),
        (1, "1 à 3 km"),
        (4.9, "3 à 5 km"),
        (5, "5 à 10 km"),
        (19.9, "10 à 20 km"),
        (20, "plus de 20 km"),
        (None, "distance inconnue"),
    ],
)
def test_a_distance_is_said_by_bands(km, label):
    head, _, unit = label.rpartition(" ")
    assert distance_label(km) == (label if km is None else f"{head}\N{NO-BREAK SPACE}{unit}")


@pytest.mark.parametrize("view_set", [DistrictViewSet("d"), SectorViewSet("s")])
def test_the_form_of_the_back_office_refuses_the_same_name_again(grenoble, view_set):
    def form(name):
        return view_set.get_form_class()({"name": name, "commune": grenoble.pk}, for_user=None)

    first = form("Île Verte")
    assert first.is_valid(), first.errors
    first.save()
    again = form("ile verte")
    assert not again.is_valid()
    assert "nom" in str(again.errors)
