"""What is kept to thank volunteers: a birthday that they told, certificates that were given, the letter of a year.

What they gave is nowhere here: it is counted, each time, from the requests that were done (`giving`).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.dates import MONTHS

from aid.recognition.volunteers import HERE

LONGEST_LETTER = 1500
THIRTY_DAYS = (4, 6, 9, 11)
FEBRUARY = 2


class BirthdayQuerySet(models.QuerySet):
    """The vocabulary of birthdays."""

    def to_wish(self) -> "BirthdayQuerySet":
        """Those of volunteers who are here, or on leave: never of who left, is suspended, or died."""
        return self.filter(
            person__volunteer__state__in=HERE,
            person__merged_into=None,
            person__deceased_on=None,
        )


class Birthday(models.Model):
    """The day and the month that a volunteer told, for a word that day. Never a year: nobody's age is asked."""

    person = models.OneToOneField(
        "people.Person",
        models.CASCADE,  # a birthday is somebody's
        related_name="birthday",
        verbose_name="personne",
    )
    day = models.PositiveSmallIntegerField("jour")
    month = models.PositiveSmallIntegerField("mois")
    told_at = models.DateTimeField("dit le", default=timezone.now, editable=False)

    objects = BirthdayQuerySet.as_manager()

    class Meta:
        verbose_name = "anniversaire"
        constraints = [
            models.CheckConstraint(
                name="birthday_is_a_day_of_the_year",
                condition=Q(month__range=(1, 12), day__range=(1, 31))
                & (~Q(month__in=THIRTY_DAYS) | Q(day__lte=30))
                & (~Q(month=FEBRUARY) | Q(day__lte=29)),
                violation_error_message="Ce jour n’existe pas dans ce mois.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of the person: this ends in logs."""
        return f"anniversaire {self.pk}"

    @property
    def words(self) -> str:
        """The day as people say it: « 1er mars »."""
        return f"{'1er' if self.day == 1 else self.day} {MONTHS[self.month]}"


class Certificate(models.Model):
    """A certificate of engagement that was given, as it was: so that the town can say whether one is true."""

    person = models.ForeignKey(
        "people.Person",
        models.CASCADE,  # nothing is left to certify of who was forgotten
        related_name="certificates",
        verbose_name="personne",
    )
    # None: all that was given, up to the day.
    year = models.PositiveSmallIntegerField("année", null=True, blank=True)
    services = models.PositiveIntegerField("services rendus")
    minutes = models.PositiveIntegerField("durée, en minutes")
    issued_on = models.DateField("faite le")
    by_account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # what was given outlives the agent's account
        null=True,
        blank=True,
        related_name="+",
        verbose_name="imprimée par",
    )

    class Meta:
        verbose_name = "attestation"
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="certificate_counts_something",
                condition=Q(services__gte=1, minutes__gte=1),
                violation_error_message="Une attestation compte au moins un service rendu.",
            ),
        ]

    def __str__(self) -> str:
        return f"attestation {self.number}"

    @property
    def number(self) -> str:
        """What it is called: « 2026-00042 »."""
        return f"{self.issued_on:%Y}-{self.pk:05}"


class YearlyLetter(models.Model):
    """The town's words to all who gave time in a year: one letter a year, by post or by e-mail."""

    year = models.PositiveSmallIntegerField(
        "année", unique=True, error_messages={"unique": "La lettre de cette année est déjà écrite."}
    )
    words = models.TextField("vos mots", max_length=LONGEST_LETTER)
    # Agents' acts outlive their accounts.
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="écrite par",
    )  # fmt: skip
    sent_at = models.DateTimeField("envoyée le", null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="envoyée par",
    )  # fmt: skip

    class Meta:
        verbose_name = "lettre de l’année"
        verbose_name_plural = "lettres de l’année"
        constraints = [
            models.CheckConstraint(
                name="yearly_letter_says_something",
                condition=~Q(words=""),
                violation_error_message="Écrivez quelques mots.",
            ),
        ]

    def __str__(self) -> str:
        return f"lettre de {self.year}"
