"""The doors to the outside: what they send, what they say when they cannot."""

import smtplib
import socket

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from core.doors import DoorBusyError, DoorError, DoorRefusedError, DoorUncertainError
from core.doors.checks import messages_leave
from core.doors.mail import send_mail
from core.doors.sms import HttpSmsDoor, NowhereSmsDoor, sms_door
from harness.gateway import gateway

NUMBER, TEXT = "+33639980001", "Jeanne demande une course."
NAMES = {"sender": "from", "recipient": "to", "text": "message", "reference": "id"}
SMS = {"sender": "PONT", "recipient": NUMBER, "text": TEXT, "reference": "b3a1"}
LETTER = {
    "sender_name": "Pont-Sainte-Maxence, l’entraide",
    "reply_to": "accueil@pont.example",
    "recipient": "alice@voisins.example",
    "subject": "Une demande\nprès de chez vous",
    "text": "Bonjour Alice",
    "html": "<p>Bonjour Alice</p>",
    "reference": "b3a1",
}


def door(url: str, **options: object) -> HttpSmsDoor:
    return HttpSmsDoor(url=url, secret_header="api-key", secret="s3cret", names=NAMES, **options)


def test_an_sms_goes_as_the_gateway_wants_it():
    with gateway() as kept:
        door(kept.url).send(**SMS)
        door(kept.url, is_json=False).send(**SMS | {"sender": ""})
    first, second = kept.asked
    assert first["told"] == {"from": "PONT", "to": NUMBER, "message": TEXT, "id": "b3a1"}
    assert second["told"] == {"to": NUMBER, "message": TEXT, "id": "b3a1"}
    assert {first["headers"]["api-key"], first["headers"]["Idempotency-Key"]} == {"s3cret", "b3a1"}
    assert len(kept.carried) == 1, "the same reference is the same SMS"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (429, DoorBusyError),
        (503, DoorBusyError),
        (401, DoorBusyError),
        (302, DoorBusyError),
        (400, DoorRefusedError),
        (422, DoorRefusedError),
        (500, DoorUncertainError),
        (504, DoorUncertainError),
        (0, DoorUncertainError),
    ],
)
def test_a_gateway_that_does_not_take_it_says_whether_to_come_back(answer, said):
    with gateway() as kept:
        kept.answers = [answer]
        with pytest.raises(DoorError) as error:
            door(kept.url).send(**SMS)
    assert type(error.value) is said
    assert (len(kept.asked), kept.carried) == (1, {})
    assert_tells_nothing(error)


def test_a_gateway_that_cannot_be_reached_was_asked_nothing():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{held.getsockname()[1]}/{NUMBER}"
        for url in (closed, "nowhere", "http://"):
            with pytest.raises(DoorBusyError) as error:
                door(url).send(**SMS)
            assert_tells_nothing(error)


def assert_tells_nothing(error: pytest.ExceptionInfo) -> None:
    """What is raised ends in logs, with all that it was raised from."""
    assert error.value.__suppress_context__ or error.value.__context__ is None
    for canary in (NUMBER, TEXT, "s3cret", "alice@"):
        assert canary not in str(error.value)
    assert "s3cret" not in repr(door("http://x"))


def test_the_door_of_an_installation_is_the_one_that_is_set(settings):
    assert isinstance(sms_door(), NowhereSmsDoor)
    settings.OUTBOX = False
    with pytest.raises(DoorBusyError):
        sms_door()
    settings.SMS_GATEWAY = {**settings.SMS_GATEWAY, "url": "https://sms.example/"}
    assert sms_door().url == "https://sms.example/"
    assert sms_door().names == {name: name for name in NAMES}


def test_an_email_goes_in_the_name_of_the_town(settings):
    send_mail(**LETTER)
    assert mail.outbox == [], "with an outbox, nothing leaves"
    settings.OUTBOX, settings.DEFAULT_FROM_EMAIL = False, "Palier <messages@palier.example>"
    send_mail(**LETTER)
    sent = mail.outbox[0].message()
    assert sent["Message-ID"] == "<b3a1@palier.example>"
    assert mail.outbox[0].from_email.endswith("<messages@palier.example>")
    assert "palier.example" in sent["From"]
    assert "accueil@pont.example" in sent["Reply-To"]
    assert (sent["To"], sent["Subject"]) == ("alice@voisins.example", "=?utf-8?q?Une_demande_pr=C3=A8s_de_chez_vous?=")
    assert [part.get_content_type() for part in sent.get_payload()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (smtplib.SMTPRecipientsRefused({"alice@voisins.example": (550, b"alice@voisins.example")}), DoorRefusedError),
        (smtplib.SMTPRecipientsRefused({"alice@voisins.example": (451, b"later")}), DoorBusyError),
        (smtplib.SMTPDataError(554, "alice@voisins.example"), DoorRefusedError),
        (smtplib.SMTPDataError(421, "later"), DoorBusyError),
        (smtplib.SMTPServerDisconnected("alice@voisins.example"), DoorUncertainError),
        (TimeoutError(), DoorUncertainError),
        (ValueError("Invalid address alice@voisins.example"), DoorRefusedError),
    ],
)
def test_a_mail_server_that_does_not_take_it_says_whether_to_come_back(settings, monkeypatch, fault, said):
    settings.OUTBOX = False

    def fail(*_arguments: object) -> None:
        raise fault

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    with pytest.raises(DoorError) as error:
        send_mail(**LETTER)
    assert type(error.value) is said
    assert_tells_nothing(error)
    monkeypatch.setattr(EmailBackend, "open", fail)
    if not isinstance(fault, ValueError):
        with pytest.raises(DoorBusyError) as error:
            send_mail(**LETTER)
        assert_tells_nothing(error)


def test_an_installation_whose_messages_would_not_leave_is_refused(settings):
    settings.OUTBOX, settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = False, "smtp.example", "messages@x.example"
    settings.SMS_GATEWAY = {**settings.SMS_GATEWAY, "url": "https://sms.example/"}
    assert messages_leave(None) == []
    for name, value, fault in (
        ("OUTBOX", True, "core.E001"),
        ("EMAIL_HOST", "", "core.E002"),
        ("DEFAULT_FROM_EMAIL", "palier", "core.E003"),
        ("SMS_GATEWAY", {**settings.SMS_GATEWAY, "url": "http://sms.example/"}, "core.E004"),
        ("SMS_GATEWAY", {**settings.SMS_GATEWAY, "names": {"text": "text"}}, "core.E005"),
        ("SMS_WEBHOOKS", {**settings.SMS_WEBHOOKS, "states": {"ok": "arrived"}}, "core.E006"),
    ):
        usual = getattr(settings, name)
        setattr(settings, name, value)
        assert {problem.id for problem in messages_leave(None)} == {fault}
        setattr(settings, name, usual)
