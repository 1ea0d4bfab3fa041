"""Agents, people who ask, volunteers: harness.loop with what the tests of the desk need of them."""

import io
import re
from itertools import count
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from accounts.roles import AGENTS
from aid.followups.models import FollowUp
from aid.help_requests.enums import Consent, RequestState, Source
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.people.enums import Channel
from aid.people.importing import services as importing
from aid.people.models import PeopleImport, Person
from aid.proposals.models import Proposal
from aid.territory.models import CoveredCommune
from harness.loop import request_of, somebody

_colleagues = count(1)


def make_account(email, group=None, **names):
    """An account of the town that the connection is in."""
    account = Account.objects.create_account(email=email, **names)
    if group:
        account.groups.add(Group.objects.get_or_create(name=group)[0])
    return account


def make_person(first_name="Jeanne", last_name="Martin", phone="+33199001234", **fields):
    """Somebody of the first commune."""
    usual = {"last_name": last_name, "commune": CoveredCommune.objects.first(), "channel": Channel.CALL}
    return somebody(first_name, phone, **usual | fields)


def make_request(person, state=RequestState.OPEN, **fields):
    """A request of tomorrow that came by telephone; a state is written as it is, no room above hears of it."""
    usual = {"state": state, "hour": None, "details": "", "address": "", "source": Source.PHONE}
    return request_of(person, days=1, **usual | {"consent": Consent.SPOKEN} | fields)


def make_volunteer(first_name="Alice", last_name="Morel", phone="+33639981234", state=VolunteerState.ADMITTED):
    """A volunteer told by SMS, who has not said yet what they offer."""
    person = make_person(first_name, last_name, phone, channel=Channel.SMS)
    return Volunteer.objects.create(person=person, state=state, admitted_on=timezone.localdate())


def move_by_desk(browser: Client, person: Person, gesture: str, words: str = "Une plainte, à regarder.") -> None:
    """Who is signed in takes a step for a volunteer on their card, and says why where they are asked."""
    answer = browser.post(f"/bureau/personne/{person.uid}/benevole/", {"geste": gesture})
    assert answer.status_code == 302
    if "/decision/" in answer["Location"]:
        page = browser.get(answer["Location"]).content.decode()
        typed = {"vu": re.search(r'name="vu" value="([^"]*)"', page)[1], "words": words}
        assert browser.post(answer["Location"], typed).status_code == 302


def ask(request, volunteer):
    """A volunteer was asked about a request."""
    return Proposal.objects.create(request=request, volunteer=volunteer)


def send_list(text, *, by_account=None, is_checked=True):
    """A list of people that was sent, and read."""
    made = importing.start_import(file=io.BytesIO(text.encode()), by_account=by_account)
    if is_checked:
        importing.check_import(made, columns=made.columns)
        importing.check_rows(made.pk)
    return PeopleImport.objects.get(pk=made.pk)


def a_colleague() -> Account:
    """Somebody else of the town's people."""
    account = Account.objects.create_account(email=f"collegue{next(_colleagues)}@exemple.example")
    account.groups.add(Group.objects.get(name=AGENTS))
    return account


def a_followup(**fields: Any) -> FollowUp:
    """Something to do, now."""
    return FollowUp.objects.create(kind="to_call", due_at=timezone.now(), **fields)
