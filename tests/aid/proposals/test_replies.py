"""« Oui » and « non » by SMS."""

import pytest

from aid.followups.models import FollowUp
from aid.help_requests.models import HelpRequest
from aid.notifications.models import Message
from aid.notifications.services import receive_reply
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from aid.proposals.replies import answer_by_sms
from aid.proposals.services import ask_volunteers
from harness.loop import ALICE_PHONE, JEANNE_PHONE, jeanne, let_the_hour_pass, open_request, somebody, volunteer
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
LUCIE_PHONE = "+33639980003"


@pytest.fixture
def asked():
    """Jeanne's request, proposed to Alice and Lucie."""
    volunteer("Alice", ALICE_PHONE)
    volunteer("Lucie", LUCIE_PHONE)
    asked = open_request(jeanne())
    ask_volunteers(asked.pk)
    return asked


def answers():
    return {one.volunteer.person.first_name: one.answer for one in Proposal.objects.all()}


@pytest.mark.parametrize("text", ["oui", "OUI", " Oui !", "oui merci", "Oui, volontiers"])
def test_a_yes_by_sms_is_a_yes_and_is_answered_once(asked, text):
    receive_reply(sender=ALICE_PHONE, text=text)
    assert answers() == {"Alice": Answer.YES, "Lucie": Answer.ASKED}
    written = Message.objects.filter(person__first_name="Alice").exclude(kind="proposal")
    assert [message.kind for message in written] == ["mission"], "its words already say thank you"


def test_a_late_yes_by_sms_is_thanked_and_kept(asked):
    answer_by_sms(ALICE_PHONE, "oui")
    assert "Déjà pourvu" in answer_by_sms(LUCIE_PHONE, "oui")
    assert answers() == {"Alice": Answer.YES, "Lucie": Answer.TOO_LATE}


def test_a_no_by_sms_is_kept(asked):
    assert "merci" in answer_by_sms(ALICE_PHONE, "Non")
    assert answers()["Alice"] == Answer.NO
    assert answer_by_sms(ALICE_PHONE, "oui") is None


@pytest.mark.parametrize("text", ["", "bonjour", "oui mais demain", "oui et non", "je viens à 14 h si c’est oui", "📞"])
def test_other_words_are_for_somebody_to_read(asked, text):
    assert answer_by_sms(ALICE_PHONE, text) is None
    assert set(answers().values()) == {Answer.ASKED}


def test_who_has_several_to_answer_uses_the_links(asked):
    other = open_request(somebody("Odette", "+33639980005"))
    ask_volunteers(other.pk)
    assert "lien" in answer_by_sms(ALICE_PHONE, "oui")
    assert set(answers().values()) == {Answer.ASKED}


def test_a_telephone_that_two_volunteers_share_uses_the_links():
    volunteer("Alice", ALICE_PHONE)
    volunteer("Paul", ALICE_PHONE)
    ask_volunteers(open_request(jeanne()).pk)
    assert "lien" in answer_by_sms(ALICE_PHONE, "oui")


def test_who_was_asked_nothing_is_not_answered(asked, other_town):
    assert answer_by_sms(JEANNE_PHONE, "oui") is None
    with facing(other_town):
        assert answer_by_sms(ALICE_PHONE, "oui") is None
    let_the_hour_pass(asked)
    assert answer_by_sms(ALICE_PHONE, "oui") is None
    assert HelpRequest.objects.get().volunteer is None
    assert not FollowUp.objects.exists()
