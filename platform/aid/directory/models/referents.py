"""Whom to turn to: themes, referents, and what each is there for."""

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from aid.configuration.models import PhoneField
from aid.directory.enums import Title
from aid.directory.models.words import PublicWords
from aid.moderation.blocks import apart_from
from aid.moderation.models import Sanction
from aid.moderation.services import masked
from aid.onboarding.enums import VolunteerState
from aid.people.models import Person
from aid.privacy.enums import Agreed
from aid.territory.models import CoveredCommune, District, Named, Sector
from themes.icons import Icon


class Theme(Named):
    """What a referent knows about, in the town's words: « la mobilité »."""

    icon = models.CharField("dessin", max_length=20, choices=Icon, default=Icon.HEART)
    position = models.PositiveSmallIntegerField("rang", default=100, help_text="La plus petite vient en premier.")

    class Meta:
        verbose_name = "thème"
        ordering = ["position", "folded_name"]
        constraints = [
            models.UniqueConstraint(
                name="directory_theme_name",
                fields=["folded_name"],
                violation_error_message="Un thème porte déjà ce nom.",
            ),
            models.CheckConstraint(
                name="directory_theme_named",
                condition=~Q(folded_name=""),
                violation_error_message="Donnez un nom, avec des lettres ou des chiffres.",
            ),
        ]


class ReferentQuerySet(models.QuerySet):
    """The vocabulary of referents."""

    def running(self) -> "ReferentQuerySet":
        """Those whom nobody ended: maybe to come, maybe past their last day."""
        return self.filter(ended_at=None)

    def serving(self, today: datetime.date | None = None) -> "ReferentQuerySet":
        """Those who are referents today, and whom the town still vouches for."""
        day = today or timezone.localdate()
        out = Exists(Sanction.objects.standing().filter(person=OuterRef("person")))
        lives = (
            Q(person__merged_into=None, person__deceased_on=None)
            & ~Q(person__volunteer__state=VolunteerState.SUSPENDED)
            & ~out
        )
        return (
            self.running()
            .filter(starts_on__lte=day)
            .filter(Q(ends_on=None) | Q(ends_on__gte=day))
            .filter(Q(person__isnull=False) & lives | Q(account__is_active=True))
        )

    def on_site(self, reader: Person | None = None) -> "ReferentQuerySet":
        """Those whom visitors see: they serve today, and moderation hides nothing of them.

        Who does not want to see the reader, or the other way round, is left out.
        """
        seen = self.serving().filter(hidden_because="")
        return seen.exclude(apart_from(reader, path="person")) if reader else seen

    def with_places(self) -> "ReferentQuerySet":
        """Bring along themes and places, with their centres: a handful of queries, however many referents."""
        districts = District.objects.select_related("commune__commune")
        sectors = Sector.objects.prefetch_related("communes", models.Prefetch("districts", districts))
        return self.select_related("person__photo", "account").prefetch_related(
            "themes", "communes", models.Prefetch("districts", districts), models.Prefetch("sectors", sectors)
        )


class Referent(PublicWords):
    """Somebody to turn to, for places, for themes, or for both; for the whole territory where no place is said."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        "people.Person",
        models.CASCADE,  # public words go with who is forgotten
        null=True,
        blank=True,
        related_name="referents",
        verbose_name="personne",
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,  # nobody is behind it any more
        null=True,
        blank=True,
        related_name="referents",
        verbose_name="compte",
    )
    # All that is public of them, as they agreed to show it.
    name = models.CharField(
        "nom affiché", max_length=80, error_messages={"blank": "Écrivez le nom que tout le monde verra."}
    )
    title = models.CharField("se dit", max_length=10, choices=Title, default=Title.FEMININE)
    phone = PhoneField("téléphone affiché", max_length=16, blank=True)
    email = models.EmailField("adresse e-mail affichée", blank=True)
    days = models.CharField("quand", max_length=120, blank=True)
    agreed = models.CharField("accord", max_length=10, choices=Agreed)
    # That a photo is kept (aid.photos) lets nobody show it to everybody.
    shows_photo = models.BooleanField("photo montrée à tous", default=False)
    # Four lists in one table: each is changed by `set`; `clear` would take the rows of the others too.
    themes = models.ManyToManyField(
        Theme,
        through="Remit",
        through_fields=("referent", "theme"),
        blank=True,
        related_name="referents",
        verbose_name="thèmes",
    )
    sectors = models.ManyToManyField(
        Sector,
        through="Remit",
        through_fields=("referent", "sector"),
        blank=True,
        related_name="referents",
        verbose_name="secteurs",
    )
    communes = models.ManyToManyField(
        CoveredCommune,
        through="Remit",
        through_fields=("referent", "commune"),
        blank=True,
        related_name="referents",
        verbose_name="communes",
    )
    districts = models.ManyToManyField(
        District,
        through="Remit",
        through_fields=("referent", "district"),
        blank=True,
        related_name="referents",
        verbose_name="quartiers",
    )
    welcomes = models.BooleanField("accueille les nouveaux", default=True)
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("dernier jour", null=True, blank=True)
    created_at = models.DateTimeField("nommé le", auto_now_add=True)
    # What an administrator decided outlives their account.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="nommé par"
    )
    ended_at = models.DateTimeField("fini le", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="fini par"
    )  # the same

    objects = ReferentQuerySet.as_manager()

    class Meta:
        verbose_name = "référent"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="referent_is_a_person_or_an_account",
                condition=Q(person__isnull=False, account=None) | Q(person=None, account__isnull=False),
                violation_error_message="Un référent est une personne, ou un agent.",
            ),
            models.CheckConstraint(
                name="referent_has_a_name",
                condition=~Q(name=""),
                violation_error_message="Écrivez le nom que tout le monde verra.",
            ),
            models.CheckConstraint(
                name="referent_ends_after_the_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="Choisissez un dernier jour après le premier.",
            ),
            models.UniqueConstraint(
                name="referent_once_a_person",
                fields=["person"],
                condition=Q(ended_at=None, person__isnull=False),
                violation_error_message="Cette personne est déjà référente.",
            ),
            models.UniqueConstraint(
                name="referent_once_an_account",
                fields=["account"],
                condition=Q(ended_at=None, account__isnull=False),
                violation_error_message="Cet agent est déjà référent.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of anybody: this ends in logs."""
        return f"référent {self.pk}"

    @property
    def public_text(self) -> str:
        """All that was written of them for everybody, as moderation reads it; never empty."""
        return "\n".join(filter(None, [self.name, self.days, self.words]))

    @property
    def public_days(self) -> str:
        """When they may be reached, as everybody may read it."""
        return masked(self.days)

    @property
    def is_over(self) -> bool:
        """Whether somebody ended it, or its last day has passed."""
        return self.ended_at is not None or (self.ends_on is not None and self.ends_on < timezone.localdate())


class Remit(models.Model):
    """One thing that a referent is there for: a theme, or a place."""

    referent = models.ForeignKey(
        Referent,
        models.CASCADE,  # it is theirs
        db_index=False,
        related_name="remits",
        verbose_name="référent",
    )
    # What the town knows no more, nobody is there for; the referent stays.
    theme = models.ForeignKey(Theme, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="thème")
    sector = models.ForeignKey(
        Sector, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="secteur"
    )  # the same
    commune = models.ForeignKey(
        CoveredCommune, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="commune"
    )  # the same
    district = models.ForeignKey(
        District, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="quartier"
    )  # the same

    class Meta:
        verbose_name = "attribution d’un référent"
        verbose_name_plural = "attributions des référents"
        constraints = [
            models.UniqueConstraint(
                name="remit_is_said_once",
                fields=["referent", "theme", "sector", "commune", "district"],
                nulls_distinct=False,
                violation_error_message="Ce référent l’a déjà.",
            ),
            models.CheckConstraint(
                name="remit_is_one_thing",
                condition=Q(theme__isnull=False, sector=None, commune=None, district=None)
                | Q(theme=None, sector__isnull=False, commune=None, district=None)
                | Q(theme=None, sector=None, commune__isnull=False, district=None)
                | Q(theme=None, sector=None, commune=None, district__isnull=False),
                violation_error_message="Choisissez un thème, un secteur, une commune ou un quartier.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of anybody: this ends in logs."""
        return f"attribution {self.pk}"
