"""Services that were done, on the day that a test wants: the services of the product refuse days that are past."""

import datetime

from django.utils import timezone

from aid.facts.enums import FactKind
from aid.facts.services import record_fact
from aid.help_requests.enums import FINISH, RequestState
from aid.help_requests.models import HelpRequest, RequestStep
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from harness.loop import request_of


def gave(
    volunteer: Volunteer,
    minutes: int,
    *,
    to: Person,
    day: datetime.date,
    said_at: datetime.datetime | None = None,
    thanks: str | None = None,
) -> HelpRequest:
    """A service done, with its journal and its fact; thanked for, with words or without, where `thanks` says so."""
    ends_at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(15)))
    said_at = said_at or ends_at + datetime.timedelta(hours=1)
    thanked = {} if thanks is None else {"thanks": thanks, "thanked_at": said_at}
    state = RequestState.DONE if thanks is None else RequestState.THANKED
    done = request_of(to, day=day, ends_at=ends_at, state=state, volunteer=volunteer, minutes=minutes, **thanked)
    RequestStep.objects.create(
        request=done, name=FINISH.name, from_state=RequestState.AGREED, to_state=RequestState.DONE, at=said_at
    )
    happened_on = min(day, timezone.localtime(said_at).date())
    record_fact(kind=FactKind.SERVICE_DONE, happened_on=happened_on, minutes=minutes)
    return done
