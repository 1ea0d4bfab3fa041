"""Counts of a year, for every contract: made by each one's own rule, shown at once; what could not be is said."""

import datetime
import hashlib

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from billing.contracts import year_of
from billing.counting import count_as_agreed, count_from_census
from billing.drafting import lacking_count
from billing.enums import CountBasis, CountedOn
from billing.models import CountSnapshot
from billing.yearly_counts import count_and_show, counts_of, to_count
from geography.services import import_ages
from harness.billing import OPERATOR, TODAY, a_buyer, signed

PONT, LORMES = "60509", "58145"
EXAMPLE = settings.ROOT / "platform/geography/data/exemple-insee.csv"


@pytest.fixture
def census(books):
    """The example file, as an operator imports one."""
    import_ages(EXAMPLE, hashlib.sha256(EXAMPLE.read_bytes()).hexdigest())


def of(books, name, **changes):
    return signed(books, PONT, buyer=a_buyer(name=name), **{"town_id": None} | changes)


def counted(year, today=TODAY):
    done = []
    count_and_show(year, today=today, by=OPERATOR, report=done.append)
    return {one.contract.buyer.name: one.snapshot.total if one.snapshot else one.why for one in done}


def test_each_is_counted_by_its_rule_and_shown(books, census):
    of(books, "Recensement")
    of(books, "75 ans", age=75)
    of(books, "Inscrits", town_id=books.id, count_basis=CountBasis.REGISTERED)
    agreed = of(books, "Convenu", count_basis=CountBasis.AGREED)
    assert counted(2026) == {
        "Recensement": 2952,
        "75 ans": 1013,
        "Inscrits": 0,
        "Convenu": "Ce nombre est convenu par écrit : donnez-le à la main.",
    }
    made = CountSnapshot.objects.all()
    assert {one.as_of for one in made} == {datetime.date(2026, 10, 1)}
    assert all([review.step for review in one.reviews.all()] == ["shown"] for one in made)
    assert made.get(contract__buyer__name="Recensement").is_example
    count_as_agreed(agreed, {PONT: 900}, as_of=agreed.begins_on, by=OPERATOR, source="Convention, article 3")
    assert counted(2026) == {}, "asked again, there is nothing left"


def test_the_day_of_a_count_is_the_contract_s(books, census):
    contract = of(books, "Un trimestre avant", counted_on=CountedOn.QUARTER_BEFORE)
    assert [one.as_of for one in to_count(2026)] == [contract.begins_on], "no day before the contract"
    assert [one.as_of for one in to_count(2027)] == [datetime.date(2027, 7, 1)]


def test_who_is_registered_is_not_counted_before_the_day(books):
    of(books, "Inscrits", town_id=books.id, count_basis=CountBasis.REGISTERED)
    assert counted(2027) == {"Inscrits": "Les personnes inscrites se comptent le 1er octobre 2027, pas avant."}
    assert counted(2027, today=datetime.date(2027, 10, 1)) == {"Inscrits": 0}


def test_without_a_census_it_is_said_and_the_others_go_on(books):
    of(books, "A")
    of(books, "B", town_id=books.id, count_basis=CountBasis.REGISTERED)
    done = counted(2026)
    assert done["A"].startswith("Aucun fichier de l’INSEE")
    assert done["B"] == 0


def test_the_command_shows_then_counts_then_says_what_is_left(books, census, capsys):
    of(books, "A")
    of(books, "B", count_basis=CountBasis.AGREED)
    call_command("count_seniors", year=2026, dry_run=True)
    assert capsys.readouterr().out.splitlines()[0] == "A : à compter au 1er octobre 2026"
    assert not CountSnapshot.objects.exists()
    with pytest.raises(CommandError, match="sans comptage : 1"):
        call_command("count_seniors", year=2026)
    assert "A : 2\u00a0952 seniors, montré à la collectivité" in capsys.readouterr().out


def test_a_count_that_was_corrected_for_another_day_is_none_of_its_day(books, census):
    contract = of(books, "Corrigé")
    first = count_from_census(contract, as_of=contract.begins_on, by=OPERATOR)
    assert list(to_count(2026)) == []
    count_from_census(contract, as_of=contract.begins_on - datetime.timedelta(days=1), by=OPERATOR, replaces=first)
    assert [one.contract for one in to_count(2026)] == [contract]
    assert lacking_count(contract, year_of(contract, contract.begins_on)).startswith("Les seniors de cette période")


def test_what_was_agreed_in_writing_stands_until_another_is(books):
    contract = of(books, "Convenu", count_basis=CountBasis.AGREED)
    assert [one.contract for one in to_count(2026)] == [contract]
    count = count_as_agreed(
        contract, {PONT: 900}, as_of=contract.begins_on, by=OPERATOR, source="Convention, article 3"
    )
    assert list(to_count(2026)) == list(to_count(2027)) == []
    assert [found for _, found in counts_of(2027)] == [count]
