"""What the platform itself cannot lose: the operators' accounts, and whatever rooms add to the public schema.

Left out: the towns, which are members of their own; the reference of communes, the templates and the list of
permissions, which `prepare` makes again; sessions and codes; and the queue, whose jobs name schemas that a restored
town no longer has.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from tenants.backups.members import Label
from tenants.context import PLATFORM, facing
from tenants.models import Town

LEFT_OUT = frozenset({"tenants", "django_tenants", "contenttypes", "sessions", "geography", "procrastinate"})
MADE_AGAIN = frozenset({"auth.Permission"})
# Codes, tries and e-mails on their way: worth minutes, and no sign that a platform is already lived in.
SHORT_LIVED = frozenset({"accounts.Limit", "accounts.Code", "console.Mail"})
# Read at once: a row may be a document of some megabytes.
ROWS_AT_ONCE = 20


def shared_models() -> list[type[models.Model]]:
    """The models whose rows in the public schema are backed up."""
    return [
        model
        for config in apps.get_app_configs()
        if config.name in settings.SHARED_APPS and config.label not in LEFT_OUT
        for model in config.get_models()
        if model._meta.label not in MADE_AGAIN | SHORT_LIVED and model._meta.managed and not model._meta.proxy
    ]


@contextmanager
def read_shared() -> Iterator[tuple[dict[str, str], Iterator[bytes]]]:
    """The uid of each town by its number here, which rows name it by, and the rows: one at a time, of one instant.

    Runs over the owner's connection, out of a transaction; rows are read within the block. Permissions are told by
    name: their ids may differ.
    """
    with facing(PLATFORM), connection.cursor() as cursor, transaction.atomic(durable=True):
        # The very first statement, or PostgreSQL refuses it: the cursor came before, which says whose we are.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        towns = {str(number): str(uid) for number, uid in Town.objects.values_list("pk", "uid")}
        yield towns, _lines_of_rows()


def write_shared(
    label: Label, pieces: Iterator[bytes], *, towns_of_file: Mapping[str, str], drill: bool = False
) -> int | None:
    """Put a member back on a platform that has nothing of it yet; answer the number of rows, or None where it has.

    What is of a town follows it, by its uid; of one that is not there, it is of none, or is left out where it has to be
    of one. `towns_of_file` are those of the members of towns: the first backups told no others. A drill writes, then
    takes everything back.
    """
    kept = 0
    with facing(PLATFORM), transaction.atomic():
        if any(model.objects.exists() for model in shared_models()):
            return None
        for one in serializers.deserialize("python", _with_towns_of_here(*_told(label, pieces, towns_of_file))):
            one.save()
            kept += 1
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), shared_models()):
                cursor.execute(statement)
        if drill:
            transaction.set_rollback(True)
    return kept


class _Exact(DjangoJSONEncoder):
    """Django's own forgets microseconds."""

    def default(self, o: Any) -> Any:
        """An instant, whole."""
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def _lines_of_rows() -> Iterator[bytes]:
    for model in shared_models():
        for row in model.objects.order_by("pk").iterator(chunk_size=ROWS_AT_ONCE):
            (told,) = serializers.serialize("python", [row], use_natural_foreign_keys=True)
            yield json.dumps(told, cls=_Exact).encode() + b"\n"


def _told(
    label: Label, pieces: Iterator[bytes], towns_of_file: Mapping[str, str]
) -> tuple[Mapping[str, str], Iterator[dict[str, Any]]]:
    """The uids of the towns that rows name, and the rows. Of the first format, one document: a list, then its towns
    beside it."""
    if "towns" in label:
        return label["towns"], map(json.loads, _lines(pieces))
    told = json.loads(b"".join(pieces))
    return (towns_of_file, iter(told)) if isinstance(told, list) else (told["towns"], iter(told["rows"]))


def _lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    line = bytearray()
    for piece in pieces:
        *ends, rest = piece.split(b"\n")
        for end in ends:
            yield bytes(line + end)
            line.clear()
        line += rest


def _with_towns_of_here(towns: Mapping[str, str], rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows that were told, each with the number that its town has here."""
    numbers = {str(uid): number for number, uid in Town.objects.values_list("pk", "uid")}
    here = {int(number): numbers.get(uid) for number, uid in towns.items()}
    return (row for row in rows if _moves(row, here))


def _moves(row: dict[str, Any], here: dict[int, int | None]) -> bool:
    """Give a row the number that its town has here; answer whether it may be kept."""
    fields = apps.get_model(row["model"])._meta.concrete_fields
    for field in (one for one in fields if one.related_model is Town):
        told, name = (row, "pk") if field.primary_key else (row["fields"], field.name)
        told[name] = here.get(told[name])
        if told[name] is None and not field.null:
            return False
    return True
