"""What people ask of what is known of them."""

from django.utils.timezone import now

from aid.notifications.leaving import STAY
from aid.people.models import Person
from aid.privacy import consents, rights
from aid.privacy.enums import Agreed, ConsentKind, RightKind, Via
from aid.privacy.models import Leaving, RightsRequest
from core.links import token_for
from harness.desk import make_person


def a_right() -> RightsRequest:
    """Somebody asks to be forgotten."""
    return rights.ask(person=make_person(), kind=RightKind.FORGET, via=Via.PHONE)


def who_agreed() -> Person:
    """Somebody who agreed to what is kept of a request."""
    person = make_person()
    consents.give(person, kind=ConsentKind.ASK, how=Agreed.SPOKEN)
    return person


def stay_token() -> str:
    """The link of who was told that they would be forgotten."""
    return token_for(STAY, Leaving.objects.create(person=make_person(), told_at=now(), goes_on=now()).pk)
