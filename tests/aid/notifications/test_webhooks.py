"""What a gateway tells: what people answer, and what became of each SMS."""

import json
import time
import uuid

import pytest

from aid.followups.models import FollowUp
from aid.notifications import replies
from aid.notifications.enums import MessageState
from aid.notifications.models import Message, Reply
from aid.notifications.services import send, send_many
from aid.notifications.words import Words
from aid.people.models import Person
from aid.people.services import register_person
from core.doors.inbound import LONGEST_BODY, TOLERANCE, signature_of
from harness.databases import SECOND_TOWN
from harness.messages import deliver_all
from tenants.context import facing

pytestmark = pytest.mark.django_db
MOBILE = "+33639980001"
WORDS = Words(subject="Un mot", body="Un mot", sms="Un mot")
RECEIVED, STATE = "/sms/recu/", "/sms/etat/"


@pytest.fixture(autouse=True)
def _webhooks(settings):
    settings.SMS_WEBHOOKS = settings.SMS_WEBHOOKS | {
        "secret": "s3cret",
        "replies": {"sender": "from", "text": "message", "reference": "id"},
        "receipts": {"reference": "ref", "state": "status"},
    }


@pytest.fixture
def heard():
    """What was understood of replies."""
    heard = []

    def handler(phone: str, text: str, question: Message | None) -> str | None:
        heard.append((phone, text))
        return ""

    replies.register(handler)
    yield heard
    replies.unregister(handler)


@pytest.fixture
def post(visit, town):
    """Tell something as the gateway does, signed now; or as somebody else would."""

    def post(path, told, *, host=town.domain, at=None, signature=None):
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        at = str(int(time.time()) if at is None else at)
        signed = signature_of(body, at) if signature is None else signature
        return (
            visit(host)
            .post(path, body, content_type="application/json", headers={"X-Signature": signed, "X-Timestamp": at})
            .status_code
        )

    return post


REPLY = {"from": MOBILE, "message": "oui", "id": "7"}


def test_a_gateway_tells_replies_once_to_the_town_of_its_host(post, heard, other_town):
    assert [post(RECEIVED, REPLY) for _ in range(2)] == [204, 204]
    assert heard == [(MOBILE, "oui")]
    assert post(RECEIVED, REPLY | {"id": "8"}) == 204
    assert Reply.objects.count() == 2
    with facing(other_town):
        assert not Reply.objects.exists()
    assert post(RECEIVED, REPLY, host=SECOND_TOWN) == 204
    with facing(other_town):
        assert Reply.objects.count() == 1


@pytest.mark.parametrize("path", [RECEIVED, STATE])
@pytest.mark.parametrize(
    "forged",
    [
        {"signature": ""},
        {"signature": "0" * 64},
        {"signature": "é"},
        {"at": 0},
        {"at": "demain"},
        {"at": "-1"},
    ],
)
def test_who_cannot_sign_finds_nothing(post, path, forged):
    assert post(path, REPLY, **forged) == 404
    assert not Reply.objects.exists()


def test_what_is_repeated_later_is_refused(post):
    assert post(RECEIVED, REPLY, at=int(time.time()) - TOLERANCE - 5) == 404
    assert post(RECEIVED, REPLY, at=int(time.time()) + TOLERANCE + 60) == 404
    assert not Reply.objects.exists()


def test_a_body_that_was_changed_is_refused(post):
    at = str(int(time.time()))
    assert (
        post(RECEIVED, REPLY | {"message": "non"}, at=at, signature=signature_of(json.dumps(REPLY).encode(), at)) == 404
    )


def test_a_gateway_that_only_repeats_a_secret(settings, visit, town, heard):
    settings.SMS_WEBHOOKS = settings.SMS_WEBHOOKS | {"is_signed": False, "secret_header": "X-Secret"}

    def told(**headers):
        return visit(town.domain).post(RECEIVED, REPLY, headers=headers).status_code

    assert [told(**{"X-Secret": wrong}) for wrong in ("", "wrong", "é")] == [404] * 3
    assert told() == 404
    assert told(**{"X-Secret": "s3cret"}) == 204
    assert heard == [(MOBILE, "oui")]
    assert visit(town.domain).get(RECEIVED, headers={"X-Secret": "s3cret"}).status_code == 404
    settings.SMS_WEBHOOKS = settings.SMS_WEBHOOKS | {"secret": ""}
    assert told(**{"X-Secret": ""}) == 404


@pytest.mark.parametrize(
    "told",
    [
        {},
        [],
        "x",
        b"{",
        "\ud800".encode("utf-8", "surrogatepass"),
        REPLY | {"message": "a" * LONGEST_BODY},
    ],
)
def test_what_is_no_reply_is_refused(post, told):
    assert post(RECEIVED, told) == 400
    assert not Reply.objects.exists()


def test_a_reply_from_nobody_is_kept_for_the_desk(post, town):
    assert post(RECEIVED, REPLY | {"message": "Qui êtes-vous ? <b>"}) == 204
    assert "Qui êtes-vous ? <b>" in FollowUp.objects.get().words


@pytest.mark.parametrize(
    ("sender", "kept", "read"),
    [
        ("INFO", "INFO", "INFO"),
        ("36111", "36111", "36111"),
        ("", "", "numéro masqué"),
        ("Une très longue enseigne", "Une très longue ", "Une très longue"),
    ],
)
def test_what_comes_from_no_telephone_is_read_by_somebody_and_answers_nothing(post, heard, sender, kept, read):
    register_person(first_name="Odette")
    assert [post(RECEIVED, REPLY | {"from": sender}) for _ in range(2)] == [204, 204]
    reply = Reply.objects.get()
    assert (reply.sender, reply.text, reply.message, reply.is_understood) == (kept, "oui", None, False)
    followup = FollowUp.objects.get()
    assert (f"({read}" in followup.words, "oui" in followup.words, followup.person) == (True, True, None)
    assert (heard, Message.objects.exists()) == ([], False)
    assert post(RECEIVED, REPLY | {"id": "8"}) == 204
    assert heard == [(MOBILE, "oui")]


# --- What became of an SMS


@pytest.fixture
def sent(town):
    """An SMS that left."""
    send(person=register_person(first_name="Jeanne", phone=MOBILE), kind="agreed", key="agreed:1", words=WORDS)
    (message,) = deliver_all()
    return message


def state_of(message):
    return Message.objects.get(pk=message.pk).state


def test_a_receipt_is_kept_and_never_goes_back(post, sent):
    told = {"ref": str(sent.uid), "status": "delivered"}
    assert post(STATE, told | {"status": "buffered"}) == 204
    assert state_of(sent) == MessageState.SENT
    assert post(STATE, told) == 204
    kept = Message.objects.get(pk=sent.pk)
    assert (kept.state, kept.sent_at, kept.receipt_at is None) == (MessageState.DELIVERED, sent.sent_at, False)
    assert post(STATE, told | {"status": "failed"}) == 204
    assert state_of(sent) == MessageState.DELIVERED
    assert not FollowUp.objects.exists()


def test_an_sms_that_never_arrived_is_said_by_telephone_once(post, sent):
    for _ in range(2):
        assert post(STATE, {"ref": str(sent.uid), "status": "expired"}) == 204
    assert state_of(sent) == MessageState.UNREACHED
    followup = FollowUp.objects.get()
    assert (followup.person.first_name, "Un mot" in followup.words) == ("Jeanne", True)


def test_one_of_a_round_to_many_is_not(post, sent):
    send_many([(Person.objects.get(), "proposal", "proposal:1", WORDS)])
    (message,) = deliver_all()
    assert post(STATE, {"ref": str(message.uid), "status": "failed"}) == 204
    assert state_of(message) == MessageState.UNREACHED
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize("before", [MessageState.SENDING, MessageState.UNCERTAIN, MessageState.QUEUED])
def test_a_receipt_that_is_quicker_than_the_worker(post, sent, before):
    Message.objects.update(state=before, sent_at=None)
    assert post(STATE, {"ref": str(sent.uid), "status": "delivered"}) == 204
    assert Message.objects.get().sent_at is not None
    assert deliver_all() == []
    assert state_of(sent) == MessageState.DELIVERED


def test_what_was_never_handed_over_and_what_is_another_town_s_stay(post, sent, other_town):
    Message.objects.update(state=MessageState.QUEUED, sent_at=None, tries=0)
    assert post(STATE, {"ref": str(sent.uid), "status": "delivered"}) == 204
    assert post(STATE, {"ref": str(sent.uid), "status": "delivered"}, host=SECOND_TOWN) == 204
    assert post(STATE, {"ref": str(uuid.uuid4()), "status": "delivered"}) == 204
    assert state_of(sent) == MessageState.QUEUED
    assert [post(STATE, told) for told in ({"ref": "12", "status": "delivered"}, {"status": "delivered"})] == [400, 400]
