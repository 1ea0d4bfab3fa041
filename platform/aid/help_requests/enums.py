"""The life of a request, as data."""

from dataclasses import dataclass

from django.db import models


class RequestState(models.TextChoices):
    """Where a request stands."""

    TO_CHECK = "to_check", "à vérifier"
    OPEN = "open", "en recherche"
    AGREED = "agreed", "un voisin vient"
    DONE = "done", "rendue"
    UNMET = "unmet", "restée sans réponse"
    CANCELLED = "cancelled", "annulée"


# Nothing is left to do for these.
CLOSED = (RequestState.DONE, RequestState.UNMET, RequestState.CANCELLED)


class Moment(models.TextChoices):
    """When in the day, where no hour was given."""

    ANY = "any", "dans la journée"
    MORNING = "morning", "le matin"
    AFTERNOON = "afternoon", "l’après-midi"


class Source(models.TextChoices):
    """By which door a request came."""

    SITE = "site", "sur le site"
    PHONE = "phone", "au téléphone"
    DESK = "desk", "à l’accueil"
    SOFTWARE = "software", "par un autre logiciel"


class AskedBy(models.TextChoices):
    """Who spoke for the person."""

    SELF = "self", "la personne elle-même"
    RELATIVE = "relative", "un proche"
    NEIGHBOUR = "neighbour", "un voisin"
    PROFESSIONAL = "professional", "un professionnel"


class Consent(models.TextChoices):
    """How the person agreed to what is kept and shared."""

    ON_SCREEN = "on_screen", "sur le site"
    SPOKEN = "spoken", "de vive voix"
    ON_PAPER = "on_paper", "sur papier"
    # Given once, to who asks for her.
    MANDATE = "mandate", "par le mandat de qui demande"


@dataclass(frozen=True)
class Transition:
    """One step that a request may take."""

    name: str
    sources: tuple[RequestState, ...]
    target: RequestState


CONFIRM = Transition("confirm", (RequestState.TO_CHECK,), RequestState.OPEN)
AGREE = Transition("agree", (RequestState.OPEN,), RequestState.AGREED)
FINISH = Transition("finish", (RequestState.AGREED,), RequestState.DONE)
# Nobody came: nobody was found, or the meeting did not take place.
GIVE_UP = Transition("give_up", (RequestState.OPEN, RequestState.AGREED), RequestState.UNMET)
CANCEL = Transition("cancel", (RequestState.TO_CHECK, RequestState.OPEN, RequestState.AGREED), RequestState.CANCELLED)
TRANSITIONS = (CONFIRM, AGREE, FINISH, GIVE_UP, CANCEL)
