"""What this room holds about a person."""

from aid.onboarding.merging import (
    merge_appointments,
    merge_company,
    merge_records,
    merge_sessions,
    merge_volunteers,
)
from aid.onboarding.models import Appointment, Attendance, MoveWords, StepRecord, Volunteer, VolunteerMove
from aid.privacy import register as processing
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Empty, Holding, Keep, declare


def register() -> None:
    """Declare it."""
    processing.declare(
        processing.Processing(
            app="onboarding",
            title="Accueillir les bénévoles",
            persons="Les candidats et les bénévoles.",
            recipients="Les agents de la ville.",
            kept=("persons", "steps"),
        )
    )
    declare(
        Holding(
            model=Volunteer,
            path="person",
            title="Votre place de bénévole",
            purpose="Savoir à qui proposer une demande.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("state", "admitted_on", "applied_at", "source", "motivation", "speaks_for"),
            on_merge=merge_volunteers,
        ),
        Holding(
            model=StepRecord,
            path="volunteer__person",
            title="Vos étapes de bénévole",
            purpose="Savoir ce qui est fait, et jusqu’à quand c’est valable.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("step", "passing", "passed_on", "valid_until", "words", "charter", "how", "noted_at"),
            on_merge=merge_records,
        ),
        Holding(
            model=Attendance,
            path="volunteer__person",
            title="Vos séances de formation",
            purpose="Compter les heures de formation.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("step", "on", "minutes", "title"),
            on_merge=merge_sessions,
        ),
        Holding(
            model=Appointment,
            path="volunteer__person",
            title="Vos rendez-vous de bénévole",
            purpose="Vous recevoir, et vous le rappeler la veille.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("step", "at", "place", "state"),
            on_merge=merge_appointments,
        ),
        # Whom they took along is that person's own.
        Holding(
            model=Appointment,
            path="with_volunteer__person",
            title="Les nouveaux bénévoles que vous accompagnez",
            purpose="Savoir qui accompagne.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("at", "place", "state"),
            on_merge=merge_company,
            forgets=Empty((), "On garde le rendez-vous de la personne accompagnée. Plus rien ne dit avec qui."),
        ),
        Holding(
            model=VolunteerMove,
            path="volunteer__person",
            title="Le suivi de votre place de bénévole",
            purpose="Savoir ce qui s’est passé, et quand.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("at", "name", "to_state"),
            forgets=Keep("On garde les dates, sans aucun mot. Un numéro désigne qui : il ne mène plus à personne."),
        ),
        Holding(
            model=MoveWords,
            path="move__volunteer__person",
            title="Ce qui a été noté sur votre place de bénévole",
            purpose="Se rappeler pourquoi une décision a été prise.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("move__at", "words"),
        ),
    )
