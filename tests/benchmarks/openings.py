"""Opening many towns in one database, and the other ways of making the same schema."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg
from django.db import Error, connection
from django.test import Client
from django_tenants.clone import CloneSchema
from psycopg import sql

from config import database, embedded
from geography.models import Commune
from tenants import walls
from tenants.blueprints import slugs
from tenants.fleet.migrating import migrate_schema
from tenants.models import BlueprintBuild, Town
from tenants.opening import Request, open_town
from tenants.templates import opaque_name

Report = Callable[[str], None]
# How many of the first and of the last openings are compared, once each blueprint was opened.
ENDS = 20


def communes(count: int) -> list[Commune]:
    """Real communes, spread over the list of all of them."""
    with walls.provisioning():
        every = Commune.objects.order_by("code").values_list("pk", flat=True)
        chosen = list(every)[:: len(every) // count][:count]
        return list(Commune.objects.filter(pk__in=chosen).order_by("code"))


def open_many(count: int, report: Report) -> tuple[list[float], str]:
    """Open towns one after the other; give the seconds until each home page answered, and the last one's domain."""
    seconds = []
    every = slugs()
    for number, commune in enumerate(communes(count)):
        asked = Request(
            blueprint=every[number % len(every)],
            name=commune.name,
            communes=[commune.code],
            telephone=f"03 53 01 {number // 100:02} {number % 100:02}",
        )
        started = time.perf_counter()
        domain = open_town(asked).domain
        answer = Client(headers={"host": domain}).get("/")
        seconds.append(time.perf_counter() - started)
        if answer.status_code != 200:
            raise RuntimeError(f"{domain} answered {answer.status_code}")
        if number % 50 == 49:
            report(f"  {number + 1} villes, médiane des 50 dernières {statistics.median(seconds[-50:]):.2f} s")
    return seconds, domain


def by_migrations(runs: int) -> list[float]:
    """Seconds to make a town's tables by running every migration on an empty schema."""
    seconds = []
    with walls.provisioning():
        for _ in range(runs):
            schema = opaque_name("tpl_")
            walls.run("CREATE SCHEMA {schema}", schema=schema)
            seconds.append(_timed(migrate_schema, schema))
            walls.drop_town(schema)
    return seconds


def by_clone(runs: int, report: Report) -> list[float]:
    """Seconds of django-tenants' clone_schema on a template; empty where it refuses.

    It makes types and functions in the public schema and takes the role of each grantee, which it can only as a
    superuser; and it loses sequences unless the caller owns the template. So its owner becomes one, for the measure.
    """
    with walls.provisioning():
        source = BlueprintBuild.objects.values_list("schema_name", flat=True).first()
    seconds = []
    with _superuser(walls.role("owner")), walls.provisioning():
        for _ in range(runs):
            schema = opaque_name("tpl_")
            try:
                seconds.append(_timed(partial(CloneSchema().clone_schema, source), schema))
            except Error as error:
                report(f"  clone_schema refuse : {str(error).splitlines()[0]}")
                return []
            walls.drop_town(schema)
    return seconds


@contextmanager
def _superuser(role: str) -> Iterator[None]:
    server = embedded.start(database.home())
    statement = sql.SQL("ALTER ROLE {} {}")
    with psycopg.connect(server.dsn("postgres", "postgres"), autocommit=True) as superuser:
        superuser.execute(statement.format(sql.Identifier(role), sql.SQL("SUPERUSER")))
        try:
            yield
        finally:
            superuser.execute(statement.format(sql.Identifier(role), sql.SQL("NOSUPERUSER")))


def _timed(make: Callable[[str], Any], schema: str) -> float:
    started = time.perf_counter()
    make(schema)
    return time.perf_counter() - started


def contents(schema: str) -> dict[str, float]:
    """What a town takes: tables, indexes, megabytes."""
    with walls.provisioning(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE relkind IN ('r', 'p')), count(*) FILTER (WHERE relkind IN ('i', 'I')), "
            "sum(pg_total_relation_size(oid)) FILTER (WHERE relkind = 'r') + "
            "coalesce(sum(pg_relation_size(oid)) FILTER (WHERE relkind = 'S'), 0) "
            "FROM pg_class WHERE relnamespace = %s::regnamespace",
            [schema],
        )
        tables, indexes, size = cursor.fetchone()
    return {"tables_per_town": tables, "indexes_per_town": indexes, "megabytes_per_town": round(float(size) / 1e6, 2)}


def measure(*, towns: int, slow_runs: int, report: Report) -> tuple[dict[str, Any], str]:
    """All figures about openings, and the domain of a town to visit."""
    report(f"Ouverture de {towns} villes…")
    seconds, domain = open_many(towns, report)
    warm = seconds[len(slugs()) :]
    ends = min(ENDS, len(warm) // 2)
    opening = statistics.median(seconds)
    report("Le même schéma par ses migrations…")
    migrated = by_migrations(slow_runs)
    report("Le même schéma par clone_schema de django-tenants…")
    cloned = by_clone(slow_runs, report)
    with walls.provisioning():
        schema = Town.objects.get(domains__domain=domain).schema_name
    return {
        "towns": towns,
        "open_town_s": opening,
        "open_town_worst_s": max(seconds),
        "open_town_growth": statistics.median(warm[-ends:]) / statistics.median(warm[:ends]),
        "migrations_s": statistics.median(migrated),
        "migrations_runs": len(migrated),
        "open_town_speedup": statistics.median(migrated) / opening,
        "clone_schema_s": statistics.median(cloned) if cloned else None,
        **contents(schema),
    }, domain
