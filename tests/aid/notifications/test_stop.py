"""« STOP » by SMS."""

import pytest

from aid.followups.models import FollowUp
from aid.notifications.models import Message
from aid.notifications.services import receive_reply, send
from aid.notifications.stop import stop_by_sms
from aid.notifications.words import Words
from aid.people.enums import Channel
from aid.people.models import Person
from aid.people.services import register_person
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
PHONE = "+33639980001"
WORDS = Words(subject="Un mot", body="Un mot", sms="Un mot")


def channels():
    return {one.first_name: one.channel for one in Person.objects.all()}


@pytest.mark.parametrize("text", ["STOP", "stop", " Stop. ", "STOP SMS", "Arrêt", "stop merci"])
def test_nobody_at_this_number_gets_an_sms_any_more_and_the_town_knows(text, other_town):
    register_person(first_name="Jeanne", phone=PHONE)
    register_person(first_name="Paul", phone=PHONE, email="paul@exemple.example", channel=Channel.SMS)
    register_person(first_name="Odette", phone="+33639980002")
    with facing(other_town):
        register_person(first_name="Jeanne", phone=PHONE)
    receive_reply(sender=PHONE, text=text)
    assert channels() == {"Jeanne": Channel.CALL, "Paul": Channel.EMAIL, "Odette": Channel.SMS}
    assert "plus de SMS" in Message.objects.get().body
    assert {(one.person.first_name, "STOP" in one.words) for one in FollowUp.objects.all()} == {
        ("Jeanne", True),
        ("Paul", True),
    }
    with facing(other_town):
        assert channels() == {"Jeanne": Channel.SMS}
    receive_reply(sender=PHONE, text=text)
    assert FollowUp.objects.count() == 2
    assert send(person=Person.objects.get(first_name="Jeanne"), kind="word", key="word:1", words=WORDS) is None


@pytest.mark.parametrize("text", ["", "oui", "on ne m’arrête plus, merci", "ne stoppez pas", "je dis stop à tout cela"])
def test_other_words_stop_nothing(text):
    register_person(first_name="Jeanne", phone=PHONE)
    assert stop_by_sms(PHONE, text, None) is None
    assert channels() == {"Jeanne": Channel.SMS}


def test_a_stop_from_nobody_is_read_by_somebody():
    receive_reply(sender=PHONE, text="STOP")
    assert "STOP" in FollowUp.objects.get().words
    assert not Message.objects.exists()
