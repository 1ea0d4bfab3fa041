"""Somebody with neither number nor e-mail is reached through somebody else."""

from aid.notifications.channels import relay_of
from aid.people.models import Person


def reached_through(person: Person, *, asked_by: Person | None = None) -> Person | None:
    """Whose number is given where this person has neither number nor e-mail; None where theirs is, or the town's.

    Who reads for them, since they agreed to it; else who asked for them.
    """
    if person.phone or person.email:
        return None
    answers = (relay_of(person), asked_by)
    return next((one for one in answers if one is not None and one.phone and one.is_living), None)
