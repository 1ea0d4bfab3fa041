"""What volunteers answer, and what becomes of it."""

from enum import StrEnum

from django.db import models


class Answer(models.TextChoices):
    """The answer of a volunteer to a proposal."""

    ASKED = "asked", "en attente"
    YES = "yes", "oui"
    NO = "no", "non"
    TOO_LATE = "too_late", "oui, mais déjà pourvu"
    CANDIDATE = "candidate", "se propose"
    NOT_CHOSEN = "not_chosen", "quelqu’un d’autre a été choisi"
    WITHDREW = "withdrew", "s’est désisté"
    # One of several who were to go: the others say it for themselves.
    NOT_HELD = "not_held", "dit que cela n’a pas eu lieu"


class Way(models.TextChoices):
    """How a request came to a volunteer."""

    ROUND = "round", "prévenu avec d’autres"
    PICKED = "picked", "proposée par l’équipe"
    CHOSEN = "chosen", "écrite par la personne elle-même"


class Outcome(StrEnum):
    """Where a proposal stands for its volunteer: what they may do, and what they read."""

    TO_ANSWER = "to_answer"
    CANDIDATE = "candidate"  # they put themselves forward: a choice is awaited
    NOT_CHOSEN = "not_chosen"
    WITHDREW = "withdrew"
    ACCEPTED = "accepted"
    TO_CLOSE = "to_close"  # they said yes, and the hour has come
    DONE = "done"
    NOT_HELD = "not_held"  # they said yes, and the meeting did not take place
    DECLINED = "declined"
    TOO_LATE = "too_late"  # somebody else goes
    CANCELLED = "cancelled"
    EXPIRED = "expired"  # also of a yes, where nobody ever said how it was
    NOT_ADMITTED = "not_admitted"


# Their yes holds: they go, or were there and have not said how it was.
GOES = frozenset([Outcome.ACCEPTED, Outcome.TO_CLOSE])
