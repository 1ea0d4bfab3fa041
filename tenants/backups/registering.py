"""The rows of the public schema that make a restored schema a town."""

import json
import uuid
from typing import Any

from django.apps import apps
from django.core import serializers
from django_tenants.postgresql_backend.base import FakeTenant

from geography.models import Commune
from tenants.backups.errors import BackupError
from tenants.backups.members import Label
from tenants.context import facing
from tenants.models import Domain, Pulse, Town


def check_communes(section: Label) -> None:
    """Raise BackupError if the reference of this platform lacks a commune of the town."""
    codes = set(section["town"]["fields"]["communes"])
    lacking = codes - set(Commune.objects.filter(code__in=codes).values_list("code", flat=True))
    if lacking:
        raise BackupError(
            f"La géographie de cette plateforme ne connaît pas {', '.join(sorted(lacking))} : lancez prepare."
        )


def register(section: Label, schema: str, domains: list[dict[str, Any]], *, is_copy: bool) -> None:
    """Write the town, its communes, its domains and its pulse. A copy is another town: it has another uid.

    Fields that the code no longer has are left out.
    """
    told = {**section["town"], "pk": None}
    (kept,) = serializers.deserialize("json", json.dumps([told]), ignorenonexistent=True)
    town: Town = kept.object
    town.schema_name = schema
    if is_copy:
        town.uid = uuid.uuid4()
    kept.save()
    Domain.objects.bulk_create(Domain(tenant=town, **one) for one in domains)
    Pulse.objects.create(schema_name=schema)
    if is_copy:
        # Wagtail shows previews on its site's own host name: at another address they would answer 404.
        with facing(FakeTenant(schema_name=schema)):
            apps.get_model("wagtailcore", "Site").objects.update(hostname=domains[0]["domain"])
