"""« Oui » and « non » by SMS."""

import pytest
from django.utils import timezone

from aid.configuration.enums import Mode
from aid.followups.models import FollowUp
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.notifications.enums import MessageState
from aid.notifications.models import Message
from aid.notifications.services import receive_reply, send
from aid.notifications.words import Words
from aid.proposals import direct, jobs, replies
from aid.proposals.codes import CODES, give_codes, part_from_code
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from aid.proposals.services import ask_volunteers
from harness.loop import (
    ALICE_PHONE,
    JEANNE_PHONE,
    jeanne,
    let_the_hour_pass,
    open_request,
    request_of,
    somebody,
    volunteer,
)
from harness.messages import deliver_all
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
LUCIE_PHONE = "+33639980003"
WORDS = Words(subject="", body="", sms="Un mot")


@pytest.fixture
def asked():
    """Jeanne's request, proposed to Alice and Lucie."""
    volunteer("Alice", ALICE_PHONE)
    volunteer("Lucie", LUCIE_PHONE)
    asked = open_request(jeanne())
    ask_volunteers(asked.pk)
    return asked


def answer_by_sms(phone, text):
    """Once all that waits was sent: the words to send back."""
    deliver_all()
    return replies.answer_by_sms(phone, text, Message.objects.last_sms_at(phone))


def receive(phone, text):
    """The same, as a gateway tells it."""
    deliver_all()
    receive_reply(sender=phone, text=text)


def answers():
    return {one.volunteer.person.first_name: one.answer for one in Proposal.objects.all()}


@pytest.mark.parametrize("text", ["oui", "OUI", " Oui !", "oui merci", "Oui, volontiers"])
def test_a_yes_by_sms_is_a_yes_and_is_answered_once(asked, text):
    receive(ALICE_PHONE, text)
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


@pytest.fixture
def other(asked):
    """Odette's request, proposed to the same two."""
    other = open_request(somebody("Odette", "+33639980005"))
    ask_volunteers(other.pk)
    return other


def proposal_of(request, first_name="Alice"):
    return Proposal.objects.get(request=request, volunteer__person__first_name=first_name)


def code_of(request, first_name="Alice"):
    return proposal_of(request, first_name).code


def test_each_sms_carries_its_code_and_who_gives_none_reads_them(asked, other):
    codes = [code_of(asked), code_of(other)]
    assert len(set(codes)) == 2
    written = Message.objects.filter(person__first_name="Alice", kind="proposal").order_by("pk")
    assert [f"OUI {code} ou NON {code}" in one.body for code, one in zip(codes, written, strict=True)] == [True] * 2
    back = answer_by_sms(ALICE_PHONE, "oui")
    assert all(f"OUI {code} (" in back for code in codes)
    assert set(answers().values()) == {Answer.ASKED}


@pytest.mark.parametrize("typed", ["OUI {0}", "oui {0} merci", "{0} oui", "Oui{0} !", "oui {1}{2}", "🙂 oui {1} {2}."])
def test_a_code_chooses(asked, other, typed):
    code = code_of(other)
    text = typed.format(code, *(code.lower() if typed[0] == "🙂" else code[::-1]))
    assert answer_by_sms(ALICE_PHONE, text) == ""
    assert Proposal.objects.get(request=other, volunteer__person__first_name="Alice").answer == Answer.YES
    assert Proposal.objects.get(request=asked, volunteer__person__first_name="Alice").answer == Answer.ASKED


def test_a_code_of_nothing_is_told_with_the_right_ones(asked, other):
    back = answer_by_sms(ALICE_PHONE, "OUI 0Z")
    assert "code 0Z" in back
    assert f"OUI {code_of(asked)}" in back
    assert set(answers().values()) == {Answer.ASKED}
    answer_by_sms(LUCIE_PHONE, f"oui {code_of(asked, 'Lucie')}")
    assert "Déjà pourvu" in answer_by_sms(ALICE_PHONE, f"oui {code_of(asked)}")
    assert answer_by_sms(JEANNE_PHONE, "OUI 0Z") is None, "who was never asked"


def write(kind):
    """Another SMS to Alice, queued."""
    alice = Proposal.objects.filter(volunteer__person__first_name="Alice").first().volunteer.person
    send(person=alice, kind=kind, key=f"{kind}:0", words=WORDS)


@pytest.mark.parametrize("kind", ["reminder", "end", "message"])
@pytest.mark.parametrize(("text", "answer"), [("oui", Answer.YES), ("non", Answer.NO)])
def test_a_bare_answer_to_another_sms_is_for_somebody_to_read(asked, kind, text, answer):
    deliver_all()
    write(kind)
    receive(ALICE_PHONE, text)
    assert set(answers().values()) == {Answer.ASKED}
    assert text in FollowUp.objects.get().words
    receive(ALICE_PHONE, f"{text} {code_of(asked)}")
    assert answers()["Alice"] == answer


def test_what_has_not_left_was_not_read_and_what_may_have_was(asked):
    deliver_all()
    write("reminder")
    Message.objects.filter(kind="reminder").update(state=MessageState.UNCERTAIN)
    receive_reply(sender=ALICE_PHONE, text="oui")
    assert answers()["Alice"] == Answer.ASKED
    Message.objects.filter(kind="reminder").update(state=MessageState.QUEUED)
    receive_reply(sender=ALICE_PHONE, text="oui")
    assert answers()["Alice"] == Answer.YES


@pytest.mark.parametrize("is_told", [True, False])
def test_a_yes_that_is_too_late_for_one_need_is_no_yes_to_another(other, asked, is_told):
    deliver_all()
    Message.objects.filter(key=proposal_of(asked).key("proposal")).update(sent_at=timezone.now())
    answer_by_sms(LUCIE_PHONE, f"oui {code_of(asked, 'Lucie')}")
    if is_told:
        jobs.tell_others(request=asked.pk)
    back = answer_by_sms(ALICE_PHONE, "oui")
    assert f"Une demande vous attend. Répondez avec le code : OUI {code_of(other)} (" in back
    assert proposal_of(other).answer == Answer.ASKED
    assert answer_by_sms(ALICE_PHONE, f"oui {code_of(other)}") == ""


def test_words_of_somebody_are_read_before_they_are_answered():
    """The SMS of direct contact bears neither the words nor a code."""
    alice = volunteer("Alice", ALICE_PHONE)
    written = open_request(jeanne(), mode=Mode.DIRECT)
    direct.write_to(written, alice)
    direct.send_messages(written.pk)
    assert answer_by_sms(ALICE_PHONE, "oui") is None
    asked = open_request(somebody("Odette", "+33639980005"))
    ask_volunteers(asked.pk)
    back = answer_by_sms(ALICE_PHONE, "oui")
    assert f"OUI {code_of(asked)} (" in back
    assert f"OUI {code_of(written)} (" not in back
    assert answers() == {"Alice": Answer.ASKED}


def test_who_changes_their_mind_by_code_is_called(asked):
    answer_by_sms(ALICE_PHONE, "oui")
    assert answer_by_sms(ALICE_PHONE, f"non {code_of(asked)}") is None
    assert answers()["Alice"] == Answer.YES
    answer_by_sms(LUCIE_PHONE, f"non {code_of(asked, 'Lucie')}")
    assert answer_by_sms(LUCIE_PHONE, f"oui {code_of(asked, 'Lucie')}") is None


def test_of_two_volunteers_who_share_a_telephone_the_code_tells_which_else_somebody_calls():
    volunteer("Alice", ALICE_PHONE)
    volunteer("Paul", ALICE_PHONE)
    asked = open_request(jeanne())
    ask_volunteers(asked.pk)
    assert code_of(asked) != code_of(asked, "Paul")
    receive(ALICE_PHONE, "oui")
    assert set(answers().values()) == {Answer.ASKED}
    assert "oui" in FollowUp.objects.get().words
    receive(ALICE_PHONE, f"oui {code_of(asked, 'Paul')}")
    assert answers() == {"Alice": Answer.ASKED, "Paul": Answer.YES}


@pytest.mark.parametrize("text", ["oui <b>4K</b> & " * 20, "oui " * 2_500, "🙏" * 10_000])
def test_what_is_too_long_is_kept_for_somebody(asked, text):
    receive(ALICE_PHONE, text)
    assert set(answers().values()) == {Answer.ASKED}
    assert FollowUp.objects.count() == 1


def test_codes_run_out_without_harm(asked):
    alice = Proposal.objects.get(volunteer__person__first_name="Alice").volunteer
    for number in range(len(CODES)):
        one = request_of(somebody(f"Demande {number}"), state=RequestState.OPEN)
        proposal = Proposal(request=one, volunteer=alice)
        give_codes([proposal], one.pk)
        proposal.save()
    codes = list(Proposal.objects.filter(volunteer=alice).values_list("code", flat=True))
    assert (len(set(codes)), codes.count("")) == (len(CODES) + 1, 1)


@pytest.mark.parametrize(
    ("typed", "parted"),
    [("oui a 4h", ("oui a 4h", "")), ("oui 14h", ("oui 14h", "")), ("oui", ("oui", "")), ("oui 4k", ("oui", "4K"))],
)
def test_an_hour_is_no_code(typed, parted):
    assert part_from_code(typed) == parted


def test_who_was_asked_nothing_is_not_answered(asked, other_town):
    assert answer_by_sms(JEANNE_PHONE, "oui") is None
    with facing(other_town):
        assert answer_by_sms(ALICE_PHONE, "oui") is None
    let_the_hour_pass(asked)
    assert answer_by_sms(ALICE_PHONE, "oui") is None
    assert HelpRequest.objects.get().volunteer is None
    assert not FollowUp.objects.exists()
