"""Why a public text is looked at, what is decided of it, and what its author may be told."""

from django.db import models


class Family(models.TextChoices):
    """What a check looks for. Each is one rule of the town's (models.CheckRule)."""

    COMMERCE = "commerce", "annonce commerciale"
    SCAM = "scam", "arnaque ou demande d’argent"
    LEGACY = "legacy", "legs, héritage, procuration"
    INSULT = "insult", "insulte ou propos haineux"
    HEALTH = "health", "santé"
    OTHER = "other", "autres mots de la ville"
    CONTACT = "contact", "numéro, adresse ou lien"
    REPEATED = "repeated", "même texte publié plusieurs fois"
    # An author changed what an agent had taken away: no rule of the town's, somebody reads it again.
    RETURNING = "returning", "texte corrigé après une décision"


class Effect(models.TextChoices):
    """What a rule does when it finds something, the mildest first."""

    NOTHING = "nothing", "ne rien faire de plus"
    WATCH = "watch", "publier, et le faire lire à un agent"
    HOLD = "hold", "attendre qu’un agent l’ait lu"
    REFUSE = "refuse", "refuser, en disant pourquoi"


class ReportReason(models.TextChoices):
    """Why somebody reports a text, the worst first."""

    DANGER = "danger", "Quelqu’un est peut-être en danger"
    SCAM = "scam", "Une arnaque, ou une demande d’argent"
    INSULT = "insult", "Des mots blessants ou haineux"
    PRIVATE = "private", "Des coordonnées, ou la vie privée de quelqu’un"
    FALSE = "false", "Cette personne n’est pas qui elle dit"
    COMMERCE = "commerce", "Une annonce commerciale"
    OTHER = "other", "Autre chose"


# How bad each is: what is worst is read first.
GRAVEST = 3
GRAVITY: dict[str, int] = {
    ReportReason.DANGER: GRAVEST,
    ReportReason.SCAM: 2,
    ReportReason.INSULT: 2,
    ReportReason.PRIVATE: 2,
    ReportReason.FALSE: 1,
    ReportReason.COMMERCE: 1,
    ReportReason.OTHER: 1,
}
FAMILY_GRAVITY: dict[str, int] = {
    Family.SCAM: 2,
    Family.INSULT: 2,
    Family.LEGACY: 2,
    Family.HEALTH: 1,
    Family.COMMERCE: 1,
    Family.OTHER: 1,
    Family.CONTACT: 0,
    Family.REPEATED: 1,
    Family.RETURNING: 1,
}


class Outcome(models.TextChoices):
    """How a case ends."""

    KEPT = "kept", "laissé"
    HIDDEN = "hidden", "masqué"
    REMOVED = "removed", "retiré"
    # Nobody decided: the author took out what was found, or the text is no more.
    SETTLED = "settled", "réglé sans décision"


class Reason(models.TextChoices):
    """Why an agent decides so: the author reads it."""

    FINE = "fine", "rien à redire"
    COMMERCE = "commerce", "une annonce commerciale"
    CONTACT = "contact", "des coordonnées publiées"
    MONEY = "money", "une demande d’argent, de legs ou de procuration"
    INSULT = "insult", "des mots blessants"
    PRIVATE = "private", "la vie privée de quelqu’un"
    FALSE = "false", "une fausse identité"
    CHARTER = "charter", "un manquement à la charte"
    OTHER = "other", "une autre raison"


class SanctionKind(models.TextChoices):
    """What a town may do about somebody, the mildest first."""

    WARNING = "warning", "avertissement"
    MUTE = "mute", "interdiction de publier"
    SUSPENSION = "suspension", "suspension"
    EXCLUSION = "exclusion", "exclusion"


class AppealState(models.TextChoices):
    """What became of an appeal."""

    WAITING = "waiting", "à examiner"
    UPHELD = "upheld", "mesure maintenue"
    LIFTED = "lifted", "mesure levée"


class Via(models.TextChoices):
    """How somebody appeals."""

    SCREEN = "screen", "sur le site"
    PHONE = "phone", "par téléphone"
    DESK = "desk", "à l’accueil"
    LETTER = "letter", "par lettre"


class Deed(models.TextChoices):
    """What the journal keeps."""

    HELD = "held", "retenu par une règle"
    REPORTED = "reported", "signalé"
    TAKEN = "taken", "pris en main"
    KEPT = "kept", "laissé"
    HIDDEN = "hidden", "masqué"
    REMOVED = "removed", "retiré"
    SETTLED = "settled", "réglé sans décision"
    WARNING = "warning", "avertissement donné"
    MUTE = "mute", "interdiction de publier"
    SUSPENSION = "suspension", "suspension"
    EXCLUSION = "exclusion", "exclusion"
    APPEALED = "appealed", "recours demandé"
    UPHELD = "upheld", "recours refusé"
    LIFTED = "lifted", "mesure levée"
