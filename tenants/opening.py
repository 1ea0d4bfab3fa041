"""Opening a town: one transaction, from nothing to a site that answers; or nothing at all."""

import errno
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg.errors import DiskFull

from geography.models import Commune
from geography.services import resolve_communes
from tenants import addresses, blueprints, dump, files, walls
from tenants.context import facing
from tenants.enums import TownKind, TownState
from tenants.models import BlueprintBuild, Domain, Pulse, Town
from tenants.templates import append_only_tables, opaque_name

# Any number: what openings, builds and sweeps take in turn (pg_advisory_xact_lock).
OPENING_LOCK = 7_254_371


class OpeningError(ValueError):
    """The town cannot be opened as asked; the message says why, in French, and `by_field` by what was asked."""

    def __init__(self, message: str, by_field: Mapping[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.by_field = dict(by_field or {})


@dataclass(frozen=True)
class Request:
    """What somebody asks of an opening, before anything is checked."""

    blueprint: str
    name: str
    communes: Sequence[str] = ()
    epci: str = ""
    departement: str = ""
    kind: str = ""
    subdomain: str = ""
    admin_email: str = ""
    siren: str = ""
    siret: str = ""
    telephone: str = ""


@dataclass(frozen=True)
class Plan:
    """What an opening would write on the platform, not kept yet."""

    town: Town
    domain: Domain
    communes: list[Commune]


@dataclass
class Opening:
    """A town being opened: what rooms are given to make it theirs (blueprints.Installer.personalise)."""

    town: Town
    domain: str
    blueprint: blueprints.Blueprint
    communes: list[Commune]
    admin_email: str
    telephone: str
    # Set by the room of accounts: where the first administrator signs in.
    sign_in_path: str = ""


@dataclass(frozen=True)
class Opened:
    """A town that answers."""

    town: Town
    domain: str
    sign_in_path: str
    seconds: float


def open_town(asked: Request) -> Opened:
    """Open a town and say where it answers. Raises OpeningError; then nothing was made.

    Killed at any line, it leaves no schema, role, row or domain; the files that it may leave are swept by the next
    opening.
    """
    try:
        return _open(asked)
    except (OperationalError, OSError) as error:
        if not _is_full_disk(error):
            raise
        raise OpeningError("Le disque est plein : rien n’a été ouvert. Faites de la place, puis relancez.") from error


def _is_full_disk(error: Exception) -> bool:
    return isinstance(error.__cause__, DiskFull) or getattr(error, "errno", None) == errno.ENOSPC


def _open(asked: Request) -> Opened:
    started = time.perf_counter()
    blueprint = _blueprint(asked.blueprint)
    with walls.provisioning(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [OPENING_LOCK])
        sweep_files()
        build = BlueprintBuild.objects.filter(slug=blueprint.slug).first()
        if build is None:
            raise OpeningError(f"Le modèle « {blueprint.slug} » n’est pas préparé : lancez build_blueprints.")
        opening = _register(asked, blueprint)
        _make_schema(opening.town.schema_name, build)
        with facing(opening.town):
            for installer in blueprints.installers():
                if installer.personalise:
                    installer.personalise(opening)
    return Opened(opening.town, opening.domain, opening.sign_in_path, time.perf_counter() - started)


def _blueprint(slug: str) -> blueprints.Blueprint:
    try:
        return blueprints.load(slug)
    except blueprints.UnknownBlueprintError as error:
        raise OpeningError(str(error)) from error


def plan(asked: Request) -> Plan:
    """What an opening would write on the platform, checked and not kept. Raises OpeningError with all that is refused.

    An opening begins by it: what a form was told before is asked again, since the world changes meanwhile.
    """
    blueprint = _blueprint(asked.blueprint)
    refused = _Refusals()
    communes: list[Commune] = []
    with refused.of("communes"):
        communes = resolve_communes(
            codes=list(asked.communes), epci=asked.epci or None, departement=asked.departement or None
        )
    town = Town(
        schema_name=opaque_name("t_"),
        name=" ".join(asked.name.split()),
        kind=asked.kind or blueprint.kind,
        siren=asked.siren or asked.siret[:9],
        siret=asked.siret,
        state=TownState.OPEN,
        blueprint=blueprint.slug,
        opened_at=timezone.now(),
    )
    with refused.of(""):
        town.full_clean(exclude=["schema_name"])
    if communes:
        town.time_zone = communes[0].department.time_zone
        with refused.of("name"):
            _refuse_the_same_again(town, communes)
    domain = Domain(tenant=town, is_primary=True)
    with refused.of("subdomain"):
        domain.domain = addresses.domain_of(_label(asked, town.name, communes))
        domain.full_clean(exclude=["tenant"])
    refused.tell()
    return Plan(town, domain, communes)


class _Refusals:
    """What is refused, by what was asked: all of it is told at once."""

    def __init__(self) -> None:
        self.by_field: dict[str, list[str]] = {}

    @contextmanager
    def of(self, field: str) -> Iterator[None]:
        """Keep what a block refuses under `field`, or under the field of the model that it names."""
        try:
            yield
        except ValidationError as error:
            told = error.message_dict if hasattr(error, "error_dict") else {field: error.messages}
            for name, messages in told.items():
                kept = self.by_field.setdefault(name if name != NON_FIELD_ERRORS else field, [])
                kept += [message for message in messages if message not in kept]
        except (addresses.AddressError, OpeningError) as error:
            self.by_field.setdefault(field, []).append(str(error))

    def tell(self) -> None:
        """Raise OpeningError for what was kept."""
        if self.by_field:
            told = [message for messages in self.by_field.values() for message in messages]
            raise OpeningError(" ".join(told), self.by_field)


def _label(asked: Request, name: str, communes: Sequence[Commune]) -> str:
    """The subdomain that was chosen, else the first free one of the name. Raises addresses.AddressError."""
    if asked.subdomain:
        return addresses.check_chosen(asked.subdomain)
    code = asked.epci or (communes[0].code if len(communes) == 1 else "")
    return addresses.free_label(name, department=communes[0].department.code if communes else "", code=code)


def _register(asked: Request, blueprint: blueprints.Blueprint) -> Opening:
    """Write the town's rows in the public schema, after every check."""
    made = plan(asked)
    made.town.save()
    made.town.communes.set(made.communes)
    made.domain.tenant = made.town
    made.domain.save()
    Pulse.objects.create(schema_name=made.town.schema_name)
    return Opening(made.town, made.domain.domain, blueprint, made.communes, asked.admin_email, asked.telephone)


def _refuse_the_same_again(town: Town, communes: list[Commune]) -> None:
    """Two towns may share a name; the same name, nature and communes are a command that was typed twice."""
    codes = {commune.code for commune in communes}
    for other in Town.objects.with_schema().filter(name__iexact=town.name, kind=town.kind):
        if set(other.communes.values_list("code", flat=True)) == codes:
            domain = other.domains.filter(is_primary=True).first()
            raise OpeningError(
                f"{other.name} ({TownKind(other.kind).label}) est déjà ouverte sur ces communes : {domain}."
            )


def _make_schema(schema: str, build: BlueprintBuild) -> None:
    """Make the town's role, schema, tables, rows and files."""
    held = dump.Inventory.from_json(build.inventory)
    walls.create_town_role(schema)
    walls.run("CREATE SCHEMA {schema}", schema=schema)
    dump.replay(
        source=build.schema_name,
        target=schema,
        before=build.ddl_before_data,
        after=build.ddl_after_data,
        held=held,
    )
    walls.grant_town_tables(
        schema,
        tables=held.tables,
        append_only=append_only_tables().intersection(held.tables),
        sequences=held.sequences,
    )
    files.copy(build.schema_name, schema)


def sweep_files() -> list[str]:
    """Erase the files of schemas that do not exist: those of an opening that was killed, or of an erased town."""
    kept = set(Town.objects.with_schema().values_list("schema_name", flat=True))
    kept |= set(BlueprintBuild.objects.values_list("schema_name", flat=True)) | {"public"}
    strays = sorted(files.schemas_with_files() - kept)
    for stray in strays:
        files.erase(stray)
    return strays
