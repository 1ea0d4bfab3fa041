"""The yearly run: what each town owes and why it moved; what is left to do said by name; nothing billed twice."""

import datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing import contracts
from billing.contracts import Price
from billing.drafting import prepare_yearly
from billing.enums import BuyerRequirement, CountBasis, PriceBasis, RunOutcome, YearStart
from billing.issuing import issue
from billing.models import Contract, Engagement, Invoice, Run, RunItem
from billing.verifying import verify
from billing.yearly import period_starting_in, plan, run
from geography.models import Commune
from harness.billing import OPERATOR, TODAY, a_buyer, a_count, a_seller, approved, ready, unsigned

PONT, LORMES = "60509", "58145"
NEXT_YEAR = datetime.date(2027, 10, 4)


def counted(contract, seniors, as_of):
    return approved(a_count(contract, {PONT: seniors}, as_of=as_of))


def of_a_town(books, name, seniors=640, **changes):
    return ready(
        books, {PONT: seniors}, town_id=None, buyer=a_buyer(name=name, **changes.pop("of_buyer", {})), **changes
    )


def issued(contract, seller):
    on = contract.begins_on
    return issue(prepare_yearly(contract, seller, on=on, by=OPERATOR), on=on, by=OPERATOR)


@pytest.mark.parametrize(
    ("terms", "year", "expected"),
    [
        ({}, 2026, ("2026-10-01", "2027-10-01")),
        ({}, 2027, ("2027-10-01", "2028-10-01")),
        ({}, 2025, None),
        ({"ends_on": "2027-10-01"}, 2027, None),
        ({"ends_on": "2027-10-02"}, 2027, ("2027-10-01", "2028-10-01")),
        ({"year_start": YearStart.CALENDAR}, 2026, ("2026-01-01", "2027-01-01")),
        ({"year_start": YearStart.CALENDAR}, 2027, ("2027-01-01", "2028-01-01")),
        ({"begins_on": "2024-02-29"}, 2027, ("2027-02-28", "2028-02-29")),
        ({"begins_on": "2026-12-31"}, 2026, ("2026-12-31", "2027-12-31")),
        ({"begins_on": "2026-01-01"}, 2027, ("2027-01-01", "2028-01-01")),
    ],
)
def test_a_period_starts_once_a_year(books, terms, year, expected):
    days = {
        key: datetime.date.fromisoformat(value) if key in {"ends_on", "begins_on"} else value
        for key, value in terms.items()
    }
    period = period_starting_in(unsigned(books, **days), year)
    assert (period and (period.start.isoformat(), period.end.isoformat())) == expected


def test_each_town_is_told_with_what_moved_and_why(books, seller):
    day = datetime.date(2027, 10, 1)
    grown = of_a_town(books, "A", 1200)
    counted(grown, 1350, day)
    under = of_a_town(books, "B", 640)
    counted(under, 700, day)
    passing = of_a_town(books, "C", 640)
    counted(passing, 1640, day)
    dearer = of_a_town(books, "D", 1200)
    contracts.change_price(dearer, Price(Decimal("1.03"), Decimal("1000")), from_day=day, by=OPERATOR)
    of_a_town(books, "E", 1200)
    of_a_town(books, "F", 3650, year_start=YearStart.CALENDAR, prorates_floor=False)
    of_a_town(books, "G", 640, begins_on=day)
    joined = of_a_town(books, "H", 1200)
    contracts.join(joined, Commune.objects.get(code=LORMES), on=datetime.date(2027, 3, 1), by=OPERATOR)
    a_count(joined, {LORMES: 0}, as_of=datetime.date(2027, 3, 1))
    a_count(joined, {LORMES: 365}, as_of=datetime.date(2027, 9, 30))
    of_a_town(books, "Ended", ends_on=day)
    told = [(one.contract.buyer.name, one.amount, one.before, one.moved) for one in plan(2027)]
    assert told == [
        ("A", Decimal("1350.00"), Decimal("1200.00"), "1\u00a0200 → 1\u00a0350 seniors"),
        ("B", Decimal("1000.00"), Decimal("1000.00"), "640 → 700 seniors, minimum annuel inchangé"),
        ("C", Decimal("1640.00"), Decimal("1000.00"), "640 → 1\u00a0640 seniors, au-dessus du minimum annuel"),
        ("D", Decimal("1236.00"), Decimal("1200.00"), "prix 1,00\u00a0€ → 1,03\u00a0€"),
        ("E", Decimal("1200.00"), Decimal("1200.00"), ""),
        ("F", Decimal("3650.00"), Decimal("1000.00"), "92 → 365 jours, au-dessus du minimum annuel"),
        ("G", Decimal("1000.00"), None, "première période"),
        ("H", Decimal("1565.00"), Decimal("1201.00"), "changement en cours de période"),
    ]


def test_what_is_missing_is_said_before_and_nothing_is_written(books, seller, capsys):
    of_a_town(books, "Attend", of_buyer={"requirement": BuyerRequirement.ENGAGEMENT})
    bare = of_a_town(books, "Compte")
    a_count(bare, {PONT: 700}, replaces=bare.counts.get())
    done = of_a_town(books, "Fait", price_basis=PriceBasis.GROSS)
    issued(done, seller)
    call_command("bill", year=2026, dry_run=True)
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "Attend : 1\u00a0000,00\u00a0€ HT : première période ; Cet acheteur demande un numéro d’engagement : sans lui, "
        "sa facture serait rejetée.",
        "Compte : 1\u00a0000,00\u00a0€ HT : première période ; un comptage n’est pas approuvé",
        "Fait : 1\u00a0000,00\u00a0€ TTC : déjà facturé, FA-2026-00001 ; première période",
        "Contrats : 3. Dû : 2\u00a0000,00\u00a0€ HT, 1\u00a0000,00\u00a0€ TTC.",
    ]
    assert (Invoice.objects.count(), Run.objects.count()) == (1, 0)


def test_a_run_issues_what_can_be_and_comes_back_to_the_rest(books, seller):
    first = of_a_town(books, "A")
    waiting = of_a_town(books, "B", of_buyer={"requirement": BuyerRequirement.ENGAGEMENT})
    done = of_a_town(books, "C")
    issued(done, seller)
    done_items = []
    once = run(2026, seller, on=TODAY, by=OPERATOR, report=done_items.append)
    assert [(one.contract, one.outcome) for one in done_items] == [
        (first, RunOutcome.ISSUED), (waiting, RunOutcome.REFUSED),
    ]  # fmt: skip
    assert "numéro d’engagement" in done_items[1].words
    assert once.ended_at
    Engagement.objects.create(contract=waiting, year_starts_on=waiting.begins_on, number="EJ-7", given_by="La ville")
    again = run(2026, seller, on=TODAY, by=OPERATOR)
    assert again != once
    assert [one.contract for one in again.items.all()] == [waiting]
    assert run(2026, seller, on=TODAY, by=OPERATOR).items.count() == 0
    assert Invoice.objects.count() == 3
    assert list(verify()) == []


def test_a_run_that_was_interrupted_goes_on(books, seller):
    made = [of_a_town(books, name) for name in "ABC"]

    class StoppedError(Exception):
        pass

    def stop(item):
        if item.contract == made[1]:
            raise StoppedError

    with pytest.raises(StoppedError):
        run(2026, seller, on=TODAY, by=OPERATOR, report=stop)
    under_way = Run.objects.get()
    assert (under_way.ended_at, under_way.items.count()) == (None, 2)
    assert run(2026, seller, on=TODAY, by=OPERATOR) == under_way
    assert list(RunItem.objects.values_list("contract", flat=True)) == [one.pk for one in made]
    assert [one.number for one in Invoice.objects.order_by("pk")] == [f"FA-2026-0000{rank}" for rank in (1, 2, 3)]


def test_the_command_issues_says_each_and_fails_where_some_are_left(books, seller, capsys):
    of_a_town(books, "A")
    of_a_town(books, "B", of_buyer={"requirement": BuyerRequirement.ENGAGEMENT})
    with pytest.raises(CommandError, match="encore à facturer : 1"):
        call_command("bill", year=2026, on=TODAY)
    said = capsys.readouterr().out
    assert "[1/2] FA-2026-00001" in said
    assert "[2/2] Cet acheteur demande un numéro d’engagement" in said


def test_without_a_seller_nobody_bills_and_of_several_one_is_told(books):
    of_a_town(books, "A")
    with pytest.raises(CommandError, match="Aucun vendeur"):
        call_command("bill", year=2026)
    first, second = a_seller(), a_seller(name="Palier Ouest")
    with pytest.raises(CommandError, match=f"{first.pk} \\(Palier\\), {second.pk} \\(Palier Ouest\\)"):
        call_command("bill", year=2026)
    call_command("bill", year=2026, seller=second.pk)
    assert Invoice.objects.get().seller == second


def test_no_invoice_is_of_a_day_to_come(books, seller):
    of_a_town(books, "A")
    with pytest.raises(CommandError, match="jour à venir"):
        call_command("bill", year=2026, on=timezone.localdate() + datetime.timedelta(days=1))
    assert not Invoice.objects.exists()


def test_a_plan_asks_as_much_for_many_as_for_a_few(books, seller):
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(list(plan(2026))) == Contract.objects.count()
        return len(queries)

    of_a_town(books, "A")
    few = asked()
    for rank in range(8):
        of_a_town(books, f"Ville {rank}")
    assert asked() == few


def test_a_period_is_billed_once_it_has_begun_and_is_counted(books, seller):
    contract = of_a_town(books, "A", 1200)
    issued(contract, seller)
    assert run(2027, seller, on=datetime.date(2027, 9, 30), by=OPERATOR).items.count() == 0
    wanting = run(2027, seller, on=NEXT_YEAR, by=OPERATOR).items.get()
    assert wanting.words == "Les seniors de cette période ne sont pas comptés : comptez-les au 1er octobre 2027."
    assert [one.missing for one in plan(2027)] == [wanting.words]
    counted(contract, 1300, datetime.date(2027, 10, 1))
    made = run(2027, seller, on=NEXT_YEAR, by=OPERATOR).items.get()
    assert (made.invoice.net, made.invoice.number) == (Decimal("1300.00"), "FA-2027-00001")


def test_what_was_agreed_in_writing_stands_for_the_years_after(books, seller):
    contract = of_a_town(books, "A", 1200, count_basis=CountBasis.AGREED)
    issued(contract, seller)
    assert run(2027, seller, on=NEXT_YEAR, by=OPERATOR).items.get().invoice.net == Decimal("1200.00")
