"""Making requests for tests by the services, as the site and the desk do. Elsewhere: harness.loop."""

import datetime
import re
from typing import Any

from aid.configuration.models import KindOfHelp
from aid.help_requests.enums import Consent
from aid.help_requests.models import HelpRequest
from aid.help_requests.needs import Need
from aid.help_requests.services import ask_for, ask_online
from aid.help_requests.times import town_now
from aid.notifications.models import Message
from aid.onboarding.models import Volunteer
from aid.onboarding.services import admit
from aid.people.models import Person
from aid.people.services import confirm_phone, register_person
from aid.territory.models import CoveredCommune

# Of the ranges that the regulator keeps for fiction.
MOBILE, OTHER_MOBILE, LANDLINE = "+33639980001", "+33639980002", "+33199000001"


def tomorrow() -> datetime.date:
    """The town's."""
    return town_now().date() + datetime.timedelta(days=1)


def a_need(**changes: Any) -> Need:
    """Something that any town may be asked for."""
    usual = {
        "kind": KindOfHelp.objects.offered().first(),
        "day": tomorrow(),
        "commune": CoveredCommune.objects.first(),
    }
    return Need(**usual | changes)


def asked_online(*, phone: str = MOBILE, first_name: str = "Jeanne", **changes: Any) -> HelpRequest:
    """A request from the site."""
    about_who = {"last_name", "asked_by", "asked_by_name", "uid", "internet_address"}
    who = {name: changes.pop(name) for name in set(changes) & about_who}
    return ask_online(need=a_need(**changes), phone=phone, first_name=first_name, **who)


def asked_by_phone(person: Person, account: Any, **changes: Any) -> HelpRequest:
    """A request that an agent entered."""
    usual = {
        "kind": KindOfHelp.objects.offered().first(),
        "day": tomorrow(),
        "commune": CoveredCommune.objects.first(),
        "consent": Consent.SPOKEN,
    }
    return ask_for(person=person, by_account=account, **usual | changes)


def a_known_person(*, first_name: str = "Jeanne", phone: str = MOBILE, **more: Any) -> Person:
    """Somebody whose number the town has confirmed."""
    person = register_person(first_name=first_name, phone=phone, **more)
    confirm_phone(person)
    return person


def a_volunteer(first_name: str = "Alice", phone: str = OTHER_MOBILE) -> Volunteer:
    """An admitted volunteer."""
    person = register_person(first_name=first_name, last_name="Secret", phone=phone)
    return admit(person=person)


def code_sent_to(phone: str) -> str:
    """The last code that this number received."""
    bodies = Message.objects.filter(recipient=phone, kind="code").order_by("-pk").values_list("body", flat=True)
    return re.search(r"\b\d{6}\b", bodies[0]).group()


def wrong_code(right: str) -> str:
    """Another code."""
    return f"{(int(right) + 1) % 10**6:06}"
