"""How a person is reached, and what for; how far a list of people is."""

from django.db import models


class Channel(models.TextChoices):
    """By which door a person wants news."""

    SMS = "sms", "par SMS"
    EMAIL = "email", "par e-mail"
    CALL = "call", "par téléphone"


class Way(models.TextChoices):
    """By which way something reaches a person: a door of `Channel`, or somebody, or nothing."""

    SMS = "sms", "par SMS"
    EMAIL = "email", "par e-mail"
    CALL = "call", "par téléphone"
    LETTER = "letter", "par courrier"
    RELATIVE = "relative", "par un proche"
    NONE = "none", "rien"


class Purpose(models.TextChoices):
    """What a message is for, as people choose among them. Codes are none: they go where they are asked for."""

    ANSWER = "answer", "ce qui attend une réponse"
    REQUESTS = "requests", "demandes et rendez-vous"
    REMINDERS = "reminders", "rappels"
    FILE = "file", "ce qui touche à la fiche"
    THANKS = "thanks", "mercis et nouvelles"
    LETTERS = "letters", "lettre de l’année"
    DIGEST = "digest", "demandes près de chez soi, une fois par semaine"


_SPOKEN = (Way.SMS, Way.EMAIL, Way.CALL)
_WHOLE = (*_SPOKEN, Way.LETTER)
# Which ways each purpose has. Nothing is a choice where nobody waits for it. A relative reads of requests only: that is
# what their mandate is for.
WAYS = {
    Purpose.ANSWER: _SPOKEN,
    Purpose.REQUESTS: (*_WHOLE, Way.RELATIVE),
    Purpose.REMINDERS: (*_SPOKEN, Way.RELATIVE, Way.NONE),
    Purpose.FILE: _WHOLE,
    Purpose.THANKS: (*_WHOLE, Way.NONE),
    Purpose.LETTERS: (Way.EMAIL, Way.LETTER, Way.NONE),
    Purpose.DIGEST: (Way.EMAIL, Way.NONE),
}
# Only who helps waits for these.
OF_VOLUNTEERS = frozenset([Purpose.ANSWER, Purpose.LETTERS, Purpose.DIGEST])
OPTIONAL = frozenset(purpose for purpose, ways in WAYS.items() if Way.NONE in ways)


class ImportState(models.TextChoices):
    """How far an import is."""

    MAPPING = "mapping", "colonnes à vérifier"
    CHECKING = "checking", "lecture en cours"
    CHECKED = "checked", "à confirmer"
    RUNNING = "running", "enregistrement en cours"
    DONE = "done", "finie"
    ABANDONED = "abandoned", "abandonnée"


class RowState(models.TextChoices):
    """What becomes of a row of a list."""

    NEW = "new", "à créer"
    KNOWN = "known", "sans doute déjà connue"
    REFUSED = "refused", "à corriger"
    CREATED = "created", "créée"
