"""Volunteers: persons whom the town admits, and so vouches for."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from aid.configuration.enums import Helping
from aid.configuration.models import KindOfHelp
from aid.onboarding.enums import Source, VolunteerState
from aid.onboarding.models.steps import LONGEST_WORDS, Step, holding_all, lacking, without_lack
from core.models import AppendOnly

LONGEST_REASON = 600
# Who may be admitted, whatever their steps: who lives, is not away nor suspended.
STANDING = Q(state=VolunteerState.ADMITTED, person__merged_into=None, person__deceased_on=None)


def is_admitted(*, day: datetime.date | None = None) -> Q:
    """The condition of `admitted(of_few=True)`, on volunteers: to tell it of one, rather than leave the others out."""
    return STANDING & ~Q(Exists(lacking(OuterRef("pk"), day=day)))


class VolunteerQuerySet(models.QuerySet):
    """The vocabulary of volunteers."""

    def admitted(self, *, of_few: bool = False, day: datetime.date | None = None) -> "VolunteerQuerySet":
        """Those whom the town vouches for now: who lives, is not away nor suspended, and whose steps all hold today.

        Reads the town's steps now, by a query. `of_few`: of one, or of a page of them, all in their own query. `day`:
        steps that hold on another one.
        """
        return self.filter(is_admitted(day=day)) if of_few else without_lack(self.filter(STANDING), day=day)

    def cleared_for(self, kind: KindOfHelp, *, steps: Iterable[Step] | None = None) -> "VolunteerQuerySet":
        """Of these, who may be asked for a kind of help: the steps that it alone asks for hold too.

        Reads these now, unless they are given (`required_by_kind`). Where only volunteers help, or only associations,
        the others are left out.
        """
        cleared = without_lack(self, kinds=kind) if steps is None else holding_all(self, steps)
        if Helping.ASSOCIATION not in kind.helpers:
            cleared = cleared.filter(speaks_for=None)
        if Helping.VOLUNTEER not in kind.helpers:
            cleared = cleared.exclude(speaks_for=None)
        return cleared


class Volunteer(models.Model):
    """A person as a volunteer of the town."""

    person = models.OneToOneField(
        "people.Person",
        models.CASCADE,  # nobody volunteers without being somebody
        related_name="volunteer",
        verbose_name="personne",
    )
    state = models.CharField("état", max_length=10, choices=VolunteerState, default=VolunteerState.CANDIDATE)
    admitted_on = models.DateField("admis le", null=True, blank=True)
    applied_at = models.DateTimeField("candidature reçue le", null=True, blank=True)
    source = models.CharField("comment", max_length=5, choices=Source, default=Source.TOWN)
    motivation = models.TextField("ses mots", max_length=LONGEST_WORDS, blank=True)
    # The association that answers through them.
    speaks_for = models.ForeignKey(
        "partners.Partner",
        models.SET_NULL,  # they stay, as a volunteer of their own
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # nobody is looked for by it alone
        verbose_name="vient pour",
    )

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = "bénévole"
        indexes = [models.Index(fields=["state", "person"], name="volunteer_by_state")]
        constraints = [
            models.CheckConstraint(
                name="volunteer_admitted_has_a_date",
                condition=~Q(state=VolunteerState.ADMITTED) | Q(admitted_on__isnull=False),
                violation_error_message="Un bénévole admis l’est depuis une date.",
            ),
        ]

    def __str__(self) -> str:
        return self.person.public_name

    @property
    def shown_name(self) -> str:
        """« Paul », or « Paul, pour Les Petits Frères »: for whom they go to."""
        name = self.person.first_name
        return f"{name}, pour {self.speaks_for.name}" if self.speaks_for else name


class VolunteerMove(AppendOnly):
    """The journal of a volunteer's place: each change, when, and by whom."""

    volunteer = models.ForeignKey(
        Volunteer,
        models.DO_NOTHING,  # the line outlives them, and leads to nobody
        db_constraint=False,
        related_name="moves",
        verbose_name="bénévole",
    )
    name = models.CharField("geste", max_length=20)
    from_state = models.CharField("de", max_length=10, choices=VolunteerState, blank=True)
    to_state = models.CharField("devient", max_length=10, choices=VolunteerState)
    at = models.DateTimeField("le", default=timezone.now, editable=False)
    by_account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,  # the line outlives the account, and nobody may write in it again
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
        verbose_name="par l’agent",
    )

    class Meta:
        verbose_name = "geste sur un bénévole"
        verbose_name_plural = "gestes sur les bénévoles"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class MoveWords(models.Model):
    """Why it was done. Kept apart from the journal, which nobody may change, so that it can be forgotten."""

    move = models.OneToOneField(
        VolunteerMove,
        models.CASCADE,  # never happens: the journal is only added to
        related_name="said",
        verbose_name="geste",
    )
    words = models.TextField("raison", max_length=LONGEST_REASON)

    class Meta:
        verbose_name = "raison d’un geste"
        verbose_name_plural = "raisons des gestes"

    def __str__(self) -> str:
        """Nothing of the words: this ends in logs."""
        return f"raison {self.pk}"
