"""One-off offers: what a volunteer proposes for one day, and that people answer (docs/decisions, one-off offers)."""

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from aid.configuration.enums import Asking, Helping
from aid.configuration.models import KindOfHelp
from aid.moderation.blocks import apart_from
from aid.moderation.models import Sanction
from aid.offers.absences import Absence
from aid.offers.enums import PartOfDay
from aid.onboarding.models import Volunteer, lacking
from aid.people.models import Person
from aid.privacy.enums import RightKind
from aid.privacy.models import RightsRequest

LONGEST_WORDS = 300
LONGEST_REASON = 600
MOST_PLACES = 8
# Without one of these nor an hour: any time that day.
MOMENTS = (PartOfDay.MORNING, PartOfDay.AFTERNOON)
# As `cleared_for` says it of one kind: where only volunteers help, or only associations.
MAY_HELP = Q(volunteer__speaks_for=None, kind__helpers__contains=[Helping.VOLUNTEER]) | Q(
    volunteer__speaks_for__isnull=False, kind__helpers__contains=[Helping.ASSOCIATION]
)


class OneOffOfferQuerySet(models.QuerySet):
    """The vocabulary of one-off offers."""

    def to_come(self) -> "OneOffOfferQuerySet":
        """Those whose hour has not come, and that were not called off."""
        return self.filter(until__gt=timezone.now(), called_off_at=None)

    def shown_to(self, reader: Person, *, by: Person | None = None) -> "OneOffOfferQuerySet":
        """Those that a neighbour who has signed in may read, and answer: of others, who may give that help that day.

        As presentations (aid.profiles), who is suspended, or asked to be forgotten or left in peace, is shown no more,
        nor who is apart from the reader. `by`: who reads for them, under a mandate; theirs are left out as well.
        """
        volunteer, there = OuterRef("volunteer"), OuterRef("volunteer__person")
        # A mandate asks as somebody close does, whatever they are to each other (aid.help_requests.enums.ASKING).
        asking = Asking.RESIDENT if by is None else Asking.CARER
        away = Absence.objects.covering(OuterRef("day")).filter(offer__volunteer=volunteer)
        asked = RightsRequest.objects.filter(person=there)
        leaves = asked.objecting() | asked.waiting().filter(kind=RightKind.FORGET)
        shown = self.to_come().filter(
            MAY_HELP,
            ~Exists(away),
            ~Exists(lacking(volunteer, kinds=OuterRef("kind"))),
            ~Exists(leaves),
            ~Exists(Sanction.objects.standing().filter(person=there)),
            hidden_because="",
            kind__in=KindOfHelp.objects.offered().asked_by([asking]),
            volunteer__in=Volunteer.objects.admitted(of_few=True),
        )
        for person in filter(None, (reader, by)):
            shown = shown.exclude(volunteer__person=person).exclude(apart_from(person, path="volunteer__person"))
        return shown

    def with_page_related_data(self) -> "OneOffOfferQuerySet":
        """What a line of a list shows, in the same query."""
        return self.select_related("kind", "commune__commune", "district", "volunteer__person")


class OneOffOffer(models.Model):
    """« Samedi je vais au marché en voiture, deux places »: a help, a day, a place, some words. It ends by itself."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    volunteer = models.ForeignKey(
        "onboarding.Volunteer",
        models.CASCADE,  # an offer is somebody's
        related_name="one_off_offers",
        verbose_name="bénévole",
    )
    kind = models.ForeignKey(
        "configuration.KindOfHelp",
        models.PROTECT,  # a kind is hidden, never lost
        db_index=False,
        related_name="+",
        verbose_name="aide",
    )
    day = models.DateField("jour")
    hour = models.TimeField("heure", null=True, blank=True)
    moment = models.CharField("moment", max_length=10, choices=[(one.value, one.label) for one in MOMENTS], blank=True)
    # Its hour, or the latest one of its moment: from then on nobody answers.
    until = models.DateTimeField("jusqu’au", editable=False)
    commune = models.ForeignKey(
        "territory.CoveredCommune",
        models.PROTECT,  # as requests': a commune leaves the territory once it has none any more
        db_index=False,
        related_name="+",
        verbose_name="commune",
    )
    district = models.ForeignKey(
        "territory.District",
        models.SET_NULL,  # the commune still says where
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name="quartier",
    )
    places = models.PositiveSmallIntegerField("places", default=1)
    words = models.TextField("quelques mots", max_length=LONGEST_WORDS, blank=True)
    # Why nobody sees it, as its volunteer reads it: the town's rules hold it, or an agent took it away.
    hidden_because = models.TextField("masquée parce que", max_length=LONGEST_REASON, blank=True)
    called_off_at = models.DateTimeField("retirée le", null=True, blank=True)
    created_at = models.DateTimeField("proposée le", auto_now_add=True)

    objects = OneOffOfferQuerySet.as_manager()

    class Meta:
        verbose_name = "proposition d’un jour"
        verbose_name_plural = "propositions d’un jour"
        constraints = [
            models.CheckConstraint(
                name="one_off_offer_has_some_places",
                condition=Q(places__range=(1, MOST_PLACES)),
                violation_error_message=f"Écrivez un nombre de places entre 1 et {MOST_PLACES}.",
            ),
            models.CheckConstraint(
                name="one_off_offer_has_one_moment",
                condition=Q(moment="") | Q(moment__in=MOMENTS, hour=None),
                violation_error_message="Donnez une heure, ou un moment de la journée.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of anybody: this ends in logs."""
        return f"proposition d’un jour {self.pk}"

    @property
    def place(self) -> str:
        """The district, else the commune: never an address."""
        return f"{self.district}, {self.commune}" if self.district else str(self.commune)

    @property
    def may_be_answered(self) -> bool:
        """Whether its hour is to come, and it was neither called off nor hidden."""
        return self.called_off_at is None and not self.hidden_because and self.until > timezone.now()
