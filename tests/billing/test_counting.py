"""Counts: from evidence, immutable, shown, contested by the town through its window, corrected by another."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from aid.people.models import Person
from aid.territory.models import CoveredCommune
from billing import counting
from billing.access import for_current_town
from billing.contracts import year_of
from billing.count_states import SHOWN_FOR
from billing.counting import NotCountedError
from billing.enums import CountBasis, CountedOn
from billing.models import CountSnapshot, TownAct
from billing.money import apportion, whole
from geography.models import AgeCount, Census
from harness.billing import OPERATOR, a_count, signed
from tenants.context import facing

PONT, LORMES = "60509", "58145"
BEGINS = datetime.date(2026, 10, 1)
A_MONTH = SHOWN_FOR + datetime.timedelta(days=1)


@pytest.fixture
def census(books):
    """A file of figures that nobody counted: 2 408.4 and 514.2 residents of 60 and over, 1 000.3 and 200.4 of 75."""
    made = Census.objects.create(vintage=2022, file_name="exemple-insee.csv", sha256="a" * 64)
    for code, younger, older in ((PONT, "1408.1", "1000.3"), (LORMES, "313.8", "200.4")):
        AgeCount.objects.create(
            commune_id=code, census=made, aged_60_to_74=Decimal(younger), aged_75_or_more=Decimal(older)
        )
    return made


@pytest.fixture
def contract(books):
    return signed(books, PONT, LORMES)


def counted(contract, **changes):
    return counting.count_from_census(contract, **{"as_of": BEGINS, "by": OPERATOR} | changes)


def agreed(contract, numbers, **changes):
    said = {"as_of": BEGINS, "by": OPERATOR, "source": "Convention du 15 septembre 2026, article 3"}
    return counting.count_as_agreed(contract, numbers, **said | changes)


@pytest.mark.parametrize(("age", "total", "lines"), [(60, 2923, [514, 2409]), (75, 1201, [200, 1001])])
def test_decimals_are_added_first_and_rounded_once(census, books, age, total, lines):
    contract = signed(books, PONT, LORMES, age=age)
    count = counted(contract)
    assert (count.total, [line.count for line in count.lines.all()]) == (total, lines)
    assert (count.vintage, count.sha256, count.source, count.is_example) == (2022, "a" * 64, "exemple-insee.csv", True)


def test_the_number_is_rebuilt_from_what_was_kept(census, contract):
    count = counted(contract)
    AgeCount.objects.all().delete()
    read = {line.commune_id: line.read for line in count.lines.all()}
    assert whole(sum(read.values())) == count.total
    assert apportion(count.total, read) == {line.commune_id: line.count for line in count.lines.all()}


@given(st.lists(st.decimals(0, 100_000, places=6), min_size=1, max_size=60))
def test_lines_add_up_to_the_total_and_none_is_a_whole_person_away(read):
    total = whole(sum(read))
    given_ = apportion(total, dict(enumerate(read)))
    assert sum(given_.values()) == total
    assert abs(total - sum(read)) <= Decimal("0.5")
    assert all(abs(given_[rank] - value) <= 1 + Decimal("0.5") for rank, value in enumerate(read))


def test_what_the_census_does_not_know_is_never_zero(census, contract):
    AgeCount.objects.filter(commune=LORMES).delete()
    with pytest.raises(NotCountedError, match="ne dit rien de Lormes"):
        counted(contract)
    AgeCount.objects.all().delete()
    Census.objects.all().delete()
    with pytest.raises(NotCountedError, match="Aucun fichier de l’INSEE"):
        counted(contract)
    assert not CountSnapshot.objects.exists()


def test_the_day_of_a_count_is_the_contract_s(books):
    contract = signed(books, PONT, counted_on=CountedOn.QUARTER_BEFORE)
    year = year_of(contract, contract.begins_on)
    assert counting.day_of_count(contract, year) == BEGINS
    following = year_of(contract, year.end)
    assert counting.day_of_count(contract, following) == datetime.date(2027, 7, 1)
    contract.counted_on = CountedOn.FIRST_DAY
    assert counting.day_of_count(contract, year) == BEGINS


def test_numbers_that_were_agreed_are_whole_and_named(books):
    contract = signed(books, PONT, LORMES, count_basis=CountBasis.AGREED)
    count = agreed(contract, {PONT: 700, LORMES: 0})
    assert (count.total, count.source) == (700, "Convention du 15 septembre 2026, article 3")
    for numbers, told in (
        ({PONT: 700}, "n’a pas de nombre : Lormes"),
        ({PONT: 700, LORMES: 1, "75056": 3}, "n’est pas couverte : 75056"),
    ):
        with pytest.raises(NotCountedError, match=told):
            agreed(contract, numbers)
    for wrong, field in (({PONT: -1, LORMES: 0}, PONT),):
        with pytest.raises(ValidationError) as refusal:
            agreed(contract, wrong)
        assert set(refusal.value.message_dict) == {field}
    with pytest.raises(ValidationError, match="quel écrit"):
        agreed(contract, {PONT: 1, LORMES: 1}, source=" ")
    with pytest.raises(ValidationError, match="autant de seniors"):
        agreed(contract, {PONT: 10_000_001, LORMES: 0})
    with pytest.raises(NotCountedError, match="compte autrement"):
        counted(contract)


@pytest.fixture
def seniors(town):
    """Of Pont-Sainte-Maxence: two of 60 and over, one younger, one of no known age, one who died, one of no commune."""
    with facing(town):
        covered = CoveredCommune.objects.get(commune=PONT)
        known = [
            a_person("Jeanne", birth_year=1941, commune=covered),
            a_person("Paul", birth_year=1966, commune=covered),
            a_person("Ines", birth_year=1967, commune=covered),
            a_person("Solange", commune=covered),
            a_person("Marcel", birth_year=1930, commune=covered, deceased_on=BEGINS),
            a_person("Rose", birth_year=1950),
        ]
        Person.objects.update(created_at=datetime.datetime(2026, 9, 1, tzinfo=datetime.UTC))
    return known


def a_person(first_name, **said):
    return Person.objects.create(first_name=first_name, **said)


def test_a_town_is_asked_for_numbers_and_answers_no_name(seniors, books, town):
    contract = signed(books, PONT, count_basis=CountBasis.REGISTERED)
    count = counting.count_registered(contract, as_of=BEGINS, by=OPERATOR)
    assert (count.total, count.note) == (3, "Non comptées : 1 sans année de naissance.")
    assert [(line.commune_id, line.count) for line in count.lines.all()] == [(PONT, 3)]
    kept = " ".join(str(value) for value in vars(count).values())
    assert not [person for person in seniors if person.first_name in kept or str(person.uid) in kept]
    same = counting.count_registered(contract, as_of=BEGINS, by=OPERATOR)
    assert same.sha256 == count.sha256
    with facing(town):
        Person.objects.filter(first_name="Ines").update(birth_year=1950)
        Person.objects.filter(first_name="Jeanne").update(deceased_on=BEGINS + datetime.timedelta(days=1))
    other = counting.count_registered(contract, as_of=BEGINS, by=OPERATOR)
    assert (other.total, other.sha256 == count.sha256) == (4, False)


def test_who_has_no_commune_is_of_none_where_there_are_several(seniors, books):
    contract = signed(books, PONT, LORMES, count_basis=CountBasis.REGISTERED)
    count = counting.count_registered(contract, as_of=BEGINS, by=OPERATOR, note="Premier comptage.")
    assert [(line.commune_id, line.count) for line in count.lines.all()] == [(LORMES, 0), (PONT, 2)]
    assert count.note == "Premier comptage. Non comptées : 1 sans commune et 1 sans année de naissance."
    contract.town = None
    contract.save()
    with pytest.raises(NotCountedError, match="n’existe plus"):
        counting.count_registered(contract, as_of=BEGINS, by=OPERATOR)


def test_a_count_is_corrected_once_and_what_was_corrected_goes_no_further(census, contract):
    first = counted(contract)
    second = counted(contract, replaces=first, note="Le fichier avait une faute.")
    assert second.replaces == first
    for act in (
        lambda: counting.show(first, by=OPERATOR),
        lambda: counting.approve(first, by=OPERATOR, now=timezone.now()),
        lambda: counted(contract, replaces=first),
    ):
        with pytest.raises(NotCountedError, match="a été corrigé"):
            act()


def test_the_town_has_thirty_days(census, contract):
    count = counted(contract)
    now = timezone.now()
    with pytest.raises(NotCountedError, match="Montrez d’abord"):
        counting.approve(count, by=OPERATOR, now=now)
    shown = counting.show(count, by=OPERATOR)
    assert counting.show(count, by=OPERATOR) == shown
    with pytest.raises(NotCountedError, match="pour le contester"):
        counting.approve(count, by=OPERATOR, now=now)
    approved = counting.approve(count, by=OPERATOR, now=now + A_MONTH)
    assert counting.approve(count, by=OPERATOR, now=now) == approved


def test_a_town_contests_its_count_which_waits_for_an_answer(census, contract, town, other_town):
    count = counted(contract)
    counting.show(count, by=OPERATOR)
    with facing(town), for_current_town():
        with pytest.raises(ValidationError):
            counting.contest(CountSnapshot.objects.get(), words=" ", by="Mme la directrice", now=timezone.now())
        words = "Deux résidences ont fermé."
        counting.contest(CountSnapshot.objects.get(), words=words, by="Mme la directrice", now=timezone.now())
    with facing(other_town), for_current_town():
        assert not TownAct.objects.exists()
    later = timezone.now() + A_MONTH
    with pytest.raises(NotCountedError, match="conteste ce comptage"):
        counting.approve(count, by=OPERATOR, now=later)
    with pytest.raises(ValidationError):
        counting.answer_contest(count, words="", by=OPERATOR)
    counting.answer_contest(count, words="L’INSEE les compte encore au 1er janvier 2022.", by=OPERATOR)
    with pytest.raises(NotCountedError, match="ne conteste pas"):
        counting.answer_contest(count, words="Encore.", by=OPERATOR)
    counting.approve(count, by=OPERATOR, now=later)


def test_a_count_without_its_evidence_is_refused_by_the_database(contract):
    for wrong in ({"sha256": "?"}, {"vintage": None}, {"source": ""}, {"total": 10_000_001}):
        with pytest.raises(ValidationError):
            CountSnapshot(contract=contract, **a_count_as_dict(contract) | wrong).full_clean()


def a_count_as_dict(contract):
    made = a_count(contract, {PONT: 1})
    return {
        field.name: getattr(made, field.name)
        for field in CountSnapshot._meta.concrete_fields
        if field.name not in {"id", "contract", "counted_at"}
    }


def test_nobody_is_named_in_a_count(census, contract):
    """Numbers only: no field of a count or of a line could hold who was counted."""
    words = {field.name for field in CountSnapshot._meta.concrete_fields if field.get_internal_type() == "CharField"}
    assert words == {"basis", "source", "sha256", "note", "counted_by"}


def test_the_last_day_is_whole_and_after_it_a_contest_is_refused(census, contract, town):
    count = counted(contract)
    shown = counting.show(count, by=OPERATOR)
    midnight = timezone.make_aware(datetime.datetime.combine(timezone.localdate(shown.at + A_MONTH), datetime.time()))
    last = midnight - datetime.timedelta(minutes=1)
    with pytest.raises(NotCountedError, match="pour le contester"):
        counting.approve(count, by=OPERATOR, now=last)
    said = {"words": "Deux résidences ont fermé.", "by": "Mme la directrice"}
    with facing(town), for_current_town():
        with pytest.raises(NotCountedError, match="Les trente jours sont passés"):
            counting.contest(CountSnapshot.objects.get(), now=midnight, **said)
        counting.contest(CountSnapshot.objects.get(), now=last, **said)
    counting.answer_contest(count, words="L’INSEE les compte encore.", by=OPERATOR)
    assert counting.approve(count, by=OPERATOR, now=midnight)
