"""Relatives, households, mandates, and what was done under them."""

import uuid
from collections.abc import Collection
from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from aid.people.models import Person
from aid.relations.enums import Consent, Deed, InvitationState, Kinship, Scope
from core.models import AppendOnly

LONGEST_NOTE = 300
# Nobody waits longer for who was told « entrez avec ce numéro ».
INVITATION_LASTS = timedelta(days=30)


def one_year_after(day: date) -> date:
    """The same day of the next year, as PostgreSQL adds one: the 28th for a 29 February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def words_of(scope: Collection[str]) -> list[str]:
    """What a scope allows, in words, always in one order."""
    return [str(one.label) for one in Scope if one in scope]


class _OneYearAfter(Func):
    template = "((%(expressions)s + interval '1 year')::date)"
    output_field = models.DateField()


def _just(name: str) -> Func:
    """A number as a range of one: GiST compares ranges on any server, without an extension."""
    return Func(F(name), F(name), Value("[]"), function="int8range", output_field=BigIntegerRangeField())


class Relative(models.Model):
    """One person is somebody to another: « Claire est sa fille »."""

    person = models.ForeignKey(
        "people.Person", models.CASCADE, related_name="relatives", verbose_name="personne"
    )  # a tie has two ends, or none
    relative = models.ForeignKey(
        "people.Person", models.CASCADE, related_name="relative_of", verbose_name="proche"
    )  # the same
    kind = models.CharField("lien", max_length=15, choices=Kinship)
    created_at = models.DateTimeField("noté le", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # what an agent typed outlives the agent's account
        null=True,
        blank=True,
        related_name="+",
        verbose_name="noté par",
    )

    class Meta:
        verbose_name = "proche"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                Least("person", "relative"),
                Greatest("person", "relative"),
                name="relative_is_noted_once",
                violation_error_message="Ce lien est déjà noté.",
            ),
            models.CheckConstraint(
                name="relative_is_somebody_else",
                condition=~Q(person=F("relative")),
                violation_error_message="Choisissez quelqu’un d’autre que cette personne.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of either: this ends in logs."""
        return f"lien {self.pk}"


class Household(models.Model):
    """Persons under one roof."""

    created_at = models.DateTimeField("noté le", auto_now_add=True)

    class Meta:
        verbose_name = "foyer"

    def __str__(self) -> str:
        return f"foyer {self.pk}"


class HouseholdMember(models.Model):
    """Somebody of a household. One lives under one roof."""

    household = models.ForeignKey(
        Household, models.CASCADE, related_name="members", verbose_name="foyer"
    )  # without a roof nobody is under it
    person = models.OneToOneField(
        "people.Person", models.CASCADE, related_name="household_member", verbose_name="personne"
    )  # who is forgotten lives nowhere
    since = models.DateTimeField("noté le", auto_now_add=True)

    class Meta:
        verbose_name = "personne d’un foyer"
        verbose_name_plural = "personnes des foyers"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"personne d’un foyer {self.pk}"


class MandateQuerySet(models.QuerySet):
    """The vocabulary of mandates."""

    def in_force(self, today: date | None = None) -> "MandateQuerySet":
        """Those under which somebody may act today; it ends with either of the two."""
        day = today or timezone.localdate()
        both_live = Q(principal__deceased_on=None, representative__deceased_on=None)
        return self.filter(both_live, revoked_at=None, starts_on__lte=day, ends_on__gte=day)

    def with_persons(self) -> "MandateQuerySet":
        """Bring along who, for whom, and who recorded it."""
        return self.select_related("representative", "principal", "by_account", "revoked_by_account", "revoked_by")


class Mandate(models.Model):
    """Somebody lets another act for them: who, for what, how they agreed, from when, until when."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    representative = models.ForeignKey(
        "people.Person", models.CASCADE, related_name="mandates", verbose_name="qui agit"
    )  # nobody acts any more; what was done is kept in ActedFor
    principal = models.ForeignKey(
        "people.Person", models.CASCADE, related_name="mandates_given", verbose_name="pour qui"
    )  # the same
    scope = ArrayField(models.CharField(max_length=10, choices=Scope), verbose_name="pour quoi")
    consent = models.CharField("accord", max_length=10, choices=Consent)
    by_account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # what an agent recorded outlives the agent's account
        null=True,
        blank=True,
        related_name="+",
        verbose_name="noté par",
    )
    circumstances = models.CharField("circonstances", max_length=LONGEST_NOTE, blank=True)
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au")
    created_at = models.DateTimeField("noté le", auto_now_add=True)
    revoked_at = models.DateTimeField("retiré le", null=True, blank=True)
    # It stays withdrawn, whatever becomes of who did it.
    revoked_by_account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="retiré par l’agent",
    )
    revoked_by = models.ForeignKey(
        "people.Person", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="retiré par"
    )  # the same

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = "mandat"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="mandate_is_for_somebody_else",
                condition=~Q(representative=F("principal")),
                violation_error_message="On n’agit pas pour soi-même par mandat.",
            ),
            models.CheckConstraint(
                name="mandate_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="Choisissez une fin après le début.",
            ),
            models.CheckConstraint(
                name="mandate_lasts_one_year_at_most",
                condition=Q(ends_on__lte=_OneYearAfter(F("starts_on"))),
                violation_error_message="Un mandat dure un an au plus.",
            ),
            models.CheckConstraint(
                name="mandate_allows_something_known",
                condition=Q(scope__len__gt=0) & Q(scope__contained_by=Scope.values),
                violation_error_message="Dites ce que ce mandat permet.",
            ),
            models.CheckConstraint(
                name="mandate_on_screen_is_recorded_by_no_agent",
                condition=~Q(consent=Consent.ON_SCREEN) | Q(by_account=None),
                violation_error_message="Un mandat donné sur le site n’est noté par aucun agent.",
            ),
            ExclusionConstraint(
                name="mandate_is_alone_between_two_persons",
                expressions=[
                    (_just("representative"), RangeOperators.OVERLAPS),
                    (_just("principal"), RangeOperators.OVERLAPS),
                    (
                        Func("starts_on", "ends_on", Value("[]"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(revoked_at=None),
                violation_error_message="Cette personne agit déjà pour elle à ces dates.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of either: this ends in logs."""
        return f"mandat {self.pk}"

    def allows(self, scope: Scope) -> bool:
        """Whether this may be done under it."""
        return scope in self.scope

    @property
    def allowed(self) -> list[str]:
        """What it allows, in words."""
        return words_of(self.scope)

    def get_scope_display(self) -> str:
        """The same on one line, as Django does for a field of one choice."""
        return ", ".join(self.allowed)

    @property
    def is_in_force(self) -> bool:
        """Whether somebody may act under it today."""
        return self.revoked_at is None and self.starts_on <= timezone.localdate() <= self.ends_on


class InvitationQuerySet(models.QuerySet):
    """The vocabulary of invitations."""

    def waiting(self) -> "InvitationQuerySet":
        """Those that may still be accepted."""
        return self.filter(
            principal__deceased_on=None,
            state=InvitationState.OPEN,
            created_at__gte=timezone.now() - INVITATION_LASTS,
            ends_on__gte=timezone.localdate(),
        )

    def to(self, *, phone: str = "", email: str = "") -> "InvitationQuerySet":
        """Those offered to who reads at this number, or at this address."""
        reached = Q()
        for name, value in (("phone", phone), ("email", email)):
            reached |= Q(**{name: value}) if value else Q()
        return self.filter(reached) if reached else self.none()


class Invitation(models.Model):
    """A mandate that somebody offers, on the site, to who reads at a contact. Nothing is allowed before they accept."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    principal = models.ForeignKey(
        "people.Person", models.CASCADE, related_name="invitations", verbose_name="de la part de"
    )  # nobody is left to act for
    # Forgotten as soon as it is answered.
    first_name = models.CharField("prénom", max_length=80, blank=True)
    phone = models.CharField("téléphone", max_length=16, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    scope = ArrayField(models.CharField(max_length=10, choices=Scope), verbose_name="pour quoi")
    ends_on = models.DateField("jusqu’au")
    state = models.CharField("état", max_length=10, choices=InvitationState, default=InvitationState.OPEN)
    created_at = models.DateTimeField("proposé le", default=timezone.now, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "mandat proposé"
        verbose_name_plural = "mandats proposés"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["phone"], name="invitation_by_phone", condition=~Q(phone="")),
            models.Index(fields=["email"], name="invitation_by_email", condition=~Q(email="")),
        ]
        constraints = [
            models.CheckConstraint(
                name="invitation_open_goes_to_one_contact_answered_to_none",
                condition=Q(state=InvitationState.OPEN, phone="") & ~Q(email="")
                | Q(state=InvitationState.OPEN, email="") & ~Q(phone="")
                | ~Q(state=InvitationState.OPEN) & Q(phone="", email="", first_name=""),
                violation_error_message="Écrivez un numéro, ou une adresse e-mail.",
            ),
            models.CheckConstraint(
                name="invitation_allows_something_known",
                condition=Q(scope__len__gt=0) & Q(scope__contained_by=Scope.values),
                violation_error_message="Dites ce que ce mandat permet.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of either: this ends in logs."""
        return f"mandat proposé {self.pk}"

    @property
    def allowed(self) -> list[str]:
        """What it would allow, in words."""
        return words_of(self.scope)

    def get_scope_display(self) -> str:
        """The same on one line."""
        return ", ".join(self.allowed)


class ActedForQuerySet(models.QuerySet):
    """The vocabulary of what was done for somebody."""

    def with_persons(self) -> "ActedForQuerySet":
        """Bring along who did it, and for whom."""
        return self.select_related("representative__merged_into", "principal__merged_into", "by_account")


class ActedFor(AppendOnly):
    """Something done for somebody: « Claire, pour Jeanne ». Neither names nor words: those are on what it is about."""

    # It outlives them all, and nobody may write in it again: their numbers stay, whatever becomes of them.
    principal = models.ForeignKey(
        "people.Person", models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+",
        verbose_name="pour",
    )  # fmt: skip
    representative = models.ForeignKey(
        "people.Person", models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+",
        verbose_name="par",
    )  # fmt: skip
    by_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+",
        verbose_name="par l’agent",
    )  # fmt: skip
    mandate = models.ForeignKey(
        Mandate, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+",
        verbose_name="mandat",
    )  # fmt: skip
    deed = models.CharField("geste", max_length=12, choices=Deed)
    # Of the request it is about.
    subject = models.UUIDField("à propos de", null=True)
    at = models.DateTimeField("le", auto_now_add=True)

    objects = ActedForQuerySet.as_manager()

    class Meta:
        verbose_name = "geste pour quelqu’un"
        verbose_name_plural = "gestes pour quelqu’un"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["principal", "-id"], name="acted_for_by_principal"),
            models.Index(fields=["representative", "-id"], name="acted_for_by_representative"),
            models.Index(fields=["subject"], name="acted_for_by_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                name="acted_for_was_done_by_somebody",
                condition=Q(mandate__isnull=False, representative__isnull=False) | Q(by_account__isnull=False),
                violation_error_message="Un geste est fait par un mandat, ou par un agent.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of anybody: this ends in logs."""
        return f"geste {self.pk}"

    @property
    def by(self) -> Person | None:
        """Who did it, by the card that is theirs today; None for somebody on the telephone whom nobody knows."""
        return self.representative and self.representative.standing

    @property
    def whose(self) -> Person | None:
        """For whom, by the card that is theirs today; None for who was forgotten."""
        return self.principal and self.principal.standing
