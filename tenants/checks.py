"""What refuses to start: settings under which one town could read another's."""

import re
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.files.storage import storages
from django.db import connections
from procrastinate import sql

from config import database
from tenants.files import PrivateStorage, PublicStorage


@register(Tags.security)
def walls_are_up(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[Error]:
    """Caches, files, sessions, cookies and the database each carry the town."""
    problems = []
    for alias, cache in settings.CACHES.items():
        if cache.get("KEY_FUNCTION") != "tenants.cache.make_key":
            problems.append(Error(f"The cache {alias!r} would mix towns: set KEY_FUNCTION.", id="tenants.E001"))
    if settings.DATABASES["default"]["ENGINE"] != "tenants.postgresql":
        problems.append(Error("The database backend does not take the town's role.", id="tenants.E002"))
    if settings.SESSION_COOKIE_DOMAIN or settings.CSRF_COOKIE_DOMAIN:
        problems.append(Error("A cookie domain would send a session to other towns.", id="tenants.E003"))
    if settings.SESSION_ENGINE not in {"django.contrib.sessions.backends.db", "accounts.sessions"}:
        problems.append(Error("Sessions live in the schema of their town.", id="tenants.E004"))
    for alias, kind in (("default", PublicStorage), ("private", PrivateStorage)):
        if not isinstance(storages[alias], kind):
            problems.append(Error(f"The storage {alias!r} has no folder of its own a town.", id="tenants.E005"))
    if settings.DATABASES["default"].get("ATOMIC_REQUESTS"):
        problems.append(
            Error(
                "EnterTown opens the transaction of a request: ATOMIC_REQUESTS is a second one.",
                id="tenants.E006",
            )
        )
    order = [name for name in settings.MIDDLEWARE if name.startswith("tenants.")]
    if order != ["tenants.middleware.FindTown", "tenants.middleware.EnterTown"]:
        problems.append(Error("FindTown comes before EnterTown, and each is there once.", id="tenants.E007"))
    return problems


@register(Tags.security, deploy=True)
def server_is_kept(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[Error]:
    """The embedded server is for trying."""
    if database.is_embedded():
        return [Error("The embedded PostgreSQL is for trying: set DATABASE_URL.", id="tenants.E010")]
    return []


# Procrastinate numbers its functions: an upgrade that defers by another one needs the wall anew.
DEFER_FUNCTIONS = re.findall(r"procrastinate_defer_jobs_v\d+", sql.queries["defer_jobs"])

# Asked of the catalog, which the bare login may read.
JOBS_WALL = """
WITH queue AS (
  SELECT pg_class.oid FROM pg_class
  WHERE relname = 'procrastinate_jobs' AND relnamespace = 'public'::regnamespace
)
SELECT
  EXISTS (SELECT FROM queue),
  coalesce((SELECT bool_and(prosecdef) FROM pg_proc
            WHERE proname = ANY(%s) AND pronamespace = 'public'::regnamespace), false),
  EXISTS (SELECT FROM pg_trigger JOIN queue ON tgrelid = queue.oid
          WHERE tgname = 'tenants_jobs_wall' AND tgenabled IN ('O', 'A'))
"""


@register(Tags.database)
def jobs_wall_is_up(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[Error]:
    """The queue takes a town's own jobs only (0003_jobs_wall). Says nothing of a database without a queue."""
    problems = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute(JOBS_WALL, [DEFER_FUNCTIONS])
            has_queue, runs_as_owner, has_trigger = cursor.fetchone()
        if has_queue and not runs_as_owner:
            problems.append(
                Error("Towns cannot defer jobs: apply tenants.0003_jobs_wall to the new function.", id="tenants.E020")
            )
        if has_queue and not has_trigger:
            problems.append(Error("Any town could defer jobs for another: their trigger is gone.", id="tenants.E021"))
    return problems
