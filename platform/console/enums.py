"""What the console writes down: acts, and the steps of a suspension and of an opening."""

from dataclasses import dataclass

from django.db import models

# Of Procrastinate: a job that waits, or is being done.
ALIVE_JOBS = ("todo", "doing")


class ActKind(models.TextChoices):
    """What was done to a town from the console."""

    OPENED = "opened", "ville ouverte"
    SUSPENSION_ASKED = "suspension_asked", "suspension demandée"
    SUSPENSION_DROPPED = "suspension_dropped", "suspension abandonnée"
    SUSPENDED = "suspended", "ville suspendue"
    RESUMED = "resumed", "ville rouverte"
    DOMAIN_ADDED = "domain_added", "adresse ajoutée"
    DOMAIN_PRIMARY = "domain_primary", "adresse principale changée"
    DOMAIN_REMOVED = "domain_removed", "adresse retirée"


class SuspensionReason(models.TextChoices):
    """Why a town may be suspended. A debt is no reason, and never becomes one: see the design's billing.md, 4.9."""

    SECURITY = "security", "incident de sécurité"
    TOWN = "town", "demande de la ville"


class SuspensionState(models.TextChoices):
    """Where a suspension stands."""

    ASKED = "asked", "demandée"
    IN_FORCE = "in_force", "en cours"
    DROPPED = "dropped", "abandonnée"
    ENDED = "ended", "terminée"


@dataclass(frozen=True)
class SuspensionStep:
    """How a suspension passes to a state, and what the journal then says."""

    source: SuspensionState
    target: SuspensionState
    act: ActKind


CONFIRM = SuspensionStep(SuspensionState.ASKED, SuspensionState.IN_FORCE, ActKind.SUSPENDED)
DROP = SuspensionStep(SuspensionState.ASKED, SuspensionState.DROPPED, ActKind.SUSPENSION_DROPPED)
RESUME = SuspensionStep(SuspensionState.IN_FORCE, SuspensionState.ENDED, ActKind.RESUMED)


class OpeningState(models.TextChoices):
    """Where an opening that was asked stands."""

    WAITING = "waiting", "en attente"
    DONE = "done", "ouverte"
    REFUSED = "refused", "refusée"


class Health(models.TextChoices):
    """How a town is, as far as its figures of the night tell."""

    NEW = "new", "pas encore de chiffres"
    GOOD = "good", "tout va bien"
    JOBS = "jobs", "tâches en échec"
    OLD = "old", "chiffres anciens"
    FAILED = "failed", "chiffres en échec"
