"""A contact that is proved already asks for no code; an agent who reached an applicant says that it is theirs."""

import uuid

import pytest

from accounts.roles import AGENTS
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.followups.services import ask
from aid.offers.applying import confirm_by_agent, contact_to_confirm, send
from aid.offers.services import Offered
from aid.onboarding.enums import REFUSE, Source, VolunteerState
from aid.onboarding.models import Volunteer
from aid.onboarding.services import apply, take
from aid.people.models import Person
from aid.people.services import confirm_email, confirm_phone, register_person
from aid.personal.services import open_door
from aid.privacy.enums import Act
from aid.privacy.services import accesses_to
from aid.territory.models import CoveredCommune
from harness.desk import make_account
from harness.loop import somebody, visits
from harness.requests import MOBILE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def test_an_agent_who_called_confirms_the_number_once():
    agent = make_account("nadia@ccas.example", AGENTS)
    volunteer = apply(person=somebody("Alice", MOBILE), source=Source.SITE)
    ask(kind=FollowUpKind.CONFIRM_NUMBER, person=volunteer.person)
    assert contact_to_confirm(volunteer) == MOBILE
    for _ in range(2):
        confirm_by_agent(volunteer, by_account=agent)
    volunteer = Volunteer.objects.get()
    assert volunteer.person.phone_confirmed_at
    assert contact_to_confirm(volunteer) == ""
    assert FollowUp.objects.get(kind=FollowUpKind.CONFIRM_NUMBER).outcome == "Numéro confirmé."
    (line,) = accesses_to(volunteer.person)
    assert (line.act, line.by_account, [one.field for one in line.changes.all()]) == (
        Act.CHANGED, agent, ["phone_confirmed_at"],
    )  # fmt: skip


def test_an_address_is_confirmed_by_an_agent_too_and_of_a_candidate_only():
    agent = make_account("nadia@ccas.example", AGENTS)
    volunteer = apply(person=somebody("Alice", email="alice@exemple.example"), source=Source.SITE)
    take(volunteer, REFUSE, by_account=agent, words="Trop loin.")
    refused = Volunteer.objects.get()
    confirm_by_agent(refused, by_account=agent)
    assert Person.objects.get().email_confirmed_at is None
    Volunteer.objects.update(state=VolunteerState.CANDIDATE)
    confirm_by_agent(Volunteer.objects.get(), by_account=agent)
    assert Person.objects.get().email_confirmed_at


def sent(first_name="Alice", by_account=None, **contact):
    """An application of somebody, signed in or not."""
    return send(
        uid=uuid.uuid4(),
        person={"first_name": first_name, "last_name": "Durand", "phone": "", "email": ""} | contact,
        commune=CoveredCommune.objects.first(),
        offered=Offered(kinds=[visits()]),
        by_account=by_account,
    )


def test_who_is_signed_in_types_no_second_code_for_a_contact_that_they_proved():
    known = register_person(first_name="Alice", last_name="Durand", phone=MOBILE)
    confirm_phone(known)
    account = open_door(phone=MOBILE)
    assert sent(phone=MOBILE, by_account=account).settled_at
    assert Volunteer.objects.get().person == known
    assert FollowUp.objects.get().kind == FollowUpKind.ONBOARDING, "nobody has to call"
    # Another first name, another number, nobody signed in: the code goes, as it always did.
    assert sent("Paul", phone=MOBILE, by_account=account).settled_at is None
    assert sent(phone="+33639980002", by_account=account).settled_at is None
    assert sent(phone=MOBILE).settled_at is None
    # A number that was never proved is not, and neither is another account's.
    confirm_email(register_person(first_name="Zoé", phone="+33639980003", email="zoe@exemple.example"))
    hers = open_door(email="zoe@exemple.example")
    assert sent("Zoé", phone="+33639980003", by_account=hers).settled_at is None
    assert sent(phone=MOBILE, by_account=hers).settled_at is None
