"""Whom to call about somebody who has no telephone: who acts for them, who is close to them, who asked for them."""

from collections.abc import Iterable

from aid.followups.models import FollowUp
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import SUBJECT as REQUEST
from aid.people.models import Person
from aid.relations.calling import called_for


def with_whom_to_call(followups: Iterable[FollowUp]) -> list[FollowUp]:
    """These follow-ups, which come with their persons; each with whom to call instead as `instead`, or None.

    Three queries at most, and none where everybody has a telephone.
    """
    lines = list(followups)
    mute = [line for line in lines if line.person is not None and not line.person.phone]
    known = called_for({line.person_id for line in mute}) if mute else {}
    asking = _who_asked([line for line in mute if line.subject_kind == REQUEST and line.person_id not in known])
    for line in lines:
        line.instead = None
    for line in mute:
        asked = asking.get(line.subject_id) if line.subject_kind == REQUEST else None
        line.instead = known.get(line.person_id) or asked
    return lines


def _who_asked(lines: list[FollowUp]) -> dict[int, Person]:
    """By the number of the request: who asked for its person, where the town knows them and their telephone."""
    if not lines:
        return {}
    asked = HelpRequest.objects.filter(pk__in=[line.subject_id for line in lines], asked_by_person__deceased_on=None)
    told = asked.exclude(asked_by_person=None).exclude(asked_by_person__phone="").select_related("asked_by_person")
    return {one.pk: one.asked_by_person for one in told}
