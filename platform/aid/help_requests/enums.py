"""The life of a request, as data."""

from dataclasses import dataclass

from django.db import models

from aid.configuration.enums import Asking


class RequestState(models.TextChoices):
    """Where a request stands."""

    # Written ahead of its time: nobody is looked for yet.
    DRAFT = "draft", "prévue"
    TO_CHECK = "to_check", "à vérifier"
    OPEN = "open", "en recherche"
    # Somebody in particular is asked, or people put themselves forward: an answer or a choice is awaited.
    PROPOSED = "proposed", "proposée"
    AGREED = "agreed", "un voisin vient"
    UNDER_WAY = "under_way", "en cours"
    DONE = "done", "rendue"
    THANKED = "thanked", "rendue, avec un merci"
    CLOSED = "closed", "classée"
    UNMET = "unmet", "restée sans réponse"
    EXPIRED = "expired", "passée"
    CANCELLED = "cancelled", "annulée"


# Somebody is looked for.
LOOKING = (RequestState.OPEN, RequestState.PROPOSED)
# Somebody goes, or is there.
GOING = (RequestState.AGREED, RequestState.UNDER_WAY)
# The help was given.
GIVEN = (RequestState.DONE, RequestState.THANKED, RequestState.CLOSED)
# Nothing is left to do for these.
OVER = (*GIVEN, RequestState.UNMET, RequestState.EXPIRED, RequestState.CANCELLED)


class Reason(models.TextChoices):
    """Why a request ended without help."""

    NOT_NEEDED = "not_needed", "n’en a plus besoin"
    FOUND_ELSEWHERE = "found_elsewhere", "a trouvé une autre solution"
    IMPEDED = "impeded", "un empêchement de la personne"
    MISTAKE = "mistake", "une erreur, ou une demande en double"
    NOBODY_FREE = "nobody_free", "aucun bénévole n’était disponible"
    NOBODY_CAME = "nobody_came", "le bénévole n’est pas venu"
    NOBODY_HOME = "nobody_home", "la personne n’était pas là"
    NOT_OURS = "not_ours", "cela n’est pas du ressort des bénévoles"
    TIME_PASSED = "time_passed", "le jour est passé"
    NO_NEWS = "no_news", "sans nouvelles"
    OTHER = "other", "une autre raison"


# What may be said of one that is called off, and of one that nobody answered.
CANCEL_REASONS = (
    Reason.NOT_NEEDED,
    Reason.FOUND_ELSEWHERE,
    Reason.IMPEDED,
    Reason.MISTAKE,
    Reason.NOT_OURS,
    Reason.OTHER,
)
UNMET_REASONS = (Reason.NOBODY_FREE, Reason.NOBODY_CAME, Reason.NOBODY_HOME, Reason.NOT_OURS, Reason.OTHER)


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
    # These speak for nobody but themselves: the request is that of whom to meet there.
    ASSOCIATION = "association", "une association"
    TOWN = "town", "la ville"


# What who spoke is, among those who may ask for a kind of help.
ASKING = {
    AskedBy.SELF: Asking.RESIDENT,
    AskedBy.RELATIVE: Asking.CARER,
    AskedBy.NEIGHBOUR: Asking.CARER,
    AskedBy.PROFESSIONAL: Asking.CARER,
    AskedBy.ASSOCIATION: Asking.ASSOCIATION,
    AskedBy.TOWN: Asking.TOWN,
}
# Nobody in particular is helped, and nobody was spoken for.
COLLECTIVE = (AskedBy.ASSOCIATION, AskedBy.TOWN)


class Consent(models.TextChoices):
    """How the person agreed to what is kept and shared."""

    ON_SCREEN = "on_screen", "sur le site"
    SPOKEN = "spoken", "de vive voix"
    ON_PAPER = "on_paper", "sur papier"
    # Given once, to who asks for her.
    MANDATE = "mandate", "par le mandat de qui demande"


class SeriesState(models.TextChoices):
    """Where a need that comes again stands."""

    # Its first request is yet to be confirmed.
    TO_CHECK = "to_check", "à vérifier"
    RUNNING = "running", "en cours"
    PAUSED = "paused", "en pause"
    ENDED = "ended", "arrêtée"


@dataclass(frozen=True)
class Transition:
    """One step that a request may take."""

    name: str
    sources: tuple[RequestState, ...]
    target: RequestState


BEFORE_LOOKING = (RequestState.DRAFT, RequestState.TO_CHECK)

# What was written ahead looks for somebody.
PUBLISH = Transition("publish", (RequestState.DRAFT,), RequestState.OPEN)
CONFIRM = Transition("confirm", (RequestState.TO_CHECK,), RequestState.OPEN)
PROPOSE = Transition("propose", (RequestState.OPEN,), RequestState.PROPOSED)
# Nobody of those who were asked in particular can.
LOOK_AGAIN = Transition("look_again", (RequestState.PROPOSED,), RequestState.OPEN)
AGREE = Transition("agree", LOOKING, RequestState.AGREED)
# What was agreed has changed: who goes is asked again.
ASK_AGAIN = Transition("ask_again", (RequestState.AGREED,), RequestState.PROPOSED)
# Who was to go cannot any more.
REOPEN = Transition("reopen", GOING, RequestState.OPEN)
BEGIN = Transition("begin", (RequestState.AGREED,), RequestState.UNDER_WAY)
FINISH = Transition("finish", GOING, RequestState.DONE)
THANK = Transition("thank", (RequestState.DONE,), RequestState.THANKED)
CLOSE = Transition("close", (RequestState.DONE, RequestState.THANKED), RequestState.CLOSED)
# Nobody came: nobody was found, or the meeting did not take place.
GIVE_UP = Transition("give_up", (*LOOKING, *GOING), RequestState.UNMET)
# Its day has passed, and nobody was found.
EXPIRE = Transition("expire", (*BEFORE_LOOKING, *LOOKING), RequestState.EXPIRED)
# Somebody was to go, and nobody ever said how it ended.
LOSE_TRACK = Transition("lose_track", GOING, RequestState.EXPIRED)
CANCEL = Transition("cancel", (*BEFORE_LOOKING, *LOOKING, *GOING), RequestState.CANCELLED)
TRANSITIONS = (
    PUBLISH,
    CONFIRM,
    PROPOSE,
    LOOK_AGAIN,
    AGREE,
    ASK_AGAIN,
    REOPEN,
    BEGIN,
    FINISH,
    THANK,
    CLOSE,
    GIVE_UP,
    EXPIRE,
    LOSE_TRACK,
    CANCEL,
)
