"""The list of towns, and the page of each: what they say, for whom, in how many queries."""

import datetime
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.drafting import prepare_yearly
from billing.enums import PaymentSource
from billing.issuing import issue
from billing.models import Allocation, Invoice, Payment
from billing.paying import with_balances
from console import listing, timeline
from console.listing import Chosen
from harness.billing import OPERATOR, a_count, a_seller, ready, signed
from harness.console import biller_s, figures, operator_s, row_of
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.towns import entry_of
from tenants.context import PLATFORM, facing
from tenants.models import Domain, Town

pytestmark = pytest.mark.django_db
PSM = "60509"


@pytest.fixture
def platform(db):
    with facing(PLATFORM):
        yield


def listed(**chosen):
    found = listing.lines(listing.towns(Chosen(**chosen)), today=timezone.localdate())
    return [line.town.name for line in found]


def invoiced(amount: int = 1000):
    """An invoice of Pont-Sainte-Maxence."""
    contract = ready(entry_of(FIRST_TOWN), {PSM: 10}, floor=str(amount))
    begins = contract.begins_on
    return issue(prepare_yearly(contract, a_seller(), on=begins, by=OPERATOR), on=begins, by=OPERATOR)


def test_a_line_says_state_health_figures_contract_and_what_is_owed(platform):
    invoice = invoiced()
    figures(entry_of(FIRST_TOWN), seniors=1234)
    payment = Payment.objects.create(
        buyer=invoice.contract.buyer, received_on=datetime.date(2026, 11, 2), amount=Decimal("400.00"),
        bank_reference="VIR 1", source=PaymentSource.values[0], by=OPERATOR,
    )  # fmt: skip
    Allocation.objects.create(
        payment=payment, invoice=invoice, amount=Decimal("400.00"), paid_on=payment.received_on, by=OPERATOR
    )
    lines = {one.town.name: one for one in listing.lines(listing.towns(Chosen()), today=datetime.date(2026, 11, 26))}
    first = lines["Pont-Sainte-Maxence"]
    assert first.owed == invoice.payable - 400
    assert first.owed == sum(one.left for one in with_balances(Invoice.objects.all())), (
        "as the desk of billing reckons it"
    )
    assert (first.contract_state, first.health, first.figures.seniors) == ("signed", "good", 1234)
    assert (lines["Lormes"].owed, lines["Lormes"].contract, lines["Lormes"].health) == (0, None, "new")
    page = operator_s().get("/console/").content.decode()
    assert "1\u00a0234" in page
    assert "800,00\u00a0€" in page  # 1 000 € and its VAT, less 400


def test_the_contract_of_a_town_is_the_one_that_its_own_pages_show(platform):
    """Of two that are to come, the next one."""
    years = [datetime.date(year, 1, 1) for year in (2027, 2028, 2029)]
    coming, _ = (
        ready(entry_of(FIRST_TOWN), {PSM: 10}, begins_on=begins, ends_on=ends) for begins, ends in pairwise(years)
    )
    towns = list(listing.towns(Chosen()))
    assert list(listing.contracts_of(towns, today=datetime.date(2026, 11, 26)).values()) == [coming]
    last = listing.contracts_of(towns, today=datetime.date(2030, 1, 1))
    assert [one.begins_on for one in last.values()] == [years[1]]


def test_what_happened_says_large_numbers_as_people_read_them(platform):
    a_count(signed(entry_of(FIRST_TOWN), PSM), {PSM: 2952})
    told = [one.words for one in timeline.moments(row_of(entry_of(FIRST_TOWN)))]
    assert any(words.startswith("2\xa0952 seniors au") for words in told)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("pont", ["Pont-Sainte-Maxence"]),
        ("SAINTE  maxence", ["Pont-Sainte-Maxence"]),
        ("lormes.localhost", ["Lormes"]),
        ("ormes", []),
        ("%_'\\", []),
        ("\x00", []),
    ],
)
def test_a_town_is_found_by_its_name_or_its_address(platform, typed, expected):
    if typed.isprintable() and typed.strip("%_'\\"):
        assert listed(name=typed) == expected
    answer = operator_s().get("/console/", {"nom": typed})
    assert answer.status_code == 200


def test_the_list_is_narrowed_by_state_and_by_what_is_to_be_watched(platform):
    figures(entry_of(FIRST_TOWN))
    assert listed(to_watch=True) == ["Lormes"]
    figures(entry_of(FIRST_TOWN), failed_jobs=1)
    assert listed(to_watch=True) == ["Lormes", "Pont-Sainte-Maxence"]
    Town.objects.filter(name="Lormes").update(state="suspended")
    assert listed(state="suspended") == ["Lormes"]
    assert listed(state="n’importe") == ["Lormes", "Pont-Sainte-Maxence"]
    page = operator_s().get("/console/?etat=leaving").content.decode()
    assert "Aucune ville ne correspond." in page


@pytest.mark.parametrize(
    ("changes", "health"),
    [
        ({}, "good"),
        ({"failed_jobs": 1}, "jobs"),
        ({"has_failed": True}, "failed"),
        ({"counted_at": timezone.now() - datetime.timedelta(hours=49)}, "old"),
        ({"counted_at": None, "seniors": 0, "requests": 0, "services": 0}, "new"),
    ],
)
def test_health_is_what_the_figures_tell(platform, changes, health):
    assert figures(entry_of(FIRST_TOWN), **changes).health == health


def test_many_towns_ask_as_little_as_two_and_visit_no_schema(platform):
    console = operator_s()
    Town.objects.bulk_create(
        Town(
            schema_name=f"t_invented_{rank}", name=f"Ville {rank:04}", kind="commune", state="open", blueprint="bip-pop"
        )
        for rank in range(1253)
    )
    Domain.objects.bulk_create(
        Domain(tenant=town, domain=f"ville-{town.pk}.localhost", is_primary=True)
        for town in Town.objects.filter(name__startswith="Ville")
    )
    console.get("/console/")
    with CaptureQueriesContext(connection) as asked:
        page = console.get("/console/?nom=ville&etat=open").content.decode()
    assert len(asked) <= 12, [one["sql"] for one in asked]
    assert "1\u00a0253 villes trouvées" in page
    assert "Page 1 sur 26" in page
    assert "t_invented" not in "".join(one["sql"] for one in asked if "search_path" in one["sql"])
    assert page.count("<tr>") == 51


def test_a_town_s_page_tells_who_it_is_and_what_happened_to_it(platform, django_assert_max_num_queries):
    invoice = invoiced()
    figures(entry_of(FIRST_TOWN), unanswered=4)
    console = operator_s()
    with django_assert_max_num_queries(45):
        page = console.get(f"/console/ville/{entry_of(FIRST_TOWN).schema_name}/").content.decode()
    for words in (
        "Commune",
        "60509",
        "CCAS de Pont-Sainte-Maxence",
        "1,00\u00a0€ par senior",
        f"Facture {invoice.number}",
    ):
        assert words in page, words
    assert "Contrat : signature" in page
    assert "Ouverture du site" in page
    assert "1er octobre 2027" in page, "its next year"
    for kind in ("assistance", "adresses", "suspension"):
        assert f"/{kind}/" in page


def test_who_bills_reads_a_town_and_finds_nothing_to_press(platform):
    schema = entry_of(FIRST_TOWN).schema_name
    page = biller_s().get(f"/console/ville/{schema}/").content.decode()
    assert "Pont-Sainte-Maxence" in page
    for kind in ("assistance", "adresses", "suspension", "ouvrir"):
        assert f"/{kind}/" not in page
    for address in ("ouvrir/", f"ville/{schema}/adresses/", f"ville/{schema}/suspension/"):
        assert biller_s().get(f"/console/{address}").status_code == 404
        assert biller_s().post(f"/console/{address}", {"geste": "demander"}).status_code == 404


def test_a_town_that_is_not_there_is_absent(platform):
    assert operator_s().get("/console/ville/t_nulle_part/").status_code == 404
    assert row_of(entry_of(SECOND_TOWN)).name == "Lormes"
