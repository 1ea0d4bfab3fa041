"""The steps of a volunteer: what the town asks for, what each passed, came to, is expected at."""

import datetime
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from aid.configuration.models import KindOfHelp
from aid.onboarding.enums import AppointmentState, How, Passing, Proof, StepKind
from aid.onboarding.models.charters import Charter
from aid.people.models import private_storage

LONGEST_WORDS = 1000
LONGEST_TITLE = 120


class StepQuerySet(models.QuerySet):
    """The vocabulary of steps."""

    def asked(self) -> "StepQuerySet":
        """Those that the town asks for today."""
        return self.filter(is_asked=True)

    def required(self, kinds: KindOfHelp | OuterRef | None = None) -> "StepQuerySet":
        """Those without which nobody is admitted; or is asked for a kind of help, where it is told."""
        return self.asked().filter(is_required=True, kinds=kinds)

    def required_by_kind(self) -> "dict[int, list[Step]]":
        """Those that each kind of help alone asks for, by its number. Read now, in one query for all kinds."""
        found: dict[int, list[Step]] = {}
        for step in self.asked().filter(is_required=True, kinds__isnull=False).annotate(of_kind=F("kinds")):
            found.setdefault(step.of_kind, []).append(step)
        return found


class Step(models.Model):
    """One thing that the town wants done before it vouches for somebody, or before it asks some help of them."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("nature", max_length=10, choices=StepKind)
    name = models.CharField("nom", max_length=80, help_text="Tel que le bénévole le lit : « Un entretien avec nous ».")
    words = models.TextField(
        "explication", max_length=LONGEST_WORDS, blank=True, help_text="Ce qui l’attend, en deux ou trois phrases."
    )
    position = models.PositiveSmallIntegerField("rang", default=10)
    is_asked = models.BooleanField("demandée aujourd’hui", default=True)
    is_required = models.BooleanField(
        "obligatoire",
        default=True,
        help_text="Sans elle, personne n’est admis ; périmée, plus rien n’est proposé à ce bénévole.",
    )
    # For volunteers admitted before it was asked for: until then they go on.
    asked_from = models.DateField(
        "demandée aux bénévoles déjà admis à partir du",
        null=True,
        blank=True,
        help_text="Jusque-là, ceux qui aident déjà continuent.",
    )
    validity_months = models.PositiveSmallIntegerField(
        "valable, en mois", null=True, blank=True, help_text="Vide : sans limite."
    )
    minutes = models.PositiveSmallIntegerField(
        "minutes de formation", null=True, blank=True, help_text="Pour une formation : 300 pour deux fois 2 h 30."
    )
    proof = models.CharField("preuve", max_length=4, choices=Proof, default=Proof.NONE)
    is_reserved = models.BooleanField(
        "notée par un administrateur seulement",
        default=False,
        help_text="Sinon, tout agent qui accueille les bénévoles la note.",
    )
    kinds = models.ManyToManyField(
        KindOfHelp,
        blank=True,
        related_name="steps",
        verbose_name="seulement pour ces aides",
        help_text="Vide : pour toutes. Sinon, elle n’ouvre que celles-là : un permis de conduire, pour les trajets.",
    )

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = "étape"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="step_kind_is_known",
                condition=Q(kind__in=StepKind.values),
                violation_error_message="Cette nature d’étape n’existe pas.",
            ),
            models.CheckConstraint(
                name="step_training_has_minutes",
                condition=Q(kind=StepKind.TRAINING, minutes__gt=0) | (~Q(kind=StepKind.TRAINING) & Q(minutes=None)),
                violation_error_message="Une formation a une durée, et elle seule.",
            ),
            models.CheckConstraint(
                name="step_is_valid_for_a_while",
                condition=Q(validity_months=None) | Q(validity_months__gt=0),
                violation_error_message="Une étape est valable un mois au moins.",
            ),
            models.CheckConstraint(
                name="step_criminal_record_is_never_kept",
                condition=~Q(kind=StepKind.RECORD, proof=Proof.KEPT),
                violation_error_message="Un casier judiciaire se regarde, il ne se garde jamais.",
            ),
            models.UniqueConstraint(
                name="step_one_charter_is_asked",
                fields=["kind"],
                condition=Q(kind=StepKind.CHARTER, is_asked=True),
                violation_error_message="La ville a déjà une étape pour signer la charte.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_asked_on(self, day: datetime.date) -> bool:
        """Whether who was admitted before it was asked for must have passed it by that day."""
        return self.asked_from is None or self.asked_from <= day


class StepRecordQuerySet(models.QuerySet):
    """The vocabulary of steps passed."""

    def holding(self, day: datetime.date | None = None) -> "StepRecordQuerySet":
        """Those that are still good on a day, today if none is told."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day or timezone.localdate()))

    def lapsed(self, day: datetime.date | None = None) -> "StepRecordQuerySet":
        """Those that were good until a day before."""
        return self.filter(valid_until__lt=day or timezone.localdate())


class StepRecord(models.Model):
    """A volunteer passed a step, or was let off it: when, who says so, and until when it is good."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    volunteer = models.ForeignKey(
        "onboarding.Volunteer",
        models.CASCADE,  # it says nothing without who passed it
        related_name="records",
        verbose_name="bénévole",
        db_index=False,  # below, with the step
    )
    step = models.ForeignKey(
        Step,
        models.PROTECT,  # what was passed stays told: a step that is asked no more is put aside
        related_name="records",
        verbose_name="étape",
    )
    passing = models.CharField("comment", max_length=6, choices=Passing, default=Passing.PASSED)
    passed_on = models.DateField("faite le")
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    # Why somebody was let off it; who vouches, for a reference; with whom, for a trial.
    words = models.CharField("précision", max_length=300, blank=True)
    charter = models.ForeignKey(
        Charter,
        models.PROTECT,  # what was signed stays what was signed
        null=True,
        blank=True,
        related_name="+",
        verbose_name="charte signée",
    )
    how = models.CharField("signée", max_length=9, choices=How, blank=True)
    # Named by us: a file's own name may be somebody's.
    proof_file = models.FileField("document", storage=private_storage, upload_to="proofs", blank=True)
    noted_at = models.DateTimeField("notée le", auto_now_add=True)
    # None: by the volunteer.
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # what was seen outlives the agent's account
        null=True,
        blank=True,
        related_name="+",
        verbose_name="notée par",
    )

    objects = StepRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "étape faite"
        verbose_name_plural = "étapes faites"
        ordering = ["-passed_on", "-pk"]
        indexes = [
            models.Index(fields=["volunteer", "step", "valid_until"], name="record_by_volunteer_step"),
            models.Index(fields=["valid_until"], name="record_by_end", condition=Q(valid_until__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="record_ends_after_it_began",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("passed_on")),
                violation_error_message="Une étape est valable après avoir été faite.",
            ),
            models.CheckConstraint(
                name="record_waived_has_a_reason",
                condition=~Q(passing=Passing.WAIVED, words=""),
                violation_error_message="Dites pourquoi cette étape n’est pas demandée.",
            ),
            models.CheckConstraint(
                name="record_charter_is_signed_somehow",
                condition=Q(charter=None, how="") | (Q(charter__isnull=False) & ~Q(how="")),
                violation_error_message="Dites comment la charte a été signée.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of anybody: this ends in logs."""
        return f"étape faite {self.pk}"


class AttendanceQuerySet(models.QuerySet):
    """The vocabulary of time spent in training."""

    def counted(self) -> "AttendanceQuerySet":
        """What counts towards the next time that the step is passed: what came after the last."""
        passed = StepRecord.objects.filter(
            volunteer=OuterRef("volunteer"),
            step=OuterRef("step"),
            passing=Passing.PASSED,
            passed_on__gte=OuterRef("on"),
        )
        return self.exclude(Exists(passed))


class Attendance(models.Model):
    """Some time that a volunteer spent in training: once it adds up, the step is passed (onboarding.passing)."""

    volunteer = models.ForeignKey(
        "onboarding.Volunteer",
        models.CASCADE,  # it says nothing without who came
        related_name="attendances",
        verbose_name="bénévole",
    )
    step = models.ForeignKey(
        Step,
        models.PROTECT,  # as records
        related_name="attendances",
        verbose_name="étape",
    )
    on = models.DateField("le")
    minutes = models.PositiveSmallIntegerField("minutes")
    title = models.CharField("séance", max_length=LONGEST_TITLE, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # who came outlives the agent's account
        null=True,
        related_name="+",
        verbose_name="notée par",
    )

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = "séance de formation"
        verbose_name_plural = "séances de formation"
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="attendance_lasts",
                condition=Q(minutes__range=(1, 1440)),
                violation_error_message="Une séance dure de une minute à un jour.",
            ),
            models.UniqueConstraint(
                name="attendance_once_a_session",
                fields=["volunteer", "step", "on", "title"],
                violation_error_message="Cette séance est déjà notée.",
            ),
        ]

    def __str__(self) -> str:
        return f"séance {self.pk}"


class Appointment(models.Model):
    """A meeting for a step: an interview, a training, a trial visit."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    volunteer = models.ForeignKey(
        "onboarding.Volunteer",
        models.CASCADE,  # nobody is met
        related_name="appointments",
        verbose_name="bénévole",
    )
    step = models.ForeignKey(
        Step,
        models.PROTECT,  # as records
        related_name="appointments",
        verbose_name="étape",
    )
    state = models.CharField("état", max_length=9, choices=AppointmentState, default=AppointmentState.PLANNED)
    at = models.DateTimeField("le")
    place = models.CharField("où", max_length=160, blank=True)
    # Who receives them, of the town's people; whom they go with, for a trial.
    with_account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the meeting stands, somebody else receives
        null=True,
        blank=True,
        related_name="+",
        verbose_name="avec",
    )
    with_volunteer = models.ForeignKey(
        "onboarding.Volunteer",
        models.SET_NULL,  # as above
        null=True,
        blank=True,
        related_name="+",
        verbose_name="accompagné par",
    )

    class Meta:
        verbose_name = "rendez-vous"
        verbose_name_plural = "rendez-vous"
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["at"], name="appointment_planned", condition=Q(state="planned"))]
        constraints = [
            models.UniqueConstraint(
                name="appointment_one_planned_a_step",
                fields=["volunteer", "step"],
                condition=Q(state="planned"),
                violation_error_message="Un rendez-vous est déjà prévu pour cette étape.",
            ),
            models.CheckConstraint(
                name="appointment_state_is_known",
                condition=Q(state__in=AppointmentState.values),
                violation_error_message="Cet état d’un rendez-vous n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"rendez-vous {self.pk}"


def lacking(
    volunteer: object,
    *,
    kinds: KindOfHelp | OuterRef | None = None,
    is_admitting: bool = False,
    day: datetime.date | None = None,
) -> StepQuerySet:
    """The required steps that a volunteer (a row, or a reference to one) lacks on a day: for all, or for a kind only.

    For one, or for a page of them: of a whole town, `without_lack` is many times faster.
    """
    day = day or timezone.localdate()
    # Records are looked for inside the steps: a reference to the volunteer is one floor further out.
    whose = OuterRef(volunteer) if isinstance(volunteer, OuterRef) else volunteer
    theirs = StepRecord.objects.filter(volunteer=whose, step=OuterRef("pk"))
    steps = Step.objects.required(kinds).exclude(Exists(theirs.holding(day)))
    if is_admitting:
        return steps
    # Until it is asked of who is admitted already, they may go without it, unless theirs lapsed.
    return steps.filter(Q(asked_from=None) | Q(asked_from__lte=day) | Exists(theirs.lapsed(day)))


def without_lack(
    volunteers: models.QuerySet, *, kinds: KindOfHelp | None = None, day: datetime.date | None = None
) -> models.QuerySet:
    """Of these admitted volunteers, who lacks no step on a day (today), as `lacking` says it: for a whole town.

    The steps are read now, by one query.
    """
    return holding_all(volunteers, Step.objects.required(kinds), day=day)


def holding_all(
    volunteers: models.QuerySet, steps: Iterable[Step], *, day: datetime.date | None = None
) -> models.QuerySet:
    """Of these admitted volunteers, who holds these steps on a day (today), each as far as it is asked by then."""
    return volunteers.filter(holds_all(steps, day=day))


def holds_all(steps: Iterable[Step], *, day: datetime.date | None = None) -> Q:
    """The same as a condition on admitted volunteers; empty where nothing is asked of them.

    One pass over the records, in the order of their index: looking for each volunteer's lacks took a second for twenty
    thousand.
    """
    day = day or timezone.localdate()
    condition = Q()
    asked, later = [], []
    for step in steps:
        (asked if step.is_asked_on(day) else later).append(step.pk)
    if asked:
        held = StepRecord.objects.filter(step__in=asked).holding(day).order_by()
        held = held.values("volunteer").annotate(steps=Count("step", distinct=True))
        # Nobody holds more. PostgreSQL takes an equality for a rare thing, and would then look up each volunteer.
        held = held.filter(steps__gte=len(asked))
        condition &= Q(pk__in=held.values("volunteer"))
    if later:
        again = StepRecord.objects.filter(volunteer=OuterRef("volunteer"), step=OuterRef("step")).holding(day)
        lapsed = StepRecord.objects.filter(step__in=later).lapsed(day).exclude(Exists(again))
        condition &= ~Q(pk__in=lapsed.values("volunteer"))
    return condition
