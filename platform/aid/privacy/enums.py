"""What the journal of accesses says, and why a town may hold what it does."""

from dataclasses import dataclass

from django.db import models


class Act(models.TextChoices):
    """What somebody did with a card."""

    READ = "read", "a lu"
    CHANGED = "changed", "a modifié"


class SeenOn(models.TextChoices):
    """On which screen. Each shows a telephone, an address, or what is in confidence."""

    CARD = "card", "la fiche"
    EDIT = "edit", "la fiche, pour la modifier"
    REQUEST = "request", "une demande"
    FOLLOWUP = "followup", "une suite à donner"
    ENTRY = "entry", "la fiche, en saisissant"
    MISSION = "mission", "le rendez-vous, depuis son lien"
    NOTES = "notes", "ses notes confidentielles"
    PHOTO = "photo", "sa photo"
    WORD = "word", "son mot convenu"
    KNOWN = "known", "tout ce que la ville sait"
    HISTORY = "history", "qui a vu la fiche"
    RIGHTS = "rights", "une demande sur ses données"
    PROFILE = "profile", "sa présentation sur le site"
    LETTER = "letter", "la lettre de l’année, pour l’imprimer"
    EXPORT = "export", "la liste exportée de toutes les personnes"
    STEPS = "steps", "ses étapes de bénévole"
    PROOF = "proof", "un document de ses étapes"
    VOLUNTEERS = "volunteers", "la liste exportée des bénévoles"
    BLOCKS = "blocks", "les personnes qu’elle ne veut plus voir"
    CONTACT = "contact", "ses coordonnées, qui sont montrées aux voisins"
    ONE_OFF = "one_off", "ce qu’elle propose pour un jour"
    OFFER = "offer", "ce qu’elle propose comme bénévole"


# What goes with a card is changed there; what it was and became is not in the journal.
CHANGED_APART = (
    SeenOn.NOTES,
    SeenOn.PHOTO,
    SeenOn.WORD,
    SeenOn.PROFILE,
    SeenOn.BLOCKS,
    SeenOn.ONE_OFF,
    SeenOn.OFFER,
)


class RightKind(models.TextChoices):
    """What somebody may ask of what the town knows of them (RGPD, art. 16, 17 and 21)."""

    CORRECT = "correct", "corriger ses informations"
    OBJECT = "object", "ne plus être contactée"
    FORGET = "forget", "être oubliée"


class RightState(models.TextChoices):
    """Where such a demand stands."""

    ASKED = "asked", "demandée"
    IN_HAND = "in_hand", "prise en main"
    DONE = "done", "faite"
    REFUSED = "refused", "refusée"
    WITHDRAWN = "withdrawn", "retirée"
    LIFTED = "lifted", "levée"


# Somebody at the town is yet to act on these.
WAITING = (RightState.ASKED, RightState.IN_HAND)


class Via(models.TextChoices):
    """By which door it came."""

    SITE = "site", "sur le site"
    PHONE = "phone", "au téléphone"
    DESK = "desk", "à l’accueil"
    LETTER = "letter", "par courrier"


@dataclass(frozen=True)
class RightStep:
    """One step that a demand may take."""

    sources: tuple[RightState, ...]
    target: RightState


TAKE = RightStep((RightState.ASKED,), RightState.IN_HAND)
DO = RightStep(WAITING, RightState.DONE)
REFUSE = RightStep(WAITING, RightState.REFUSED)
WITHDRAW = RightStep(WAITING, RightState.WITHDRAWN)
# Somebody who wanted no word any more wants some again.
LIFT = RightStep((RightState.DONE,), RightState.LIFTED)


class ConsentKind(models.TextChoices):
    """To what somebody agrees."""

    ASK = "ask", "votre demande"
    PHOTO = "photo", "votre photo"
    PROFILE = "profile", "votre présentation"
    BIRTHDAY = "birthday", "votre anniversaire"
    VOLUNTEER = "volunteer", "votre candidature de bénévole"
    SHOW_PHONE = "show_phone", "votre téléphone montré aux voisins"
    SHOW_EMAIL = "show_email", "votre adresse e-mail montrée aux voisins"


class Agreed(models.TextChoices):
    """How they said so, or that they do not any more."""

    ON_SCREEN = "on_screen", "sur le site"
    SPOKEN = "spoken", "de vive voix"
    ON_PAPER = "on_paper", "sur papier"
    MANDATE = "mandate", "par le mandat de qui demande"


class LegalBasis(models.TextChoices):
    """On what ground somebody's data are held (RGPD, art. 6 § 1)."""

    CONSENT = "consent", "votre accord"  # a
    LEGAL_DUTY = "legal_duty", "une obligation de la loi"  # c
    PUBLIC_TASK = "public_task", "une mission d’intérêt public"  # e
