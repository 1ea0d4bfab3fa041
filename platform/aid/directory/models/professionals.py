"""Professionals: businesses that are paid, and stand apart."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from aid.configuration.models import PhoneField
from aid.directory.enums import RUNNING, ProfessionalState
from aid.directory.models.words import LONGEST_WORDS, PublicWords
from aid.territory.models import CoveredCommune

LONGEST_REASON = 300


class ProfessionalQuerySet(models.QuerySet):
    """The vocabulary of professionals."""

    def shown(self) -> "ProfessionalQuerySet":
        """Those whom visitors see: an agent shows them, and moderation hides nothing of them."""
        return self.filter(state=ProfessionalState.SHOWN, hidden_because="")

    def by_urgency(self) -> "ProfessionalQuerySet":
        """Those to check first, then those to show, then the rest, by name."""
        first = {ProfessionalState.PROPOSED: 0, ProfessionalState.CHECKED: 1, ProfessionalState.SHOWN: 2}
        whens = [models.When(state=state, then=models.Value(rank)) for state, rank in first.items()]
        rank = models.Case(*whens, default=models.Value(len(first)), output_field=models.IntegerField())
        return self.order_by(rank, "name", "pk")

    def with_places(self) -> "ProfessionalQuerySet":
        """Bring along where they work."""
        return self.prefetch_related("communes")


class Professional(PublicWords):
    """A business of the territory, paid for what it does: a tradesman, a shopkeeper. Nothing ties it to a person."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField("état", max_length=10, choices=ProfessionalState, default=ProfessionalState.PROPOSED)
    name = models.CharField("nom de l’entreprise", max_length=120)
    trade = models.CharField("métier", max_length=80)
    siret = models.CharField("SIRET", max_length=14)
    legal_form = models.CharField("forme juridique", max_length=80, blank=True)
    phone = PhoneField("téléphone", max_length=16)
    email = models.EmailField("adresse e-mail", blank=True)
    words = models.TextField("ce qu’il ou elle fait", max_length=LONGEST_WORDS, blank=True)
    # Of personal services (code du travail, L7232-1): tax credit, and some trades may not be without.
    approval = models.CharField("agrément services à la personne", max_length=12, blank=True)
    # Without one, it works in the whole territory.
    communes = models.ManyToManyField(CoveredCommune, blank=True, related_name="professionals", verbose_name="communes")
    created_at = models.DateTimeField("proposé le", auto_now_add=True)
    # What agents typed and decided outlives their accounts. Nobody: it was typed on the site.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="saisi par"
    )
    checked_on = models.DateField("ouverture vérifiée le", null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="vérifié par"
    )  # the same
    checked_how = models.CharField("comment", max_length=LONGEST_REASON, blank=True)
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="décidé par"
    )  # the same
    reason = models.CharField("pourquoi", max_length=LONGEST_REASON, blank=True)

    objects = ProfessionalQuerySet.as_manager()

    class Meta:
        verbose_name = "professionnel"
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["checked_on"], name="professional_by_check", condition=Q(state="shown")),
        ]
        constraints = [
            models.CheckConstraint(
                name="professional_state_is_known",
                condition=Q(state__in=ProfessionalState.values),
                violation_error_message="Cet état n’existe pas.",
            ),
            models.UniqueConstraint(
                name="professional_siret_once",
                fields=["siret"],
                condition=Q(state__in=RUNNING),
                violation_error_message="Ce SIRET est déjà dans l’annuaire, ou attend d’être vérifié.",
            ),
            models.CheckConstraint(
                name="professional_siret_is_fourteen_digits",
                condition=Q(siret__regex=r"^[0-9]{14}$"),
                violation_error_message="Un SIRET a quatorze chiffres.",
            ),
            models.CheckConstraint(
                name="professional_is_named",
                condition=~Q(name="") & ~Q(trade="") & ~Q(phone=""),
                violation_error_message="Écrivez le nom, le métier et le téléphone.",
            ),
            models.CheckConstraint(
                name="professional_approval_is_a_number",
                condition=Q(approval="") | Q(approval__regex=r"^SAP[0-9]{9}$"),
                violation_error_message="Un agrément s’écrit SAP suivi de neuf chiffres.",
            ),
            models.CheckConstraint(
                name="professional_shown_was_checked",
                condition=~Q(state__in=[ProfessionalState.CHECKED, ProfessionalState.SHOWN])
                | Q(checked_on__isnull=False) & ~Q(checked_how=""),
                violation_error_message="Vérifiez d’abord que l’entreprise est ouverte.",
            ),
            models.CheckConstraint(
                name="professional_refused_for_a_reason",
                condition=~Q(state=ProfessionalState.REFUSED) | ~Q(reason=""),
                violation_error_message="Dites pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of whose business it is: this ends in logs."""
        return f"professionnel {self.pk}"

    @property
    def public_text(self) -> str:
        """All that was written of it for everybody, as moderation reads it; never empty."""
        return "\n".join(filter(None, [self.name, self.trade, self.legal_form, self.words]))
