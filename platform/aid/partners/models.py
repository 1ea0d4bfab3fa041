"""Partners, those who speak for them, the town's screening grid, and the flags that they send."""

import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils import timezone

from aid.configuration.models import PhoneField
from aid.partners.enums import (
    CLOSED,
    GIVEN_LATER,
    WAITING,
    FlagConsent,
    FlagState,
    Level,
    NoFollowUp,
    PartnerKind,
    Urgency,
)
from aid.territory.models import CoveredCommune, Named
from aid.vault.models import SealedText
from core.models import AppendOnly


class PartnerQuerySet(models.QuerySet):
    """The vocabulary of partners."""

    def associations(self) -> "PartnerQuerySet":
        """Associations that the town works with today."""
        return self.filter(kind=PartnerKind.ASSOCIATION, is_active=True)


class Partner(Named):
    """An organisation, or somebody at their work, who meets isolated people."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("nature", max_length=20, choices=PartnerKind)
    phone = PhoneField("téléphone", max_length=16, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    # Numbers of covered communes: a few, that are only read with the partner. None: the whole territory.
    commune_ids = ArrayField(models.BigIntegerField(), verbose_name="communes", default=list, blank=True)
    is_active = models.BooleanField("peut signaler", default=True)
    created_at = models.DateTimeField("noté le", auto_now_add=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = "partenaire"
        ordering = ["folded_name"]
        constraints = [
            models.UniqueConstraint(
                name="partner_has_its_own_name",
                fields=["folded_name"],
                violation_error_message="Un partenaire porte déjà ce nom.",
            ),
            models.CheckConstraint(
                name="partner_is_named",
                condition=~Q(folded_name=""),
                violation_error_message="Donnez un nom, avec des lettres ou des chiffres.",
            ),
        ]

    @property
    def communes(self) -> models.QuerySet[CoveredCommune]:
        """Where they work; none for the whole territory. One that left the territory is none of them any more."""
        return CoveredCommune.objects.filter(pk__in=self.commune_ids)


class PartnerContactQuerySet(models.QuerySet):
    """The vocabulary of contacts."""

    def open(self) -> "PartnerContactQuerySet":
        """Those who may flag somebody, of partners who may."""
        return self.filter(closed_at=None, partner__is_active=True)


class PartnerContact(models.Model):
    """Somebody who speaks for a partner: by an account, by a personal link, or not yet."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    partner = models.ForeignKey(
        Partner,
        models.PROTECT,  # flags tell of whom they came: a partner stops, and stays
        related_name="contacts",
        verbose_name="partenaire",
    )
    first_name = models.CharField("prénom", max_length=80, blank=True)
    last_name = models.CharField("nom", max_length=80, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    phone = PhoneField("téléphone", max_length=16, blank=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the door may go, the contact stays
        null=True,
        blank=True,
        related_name="partner_contact",
        verbose_name="compte",
    )
    # What their one link is made with: another one ends the former, none ends all.
    link = models.CharField(max_length=40, blank=True, editable=False)
    link_ends_at = models.DateTimeField("lien valable jusqu’au", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("noté le", auto_now_add=True)
    closed_at = models.DateTimeField("ne signale plus depuis le", null=True, blank=True, editable=False)

    objects = PartnerContactQuerySet.as_manager()

    class Meta:
        verbose_name = "contact d’un partenaire"
        verbose_name_plural = "contacts des partenaires"
        ordering = ["last_name", "first_name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="partner_contact_can_be_reached",
                condition=Q(closed_at__isnull=False) | (~Q(first_name="") & (~Q(email="") | ~Q(phone=""))),
                violation_error_message="Donnez un prénom, et une adresse e-mail ou un mobile.",
            ),
            models.CheckConstraint(
                name="partner_contact_closed_opens_nothing",
                condition=Q(closed_at=None) | Q(account=None, link="", link_ends_at=None),
                violation_error_message="Un contact fermé n’entre plus.",
            ),
            models.CheckConstraint(
                name="partner_contact_link_has_an_end",
                condition=Q(link="", link_ends_at=None) | (~Q(link="") & Q(link_ends_at__isnull=False)),
                violation_error_message="Un lien a une fin.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of anybody: this ends in logs."""
        return f"contact {self.pk}"

    @property
    def full_name(self) -> str:
        """First and last name, for staff; empty once they were forgotten."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def has_link(self) -> bool:
        """Whether a link of theirs opens now."""
        return bool(self.link) and self.link_ends_at > timezone.now()


class GridQuerySet(models.QuerySet):
    """The vocabulary of grids."""

    def published(self) -> "GridQuerySet":
        """Those that partners were shown."""
        return self.filter(number__isnull=False)


class GridVersion(AppendOnly):
    """The town's screening grid, as it was written down once. Nobody may change it: flags are read with it.

    A published version has a number. Without one it is the next, while it is written: the last row counts.
    """

    number = models.PositiveIntegerField("version", unique=True, null=True)
    # Questions, as aid.partners.grids reads them.
    questions = models.JSONField("questions")
    medium_from = models.PositiveSmallIntegerField("isolement moyen à partir de")
    high_from = models.PositiveSmallIntegerField("isolement fort à partir de")
    # Of a draft: written.
    published_at = models.DateTimeField("publiée le", default=timezone.now, editable=False)
    # It outlives the account, and nobody may write in it again.
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name="publiée par",
    )

    objects = GridQuerySet.as_manager()

    class Meta:
        verbose_name = "version de la grille"
        verbose_name_plural = "versions de la grille"
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                name="grid_levels_follow_each_other",
                condition=Q(medium_from__gte=1, high_from__gt=models.F("medium_from")),
                violation_error_message="Le niveau fort commence après le niveau moyen.",
            ),
        ]

    def __str__(self) -> str:
        return f"grille {self.number}"


class FlagQuerySet(models.QuerySet):
    """The vocabulary of flags."""

    def waiting(self) -> "FlagQuerySet":
        """Those that nobody has closed yet."""
        return self.filter(state__in=WAITING)

    def kept_long_enough(self, before: datetime) -> "FlagQuerySet":
        """Those closed before a moment, whose words are still there."""
        return self.filter(state__in=CLOSED, closed_at__lt=before, emptied_on=None)

    def most_urgent_first(self) -> "FlagQuerySet":
        """As they should be read: by urgency, then by what the grid found, then the oldest."""
        urgency = Case(
            *(When(urgency=one, then=Value(rank)) for rank, one in enumerate(Urgency)), output_field=IntegerField()
        )
        level = Case(
            *(When(level=one, then=Value(rank)) for rank, one in enumerate(reversed(Level))),
            output_field=IntegerField(),
        )
        return self.order_by(urgency, level, "pk")

    def with_list_related_data(self) -> "FlagQuerySet":
        """What a line of a list shows, in the same query."""
        return self.select_related(
            "partner", "contact", "commune__commune", "district", "person", "in_hand_by", "closed_by", "sealed_with",
            "grid",
        )  # fmt: skip


class Flag(SealedText):
    """A partner tells of somebody who may be isolated.

    What it says of them is sealed (aid.partners.contents), and goes before the rest does.
    """

    sealed = models.BinaryField("ce qui est dit", null=True)
    sealed_with = models.ForeignKey(
        "vault.TownKey",
        models.PROTECT,  # a key goes when it seals nothing any more
        null=True,
        related_name="+",
        verbose_name="scellé avec",
    )
    partner = models.ForeignKey(
        Partner,
        models.PROTECT,  # figures by partner
        related_name="flags",
        verbose_name="partenaire",
    )
    contact = models.ForeignKey(
        PartnerContact,
        models.PROTECT,  # who sent it reads what became of it
        related_name="flags",
        verbose_name="envoyé par",
    )
    grid = models.ForeignKey(
        GridVersion,
        models.PROTECT,  # never happens: versions are only added
        related_name="+",
        verbose_name="grille",
    )
    # Of the form that was sent: pressed twice, it is one flag.
    form_uid = models.UUIDField(editable=False)
    commune = models.ForeignKey(
        "territory.CoveredCommune",
        models.PROTECT,  # figures by place, and who may read it
        related_name="+",
        verbose_name="commune",
    )
    district = models.ForeignKey(
        "territory.District",
        models.SET_NULL,  # the commune still says where
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quartier",
    )
    urgency = models.CharField("à appeler", max_length=10, choices=Urgency)
    consent = models.CharField("accord", max_length=10, choices=FlagConsent)
    # What an agent noted afterwards, for a flag that came without it.
    later_consent = models.CharField("accord donné ensuite", max_length=10, choices=FlagConsent, blank=True)
    score = models.PositiveSmallIntegerField("points")
    level = models.CharField("niveau", max_length=10, choices=Level)
    state = models.CharField("état", max_length=15, choices=FlagState, default=FlagState.RECEIVED)
    sent_at = models.DateTimeField("envoyé le", default=timezone.now, editable=False)
    in_hand_at = models.DateTimeField("pris en main le", null=True, blank=True)
    in_hand_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # what was done outlives the agent's account
        null=True,
        blank=True,
        related_name="+",
        verbose_name="suivi par",
    )
    closed_at = models.DateTimeField("clos le", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # what was decided outlives the agent's account
        null=True,
        blank=True,
        related_name="+",
        verbose_name="clos par",
    )
    reason = models.CharField("pourquoi", max_length=15, choices=NoFollowUp, blank=True)
    person = models.ForeignKey(
        "people.Person",
        models.SET_NULL,  # the figures stay true when somebody is forgotten
        null=True,
        blank=True,
        related_name="flags",
        verbose_name="fiche",
    )
    emptied_on = models.DateField("vidé le", null=True, blank=True, editable=False)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = "signalement"
        indexes = [models.Index(fields=["sent_at"], name="flag_waiting", condition=Q(state__in=WAITING))]
        constraints = [
            models.UniqueConstraint(
                name="flag_is_sent_once",
                fields=["contact", "form_uid"],
                violation_error_message="Ce signalement est déjà envoyé.",
            ),
            models.CheckConstraint(
                name="flag_is_sealed_until_it_is_emptied",
                condition=Q(emptied_on=None, sealed__isnull=False, sealed_with__isnull=False)
                | Q(emptied_on__isnull=False, sealed=None, sealed_with=None),
                violation_error_message="Ce que dit un signalement est scellé, ou effacé.",
            ),
            models.CheckConstraint(
                name="flag_closed_has_a_date",
                condition=Q(state__in=WAITING, closed_at=None) | Q(state__in=CLOSED, closed_at__isnull=False),
                violation_error_message="Un signalement clos l’est depuis une date.",
            ),
            models.CheckConstraint(
                name="flag_without_follow_up_has_a_reason",
                condition=(Q(state=FlagState.NO_FOLLOW_UP) & ~Q(reason=""))
                | (~Q(state=FlagState.NO_FOLLOW_UP) & Q(reason="")),
                violation_error_message="Dites pourquoi le signalement est sans suite.",
            ),
            models.CheckConstraint(
                name="flag_leads_to_nobody_without_consent",
                condition=Q(person=None) | ~Q(consent=FlagConsent.NOT_ASKED) | Q(later_consent__in=GIVEN_LATER),
                violation_error_message="Notez d’abord l’accord de la personne.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of anybody: this ends in logs."""
        return f"signalement {self.pk}"

    def get_sealed_display(self) -> str:
        """What was said, line by line, as the person reads it; empty once that is gone. Raises SealError."""
        from aid.partners.contents import read

        said = read(self)
        return said.as_text(self) if said else ""

    @property
    def is_waiting(self) -> bool:
        """Whether somebody is yet to close it."""
        return self.state in WAITING

    @property
    def has_consent(self) -> bool:
        """Whether the person agreed, then or since: nobody's name is asked for, nor written down, before."""
        return self.consent != FlagConsent.NOT_ASKED or bool(self.later_consent)

    @property
    def told_state(self) -> str:
        """What the partner reads: an outcome, or that it arrived."""
        return FlagState(self.state).label if self.state in CLOSED else FlagState.RECEIVED.label
