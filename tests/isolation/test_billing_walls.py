"""The operator's books: a town sees its own rows through one narrow window, adds acts, and changes nothing."""

import datetime

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, transaction

from billing.access import BILLING, for_current_town
from billing.drafting import prepare_yearly
from billing.enums import TownActKind
from billing.issuing import issue
from billing.models import (
    Allocation,
    Buyer,
    CentralRate,
    Contract,
    ContractStep,
    CountLine,
    CountReview,
    CountSnapshot,
    DocumentFile,
    Draft,
    Engagement,
    FinanceContact,
    Invoice,
    InvoiceLine,
    LineEvidence,
    Membership,
    PartyStep,
    Payment,
    PricePeriod,
    Quote,
    QuoteAcceptance,
    QuoteStep,
    Reminder,
    Run,
    RunItem,
    Seller,
    SellerRegime,
    Series,
    TownAct,
    Transmission,
    TransmissionStatus,
)
from billing.paying import balance_of, with_balances
from console.models import ConsoleAct
from core.models import AppendOnly, AppendOnlyError
from harness.billing import OPERATOR, a_buyer, a_seller, ready
from harness.walls import ask, assert_refused, rights
from tenants import walls
from tenants.context import PLATFORM, facing, platform_context
from tenants.windows import NoTownError, looking_through

READ = [
    Buyer,
    FinanceContact,
    Contract,
    ContractStep,
    Membership,
    PricePeriod,
    Engagement,
    CountSnapshot,
    CountLine,
    CountReview,
    TownAct,
    Invoice,
    InvoiceLine,
    LineEvidence,
    Quote,
    QuoteStep,
    QuoteAcceptance,
    DocumentFile,
    Transmission,
    TransmissionStatus,
    Allocation,
]
# The operator's alone.
HIDDEN = [Seller, SellerRegime, PartyStep, Series, Draft, Payment, Reminder, CentralRate, Run, RunItem]
ONLY_ADDED = [model for model in (*READ, *HIDDEN) if issubclass(model, AppendOnly)]
COMMUNES = {"first": "60509", "second": "58145"}


def books(entry, commune):
    """A contract with a row in each table."""
    contract = ready(entry, {commune: 1200}, buyer=a_buyer(name=f"CCAS de {entry.name}"))
    begins = contract.begins_on
    FinanceContact.objects.create(buyer=contract.buyer, name="Mme Finances", email=f"{commune}@ccas.example")
    Engagement.objects.create(contract=contract, year_starts_on=begins, number="EJ-1", given_by="La ville")
    an_act(contract).save()
    invoice = issue(prepare_yearly(contract, a_seller(), on=begins, by=OPERATOR), on=begins, by=OPERATOR)
    PartyStep.objects.create(seller=invoice.seller, changes=[["ville", "Nantes", "Rennes"]], by=OPERATOR)
    an_accepted_quote(contract, invoice.seller)
    sent_and_paid(invoice, commune)
    run = Run.objects.create(year=int(commune) % 1000 + 2000, by=OPERATOR)
    RunItem.objects.create(run=run, contract=contract, year_starts_on=begins, outcome="issued", invoice=invoice)
    return contract


def a_quote(buyer, seller, **changes):
    """A quote that was sent."""
    said = {
        "state": "sent",
        "year": 2026,
        "rank": seller.pk,
        "number": f"DE-2026-{seller.pk:05}",
        "issued_on": "2026-09-01",
        "valid_until": "2026-12-01",
        "terms": {},
        "lines": [],
        "payload": {},
        "prepared_by": OPERATOR,
    }
    return Quote.objects.create(buyer=buyer, seller=seller, **said | changes)


def an_accepted_quote(contract, seller):
    quote = a_quote(contract.buyer, seller)
    QuoteStep.objects.create(quote=quote, state="sent", by=OPERATOR)
    QuoteAcceptance.objects.create(
        quote=quote, proof="order", accepted_on="2026-09-15", name="Mme Roy", function="Directrice", order_number="B-1",
        kept_by=OPERATOR,
    )  # fmt: skip
    quote.state, quote.contract = "accepted", contract
    quote.save()


def sent_and_paid(invoice, commune):
    DocumentFile.objects.create(invoice=invoice, kind="pdf", content=b"%PDF-1", sha256="0" * 64, size=6)
    flow = Transmission.objects.create(
        invoice=invoice, channel="manual", sent_on="2026-10-01", flow_number=commune, by=OPERATOR
    )
    TransmissionStatus.objects.create(transmission=flow, code="MANDATEE", said_on="2026-10-05", by=OPERATOR)
    Reminder.objects.create(invoice=invoice, kind="late_15", told="Mme Finances")
    payment = Payment.objects.create(
        buyer=invoice.contract.buyer, received_on="2026-10-25", amount="100.00", bank_reference="VIR", source="typed",
        by=OPERATOR,
    )  # fmt: skip
    Allocation.objects.create(payment=payment, invoice=invoice, amount="100.00", paid_on="2026-10-25", by=OPERATOR)
    CentralRate.objects.create(
        starts_on=f"2026-01-{invoice.pk % 28 + 1}", percent="2.15", source="banque-france.fr", by=OPERATOR
    )


@pytest.fixture
def both(town, other_town):
    """The books of two towns; we are in the first."""
    with platform_context():
        return books(town, COMMUNES["first"]), books(other_town, COMMUNES["second"])


def an_act(contract, **changes):
    said = {
        "kind": TownActKind.ENGAGEMENT,
        "year_starts_on": datetime.date(2026, 10, 1),
        "words": "EJ-1",
        "done_by": "La directrice du CCAS",
    }
    return TownAct(contract_id=contract.pk, **said | changes)


def test_every_table_of_the_books_is_behind_the_wall():
    with platform_context():
        walled = {
            name
            for (name,) in ask(
                "SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r' "
                "AND relnamespace = 'public'::regnamespace"
            )
        }
    assert walled == {model._meta.db_table for model in apps.get_app_config("billing").get_models()}


@pytest.mark.parametrize("model", READ, ids=lambda model: model.__name__)
def test_a_town_reads_its_own_rows_and_no_others(both, town, other_town, model):
    with for_current_town():
        mine = set(model.objects.values_list("pk", flat=True))
    with facing(other_town), for_current_town():
        theirs = set(model.objects.values_list("pk", flat=True))
    assert mine
    assert theirs
    assert not mine & theirs
    with platform_context():
        assert set(model.objects.values_list("pk", flat=True)) == mine | theirs


@pytest.mark.parametrize("model", HIDDEN, ids=lambda model: model.__name__)
def test_what_is_the_operator_s_is_hidden(both, town, model):
    with platform_context():
        assert model.objects.count() == 2
    with for_current_town():
        assert_refused(f"SELECT * FROM {model._meta.db_table}")


@pytest.mark.parametrize("model", [*READ, *HIDDEN], ids=lambda model: model.__name__)
def test_without_its_window_a_town_reads_nothing(both, town, model):
    assert_refused(f"SELECT * FROM public.{model._meta.db_table}")


def test_the_window_closes_behind_who_looks(both, town):
    with for_current_town():
        assert Contract.objects.get().pk == both[0].pk
        assert_refused("SELECT * FROM public.tenants_town")
        assert_refused(f'SELECT * FROM "{town.schema_name}".accounts_account')
    assert ask("SELECT current_setting('role')") == [(walls.role(town.schema_name),)]
    assert ask("SELECT count(*) FROM accounts_account") != [(0,)]
    with pytest.raises(ZeroDivisionError), for_current_town():
        raise ZeroDivisionError
    assert ask("SELECT current_setting('role')") == [(walls.role(town.schema_name),)]


def test_a_town_reads_where_its_own_invoices_stand_and_what_is_left(both, other_town):
    today = datetime.date(2026, 12, 1)
    with for_current_town():
        mine = with_balances(Invoice.objects.all()).get()
        balance = balance_of(mine, today=today)
    assert (mine.contract_id, balance.received, balance.progress.standing) == (both[0].pk, 100, "ordered")
    with facing(other_town), for_current_town():
        theirs = with_balances(Invoice.objects.all()).get()
    assert theirs.pk != mine.pk


def test_a_window_opens_from_a_town_only(both, other_town):
    with pytest.raises(NoTownError), platform_context(), for_current_town():
        pass


def test_nobody_s_rows_are_seen_where_no_town_is_said(both):
    with facing(BILLING):
        assert ask("SELECT set_config('palier.town', '', true)") == [("",)]
        assert list(Contract.objects.all()) == []


def test_an_act_is_added_to_its_own_contract_only(both, town):
    mine, theirs = both
    with platform_context():
        their_count = CountSnapshot.objects.get(contract=theirs)
    with for_current_town():
        an_act(mine, words="EJ-2").save()
        for wrong in (
            an_act(theirs),
            an_act(mine, kind=TownActKind.CONTEST, year_starts_on=None, snapshot_id=their_count.pk),
        ):
            with pytest.raises(DatabaseError) as refusal, transaction.atomic():
                wrong.save()
            assert isinstance(refusal.value.__cause__, psycopg.errors.InsufficientPrivilege)
    with platform_context():
        assert list(TownAct.objects.filter(words="EJ-2").values_list("contract", flat=True)) == [mine.pk]


@pytest.mark.parametrize("model", [*READ, *HIDDEN], ids=lambda model: model.__name__)
def test_a_town_changes_nothing(both, town, model):
    table = model._meta.db_table
    with for_current_town():
        assert_refused(f"UPDATE {table} SET id = id")
        assert_refused(f"DELETE FROM {table}")
        assert_refused(f"TRUNCATE {table}")
        if model is not TownAct:
            assert_refused(f"INSERT INTO {table} DEFAULT VALUES")


def test_the_rights_of_the_window_are_those_of_its_list(town):
    reads = {(model._meta.db_table, "SELECT") for model in READ}
    assert rights(walls.role("billing"), "public") == {
        *reads, ("billing_townact", "INSERT"), ("billing_townact_id_seq", "USAGE"),
    }  # fmt: skip
    assert rights(walls.role("billing"), town.schema_name) == set()


@pytest.mark.parametrize("model", ONLY_ADDED, ids=lambda model: model.__name__)
def test_what_is_only_added_is_changed_by_nobody(both, model):
    table = model._meta.db_table
    with platform_context():
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            assert_refused(statement)
        row = model.objects.first()
        for change in (row.save, row.delete):
            with pytest.raises(AppendOnlyError):
                change()


def test_nor_by_the_owner(towns, monkeypatch):
    """Who migrates is refused by triggers."""
    # It asks for no job: the queue has a wall too.
    monkeypatch.setattr("billing.issuing.defer_with_rows", lambda *_, **__: None)
    with walls.provisioning(), facing(PLATFORM), transaction.atomic():
        books(towns[0], COMMUNES["first"])
        for model in ONLY_ADDED:
            table = model._meta.db_table
            for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
                with pytest.raises(DatabaseError) as refusal, transaction.atomic():
                    ask(statement)
                assert isinstance(refusal.value.__cause__, psycopg.errors.RestrictViolation)
        transaction.set_rollback(True)


def test_append_only_tables_of_the_platform_are_those_that_its_role_cannot_change():
    shared = walls.append_only_tables(set(settings.SHARED_APPS) - set(settings.TENANT_APPS))
    assert shared == {model._meta.db_table for model in (*ONLY_ADDED, ConsoleAct)}
    granted = rights(walls.role("public"), "public")
    assert not {(table, right) for table in shared for right in ("UPDATE", "DELETE", "TRUNCATE")} & granted
    assert {(table, right) for table in shared for right in ("SELECT", "INSERT")} <= granted


def test_a_window_needs_a_transaction_of_the_town(towns):
    with facing(towns[0]), pytest.raises(NoTownError), looking_through(BILLING):
        pass


def test_a_quote_that_was_sent_is_only_accepted_or_refused(both):
    with platform_context():
        accepted = Quote.objects.first()
        sent = a_quote(accepted.buyer, accepted.seller, rank=99_999, number="DE-2026-99999")
        for quote, change in (
            (sent, {"terms": {"unit": "2"}}),
            (sent, {"state": "prepared"}),
            (accepted, {"state": "sent"}),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                Quote.objects.filter(pk=quote.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            sent.delete()
        Quote.objects.filter(pk=sent.pk).update(state="refused")


def test_what_is_in_preparation_is_the_operator_s(both, town):
    with platform_context():
        mine = Quote.objects.get(contract=both[0])
        Quote.objects.create(buyer=mine.buyer, seller=mine.seller, town_id=town.id, terms={}, lines=[])
        shown = a_quote(mine.buyer, mine.seller, rank=99_998, number="DE-2026-99998", town_id=town.id)
    with for_current_town():
        assert set(Quote.objects.values_list("pk", flat=True)) == {mine.pk, shown.pk}


@pytest.mark.parametrize("amount", ["0.01", "-50.00"])
def test_a_payment_is_allocated_once(both, amount):
    with platform_context():
        paid = Allocation.objects.filter(invoice__contract=both[0]).get()
        with pytest.raises(DatabaseError), transaction.atomic():
            Allocation.objects.create(payment=paid.payment, invoice=paid.invoice, amount=amount, paid_on=paid.paid_on)


def test_an_invoice_is_paid_once(both):
    with platform_context():
        paid = Allocation.objects.filter(invoice__contract=both[0]).get()
        left = paid.invoice.payable - paid.amount
        more = Payment.objects.create(
            buyer=paid.payment.buyer, received_on="2026-11-02", amount="9999.00", bank_reference="VIR 2", source="typed"
        )
        said = {"payment": more, "invoice": paid.invoice, "paid_on": "2026-11-02"}
        with pytest.raises(DatabaseError), transaction.atomic():
            Allocation.objects.create(amount=left + 1, **said)
        Allocation.objects.create(amount=left, **said)


def test_a_payment_is_undone_by_its_contrary(both):
    with platform_context():
        paid = Payment.objects.filter(allocations__invoice__contract=both[0]).get()
        said = {"buyer": paid.buyer, "received_on": paid.received_on, "bank_reference": "VIR", "source": "typed"}
        with pytest.raises(DatabaseError), transaction.atomic():
            Payment.objects.create(amount="-99.00", undoes=paid, words="Mauvais acheteur", **said)
        Payment.objects.create(amount="-100.00", undoes=paid, words="Mauvais acheteur", **said)
