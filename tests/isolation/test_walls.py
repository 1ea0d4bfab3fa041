"""The roles of PostgreSQL, asked directly: what a town may do, what the bare login may do, and nothing else."""

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from aid.facts.enums import FactKind
from aid.facts.models import Fact
from harness.walls import ask, assert_refused, rights
from tenants import pulse, walls
from tenants.context import facing, platform_context, town_context
from tenants.models import Town

# One statement for each right that PostgreSQL knows on a table, and those that make or unmake things around it.
READS_AND_WRITES = [
    "SELECT * FROM {there}.facts_fact",
    "SELECT * FROM {there}.accounts_account",
    "COPY {there}.accounts_account TO STDOUT",
    "INSERT INTO {there}.facts_fact (kind, happened_on, commune_code, minutes) "
    "VALUES ('service_done', '2026-01-01', '', 1)",
    "UPDATE {there}.facts_fact SET minutes = 0",
    "UPDATE {there}.accounts_account SET email = NULL",
    "DELETE FROM {there}.facts_fact",
    "SELECT nextval('{there}.facts_fact_id_seq')",
]
DDL = [
    "TRUNCATE {there}.facts_fact",
    "DROP TABLE {there}.facts_fact",
    "ALTER TABLE {there}.facts_fact ADD COLUMN mine integer",
    "ALTER TABLE {there}.facts_fact DISABLE TRIGGER ALL",
    "CREATE TABLE {there}.mine (id integer)",
    "CREATE VIEW {there}.mine AS SELECT 1",
    "CREATE FUNCTION {there}.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE TRIGGER mine AFTER INSERT ON {there}.facts_fact FOR EACH ROW EXECUTE FUNCTION public.tenants_beat_pulse()",
    "DROP SCHEMA {there} CASCADE",
]
NOT_A_TOWN_S = [
    "SELECT * FROM public.accounts_account",
    "SELECT * FROM public.accounts_code",
    "SELECT * FROM public.accounts_limit",
    "SELECT * FROM public.accounts_doorstep",
    "SELECT * FROM public.accounts_printedcode",
    "SELECT * FROM public.mfa_authenticator",
    "SELECT * FROM public.account_emailaddress",
    "SELECT * FROM public.console_mail",
    "SELECT * FROM public.accounts_session",
    "SELECT * FROM public.tenants_town",
    "SELECT * FROM public.tenants_domain",
    "SELECT * FROM public.tenants_blueprintbuild",
    "SELECT * FROM public.procrastinate_jobs",
    "SELECT * FROM public.procrastinate_events",
    "UPDATE public.geography_commune SET name = 'Ys'",
    "INSERT INTO public.geography_region (code, name) VALUES ('00', 'Ys')",
    "DELETE FROM public.geography_commune",
    "UPDATE public.tenants_pulse SET version = gen_random_uuid()",
    "DELETE FROM public.tenants_pulse",
    "CREATE TABLE public.mine (id integer)",
    "CREATE TEMPORARY TABLE mine (id integer)",
    "CREATE SCHEMA mine",
    "CREATE ROLE mine",
]
# What any town may do in the public schema, whole. A grant more is a decision: it is written here with its reason.
TOWNS_IN_PUBLIC = {
    # references of France, the same for everybody
    ("geography_commune", "SELECT"),
    ("geography_department", "SELECT"),
    ("geography_formercommune", "SELECT"),
    ("geography_intercommunality", "SELECT"),
    ("geography_region", "SELECT"),
    # its own jobs: a view, and one function that checks what it is given
    ("tenants_my_jobs", "SELECT"),
    ("procrastinate_defer_jobs_v1", "EXECUTE"),
    # versions under opaque names
    ("tenants_find_host", "EXECUTE"),  # a preview of Wagtail's is a request inside a town's
    ("tenants_pulse", "SELECT"),
}
BARE_LOGIN_IN_PUBLIC = {("tenants_find_host", "EXECUTE"), ("tenants_pulse", "SELECT")}


@pytest.mark.parametrize("statement", READS_AND_WRITES + DDL)
def test_a_town_is_refused_everything_in_another_s_schema(town, other_town, statement):
    assert_refused(statement.format(there=other_town.schema_name))


@pytest.mark.parametrize("statement", READS_AND_WRITES[:4])
def test_the_same_statements_pass_in_its_own_schema(town, statement):
    """What proves that the refusals above are about the town, not about the statement."""
    with connection.cursor() as cursor:
        if statement.startswith("COPY"):
            with cursor.copy(statement.format(there=town.schema_name)) as rows:
                assert next(iter(rows))
        else:
            cursor.execute(statement.format(there=town.schema_name))
            assert cursor.rowcount >= 0


@pytest.mark.parametrize("statement", DDL)
def test_a_town_changes_no_structure_even_its_own(town, statement):
    assert_refused(statement.format(there=town.schema_name))


@pytest.mark.parametrize("statement", NOT_A_TOWN_S)
def test_a_town_is_refused_what_is_the_platform_s(town, statement):
    assert_refused(statement)


def test_the_orm_is_refused_too(town, other_town):
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        list(Town.objects.all())
    assert isinstance(refusal.value.__cause__, psycopg.errors.InsufficientPrivilege)
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        list(Fact.objects.raw(f'SELECT * FROM "{other_town.schema_name}".facts_fact'))
    assert isinstance(refusal.value.__cause__, psycopg.errors.InsufficientPrivilege)
    assert ask("SELECT count(*) > 30000 FROM geography_commune") == [(True,)]


def test_facts_are_only_added(town):
    fact = Fact.objects.create(kind=FactKind.SERVICE_DONE, happened_on="2026-01-01", minutes=30)
    assert_refused(f"UPDATE facts_fact SET minutes = 60 WHERE id = {fact.pk}")
    assert_refused(f"DELETE FROM facts_fact WHERE id = {fact.pk}")
    assert Fact.objects.get(pk=fact.pk).minutes == 30


def test_the_grants_of_towns_are_those_of_the_list(town, other_town):
    append_only = {
        "facts_fact", "help_requests_requeststep", "privacy_access", "privacy_consent", "privacy_forgotten",
        "accounts_doorstep", "onboarding_charter", "onboarding_volunteermove", "relations_actedfor", "cards_cardscan",
        "moderation_act", "partners_gridversion", "worries_worrystep",
    }  # fmt: skip
    mine = walls.role(town.schema_name)
    granted = rights(mine, town.schema_name)
    tables = {row[0] for row in ask("SELECT tablename FROM pg_tables WHERE schemaname = %s", [town.schema_name])}
    sequences = {
        row[0] for row in ask("SELECT sequencename FROM pg_sequences WHERE schemaname = %s", [town.schema_name])
    }

    assert append_only < tables
    assert granted == {
        *((table, right) for table in tables for right in ("SELECT", "INSERT")),
        *((table, right) for table in tables - append_only for right in ("UPDATE", "DELETE")),
        *((sequence, right) for sequence in sequences for right in ("USAGE", "SELECT", "UPDATE")),
    }
    assert rights(mine, "public") == TOWNS_IN_PUBLIC
    assert rights(mine, other_town.schema_name) == set()
    assert ask(
        "SELECT nspname, has_schema_privilege(%(role)s, oid, 'CREATE') FROM pg_namespace "
        "WHERE has_schema_privilege(%(role)s, oid, 'USAGE, CREATE') AND nspname !~ '^pg_|^information_schema$' "
        "ORDER BY nspname = 'public'",
        {"role": mine},
    ) == [(town.schema_name, False), ("public", False)]
    assert ask("SELECT has_database_privilege(%s, current_database(), 'CREATE, TEMPORARY')", [mine]) == [(False,)]


def test_the_bare_login_holds_the_pulse_and_nothing_else(town):
    login = walls.web_login()
    schemas = [
        row[0] for row in ask("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_toast|^pg_catalog|^information'")
    ]
    assert {schema: rights(login, schema) for schema in schemas if rights(login, schema)} == {
        "public": BARE_LOGIN_IN_PUBLIC
    }
    assert ask(
        "SELECT rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = %s",
        [login],
    ) == [(False,) * 5]


def test_outside_a_transaction_nothing_can_be_read(towns):
    town, _ = towns
    assert ask("SELECT current_user = session_user, current_setting('search_path')") == [(True, "pg_catalog")]
    assert set(pulse.read(town.schema_name)) == {town.schema_name}
    for statement in (
        f'SELECT * FROM "{town.schema_name}".accounts_account',
        "SELECT * FROM public.tenants_town",
        "SELECT * FROM public.geography_commune",
        "UPDATE public.tenants_pulse SET version = gen_random_uuid()",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), facing(town):
            ask(statement)


@pytest.mark.parametrize("entered", [facing, town_context])
def test_the_web_s_login_never_becomes_the_owner(towns, entered):
    """So that injected SQL reaches no DDL, even through `SET ROLE`."""
    owner = walls.role("owner")
    for statement in (
        f'SET ROLE "{owner}"',
        f"SELECT set_config('role', '{owner}', true)",
        f'SET SESSION AUTHORIZATION "{owner}"',
        "SET SESSION AUTHORIZATION postgres",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), entered(towns[0]):
            ask(statement)


def test_a_town_beats_its_own_pulse_and_no_other(towns):
    town, other = towns
    before = pulse.read(town.schema_name, other.schema_name, pulse.PUBLIC)
    with town_context(town), connection.cursor() as cursor:
        cursor.execute("UPDATE wagtailcore_site SET site_name = site_name || '!'")
    after = pulse.read(town.schema_name, other.schema_name, pulse.PUBLIC)
    assert {schema for schema in before if before[schema] != after[schema]} == {town.schema_name}

    for statement in (
        f"UPDATE public.tenants_pulse SET version = gen_random_uuid() WHERE schema_name = '{other.schema_name}'",
        "SELECT public.tenants_beat_pulse()",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), town_context(town):
            ask(statement)
    assert pulse.read(*after) == after


def test_the_platform_s_role_reads_no_town(towns):
    with platform_context():
        assert Town.objects.count() == 2
        assert_refused(f'SELECT * FROM "{towns[0].schema_name}".accounts_account')
