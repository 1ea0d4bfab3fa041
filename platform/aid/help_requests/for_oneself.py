"""Asking for oneself, once signed in: the town knows who asks, and their number is confirmed already."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction

from accounts import limits
from aid.configuration.services import rules
from aid.help_requests import services, times
from aid.help_requests.enums import AskedBy, Consent, Source
from aid.help_requests.models import HelpRequest
from aid.help_requests.needs import Need, check_need
from aid.people.models import Person
from aid.people.services import locked


@transaction.atomic
def ask(person: Person, *, need: Need, uid: UUID | None = None) -> HelpRequest:
    """Write down what who is here asks for: somebody is looked for at once; the same uid twice is the same request.

    Raises ValidationError by field, LimitReachedError.
    """
    uid = uid or uuid4()
    # Sent twice at once, the second waits here, and finds what the first wrote.
    person = locked(person)
    sent = HelpRequest.objects.filter(uid=uid, person=person).first()
    if sent is not None:
        return sent
    check_need(need)
    times.check_hour(need.day, need.hour, need.moment)
    most, within = rules().requests_a_day_by_number, timedelta(days=1)
    if not limits.hit(kind="ask.number", subject=person.phone or f"person:{person.pk}", most=most, within=within):
        raise services.LimitReachedError(services.TOO_MANY)
    request = services.write_down(
        need,
        uid=uid,
        person=person,
        source=Source.SITE,
        asked_by=AskedBy.SELF,
        asked_by_name="",
        consent=Consent.ON_SCREEN,
    )
    return services.look_for_somebody(request, by_person=person)
