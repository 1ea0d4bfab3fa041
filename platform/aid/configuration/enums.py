"""Choices of the town's settings."""

from django.db import models


class Conformity(models.TextChoices):
    """What a site may say of its accessibility (décret 2019-768, article 5)."""

    NONE = "none", "non conforme"
    PARTIAL = "partial", "partiellement conforme"
    FULL = "full", "totalement conforme"


class Mode(models.TextChoices):
    """How two people are brought together for a kind of help."""

    FIRST_YES = "first_yes", "premier oui : les bénévoles sont prévenus, le premier qui dit oui y va"
    CANDIDATES = "candidates", "candidats : des bénévoles se proposent, puis l’un d’eux est choisi"
    COORDINATOR = "coordinator", "coordinateur : l’équipe propose la demande à une ou deux personnes"
    DIRECT = "direct", "contact direct : la personne choisit elle-même à qui écrire"

    @property
    def of_town(self) -> "Mode":
        """The same where who asks writes to nobody: what people choose by themselves, the town proposes."""
        return Mode.COORDINATOR if self == Mode.DIRECT else self


class Chooser(models.TextChoices):
    """Who chooses among candidates."""

    ASKER = "asker", "la personne qui demande"
    COORDINATOR = "coordinator", "l’équipe"


class Asking(models.TextChoices):
    """Who may ask for a kind of help."""

    RESIDENT = "resident", "un habitant"
    CARER = "carer", "un aidant"
    ASSOCIATION = "association", "une association"
    TOWN = "town", "la ville"


# On the site, people ask for themselves or for somebody close; the desk writes down what the others ask.
ASKING_ON_SITE = (Asking.RESIDENT, Asking.CARER)


class Helping(models.TextChoices):
    """Who may answer."""

    VOLUNTEER = "volunteer", "un bénévole"
    ASSOCIATION = "association", "une association, par une personne nommée"


class QuestionType(models.TextChoices):
    """How a question of the town is answered."""

    YES_NO = "yes_no", "oui ou non"
    CHOICE = "choice", "un choix"
    TEXT = "text", "quelques mots"
