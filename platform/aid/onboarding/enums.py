"""The life of a volunteer, as data."""

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


RESUME = Move("reprise", "Reprendre", (VolunteerState.ON_LEAVE,), VolunteerState.ADMITTED)
PAUSE = Move("pause", "Mettre en pause", (VolunteerState.ADMITTED,), VolunteerState.ON_LEAVE)
SUSPEND = Move("suspension", "Suspendre", (VolunteerState.ADMITTED, VolunteerState.ON_LEAVE), VolunteerState.SUSPENDED)
REINSTATE = Move("retour", "Lever la suspension", (VolunteerState.SUSPENDED,), VolunteerState.ADMITTED)
LEAVE = Move(
    "depart",
    "Noter son départ",
    (VolunteerState.CANDIDATE, VolunteerState.ADMITTED, VolunteerState.ON_LEAVE, VolunteerState.SUSPENDED),
    VolunteerState.LEFT,
)
# By their name, as a form sends it.
MOVES = {move.name: move for move in (PAUSE, RESUME, SUSPEND, REINSTATE, LEAVE)}
