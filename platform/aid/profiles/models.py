"""Presentations: who wishes to be known to their neighbours, by what they like and what they offer.

Never an age, a trade, a family: what people have in common is what they like (docs/decisions/2026-11-26-profiles.md).
"""

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q

from aid.moderation.blocks import apart_from
from aid.moderation.models import Sanction
from aid.onboarding.enums import VolunteerState
from aid.people.models import Person
from aid.privacy.enums import RightKind
from aid.privacy.models import RightsRequest
from aid.profiles.enums import ProfileState
from aid.territory.models import Named

LONGEST_WORDS = 400
LONGEST_REASON = 600


class InterestQuerySet(models.QuerySet):
    """The vocabulary of interests."""

    def offered(self) -> "InterestQuerySet":
        """Those that people may choose."""
        return self.filter(is_offered=True)


class Interest(Named):
    """Something that people like, as the town words it: it follows « j’aime »."""

    position = models.PositiveSmallIntegerField("rang", default=100, help_text="La plus petite vient en premier.")
    is_offered = models.BooleanField("proposé aux habitants", default=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = "centre d’intérêt"
        verbose_name_plural = "centres d’intérêt"
        ordering = ["position", "folded_name"]
        constraints = [
            models.UniqueConstraint(
                name="interest_name",
                fields=["folded_name"],
                violation_error_message="Ce centre d’intérêt existe déjà.",
            ),
            models.CheckConstraint(
                name="interest_named",
                condition=~Q(folded_name=""),
                violation_error_message="Donnez un nom, avec des lettres ou des chiffres.",
            ),
        ]


class ProfileQuerySet(models.QuerySet):
    """The vocabulary of presentations."""

    def published(self) -> "ProfileQuerySet":
        """Those on the site now: wished for, not taken off, of somebody who is here.

        Who asked to be forgotten, or left in peace, is shown no more from the asking on (RGPD, art. 18 § 1 d); nor is
        who was suspended or excluded, as long as it lasts.
        """
        asked = RightsRequest.objects.filter(person=OuterRef("person"))
        leaves = asked.objecting() | asked.waiting().filter(kind=RightKind.FORGET)
        return self.filter(
            ~Exists(leaves),
            ~Exists(Sanction.objects.standing().filter(person=OuterRef("person"))),
            published_at__isnull=False,
            state=ProfileState.SHOWN,
            person__merged_into=None,
            person__deceased_on=None,
        )

    def shown_to(self, *, is_insider: bool, reader: Person | None = None) -> "ProfileQuerySet":
        """What somebody sees: everybody, the volunteers whom the town vouches for; who has signed in, residents too.

        A volunteer on leave, suspended or gone is shown to nobody. Who does not want to see the reader, or the other
        way round, is left out.
        """
        seen = Q(person__volunteer__state=VolunteerState.ADMITTED)
        if is_insider:
            seen |= Q(person__volunteer=None) | Q(person__volunteer__state=VolunteerState.CANDIDATE)
        shown = self.published().filter(seen)
        return shown.exclude(apart_from(reader, path="person")) if reader else shown

    def with_page_related_data(self) -> "ProfileQuerySet":
        """What a presentation shows, in a fixed number of queries."""
        people = self.select_related("person__commune__commune", "person__district", "person__volunteer__offer")
        return people.prefetch_related("interests", "person__volunteer__offer__kinds")


class Profile(models.Model):
    """How somebody wishes to be presented to their neighbours. Withdrawn, it holds nothing any more."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.OneToOneField(
        "people.Person",
        models.CASCADE,  # a presentation is somebody's
        related_name="profile",
        verbose_name="personne",
    )
    words = models.TextField("quelques mots", max_length=LONGEST_WORDS, blank=True)
    interests = models.ManyToManyField(Interest, blank=True, related_name="profiles", verbose_name="j’aime")
    state = models.CharField("état", max_length=10, choices=ProfileState, default=ProfileState.SHOWN)
    # Told to who is presented.
    reason = models.TextField("pourquoi", max_length=LONGEST_REASON, blank=True)
    # To neighbours who have signed in with a number of their own (profiles.reaching); nobody else.
    shows_phone = models.BooleanField("montre son téléphone", default=False)
    shows_email = models.BooleanField("montre son adresse e-mail", default=False)
    published_at = models.DateTimeField("présentée depuis le", null=True, blank=True)
    changed_at = models.DateTimeField("changée le", auto_now=True)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = "présentation"
        constraints = [
            models.CheckConstraint(
                name="profile_has_a_known_state",
                condition=Q(state__in=ProfileState.values),
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                name="profile_hidden_says_why",
                condition=~Q(state=ProfileState.HIDDEN) | ~Q(reason=""),
                violation_error_message="Dites pourquoi cette présentation est masquée.",
            ),
            models.CheckConstraint(
                name="profile_withdrawn_holds_nothing",
                condition=Q(published_at__isnull=False) | Q(words="", shows_phone=False, shows_email=False),
                violation_error_message="Une présentation retirée ne garde rien.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of the person: this ends in logs."""
        return f"présentation {self.pk}"

    @property
    def is_wished(self) -> bool:
        """Whether its person wants it on the site, be it shown or not."""
        return self.published_at is not None
