"""What the platform itself cannot lose: the operators' accounts, and whatever rooms add to the public schema.

Left out: the towns, which are members of their own; the reference of communes, the templates and the list of
permissions, which `prepare` makes again; sessions and codes; and the queue, whose jobs name schemas that a restored
town no longer has.
"""

import json

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management.color import no_style
from django.db import connection, models, transaction

from tenants.context import PLATFORM, facing

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
    """All of it as JSON. Runs over the owner's connection. Permissions are told by name: their ids may differ."""
    with facing(PLATFORM), transaction.atomic():
        rows = [row for model in shared_models() for row in model.objects.order_by("pk")]
        return serializers.serialize("json", rows, use_natural_foreign_keys=True).encode()


def write_shared(told: bytes, *, drill: bool) -> int | None:
    """Put it back on a platform that has nothing of it yet; answer the number of rows, or None where it has.

    A drill writes, then takes everything back.
    """
    rows = len(json.loads(told))
    with facing(PLATFORM), transaction.atomic():
        if any(model.objects.exists() for model in shared_models()):
            return None
        for one in serializers.deserialize("json", told.decode()):
            one.save()
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), shared_models()):
                cursor.execute(statement)
        if drill:
            transaction.set_rollback(True)
    return rows
