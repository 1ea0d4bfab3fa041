"""Words of the desk that several screens share."""

from aid.help_requests.texts import STATE_COLOURS
from aid.onboarding.enums import LEAVE, PAUSE, REFUSE, REINSTATE, RESUME, SUSPEND, VolunteerState
from aid.onboarding.progress import Standing
from aid.privacy.enums import RightState
from aid.proposals.enums import Answer

STEPS = {
    "ask": "Demande reçue",
    "confirm": "Vérifiée : les bénévoles sont prévenus",
    "agree": "Un voisin a dit oui",
    "finish": "Service rendu",
    "give_up": "Personne n’est venu",
    "cancel": "Annulée",
    "note": "Note",
}

# A colour of Designsystemet for each state: always beside its words, never alone.
COLOURS = STATE_COLOURS | {
    VolunteerState.CANDIDATE: "warning",
    VolunteerState.ADMITTED: "success",
    VolunteerState.ON_LEAVE: "info",
    VolunteerState.SUSPENDED: "danger",
    VolunteerState.LEFT: "neutral",
    Standing.HELD: "success",
    Standing.EXPIRING: "warning",
    Standing.LAPSED: "danger",
    Standing.PLANNED: "info",
    Standing.MISSING: "neutral",
    RightState.IN_HAND: "info",
    RightState.REFUSED: "danger",
    Answer.ASKED: "neutral",
    Answer.YES: "success",
    Answer.NO: "danger",
    Answer.TOO_LATE: "warning",
}

# How a step of a volunteer stands.
STANDINGS = {
    Standing.HELD: "faite",
    Standing.EXPIRING: "expire bientôt",
    Standing.LAPSED: "périmée",
    Standing.PLANNED: "rendez-vous prévu",
    Standing.MISSING: "à faire",
}

# What is asked before a decision on a volunteer, and what follows: by the name of the address.
DECISIONS = {
    "admettre": ("Admettre ce bénévole ?", "La ville se porte garante de lui. Les demandes lui seront proposées."),
    PAUSE.name: ("Mettre ce bénévole en pause ?", "Plus rien ne lui sera proposé, jusqu’à ce qu’il reprenne."),
    RESUME.name: ("Ce bénévole reprend ?", "Les demandes lui seront proposées de nouveau."),
    SUSPEND.name: (
        "Suspendre ce bénévole ?",
        "Plus rien ne lui est proposé, et sa carte n’est plus valable, dès maintenant. "
        "Ce qu’il avait promis arrive dans vos suites à donner.",
    ),
    REINSTATE.name: ("Lever la suspension ?", "Les demandes lui seront proposées de nouveau."),
    REFUSE.name: (
        "Ne pas retenir cette candidature ?",
        "Dites-le de vive voix si vous le pouvez : aucun message ne part d’ici. Cette personne pourra revenir.",
    ),
    LEAVE.name: (
        "Noter son départ ?",
        "Plus rien ne lui sera proposé. Ce qu’il avait promis arrive dans vos suites à donner.",
    ),
}
