"""What an agent may open: anything of the town's own. Absent and another town's answer the same 404."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from aid.followups.models import FollowUp
from aid.help_requests.models import HelpRequest
from aid.onboarding.models import Volunteer
from aid.people.models import PeopleImport, Person
from aid.people.roles import with_roles


def request_of(uid: UUID) -> HelpRequest:
    """A request, with what its page shows. Raises Http404."""
    known = HelpRequest.objects.with_list_related_data().select_related(
        "person__commune__commune", "person__district", "entered_by"
    )
    return get_object_or_404(known, uid=uid)


class LeadsToCardError(Exception):
    """What was asked for is not done here: the screens of the desk lead to a card, and say why."""

    told: str

    def __init__(self, card: Person) -> None:
        super().__init__()
        self.card = card


class MergedError(LeadsToCardError):
    """The card that was asked for was merged into this one."""

    told = "Cette fiche a été réunie à celle-ci."


class DeceasedError(LeadsToCardError):
    """Nothing is asked for who died."""

    told = "Cette personne est décédée : rien ne peut être noté pour elle."


def person_of(uid: UUID) -> Person:
    """A person, with where they live and what they are here.

    Raises Http404, and MergedError for a card that became another's.
    """
    known = with_roles(Person.objects.all()).select_related(
        "commune__commune", "district", "volunteer__offer", "created_by", "account"
    )
    found = get_object_or_404(known, uid=uid)
    if found.merged_into_id is not None:
        raise MergedError(found.merged_into)
    return found


def volunteer_of(uid: UUID) -> Volunteer:
    """The volunteer that a person is. Raises Http404 for who is none, and MergedError."""
    volunteer = get_object_or_404(Volunteer.objects.select_related("person__merged_into"), person__uid=uid)
    if volunteer.person.merged_into_id is not None:
        raise MergedError(volunteer.person.merged_into)
    return volunteer


def followup_of(uid: UUID) -> FollowUp:
    """A follow-up, with whom it is about. Raises Http404."""
    known = FollowUp.objects.select_related("person__commune__commune", "person__district", "done_by")
    return get_object_or_404(known, uid=uid)


def import_of(uid: UUID) -> PeopleImport:
    """A list of people that was sent, with who sent it. Raises Http404."""
    return get_object_or_404(PeopleImport.objects.select_related("created_by"), uid=uid)
