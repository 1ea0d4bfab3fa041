"""Words of the desk that several screens share."""

from aid.directory.enums import ProfessionalState
from aid.help_requests.enums import SeriesState
from aid.help_requests.texts import STATE_COLOURS
from aid.onboarding.enums import LEAVE, PAUSE, REFUSE, REINSTATE, RESUME, SUSPEND, VolunteerState
from aid.onboarding.progress import Standing
from aid.partners.enums import FlagState, Level, Urgency
from aid.privacy.enums import RightState
from aid.proposals.enums import Answer
from aid.worries.enums import Grade, WorryState

STEPS = {
    "ask": "Demande reçue",
    "publish": "En recherche : on cherche quelqu’un",
    "confirm": "Vérifiée : on cherche quelqu’un",
    "agree": "Un voisin a dit oui",
    "propose": "Proposée",
    "candidate": "Un bénévole se propose",
    "look_again": "Aucun oui : on cherche de nouveau",
    "join": "Un voisin de plus a dit oui",
    "amend": "Modifiée",
    "ask_again": "Elle a changé : on redemande à qui devait venir",
    "withdraw": "Un voisin s’est désisté",
    "reopen": "Désistement : on cherche de nouveau",
    "begin": "L’heure est venue",
    "finish": "Service rendu",
    "came": "Un autre bénévole y était",
    "not_held": "Un des bénévoles dit que cela n’a pas eu lieu",
    "give_up": "Personne n’est venu",
    "thank": "Un merci est transmis",
    "close": "Classée",
    "expire": "Le jour est passé",
    "lose_track": "Sans nouvelles : close",
    "cancel": "Annulée",
    "change_mode": "On cherche autrement",
    "went_well": "La personne dit que cela s’est bien passé",
    "went_badly": "La personne dit que cela ne s’est pas bien passé",
    "note": "Note",
    "repeat": "Reviendra d’autres jours",
    "pause": "Ce qui revient est mis en pause",
    "resume": "Ce qui revient reprend",
    "skip": "Un jour à venir est sauté",
}

# Once an agent has written what a rule of the town's holds.
HELD = "C’est enregistré. Ces mots attendent d’être lus : d’ici là, personne ne voit cette page. Ouvrez « Relecture »."

# A colour of Designsystemet for each state, by the sort of thing it is a state of (none for requests and what comes
# again): always beside its words, never alone. What is not here is neutral.
COLOURS = {
    "": STATE_COLOURS | {SeriesState.RUNNING: "success", SeriesState.PAUSED: "warning"},
    "answer": {
        Answer.YES: "success",
        Answer.NO: "danger",
        Answer.TOO_LATE: "warning",
        Answer.CANDIDATE: "info",
        Answer.WITHDREW: "danger",
        Answer.NOT_HELD: "danger",
    },
    "volunteer": {
        VolunteerState.CANDIDATE: "warning",
        VolunteerState.ADMITTED: "success",
        VolunteerState.ON_LEAVE: "info",
        VolunteerState.SUSPENDED: "danger",
    },
    "step": {
        Standing.HELD: "success",
        Standing.EXPIRING: "warning",
        Standing.LAPSED: "danger",
        Standing.PLANNED: "info",
    },
    "professional": {
        ProfessionalState.PROPOSED: "warning",
        ProfessionalState.CHECKED: "info",
        ProfessionalState.SHOWN: "success",
        ProfessionalState.REFUSED: "danger",
    },
    "right": {RightState.IN_HAND: "info", RightState.DONE: "success", RightState.REFUSED: "danger"},
    "flag": {FlagState.RECEIVED: "warning", FlagState.IN_HAND: "info", FlagState.TAKEN_ON: "success"},
    "urgency": {Urgency.NOW: "danger", Urgency.WEEK: "warning"},
    "level": {Level.HIGH: "danger", Level.MEDIUM: "warning"},
    "worry": {WorryState.RECEIVED: "warning", WorryState.TAKEN: "info"},
    "grade": {Grade.URGENT: "danger", Grade.WORRIED: "warning"},
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
