"""The journal of accesses (who read or changed somebody's card), and what people ask of what is known of them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from aid.people.models import Person
from aid.people.services import numbers_of
from aid.privacy.enums import CHANGED_APART, WAITING, Act, Agreed, ConsentKind, RightKind, RightState, SeenOn, Via
from core.models import AppendOnly


class AccessQuerySet(models.QuerySet):
    """The vocabulary of accesses."""

    def about(self, person: Person) -> "AccessQuerySet":
        """Those of this card, the last first; with what was done to every card, this one being there already."""
        everybody = Q(person=None, at__gte=person.created_at)
        # Of cards that were merged into this one too: nobody may change their number here.
        return self.filter(Q(person__in=numbers_of(person)) | everybody).order_by("-pk")

    def with_list_related_data(self) -> "AccessQuerySet":
        """Who, and what changed, as a line shows them."""
        return self.select_related("by_account", "by_person__merged_into").prefetch_related("changes")


class Access(AppendOnly):
    """One reading, or one change. It names no value: what a card held is in `ChangedValue`, which can be forgotten."""

    # It outlives them all, and nobody may write in it again: their numbers stay, whatever becomes of them.
    person = models.ForeignKey(
        Person, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+",
        verbose_name="fiche",
    )  # fmt: skip
    by_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+",
        verbose_name="par le compte",
    )  # fmt: skip
    by_person = models.ForeignKey(
        Person, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+",
        verbose_name="par",
    )  # fmt: skip
    act = models.CharField("geste", max_length=10, choices=Act)
    screen = models.CharField("écran", max_length=10, choices=SeenOn, blank=True)
    at = models.DateTimeField("le", auto_now_add=True)

    objects = AccessQuerySet.as_manager()

    class Meta:
        verbose_name = "accès à une fiche"
        verbose_name_plural = "accès aux fiches"
        indexes = [models.Index(fields=["person", "-id"], name="access_by_person")]
        constraints = [
            models.CheckConstraint(
                name="access_is_a_reading_on_a_screen_or_a_change",
                condition=Q(act=Act.READ, screen__in=SeenOn.values)
                | Q(act=Act.CHANGED, screen__in=["", *CHANGED_APART]),
                violation_error_message="Un accès est une lecture sur un écran, ou une modification.",
            ),
            models.CheckConstraint(
                name="access_to_every_card_is_an_export",
                condition=Q(person__isnull=False) | Q(screen=SeenOn.EXPORT),
                violation_error_message="Seul un export lit toutes les fiches à la fois.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of the person: this ends in logs."""
        return f"accès {self.pk}"


class ChangedValue(models.Model):
    """What a change replaced, as people read it. Kept apart from the journal, so that it can be forgotten."""

    access = models.ForeignKey(
        Access,
        models.CASCADE,  # never happens: the journal is only added to
        related_name="changes",
        verbose_name="accès",
    )
    field = models.CharField("champ", max_length=40)
    before = models.CharField("avant", max_length=600, blank=True)
    after = models.CharField("après", max_length=600, blank=True)

    class Meta:
        verbose_name = "valeur modifiée"
        verbose_name_plural = "valeurs modifiées"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="changed_value_differs",
                condition=~Q(before=F("after")),
                violation_error_message="Une valeur modifiée n’est plus la même.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of the values: this ends in logs."""
        return f"valeur {self.pk}"

    def get_field_display(self) -> str:
        """The field, as screens name it."""
        return str(Person._meta.get_field(self.field).verbose_name)


class RightsRequestQuerySet(models.QuerySet):
    """The vocabulary of demands."""

    def waiting(self) -> "RightsRequestQuerySet":
        """Those that somebody at the town is yet to act on."""
        return self.filter(state__in=WAITING)

    def objecting(self) -> "RightsRequestQuerySet":
        """Who wants no word any more: from the asking on, which the town examines afterwards (RGPD, art. 18 § 1 d)."""
        return self.filter(kind=RightKind.OBJECT, state__in=[*WAITING, RightState.DONE])

    def with_list_related_data(self) -> "RightsRequestQuerySet":
        """Who asks, and who took it in hand."""
        return self.select_related("person", "entered_by", "taken_by", "closed_by")


class RightsRequest(models.Model):
    """Somebody asks to be corrected, left in peace, or forgotten. Once forgotten, nothing of them stays in it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        Person,
        models.SET_NULL,  # that somebody was forgotten is kept, never who
        null=True,
        related_name="rights_requests",
        verbose_name="personne",
    )
    kind = models.CharField("demande", max_length=10, choices=RightKind)
    state = models.CharField("état", max_length=10, choices=RightState, default=RightState.ASKED)
    words = models.TextField("précisions", max_length=1000, blank=True)
    via = models.CharField("venue", max_length=10, choices=Via)
    # Empty: herself.
    asked_by_name = models.CharField("demandée par", max_length=120, blank=True)
    asked_at = models.DateTimeField("demandée le", auto_now_add=True)
    # One month (RGPD, art. 12 § 3).
    due_on = models.DateField("à faire avant le")
    # What agents did outlives their accounts.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="saisie par",
    )  # fmt: skip
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="prise en main par",
    )  # fmt: skip
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="close par",
    )  # fmt: skip
    closed_at = models.DateTimeField("close le", null=True, blank=True)
    answer = models.TextField("réponse", max_length=600, blank=True)

    objects = RightsRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande sur ses données"
        verbose_name_plural = "demandes sur ses données"
        indexes = [models.Index(fields=["state", "due_on"], name="rights_by_state_and_date")]
        constraints = [
            models.CheckConstraint(
                name="rights_request_is_of_a_known_kind",
                condition=Q(kind__in=RightKind.values, state__in=RightState.values, via__in=Via.values),
                violation_error_message="Cette demande n’existe pas.",
            ),
            models.UniqueConstraint(
                name="rights_request_waits_once",
                fields=["person", "kind"],
                condition=Q(state__in=WAITING),
                violation_error_message="Cette demande est déjà faite.",
            ),
            models.CheckConstraint(
                name="rights_request_waits_for_somebody",
                condition=~Q(state__in=WAITING) | Q(person__isnull=False, closed_at=None),
                violation_error_message="Une demande en attente est celle de quelqu’un.",
            ),
            models.CheckConstraint(
                name="rights_request_closed_has_a_date",
                condition=Q(state__in=WAITING) | Q(closed_at__isnull=False),
                violation_error_message="Une demande close l’est depuis une date.",
            ),
            models.CheckConstraint(
                name="rights_request_lifted_is_an_objection",
                condition=~Q(state=RightState.LIFTED) | Q(kind=RightKind.OBJECT),
                violation_error_message="Seul le refus d’être contacté se lève.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of the person: this ends in logs."""
        return f"demande sur ses données {self.pk}"

    @property
    def is_waiting(self) -> bool:
        """Whether somebody at the town is yet to act."""
        return self.state in WAITING


class RetentionPeriod(models.Model):
    """How many months the town keeps a kind of data, where it chose (aid.privacy.retention)."""

    key = models.CharField("nature", max_length=30, unique=True, error_messages={"unique": "Cette durée existe déjà."})
    months = models.PositiveSmallIntegerField("mois")
    set_at = models.DateTimeField("choisie le")
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the choice outlives the account
        null=True,
        related_name="+",
        verbose_name="choisie par",
    )

    class Meta:
        verbose_name = "durée de conservation"
        verbose_name_plural = "durées de conservation"
        constraints = [
            models.CheckConstraint(
                name="retention_period_is_some_months",
                condition=Q(months__range=(1, 240)),
                violation_error_message="Écrivez une durée de 1 à 240 mois.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} : {self.months} mois"


class Purge(models.Model):
    """How many rows of a kind of data were taken away on a day."""

    key = models.CharField("nature", max_length=30)
    day = models.DateField("jour")
    rows = models.PositiveIntegerField("lignes", default=0)

    class Meta:
        verbose_name = "effacement"
        constraints = [
            models.UniqueConstraint(
                name="purge_counts_a_day_once",
                fields=["key", "day"],
                violation_error_message="Ce jour est déjà compté.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}, {self.day:%d/%m/%Y} : {self.rows}"


class Leaving(models.Model):
    """Somebody silent for long was told that they will be forgotten; they may stay (aid.privacy.leaving)."""

    person = models.OneToOneField(
        Person,
        models.CASCADE,  # they left
        related_name="leaving",
        verbose_name="personne",
    )
    told_at = models.DateTimeField("prévenue le")
    goes_on = models.DateField("oubliée le", db_index=True)
    stayed_at = models.DateTimeField("reste depuis le", null=True, blank=True)

    class Meta:
        verbose_name = "départ annoncé"
        verbose_name_plural = "départs annoncés"

    def __str__(self) -> str:
        """Nothing of the person: this ends in logs."""
        return f"départ annoncé {self.pk}"


class ConsentText(models.Model):
    """The words that people agree to, each time they changed. A version is never written again."""

    kind = models.CharField("accord", max_length=20, choices=ConsentKind)
    version = models.PositiveSmallIntegerField("version")
    words = models.TextField("texte", max_length=2000)
    since = models.DateTimeField("depuis le", auto_now_add=True)

    class Meta:
        verbose_name = "texte d’un accord"
        verbose_name_plural = "textes des accords"
        constraints = [
            models.UniqueConstraint(
                name="consent_text_has_one_version",
                fields=["kind", "version"],
                violation_error_message="Cette version existe déjà.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, version {self.version}"


class Consent(AppendOnly):
    """Somebody agreed to a version of a text, or takes it back; the last one counts."""

    # It outlives them all, and nobody may write in it again: their numbers stay, whatever becomes of them.
    person = models.ForeignKey(
        Person, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+", verbose_name="personne",
    )  # fmt: skip
    text = models.ForeignKey(
        ConsentText, models.PROTECT, related_name="+", verbose_name="texte"
    )  # what was agreed to is the proof
    is_given = models.BooleanField("donné")
    how = models.CharField("comment", max_length=10, choices=Agreed)
    by_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+",
        verbose_name="noté par",
    )  # fmt: skip
    at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "accord"
        indexes = [models.Index(fields=["person", "-id"], name="consent_by_person")]
        constraints = [
            models.CheckConstraint(
                name="consent_is_given_in_a_known_way",
                condition=Q(how__in=Agreed.values),
                violation_error_message="Un accord se donne sur le site, de vive voix, sur papier ou par un mandat.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of the person: this ends in logs."""
        return f"accord {self.pk}"


class Forgotten(AppendOnly):
    """The number of somebody who was forgotten: it leads nowhere, but in a backup of before (`forget_again`)."""

    number = models.BigIntegerField("numéro", unique=True, error_messages={"unique": "Déjà noté."})
    at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "numéro oublié"
        verbose_name_plural = "numéros oubliés"

    def __str__(self) -> str:
        return f"numéro oublié {self.number}"
