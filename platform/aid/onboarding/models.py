"""Volunteers: persons whom the town admits, and so vouches for."""

from django.db import models
from django.db.models import Q

from aid.onboarding.enums import VolunteerState


class VolunteerQuerySet(models.QuerySet):
    """The vocabulary of volunteers."""

    def admitted(self) -> "VolunteerQuerySet":
        """Those who may be asked to help."""
        return self.filter(state=VolunteerState.ADMITTED, person__merged_into=None, person__deceased_on=None)


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

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = "bénévole"
        constraints = [
            models.CheckConstraint(
                name="volunteer_admitted_has_a_date",
                condition=~Q(state=VolunteerState.ADMITTED) | Q(admitted_on__isnull=False),
                violation_error_message="Un bénévole admis l’est depuis une date.",
            ),
        ]

    def __str__(self) -> str:
        return self.person.public_name
