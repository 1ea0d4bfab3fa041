"""People and requests of the loop, for the tests of every room that it goes through."""

import datetime
from typing import Any

from django.utils import timezone

from aid.configuration.models import KindOfHelp
from aid.help_requests.enums import Consent, Source
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import confirm
from aid.offers.services import welcome
from aid.onboarding.models import Volunteer
from aid.people.enums import Channel
from aid.people.models import Person
from aid.proposals.enums import Answer, Outcome
from aid.proposals.models import Proposal
from aid.proposals.services import accept
from aid.territory.models import CoveredCommune

# Each is searched for in what must not tell it.
SURNAME, ADDRESS, DETAILS = "Canaristurnam", "12 rue du Canari-Postal", "Le code est CANARI-7"
JEANNE_PHONE, ALICE_PHONE = "+33639980001", "+33639980002"


def visits() -> KindOfHelp:
    """The first kind of help of the town."""
    return KindOfHelp.objects.order_by("position", "pk")[0]


def somebody(first_name: str, phone: str = "", **fields: Any) -> Person:
    """A person with a phone that gets SMS, unless told otherwise."""
    fields = {"channel": Channel.SMS if phone else Channel.CALL} | fields
    return Person.objects.create(first_name=first_name, phone=phone, **fields)


def volunteer(first_name: str, phone: str = "", **fields: Any) -> Volunteer:
    """An admitted volunteer who makes visits anywhere in the territory."""
    return welcome(person=somebody(first_name, phone, **fields), kinds=[visits()])


def jeanne() -> Person:
    """She asks; whatever must stay hidden of her is a canary."""
    return somebody("Jeanne", JEANNE_PHONE, last_name=SURNAME, address=ADDRESS)


def request_of(person: Person, *, days: int = 2, **fields: Any) -> HelpRequest:
    """A visit asked for in some days at 14 h, still to be checked."""
    day = timezone.localdate() + datetime.timedelta(days=days)
    hour = datetime.time(14)
    ends_at = timezone.make_aware(datetime.datetime.combine(day, hour)) + datetime.timedelta(hours=1)
    fields = {
        "kind": visits(),
        "details": DETAILS,
        "day": day,
        "hour": hour,
        "ends_at": ends_at,
        "commune": CoveredCommune.objects.order_by("pk")[0],
        "address": ADDRESS,
        "source": Source.SITE,
        "consent": Consent.ON_SCREEN,
    } | fields
    request = HelpRequest.objects.create(person=person, **fields)
    if request.volunteer is not None:
        said_yes(request, request.volunteer)
    return request


def said_yes(request: HelpRequest, volunteer: Volunteer, *, seat: int = 1) -> Proposal:
    """The yes of who goes, written as it is."""
    return Proposal.objects.create(
        request=request, volunteer=volunteer, answer=Answer.YES, seat=seat, answered_at=timezone.now()
    )


def agree(request: HelpRequest, volunteer: Volunteer) -> HelpRequest:
    """The volunteer is asked, and says yes."""
    proposal, _ = Proposal.objects.get_or_create(request=request, volunteer=volunteer)
    outcome = accept(proposal)
    assert outcome is Outcome.ACCEPTED, outcome
    return HelpRequest.objects.get(pk=request.pk)


def open_request(person: Person, **fields: Any) -> HelpRequest:
    """The same, which looks for somebody."""
    return confirm(request_of(person, **fields))


def let_the_hour_pass(request: HelpRequest) -> None:
    """Move a request to yesterday, as if its day had gone."""
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    ends_at = timezone.now() - datetime.timedelta(hours=2)
    HelpRequest.objects.filter(pk=request.pk).update(day=yesterday, ends_at=ends_at)
