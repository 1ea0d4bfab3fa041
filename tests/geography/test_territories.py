import pytest

from geography.models import Commune, Department
from geography.services import UnknownTerritoryError, distance_km, resolve_communes, time_zone_of

pytestmark = pytest.mark.django_db


def refusal(**asked):
    with pytest.raises(UnknownTerritoryError) as error:
        resolve_communes(**asked)
    return error.value.messages


def test_codes_an_epci_and_a_departement_add_up_without_doubles():
    found = resolve_communes(codes=["2a004", " 59481 ", "59481"], epci="200 043 321", departement="90")
    names = [commune.search_name for commune in found]
    assert names == sorted(names)
    assert len(found) == 1 + 52 + 101
    assert {"2A004", "59481", "90010"} <= {commune.code for commune in found}


def test_an_absent_part_is_no_part():
    assert [commune.name for commune in resolve_communes(codes=["60509"], epci=None, departement=None)] == [
        "Pont-Sainte-Maxence"
    ]


def test_nothing_named():
    assert refusal() == refusal(codes=["  "], epci="", departement=" ")
    assert refusal() == ["Indiquez au moins une commune, une intercommunalité ou un département."]


def test_every_unknown_part_is_said():
    assert refusal(codes=["99999", "60509"], epci="123456789", departement="20") == [
        "Aucune commune ne porte le code INSEE 99999.",
        "Aucune intercommunalité d’aujourd’hui ne porte le numéro SIREN 123456789.",
        "Aucun département ne porte le code 20.",
    ]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (
            "01018",
            "Le code 01018 n’existe plus. Cette commune fait aujourd’hui partie de Valserhône : "
            "utilisez le code 01033.",
        ),
        (
            "01120",
            "Cordieux (01120) fait aujourd’hui partie de Montluel : utilisez le code 01262.",
        ),
        (
            "75101",
            "Paris 1er Arrondissement (75101) fait aujourd’hui partie de Paris : utilisez le code 75056.",
        ),
        (
            "38000",
            "38000 est un code postal. Utilisez le code INSEE de la commune : Grenoble (38185).",
        ),
    ],
)
def test_an_old_code_tells_the_one_of_today(code, sentence):
    assert refusal(codes=[code]) == [sentence.replace(" :", "\N{NO-BREAK SPACE}:")]


def test_a_commune_where_nobody_lives_is_refused_alone_only():
    assert refusal(codes=["55039"]) == ["Beaumont-en-Verdunois est une commune sans habitants."]
    assert refusal(departement="989") == ["Île de Clipperton est une commune sans habitants."]
    assert len(resolve_communes(codes=["55039", "55545"])) == 2


def test_a_commune_that_an_edition_dropped_is_unknown():
    Commune.objects.filter(code="60509").update(is_current=False)
    assert refusal(codes=["60509"]) == ["Aucune commune ne porte le code INSEE 60509."]


@pytest.mark.parametrize(
    ("code", "zone"), [("60", "Europe/Paris"), ("972", "America/Martinique"), ("974", "Indian/Reunion")]
)
def test_time_zones(code, zone):
    assert time_zone_of(Department.objects.get(code=code)).key == zone


def test_distances():
    grenoble, nantes = Commune.objects.get(code="38185"), Commune.objects.get(code="44109")
    assert distance_km(grenoble, nantes) == pytest.approx(606, abs=3)
    assert distance_km(nantes, grenoble) == distance_km(grenoble, nantes)
    assert distance_km(grenoble, grenoble) == 0


def test_a_distance_to_an_unknown_place_is_unknown():
    known, unknown = Commune.objects.get(code="38185"), Commune.objects.filter(latitude=None)[0]
    assert distance_km(known, unknown) is None
    assert distance_km(unknown, known) is None


def test_the_other_side_of_the_earth_is_half_its_girth():
    here = Commune(latitude=45, longitude=0)
    assert distance_km(here, Commune(latitude=-45, longitude=180)) == pytest.approx(20_015, abs=1)
