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
    Buyer,
    Contract,
    ContractStep,
    CountLine,
    CountReview,
    CountSnapshot,
    Draft,
    Engagement,
    FinanceContact,
    Invoice,
    InvoiceLine,
    LineEvidence,
    Membership,
    PricePeriod,
    Seller,
    SellerRegime,
    Series,
    TownAct,
)
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
]
# The operator's alone.
HIDDEN = [Seller, SellerRegime, Series, Draft]
ONLY_ADDED = [model for model in (*READ, *HIDDEN) if issubclass(model, AppendOnly)]
COMMUNES = {"first": "60509", "second": "58145"}


def books(entry, commune):
    """A contract with a row in each table."""
    contract = ready(entry, {commune: 1200}, buyer=a_buyer(name=f"CCAS de {entry.name}"))
    begins = contract.begins_on
    FinanceContact.objects.create(buyer=contract.buyer, name="Mme Finances", email=f"{commune}@ccas.example")
    Engagement.objects.create(contract=contract, year_starts_on=begins, number="EJ-1", given_by="La ville")
    an_act(contract).save()
    issue(prepare_yearly(contract, a_seller(), on=begins, by=OPERATOR), on=begins, by=OPERATOR)
    return contract


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


def test_nor_by_the_owner(towns):
    """Who migrates is refused by triggers."""
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
    assert shared == {model._meta.db_table for model in ONLY_ADDED}
    granted = rights(walls.role("public"), "public")
    assert not {(table, right) for table in shared for right in ("UPDATE", "DELETE", "TRUNCATE")} & granted
    assert {(table, right) for table in shared for right in ("SELECT", "INSERT")} <= granted


def test_a_window_needs_a_transaction_of_the_town(towns):
    with facing(towns[0]), pytest.raises(NoTownError), looking_through(BILLING):
        pass
