"""What the town declares of its site's accessibility: one row, beside its identity.

Law 2005-102, article 47; décret 2019-768. Without a valid audit, a site says « non conforme ».
"""

import datetime

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting

from aid.configuration.enums import Conformity

VALID_YEARS = 3
WHOLE, HALF = 100, 50
AUDITED = ~Q(rate=None) & ~Q(audited_on=None) & ~Q(auditor="") & ~Q(reference_name="") & ~Q(reference_version="")


class AccessibilityStatement(BaseGenericSetting):
    """The declaration. It cannot tell a rate without saying who measured it, when, and against what."""

    identity = models.OneToOneField(
        "configuration.Identity",
        models.CASCADE,
        default=1,
        editable=False,
        related_name="accessibility",
        verbose_name="identité",
    )
    entity = models.CharField("qui déclare", max_length=160, blank=True, help_text="Vide : l’éditeur du site.")
    status = models.CharField(
        "état",
        max_length=10,
        choices=Conformity,
        default=Conformity.NONE,
        help_text="« Non conforme » tant que le site n’a pas été contrôlé par un audit.",
    )
    rate = models.PositiveSmallIntegerField(
        "taux de conformité, en %",
        null=True,
        blank=True,
        validators=[MaxValueValidator(WHOLE, "Écrivez un taux entre 0 et 100.")],
        help_text="Celui que donne l’audit.",
    )
    audited_on = models.DateField("date de l’audit", null=True, blank=True)
    auditor = models.CharField("qui a fait l’audit", max_length=160, blank=True)
    reference_name = models.CharField("référentiel", max_length=40, blank=True, default="RGAA")
    reference_version = models.CharField("version du référentiel", max_length=20, blank=True, default="4.1.2")
    not_conforming = models.TextField(
        "ce qui n’est pas accessible", max_length=4000, blank=True, help_text="Une ligne pour chaque défaut."
    )
    derogations = models.TextField(
        "dérogations", max_length=4000, blank=True, help_text="Une ligne pour chacune, avec sa raison."
    )
    contact = models.CharField(
        "où signaler un défaut",
        max_length=200,
        blank=True,
        help_text="Une personne, une adresse. Vide : le téléphone et l’e-mail du site.",
    )

    panels = [
        MultiFieldPanel([FieldPanel("entity"), FieldPanel("status"), FieldPanel("contact")], "La déclaration"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("rate"), FieldPanel("audited_on")]),
                FieldPanel("auditor"),
                FieldRowPanel([FieldPanel("reference_name"), FieldPanel("reference_version")]),
            ],
            "L’audit",
        ),
        MultiFieldPanel([FieldPanel("not_conforming"), FieldPanel("derogations")], "Ce qui reste à faire"),
    ]

    class Meta:
        verbose_name = "déclaration d’accessibilité"
        constraints = [
            models.CheckConstraint(
                name="accessibility_rate_comes_from_an_audit",
                condition=Q(rate=None) | AUDITED,
                violation_error_message=(
                    "Un taux vient d’un audit : écrivez aussi sa date, qui l’a fait, et le référentiel."
                ),
            ),
            models.CheckConstraint(
                name="accessibility_rate_is_a_share",
                condition=Q(rate=None) | Q(rate__lte=WHOLE),
                violation_error_message="Écrivez un taux entre 0 et 100.",
            ),
            models.CheckConstraint(
                name="accessibility_status_agrees_with_rate",
                condition=(
                    Q(status=Conformity.NONE)
                    | (Q(status=Conformity.PARTIAL) & Q(rate__isnull=False, rate__gte=HALF))
                    | (Q(status=Conformity.FULL) & Q(rate__isnull=False, rate=WHOLE))
                ),
                violation_error_message=(
                    "« Partiellement conforme » demande un taux d’au moins 50, « totalement conforme » un taux de 100."
                ),
            ),
        ]

    def __str__(self) -> str:
        return "déclaration d’accessibilité"

    def clean(self) -> None:
        """Say beside each field what is missing. Raises ValidationError."""
        super().clean()
        errors: dict[str, str] = {}
        if self.rate is not None or self.status != Conformity.NONE:
            if self.rate is None:
                errors["rate"] = "Écrivez le taux que donne l’audit, ou choisissez « non conforme »."
            if not self.audited_on:
                errors["audited_on"] = "Écrivez la date de l’audit : sans elle, aucun taux ne peut être affiché."
            if not self.auditor:
                errors["auditor"] = "Écrivez qui a fait l’audit."
            if not self.reference_name:
                errors["reference_name"] = "Écrivez le référentiel de l’audit, par exemple RGAA."
            if not self.reference_version:
                errors["reference_version"] = "Écrivez sa version, par exemple 4.1.2."
        if self.audited_on and self.audited_on > timezone.localdate():
            errors["audited_on"] = "Cette date n’est pas encore passée : écrivez celle de l’audit."
        if errors:
            raise ValidationError(errors)

    def is_out_of_date(self, today: datetime.date) -> bool:
        """Whether its audit is older than the three years for which it may be shown."""
        if self.audited_on is None:
            return False
        return today >= self.audited_on + datetime.timedelta(days=VALID_YEARS * 365)

    def label(self, today: datetime.date) -> str:
        """What the footer of every page says: an old audit proves nothing any more."""
        shown = Conformity.NONE if self.is_out_of_date(today) else Conformity(self.status)
        return str(shown.label)
