"""Contracts: what they must say, one price a day, communes that join and leave, and who may move them."""

import datetime
from decimal import Decimal
from itertools import product

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import NOT_PROVIDED

from billing import contracts
from billing.contracts import NotAllowedError, Price
from billing.enums import ANNOUNCE_END, BEGIN, CATCH_UP, CONTRACT_CHANGES, END, FALL_LATE, RESUME, ContractState
from billing.models import Contract, ContractStep, PricePeriod
from geography.models import Commune
from harness.billing import OPERATOR, OTHER_OPERATOR, TODAY, a_buyer, signed, unsigned

PONT, LORMES = "60509", "58145"
# What starts empty, or at its beginning: nothing of what is owed.
MAY_BE_LEFT_OUT = {"id", "town", "reference", "state", "ends_on"}


def day(text):
    return datetime.date.fromisoformat(text)


def commune(code):
    return Commune.objects.get(code=code)


def test_nothing_of_what_is_owed_has_a_default():
    fields = [field for field in Contract._meta.concrete_fields if field.name not in MAY_BE_LEFT_OUT]
    assert len(fields) == 12
    assert [field.name for field in fields if field.default is not NOT_PROVIDED or field.blank or field.null] == []


def test_a_contract_is_signed_whole_or_not_at_all(books):
    contract = signed(books, PONT, LORMES)
    assert [price.rates.yearly(1) for price in contract.prices.all()] == [Decimal(1000)]
    assert list(contract.memberships.values_list("commune", flat=True)) == [LORMES, PONT]
    assert list(contract.steps.values_list("words", flat=True)) == [
        "Signé le 15 septembre 2026.",
        "1,00\u00a0€ par senior et par an, 1\u00a0000,00\u00a0€ au moins, à partir du 1er octobre 2026.",
    ]
    for wrong in (
        lambda: contracts.sign(
            unsigned(books), price=Price(Decimal(1), Decimal(-1)), communes=[commune(PONT)], by=OPERATOR
        ),
        lambda: contracts.sign(unsigned(books), price=Price(Decimal(1), Decimal(1)), communes=[], by=OPERATOR),
    ):
        Contract.objects.all().update(town=None)
        with pytest.raises(ValidationError):
            wrong()
        assert Contract.objects.count() == 1, "nothing is half written"


def test_a_paper_that_is_typed_twice_is_one_contract(books):
    said = {"buyer": a_buyer(), "reference": "MAPA-1"}

    def typed(*codes, unit="1", **changes):
        price = Price(Decimal(unit), Decimal(1000))
        new = unsigned(None, **said | changes)
        return contracts.sign_once(new, price=price, communes=[commune(code) for code in codes], by=OPERATOR)

    first = typed(PONT)
    contracts.take_by_clock(first, BEGIN)
    assert typed(PONT) == first, "whatever became of it"
    assert first.steps.count() == 3
    others = [typed(PONT, unit="1.1"), typed(PONT, LORMES), typed(LORMES), typed(PONT, reference="MAPA-2")]
    others += [typed(PONT, age=75), typed(PONT, ends_on=day("2028-10-01"))]
    assert Contract.objects.count() == len({first, *others}) == 7


@pytest.mark.parametrize(
    ("field", "wrong", "told"),
    [
        ("age", 65, "Le fichier de l’INSEE donne les 60 ans et plus"),
        ("age", 18, "n’est pas un choix valide"),
        ("ends_on", datetime.date(2026, 10, 1), "se termine après avoir commencé"),
        ("least_adjustment", Decimal("-1"), "n’est pas négative"),
        ("reference", "R" * 51, "50"),
        ("floor_scope", "", "ne peut pas être vide"),
    ],
)
def test_what_is_wrong_is_said_in_french(books, field, wrong, told):
    with pytest.raises(ValidationError) as refusal:
        unsigned(books, **{field: wrong}).full_clean()
    assert told in " ".join(refusal.value.messages)


def test_a_contract_of_the_past_and_of_a_leap_day_is_kept_as_it_is(books):
    contract = signed(books, PONT, signed_on=day("2024-02-01"), begins_on=day("2024-02-29"))
    assert contracts.year_of(contract, TODAY).start == day("2026-02-28")
    with pytest.raises(ValueError, match="before"):
        contracts.year_of(contract, day("2024-02-28"))


def test_a_town_has_one_contract_a_day(books):
    first = signed(books, PONT)
    with pytest.raises(ValidationError, match="a déjà un contrat"):
        signed(books, PONT, begins_on=day("2027-10-01"))
    Contract.objects.filter(pk=first.pk).update(ends_on=day("2027-10-01"))
    signed(books, PONT, begins_on=day("2027-10-01"))
    for _ in range(2):
        signed(books, PONT, town_id=None)


def test_a_commune_that_has_merged_is_refused(books):
    Commune.objects.filter(code=LORMES).update(is_current=False)
    with pytest.raises(ValidationError, match="n’est plus une commune"):
        signed(books, PONT, LORMES)


@pytest.mark.parametrize(
    ("starts", "ends", "overlaps"),
    [
        ("2026-01-01", "2026-10-01", False),
        ("2026-01-01", "2026-10-02", True),
        ("2027-09-30", None, True),
        ("2027-10-01", None, False),
        ("2026-12-01", "2027-01-01", True),
    ],
)
def test_a_contract_has_one_price_a_day(books, starts, ends, overlaps):
    contract, other = signed(books, PONT), signed(books, PONT, town_id=None)
    contract.prices.update(ends_on=day("2027-10-01"))
    said = {"unit": Decimal(1), "floor": Decimal(1000), "starts_on": day(starts), "ends_on": ends and day(ends)}
    added = PricePeriod(contract=contract, **said)
    if not overlaps:
        added.full_clean()
        added.save()
        return
    with pytest.raises(ValidationError, match="a déjà un prix"):
        added.full_clean()
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        added.save()
    assert isinstance(refusal.value.__cause__, psycopg.errors.ExclusionViolation)
    other.prices.all().delete()
    PricePeriod.objects.create(contract=other, **said)


def test_no_two_codes_of_communes_have_the_same_number(books):
    """What the constraint on communes relies on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT hashtextextended(code, 0)) FROM geography_commune")
        communes, numbers = cursor.fetchone()
    assert communes == numbers > 34_000


def test_another_price_ends_the_one_that_runs(books):
    contract = signed(books, PONT)
    contracts.change_price(
        contract, Price(Decimal("1.0305"), Decimal("1030.50")), from_day=day("2027-10-01"), by=OPERATOR
    )
    assert list(contract.prices.values_list("starts_on", "ends_on")) == [
        (day("2026-10-01"), day("2027-10-01")),
        (day("2027-10-01"), None),
    ]
    assert "1,0305\u00a0€ par senior" in contract.steps.last().words
    with pytest.raises(ValidationError, match="avant le dernier prix"):
        contracts.change_price(contract, Price(Decimal(1), Decimal(1)), from_day=day("2027-10-01"), by=OPERATOR)


def test_a_commune_joins_once_and_leaves_but_the_last(books):
    contract = signed(books, PONT)
    contracts.join(contract, commune(LORMES), on=day("2027-03-01"), by=OPERATOR)
    with pytest.raises(ValidationError, match="couvre déjà cette commune"):
        contracts.join(contract, commune(LORMES), on=day("2027-05-01"), by=OPERATOR)
    with pytest.raises(ValidationError, match="en dehors du contrat"):
        contracts.join(contract, commune("60175"), on=day("2026-09-30"), by=OPERATOR)
    with pytest.raises(ValidationError, match="après y être entrée"):
        contracts.leave(contract, commune(LORMES), on=day("2027-03-01"), by=OPERATOR)
    contracts.leave(contract, commune(LORMES), on=day("2027-06-01"), by=OPERATOR)
    with pytest.raises(ValidationError, match="n’est pas couverte"):
        contracts.leave(contract, commune(LORMES), on=day("2027-07-01"), by=OPERATOR)
    with pytest.raises(ValidationError, match="dernière commune"):
        contracts.leave(contract, commune(PONT), on=day("2027-07-01"), by=OPERATOR)
    contracts.join(contract, commune(LORMES), on=day("2027-09-01"), by=OPERATOR)
    assert [step.words for step in contract.steps.all()][2:] == [
        "Lormes rejoint le contrat le 1er mars 2027.",
        "Lormes quitte le contrat le 1er juin 2027.",
        "Lormes rejoint le contrat le 1er septembre 2027.",
    ]


@pytest.mark.parametrize(
    ("state", "change"), list(product(ContractState, CONTRACT_CHANGES)), ids=lambda one: getattr(one, "name", one)
)
def test_every_change_from_every_state(books, state, change):
    contract = signed(books, PONT)
    Contract.objects.update(state=state)
    contract.refresh_from_db()
    announced = {"kind": "state", "state": ContractState.ENDING, "words": "Fin.", "by": OPERATOR, "referent": "Mme"}
    ContractStep.objects.create(contract=contract, effective_on=TODAY, agreed_by=OTHER_OPERATOR, **announced)
    assert (change in contracts.possible_changes(contract)) == (state in change.sources and not change.by_clock)
    steps = contract.steps.count()
    may = state in change.sources and change is not ANNOUNCE_END
    if may:
        assert (
            contracts.take(contract, change, by=OPERATOR, words="Décidé avec la ville.", today=TODAY).state
            == change.target
        )
        assert contract.steps.count() == steps + 1
    else:
        with pytest.raises(NotAllowedError):
            contracts.take(contract, change, by=OPERATOR, words="Décidé avec la ville.", today=TODAY)
        contract.refresh_from_db()
        assert (contract.state, contract.steps.count()) == (state, steps)
    Contract.objects.update(state=state)
    if state in change.sources and change.by_clock:
        assert contracts.take_by_clock(contract, change).state == change.target
    else:
        with pytest.raises(NotAllowedError):
            contracts.take_by_clock(contract, change)


def test_the_clock_goes_no_further_than_late(books):
    assert {change.target for change in CONTRACT_CHANGES if change.by_clock} == {
        ContractState.ACTIVE,
        ContractState.LATE,
    }
    assert {FALL_LATE, CATCH_UP} < {change for change in CONTRACT_CHANGES if change.by_clock}


GOOD_END = {
    "by": OPERATOR,
    "agreed_by": OTHER_OPERATOR,
    "words": "La ville ne souhaite pas renouveler.",
    "on": TODAY + datetime.timedelta(days=90),
    "referent": "Mme la directrice du CCAS",
    "today": TODAY,
}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"agreed_by": OPERATOR}, "agreed_by"),
        ({"agreed_by": "  "}, "agreed_by"),
        ({"referent": ""}, "referent"),
        ({"on": TODAY + datetime.timedelta(days=89)}, "on"),
        ({"words": " "}, "words"),
    ],
    ids=lambda one: str(next(iter(one))) if isinstance(one, dict) else one,
)
def test_an_end_is_announced_by_two_with_a_reason_and_ninety_days(books, wrong, field):
    contract = signed(books, PONT, state=ContractState.ACTIVE)
    with pytest.raises(ValidationError) as refusal:
        contracts.announce_end(contract, **GOOD_END | wrong)
    assert set(refusal.value.message_dict) == {field}
    assert contracts.announce_end(contract, **GOOD_END).state == ContractState.ENDING
    step = contract.steps.last()
    assert (step.by, step.agreed_by, step.effective_on) == (OPERATOR, OTHER_OPERATOR, GOOD_END["on"])
    end = {"by": OPERATOR, "words": "Le jour est venu."}
    with pytest.raises(NotAllowedError, match="au jour qui a été annoncé"):
        contracts.take(contract, END, today=GOOD_END["on"] - datetime.timedelta(days=1), **end)
    said = {"by": OPERATOR, "words": "Un accord est trouvé.", "today": TODAY}
    assert contracts.take(contract, RESUME, **said).state == ContractState.ACTIVE
    with pytest.raises(NotAllowedError):
        contracts.take(contract, END, today=GOOD_END["on"], **end)
    contracts.announce_end(contract, **GOOD_END)
    ended = contracts.take(contract, END, today=GOOD_END["on"], **end)
    assert (ended.state, ended.ends_on) == (ContractState.ENDED, GOOD_END["on"])


def test_the_database_too_wants_two_for_an_end(books):
    contract = signed(books, PONT)
    alone = {"kind": "state", "state": ContractState.ENDING, "words": "Fin.", "by": OPERATOR, "referent": "Mme"}
    with pytest.raises(DatabaseError), transaction.atomic():
        ContractStep.objects.create(contract=contract, effective_on=TODAY, agreed_by=OPERATOR, **alone)
    ContractStep.objects.create(contract=contract, effective_on=TODAY, agreed_by=OTHER_OPERATOR, **alone)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("siret", "21600509000011"), ("siret", "123"), ("postal_code", "ABC"), ("name", ""), ("name", "N" * 100)],
)
def test_a_buyer_is_known_by_what_the_law_asks(books, field, wrong):
    buyer = a_buyer()
    buyer.full_clean()
    setattr(buyer, field, wrong)
    with pytest.raises(ValidationError) as refusal:
        buyer.full_clean()
    assert field in refusal.value.message_dict


def test_the_service_that_chorus_pro_refuses_is_refused(books):
    buyer = a_buyer()
    buyer.service_code = "Factures_Publiques"
    with pytest.raises(ValidationError, match="refuse les factures"):
        buyer.full_clean()
    buyer.siret = "35600000049837"  # La Poste: another sum
    buyer.service_code = "FINANCES"
    buyer.full_clean()


def test_an_end_never_makes_a_contract_longer(books):
    announced = TODAY + datetime.timedelta(days=90)
    for ends_on, kept in ((None, announced), (TODAY, TODAY), (announced + datetime.timedelta(days=9), announced)):
        contract = signed(None, PONT, ends_on=ends_on)
        Contract.objects.filter(pk=contract.pk).update(state=ContractState.ACTIVE)
        contracts.announce_end(contract, **GOOD_END)
        assert contracts.take(contract, END, by=OPERATOR, words="C’est le jour.", today=announced).ends_on == kept
