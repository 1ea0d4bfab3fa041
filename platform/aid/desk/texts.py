"""Words of the desk that several screens share."""

from aid.directory.enums import ProfessionalState
from aid.help_requests.texts import STATE_COLOURS
from aid.onboarding.enums import VolunteerState
from aid.partners.enums import FlagState, Level, Urgency
from aid.privacy.enums import RightState
from aid.proposals.enums import Answer
from aid.worries.enums import Grade, WorryState

STEPS = {
    "ask": "Demande reçue",
    "confirm": "Vérifiée : les bénévoles sont prévenus",
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
    ProfessionalState.PROPOSED: "warning",
    ProfessionalState.CHECKED: "info",
    ProfessionalState.SHOWN: "success",
    RightState.IN_HAND: "info",
    RightState.REFUSED: "danger",
    FlagState.RECEIVED: "warning",
    FlagState.TAKEN_ON: "success",
    FlagState.NO_FOLLOW_UP: "neutral",
    Urgency.NOW: "danger",
    Urgency.WEEK: "warning",
    Level.HIGH: "danger",
    Level.MEDIUM: "warning",
    Grade.URGENT: "danger",
    Grade.WORRIED: "warning",
    WorryState.TAKEN: "info",
    WorryState.CLOSED: "success",
    Answer.ASKED: "neutral",
    Answer.YES: "success",
    Answer.NO: "danger",
    Answer.TOO_LATE: "warning",
}
