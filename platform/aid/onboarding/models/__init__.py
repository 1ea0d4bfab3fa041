"""Volunteers, the steps that each went through, the town's charter."""

from aid.onboarding.models.charters import Charter
from aid.onboarding.models.steps import (
    Appointment,
    Attendance,
    Step,
    StepRecord,
    StepRecordQuerySet,
    holding_all,
    holds_all,
    lacking,
)
from aid.onboarding.models.volunteers import MoveWords, Volunteer, VolunteerMove, VolunteerQuerySet, is_admitted

__all__ = [
    "Appointment",
    "Attendance",
    "Charter",
    "MoveWords",
    "Step",
    "StepRecord",
    "StepRecordQuerySet",
    "Volunteer",
    "VolunteerMove",
    "VolunteerQuerySet",
    "holding_all",
    "holds_all",
    "is_admitted",
    "lacking",
]
