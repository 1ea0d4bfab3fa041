"""Both are told a month before a mandate ends, once; nobody is told of one that was withdrawn, or of another town's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.notifications.models import Message
from aid.people.enums import Channel
from aid.people.models import Person
from aid.privacy import rights
from aid.privacy.enums import RightKind, Via
from aid.relations.enums import Consent, Scope
from aid.relations.jobs import tell_ending
from aid.relations.models import Mandate
from aid.relations.services import grant, revoke
from harness.desk import make_account
from harness.loop import somebody
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture
def mandate():
    jeanne, claire = somebody("Jeanne", "+33639980001"), somebody("Claire", "+33639980005")
    agent = make_account("accueil@exemple.example", "Agents")
    return grant(
        representative=claire, principal=jeanne, scope=[Scope.REQUESTS], consent=Consent.BY_PHONE, by_account=agent
    )


def ending_in(mandate, *, days, since=300):
    today = timezone.localdate()
    dates = {"starts_on": today - timedelta(days=since), "ends_on": today + timedelta(days=days)}
    Mandate.objects.filter(pk=mandate.pk).update(**dates)


def told():
    messages = Message.objects.filter(kind="mandate_ending").order_by("person__first_name")
    return [message.person.first_name for message in messages]


def test_both_are_told_once_a_month_before(mandate, other_town):
    ending_in(mandate, days=31)
    tell_ending()
    assert told() == []
    ending_in(mandate, days=30)
    for _ in range(2):
        tell_ending()
    assert told() == ["Claire", "Jeanne"]
    to_jeanne = Message.objects.get(kind="mandate_ending", person__first_name="Jeanne")
    assert "Claire peut agir pour vous jusqu" in to_jeanne.body
    with facing(other_town):
        tell_ending()
        assert told() == []


def test_who_is_phoned_is_to_be_called_once_unless_they_want_no_word_of_it(mandate):
    ending_in(mandate, days=10)
    Person.objects.update(channel=Channel.CALL)
    rights.ask(person=mandate.representative, kind=RightKind.OBJECT, via=Via.PHONE, by_account=mandate.by_account)
    for _ in range(2):
        tell_ending()
    assert told() == []
    to_call = FollowUp.objects.get(kind=FollowUpKind.TO_CALL)
    assert (to_call.person, "Claire" in to_call.words) == (mandate.principal, True)


def test_nobody_is_told_of_one_that_was_withdrawn_or_that_began_lately(mandate):
    ending_in(mandate, days=10, since=20)
    tell_ending()
    revoke(mandate, by_person=mandate.principal)
    ending_in(mandate, days=10)
    tell_ending()
    assert told() == []
