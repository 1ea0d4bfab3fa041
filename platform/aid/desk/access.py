"""What an agent may open: anything of the town's own. Absent and another town's answer the same 404."""

from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404

from aid.followups.models import FollowUp
from aid.help_requests.models import HelpRequest
from aid.onboarding.models import Volunteer
from aid.people.models import PeopleImport, Person
from aid.privacy.leaving import known_leaving
from aid.privacy.models import RightsRequest


def request_of(uid: UUID) -> HelpRequest:
    """A request, with what its page shows. Raises Http404."""
    known = HelpRequest.objects.with_list_related_data().select_related(
        "person__commune__commune", "person__district", "entered_by"
    )
    return get_object_or_404(known, uid=uid)


def person_of(uid: UUID) -> Person:
    """A person, with where they live, and what was said of keeping them. Raises Http404."""
    known = Person.objects.select_related("commune__commune", "district", "volunteer__offer", "created_by", "account")
    objecting = RightsRequest.objects.objecting().filter(person=OuterRef("pk")).order_by("-pk")
    known = known.annotate(objecting_since=Subquery(objecting.values("asked_at")[:1]), leaves_on=known_leaving())
    return get_object_or_404(known, uid=uid)


def volunteer_of(uid: UUID) -> Volunteer:
    """The volunteer that a person is. Raises Http404 for who is none."""
    return get_object_or_404(Volunteer.objects.select_related("person"), person__uid=uid)


def followup_of(uid: UUID) -> FollowUp:
    """A follow-up, with whom it is about. Raises Http404."""
    known = FollowUp.objects.select_related("person__commune__commune", "person__district", "done_by")
    return get_object_or_404(known, uid=uid)


def import_of(uid: UUID) -> PeopleImport:
    """A list of people that was sent, with who sent it. Raises Http404."""
    return get_object_or_404(PeopleImport.objects.select_related("created_by"), uid=uid)


def right_of(uid: UUID) -> RightsRequest:
    """What somebody asks of what is known of them, with who asks. Raises Http404."""
    return get_object_or_404(RightsRequest.objects.with_list_related_data(), uid=uid)
