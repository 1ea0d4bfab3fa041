"""Applications: other software that an administrator lets into the town, for a time and for some things."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.scopes import OF_PARTNERS, Scope

LONGEST = timedelta(days=366)
# What of a token is kept in clear, for people to recognise it by.
SHOWN = 12


class ApplicationQuerySet(models.QuerySet):
    """The vocabulary of applications."""

    def running(self) -> "ApplicationQuerySet":
        """Those whose token opens something now."""
        return self.filter(revoked_at=None, ends_at__gt=timezone.now(), account__is_active=True)


class Application(models.Model):
    """One software, its token and what it may do. Never changed: another is made in its place.

    Of the token only a hash is kept. What the software does is journalled under an account of its own, by which nobody
    signs in and which has no role.
    """

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # the journal names it: what was filed was filed by something
        related_name="application",
        verbose_name="compte",
    )
    name = models.CharField("nom du logiciel", max_length=80)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope), verbose_name="peut")
    contact = models.ForeignKey(
        "partners.PartnerContact",
        models.PROTECT,  # a contact is closed, and stays
        null=True,
        blank=True,
        related_name="applications",
        verbose_name="au nom de",
    )
    prefix = models.CharField("début du jeton", max_length=SHOWN, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField("créé le", default=timezone.now, editable=False)
    ends_at = models.DateTimeField("valable jusqu’au")
    # To the hour.
    last_used_at = models.DateTimeField("utilisé le", null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField("arrêté le", null=True, blank=True, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "logiciel relié"
        verbose_name_plural = "logiciels reliés"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="application_has_its_own_token",
                fields=["digest"],
                violation_error_message="Ce jeton est déjà pris.",
            ),
            models.CheckConstraint(
                name="application_is_named",
                condition=Q(name__regex=r"\S"),
                violation_error_message="Donnez un nom.",
            ),
            models.CheckConstraint(
                name="application_may_do_something_known",
                condition=Q(scopes__len__gt=0, scopes__contained_by=Scope.values),
                violation_error_message="Choisissez au moins un droit de la liste.",
            ),
            models.CheckConstraint(
                name="application_that_flags_speaks_for_a_partner",
                condition=~Q(scopes__overlap=list(OF_PARTNERS)) | Q(contact__isnull=False),
                violation_error_message="Dites au nom de quel partenaire ce logiciel signale.",
            ),
            models.CheckConstraint(
                name="application_lasts_a_year_at_most",
                condition=Q(ends_at__gt=F("created_at")) & Q(ends_at__lte=F("created_at") + LONGEST),
                violation_error_message="Choisissez un jour à venir, dans un an au plus tard.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_running(self) -> bool:
        """Whether its token opens something now."""
        return self.revoked_at is None and self.ends_at > timezone.now()

    def state(self) -> str:
        """What an administrator reads."""
        if self.revoked_at is not None:
            return "arrêté"
        return "en service" if self.is_running else "expiré"

    def may(self) -> str:
        """What it may do, in words."""
        return ", ".join(str(Scope(one).label) for one in self.scopes)
