"""What a referent is called, and the life of a professional, as data."""

from dataclasses import dataclass

from django.db import models


class Title(models.TextChoices):
    """What somebody wants to be called."""

    FEMININE = "feminine", "référente"
    MASCULINE = "masculine", "référent"


class ProfessionalState(models.TextChoices):
    """Where somebody paid stands in the directory. Only those shown are seen by visitors."""

    PROPOSED = "proposed", "à vérifier"
    CHECKED = "checked", "ouverture vérifiée"
    SHOWN = "shown", "affiché"
    REFUSED = "refused", "refusé"
    CLOSED = "closed", "fermé"


# Those whose SIRET is taken.
RUNNING = (ProfessionalState.PROPOSED, ProfessionalState.CHECKED, ProfessionalState.SHOWN)
ENDED = (ProfessionalState.REFUSED, ProfessionalState.CLOSED)


@dataclass(frozen=True)
class Move:
    """One step of a professional: its name in addresses, its button, and what is asked of who takes it."""

    name: str
    label: str
    sources: tuple[ProfessionalState, ...]
    target: ProfessionalState
    # The question that its words answer; nothing is asked where empty.
    asks: str = ""
    # Whether somebody has just made sure that the business is open.
    checks: bool = False


CHECK = Move(
    "verifier",
    "L’ouverture est vérifiée",
    (ProfessionalState.PROPOSED,),
    ProfessionalState.CHECKED,
    asks="Comment l’avez-vous vérifiée ?",
    checks=True,
)
SHOW = Move("afficher", "Afficher sur le site", (ProfessionalState.CHECKED,), ProfessionalState.SHOWN)
RECHECK = Move(
    "reverifier",
    "L’activité continue",
    (ProfessionalState.SHOWN,),
    ProfessionalState.SHOWN,
    asks="Comment l’avez-vous vérifié ?",
    checks=True,
)
HIDE = Move("retirer", "Retirer du site", (ProfessionalState.SHOWN,), ProfessionalState.CHECKED)
REFUSE = Move(
    "refuser",
    "Refuser",
    (ProfessionalState.PROPOSED, ProfessionalState.CHECKED),
    ProfessionalState.REFUSED,
    asks="Pourquoi ?",
)
CLOSE = Move(
    "fermer",
    "Noter la fermeture",
    (ProfessionalState.CHECKED, ProfessionalState.SHOWN),
    ProfessionalState.CLOSED,
)
# By their name, in the order of their buttons.
MOVES = {move.name: move for move in (CHECK, SHOW, RECHECK, HIDE, REFUSE, CLOSE)}
