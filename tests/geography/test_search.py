import json
import lzma

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.text import fold
from geography.models import Commune
from geography.services import search_communes, search_intercommunalities
from geography.services.reference import REFERENCE

pytestmark = pytest.mark.django_db
NAMES = [(row[0], row[1]) for row in json.loads(lzma.decompress(REFERENCE.read_bytes()))["communes"]]
with_database = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def codes(text, **options):
    return [commune.code for commune in search_communes(text, **options)]


@pytest.mark.parametrize(
    "typed",
    [
        "Pont-Sainte-Maxence",
        "pont ste max",
        "PONT STE-MAXENCE",
        "maxence pont",
        "Pont-Sainte-Maxence (60)",
        "60700 pont",
        "60509",
    ],
)
def test_a_commune_is_found_however_it_is_typed(typed):
    assert codes(typed)[0] == "60509"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("chateau chinon ville", "58062"),
        ("L'Hay les roses", "94038"),
        ("l’haÿ", "94038"),
        ("quesnoy", "59481"),
        ("havre", "76351"),
        ("2a004", "2A004"),
        ("St Denis 974", "97411"),
        ("saint-denis 93", "93066"),
        ("eu", "76255"),
    ],
)
def test_articles_saints_and_codes_are_forgiven(typed, code):
    assert codes(typed)[0] == code


@pytest.mark.parametrize("typed", ["", "  ", "!?", "Zzyzx", "99999", "Pont-Sainte-Maxence 75"])
def test_nothing_is_found_for_what_is_no_commune(typed):
    assert codes(typed) == []


def test_exact_names_then_beginnings_then_words_each_by_population():
    found = search_communes("saint denis", limit=60)
    names = [fold(commune.name) for commune in found]
    ranks = [0 if name == "saint denis" else 1 if name.startswith("saint denis") else 2 for name in names]
    assert set(ranks) == {0, 1, 2}
    order = [(rank, -commune.population) for rank, commune in zip(ranks, found, strict=True)]
    assert order == sorted(order)


def test_the_limit_holds():
    assert len(codes("saint")) == 10
    assert len(codes("saint", limit=3)) == 3


def test_a_commune_that_an_edition_dropped_is_not_found():
    assert codes("60509") == ["60509", *codes("60509")[1:]]
    Commune.objects.filter(code="60509").update(is_current=False)
    assert "60509" not in codes("Pont-Sainte-Maxence") + codes("60509")


@pytest.mark.parametrize(
    ("typed", "index"), [("pont ste max", "geography_commune_words"), ("60700", "geography_commune_postal")]
)
def test_one_query_that_uses_an_index(typed, index):
    connection.cursor().close()  # the wall of the transaction is set by the first one
    with CaptureQueriesContext(connection) as queries:
        search_communes(typed)[0].department.name  # noqa: B018 - the department comes with the commune
    assert len(queries) == 1
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {queries[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert index in plan
    assert "Seq Scan on geography_commune" not in plan


@with_database
@given(st.sampled_from(NAMES), st.sampled_from([str.upper, str.lower, fold, lambda name: name.replace("-", " ")]))
def test_every_commune_is_found_by_its_name_and_code(commune, spelled):
    code, name = commune
    assert codes(f"{spelled(name)} {code}")[0] == code


@with_database
@given(st.sampled_from(NAMES))
def test_an_exact_name_comes_first(commune):
    assert fold(search_communes(commune[1])[0].name) == fold(commune[1])


@with_database
@given(st.text(max_size=300) | st.text(alphabet="&|!():*<>'\\ a", max_size=30) | st.just("x" * 5_000))
def test_no_text_breaks_the_search(text):
    assert len(search_communes(text)) <= 10
    assert len(search_intercommunalities(text)) <= 10


@pytest.mark.parametrize(
    "typed",
    ["Pays de Mormal", "cc mormal", "communauté de communes du pays de mormal", "200043321", "200 043 321"],
)
def test_an_intercommunality_is_found_by_name_or_siren(typed):
    found = search_intercommunalities(typed)
    assert [group.siren for group in found] == ["200043321"]


def test_larger_intercommunalities_come_first():
    populations = [group.population for group in search_intercommunalities("métropole de")]
    assert len(populations) > 3
    assert search_intercommunalities("métropole du grand paris")[0].siren == "200054781"
