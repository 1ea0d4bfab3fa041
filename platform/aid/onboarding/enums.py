"""The life of a volunteer, and the steps that lead to it, as data."""

from dataclasses import dataclass

from django.db import models


class VolunteerState(models.TextChoices):
    """Only an admitted volunteer is asked to help."""

    CANDIDATE = "candidate", "à rencontrer"
    ADMITTED = "admitted", "admis"
    ON_LEAVE = "on_leave", "en pause"
    SUSPENDED = "suspended", "suspendu"
    LEFT = "left", "parti"


@dataclass(frozen=True)
class Move:
    """One step that a volunteer may take after the first welcome."""

    name: str
    label: str
    sources: tuple[VolunteerState, ...]
    target: VolunteerState
    # An agent who does it says why.
    needs_words: bool = False


RESUME = Move("reprise", "Reprendre", (VolunteerState.ON_LEAVE,), VolunteerState.ADMITTED)
PAUSE = Move("pause", "Mettre en pause", (VolunteerState.ADMITTED,), VolunteerState.ON_LEAVE)
SUSPEND = Move(
    "suspension",
    "Suspendre",
    (VolunteerState.ADMITTED, VolunteerState.ON_LEAVE),
    VolunteerState.SUSPENDED,
    needs_words=True,
)
REINSTATE = Move("retour", "Lever la suspension", (VolunteerState.SUSPENDED,), VolunteerState.ADMITTED)
REFUSE = Move("refus", "Ne pas retenir", (VolunteerState.CANDIDATE,), VolunteerState.LEFT, needs_words=True)
LEAVE = Move(
    "depart",
    "Noter son départ",
    (VolunteerState.CANDIDATE, VolunteerState.ADMITTED, VolunteerState.ON_LEAVE, VolunteerState.SUSPENDED),
    VolunteerState.LEFT,
    needs_words=True,
)
# By their name, as a form sends it.
MOVES = {move.name: move for move in (PAUSE, RESUME, SUSPEND, REINSTATE, REFUSE, LEAVE)}
# What the journal calls the rest: it is not taken by a button.
APPLICATION, ADMISSION, TAKEN_BACK = "candidature", "admission", "étape annulée"
MOVED, CANCELLED = "rendez-vous déplacé", "rendez-vous annulé"
HELD, MISSED = "rendez-vous tenu", "rendez-vous manqué"


class Source(models.TextChoices):
    """How somebody came to volunteer."""

    SITE = "site", "sur le site"
    PAPER = "paper", "sur papier"
    EVENT = "event", "à un événement"
    TOWN = "town", "connu de la mairie"


class StepKind(models.TextChoices):
    """What a step is. A charter is signed by the volunteer; a training adds up hours; the others are noted by staff."""

    INTERVIEW = "interview", "entretien"
    TRAINING = "training", "formation"
    CHARTER = "charter", "charte"
    IDENTITY = "identity", "pièce d’identité"
    RECORD = "record", "casier judiciaire"
    REFERENCE = "reference", "recommandation"
    TRIAL = "trial", "visite accompagnée"
    OTHER = "other", "autre étape"


class Proof(models.TextChoices):
    """What is kept of a step that was passed."""

    NONE = "none", "rien"
    SEEN = "seen", "un agent l’a vu, rien n’est gardé"
    KEPT = "kept", "le document est gardé"


class Passing(models.TextChoices):
    """Why a step counts as passed."""

    PASSED = "passed", "faite"
    WAIVED = "waived", "dispensé"


class AppointmentState(models.TextChoices):
    """What became of an appointment for a step."""

    PLANNED = "planned", "prévu"
    HELD = "held", "a eu lieu"
    MISSED = "missed", "manqué"
    CANCELLED = "cancelled", "annulé"


class How(models.TextChoices):
    """How a charter was signed."""

    ON_SCREEN = "on_screen", "sur le site"
    ON_PAPER = "on_paper", "sur papier"
