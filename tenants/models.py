"""Towns and their domains, in the public schema: what the operator keeps of each of them."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django_tenants.models import DomainMixin, TenantMixin
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siren, siret

from tenants.enums import ANSWERING_STATES, TownKind, TownState


def validate_siren(value: str) -> None:
    """Refuse what is not a SIREN: nine digits whose Luhn sum holds."""
    try:
        siren.validate(value)
    except NumberError as error:
        raise ValidationError("Ce numéro SIREN n’est pas valable : il compte neuf chiffres.", "siren") from error


def validate_siret(value: str) -> None:
    """Refuse what is not a SIRET: fourteen digits, the first nine a SIREN."""
    try:
        siret.validate(value)
    except NumberError as error:
        raise ValidationError("Ce numéro SIRET n’est pas valable : il compte quatorze chiffres.", "siret") from error


class TownQuerySet(models.QuerySet["Town"]):
    """Vocabulary of towns."""

    def with_schema(self) -> "TownQuerySet":
        """Towns whose schema is there: all but the archived ones."""
        return self.exclude(state=TownState.ARCHIVED)


class Town(TenantMixin):
    """A collectivity that has its own site, schema and role. « Town » is the word whatever it is."""

    # Schemas are made by tenants.opening, in one transaction, as the owner role.
    auto_create_schema = False

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("nom", max_length=120)
    kind = models.CharField("nature", max_length=20, choices=TownKind)
    siren = models.CharField("SIREN", max_length=9, blank=True, validators=[validate_siren])
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[validate_siret])
    communes = models.ManyToManyField("geography.Commune", related_name="+", verbose_name="communes couvertes")
    time_zone = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris")
    state = models.CharField("état", max_length=12, choices=TownState, default=TownState.OPENING)
    blueprint = models.SlugField("modèle", max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField("ouverte le", null=True, blank=True)

    objects = TownQuerySet.as_manager()

    class Meta:
        verbose_name = "ville"
        verbose_name_plural = "villes"
        constraints = [
            models.CheckConstraint(
                name="town_has_a_known_kind",
                condition=Q(kind__in=TownKind.values),
                violation_error_message="Cette nature de collectivité n’existe pas.",
            ),
            models.CheckConstraint(
                name="town_has_a_known_state",
                condition=Q(state__in=TownState.values),
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                name="town_siret_starts_with_its_siren",
                condition=Q(siret="") | Q(siren="") | Q(siret__startswith=models.F("siren")),
                violation_error_message="Le SIRET doit commencer par le SIREN.",
            ),
            models.CheckConstraint(
                name="town_is_not_nameless",
                condition=~Q(name=""),
                violation_error_message="Une ville a un nom.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def answers(self) -> bool:
        """Whether its site is shown."""
        return self.state in ANSWERING_STATES


class Domain(DomainMixin):
    """A host name on which a town answers. The primary one is the town's address."""

    class Meta:
        verbose_name = "nom de domaine"
        verbose_name_plural = "noms de domaine"
        constraints = [
            models.CheckConstraint(
                name="domain_is_lower_case",
                condition=Q(domain=models.functions.Lower("domain")),
                violation_error_message="Un nom de domaine s’écrit en minuscules.",
            ),
            models.UniqueConstraint(
                name="town_has_one_primary_domain",
                fields=["tenant"],
                condition=Q(is_primary=True),
                violation_error_message="Une ville a une seule adresse principale.",
            ),
        ]

    def __str__(self) -> str:
        return self.domain


class Pulse(models.Model):
    """The version of what a schema shows; the database changes it at the commit of any change (tenants.pulse)."""

    schema_name = models.CharField(primary_key=True, max_length=63)
    version = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return self.schema_name


class BlueprintBuild(models.Model):
    """A template schema, and the statements that make a town equal to it (tenants.templates)."""

    slug = models.SlugField(primary_key=True, max_length=40)
    schema_name = models.CharField(max_length=63, unique=True)
    # Of the migrations, of the blueprint and of what fills it: another hash means that it must be built again.
    fingerprint = models.CharField(max_length=64)
    ddl_before_data = models.TextField()
    ddl_after_data = models.TextField()
    # What can only be listed, not dumped: tables with rows, sequences and their values, grants.
    inventory = models.JSONField()
    built_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.slug
