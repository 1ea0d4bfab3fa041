"""What the platform itself cannot lose: the operators' accounts, and whatever rooms add to the public schema.

Left out: the towns, which are members of their own; the reference of communes, the templates and the list of
permissions, which `prepare` makes again; sessions and codes; and the queue, whose jobs name schemas that a restored
town no longer has.
"""

import json
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management.color import no_style
from django.db import connection, models, transaction

from tenants.context import PLATFORM, facing
from tenants.models import Town

LEFT_OUT = frozenset({"tenants", "django_tenants", "contenttypes", "sessions", "geography", "procrastinate"})
MADE_AGAIN = frozenset({"auth.Permission"})
# Codes, tries and e-mails on their way: worth minutes, and no sign that a platform is already lived in.
SHORT_LIVED = frozenset({"accounts.Limit", "accounts.Code", "console.Mail"})


def shared_models() -> list[type[models.Model]]:
    """The models whose rows in the public schema are backed up."""
    return [
        model
        for config in apps.get_app_configs()
        if config.name in settings.SHARED_APPS and config.label not in LEFT_OUT
        for model in config.get_models()
        if model._meta.label not in MADE_AGAIN | SHORT_LIVED and model._meta.managed and not model._meta.proxy
    ]


def read_shared() -> bytes:
    """All of it as JSON. Runs over the owner's connection. Permissions are told by name: their ids may differ; towns by
    their uid beside: one that is restored has another number."""
    with facing(PLATFORM), transaction.atomic():
        rows = [row for model in shared_models() for row in model.objects.order_by("pk")]
        towns = {str(number): str(uid) for number, uid in Town.objects.values_list("pk", "uid")}
        told = serializers.serialize("json", rows, use_natural_foreign_keys=True)
        return json.dumps({"towns": towns, "rows": json.loads(told)}).encode()


def write_shared(told: bytes, *, drill: bool) -> int | None:
    """Put it back on a platform that has nothing of it yet; answer the number of rows, or None where it has.

    What is of a town follows it; of one that is not there, it is of none, or is left out where it has to be of one. A
    drill writes, then takes everything back.
    """
    with facing(PLATFORM), transaction.atomic():
        if any(model.objects.exists() for model in shared_models()):
            return None
        rows = _with_towns_of_here(json.loads(told))
        for one in serializers.deserialize("python", rows):
            one.save()
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), shared_models()):
                cursor.execute(statement)
        if drill:
            transaction.set_rollback(True)
    return len(rows)


def _with_towns_of_here(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows that were told, each with the number that its town has here."""
    numbers = {str(uid): number for number, uid in Town.objects.values_list("pk", "uid")}
    here = {int(number): numbers.get(uid) for number, uid in told["towns"].items()}
    return [row for row in told["rows"] if _moves(row, here)]


def _moves(row: dict[str, Any], here: dict[int, int | None]) -> bool:
    """Give a row the number that its town has here; answer whether it may be kept."""
    fields = apps.get_model(row["model"])._meta.concrete_fields
    for field in (one for one in fields if one.related_model is Town):
        told, name = (row, "pk") if field.primary_key else (row["fields"], field.name)
        told[name] = here.get(told[name])
        if told[name] is None and not field.null:
            return False
    return True
