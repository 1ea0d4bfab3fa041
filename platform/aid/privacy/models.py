"""The journal of accesses: who read or changed somebody's card, when, on which screen."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from aid.people.models import Person
from aid.people.services import numbers_of
from aid.privacy.enums import Act, SeenOn
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
                condition=Q(act=Act.READ, screen__in=SeenOn.values) | Q(act=Act.CHANGED, screen__in=["", SeenOn.NOTES]),
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
