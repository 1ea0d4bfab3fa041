"""How long the papers and words of who volunteered are kept."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from aid.onboarding import proofs
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Appointment, Attendance, MoveWords, StepRecord, Volunteer, VolunteerMove
from aid.privacy.retention import Part, Retention, declare


def long_gone(before: datetime) -> QuerySet[Volunteer]:
    """Who left, or was not taken, before a moment."""
    since = VolunteerMove.objects.filter(volunteer=OuterRef("pk"), at__gte=before)
    return Volunteer.objects.filter(state=VolunteerState.LEFT).exclude(Exists(since))


def old_documents(before: datetime) -> QuerySet[StepRecord]:
    """Documents that prove nothing any more: of who left, or out of date for as long."""
    of_the_past = Q(valid_until__lt=before.date()) | Q(volunteer__in=long_gone(before))
    return StepRecord.objects.exclude(proof_file="").filter(of_the_past)


@transaction.atomic
def forget_documents(numbers: list[int]) -> None:
    """Remove the files; that the step was passed stays."""
    records = StepRecord.objects.filter(pk__in=numbers)
    names = list(records.values_list("proof_file", flat=True))
    records.update(proof_file="")
    proofs.forget(names)


def old_sessions(before: datetime) -> QuerySet[Attendance]:
    """Sessions of who left."""
    return Attendance.objects.filter(volunteer__in=long_gone(before))


def old_appointments(before: datetime) -> QuerySet[Appointment]:
    """Meetings of who left."""
    return Appointment.objects.filter(volunteer__in=long_gone(before))


def old_reasons(before: datetime) -> QuerySet[MoveWords]:
    """Why somebody who left was suspended, refused, seen off."""
    return MoveWords.objects.filter(move__volunteer__in=long_gone(before))


def old_motivations(before: datetime) -> QuerySet[Volunteer]:
    """What somebody who left wrote when they applied."""
    return long_gone(before).exclude(motivation="")


def register() -> None:
    """Called when the app is ready."""
    declare(
        Retention(
            key="steps",
            title="Les documents et les mots d’un bénévole parti",
            counted_from="son départ, ou la fin de validité du document",
            outcome="Ils sont effacés. On garde quelles étapes il a faites, et quand.",
            because="Ils ne servent plus une fois la personne partie.",
            months=12,
            least=1,
            most=36,
            parts=(
                Part(old_documents, forget_documents),
                Part(old_sessions, lambda numbers: Attendance.objects.filter(pk__in=numbers).delete()),
                Part(old_appointments, lambda numbers: Appointment.objects.filter(pk__in=numbers).delete()),
                Part(old_reasons, lambda numbers: MoveWords.objects.filter(pk__in=numbers).delete()),
                Part(old_motivations, lambda numbers: Volunteer.objects.filter(pk__in=numbers).update(motivation="")),
            ),
        )
    )
