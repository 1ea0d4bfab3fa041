"""An agent who reached an applicant says that the contact is theirs."""

import pytest

from accounts.roles import AGENTS
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.followups.services import ask
from aid.offers.applying import confirm_by_agent, contact_to_confirm
from aid.onboarding.enums import REFUSE, Source, VolunteerState
from aid.onboarding.models import Volunteer
from aid.onboarding.services import apply, take
from aid.people.models import Person
from aid.privacy.enums import Act
from aid.privacy.services import accesses_to
from harness.desk import make_account
from harness.loop import somebody
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
