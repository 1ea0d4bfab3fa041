"""Messages: to whom, by which channel, once, and what comes back."""

import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import codes
from aid.configuration.models import Identity, Rules
from aid.configuration.services import identity
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.notifications import replies, texts
from aid.notifications.channels import channel_of
from aid.notifications.enums import MessageState
from aid.notifications.jobs import blank, deliver
from aid.notifications.models import Message, Reply, SmsDay
from aid.notifications.services import receive_reply, send, send_code, send_many
from aid.notifications.words import Words
from aid.people.enums import Channel, Way
from aid.people.models import Person
from core.gsm import ALPHABET
from harness.messages import deliver_all
from tenants.context import facing

WORDS = Words(subject="Une demande", body="Bonjour,\n\nRépondre : https://x.example/r/1/", sms="Répondez OUI à l’été.")
MOBILE, OTHER_MOBILE, LANDLINE = "+33639980001", "+33639980002", "+33199000001"


def somebody(channel: Channel = Channel.SMS, **fields: object) -> Person:
    known = {"first_name": "Alice", "phone": MOBILE, "email": "alice@voisins.example"}
    return Person.objects.create(**known | fields, channel=channel)


@pytest.fixture
def handler() -> Iterator[list[tuple[str, str]]]:
    """Somebody above who understands yes and no, and answers a yes."""
    heard: list[tuple[str, str]] = []

    def understand(phone: str, text: str, question: Message | None) -> str | None:
        heard.append((phone, text))
        return {True: "Merci, c’est noté.", False: "", None: None}[replies.is_yes(text)]

    replies.register(understand)
    yield heard
    replies.unregister(understand)


# --- To whom, by which channel


def test_an_sms_is_in_the_town_s_name_and_says_whom_to_call(town):
    message = send(person=somebody(), kind="proposal", key="proposal:1", words=WORDS)
    assert message.body == "Pont-Sainte-Maxence : Répondez OUI à l'été. Tél. 03 44 72 00 00"
    assert (message.channel, message.recipient, message.subject) == (Channel.SMS, MOBILE, "")
    assert set(message.body) <= ALPHABET


def test_an_email_keeps_its_words(town):
    message = send(person=somebody(Channel.EMAIL), kind="proposal", key="proposal:1", words=WORDS)
    assert (message.subject, message.body) == (WORDS.subject, WORDS.body)
    assert message.recipient == "alice@voisins.example"


@pytest.mark.parametrize(
    "person",
    [
        {"channel": Channel.CALL},
        {"channel": Channel.SMS, "phone": LANDLINE},
        {"channel": Channel.CALL, "phone": "", "email": ""},
    ],
)
def test_who_cannot_be_written_to_is_to_be_called_once(town, person):
    reader = somebody(**person)
    assert channel_of(reader) == Way.CALL
    for _ in range(2):
        assert send(person=reader, kind="agreed", key="agreed:1", words=WORDS) is None
    followup = FollowUp.objects.get()
    assert (followup.kind, followup.person, followup.words) == (FollowUpKind.TO_CALL, reader, WORDS.sms)
    assert not Message.objects.exists()
    assert send_many([(reader, "proposal", "proposal:1", WORDS)]) == 0
    assert FollowUp.objects.count() == 1, "a round to many asks nobody to phone each"


def test_the_same_key_is_the_same_message(town):
    first = send(person=somebody(), kind="agreed", key="agreed:1", words=WORDS)
    again = send(person=somebody(phone=OTHER_MOBILE), kind="agreed", key="agreed:1", words=WORDS)
    assert first == again
    assert send_many([(first.person, "agreed", key, WORDS) for key in ("agreed:1", "agreed:2", "agreed:2")]) == 1
    assert len(waiting_jobs()) == 2


def waiting_jobs() -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM tenants_my_jobs WHERE task_name = 'notifications.deliver' ORDER BY id")
        return [json.loads(row[0]) for row in cursor.fetchall()]


def test_two_thousand_are_written_by_a_handful_of_statements(town):
    people = Person.objects.bulk_create(
        Person(first_name="Alice", phone=f"+336399{80000 + number:05}", channel=Channel.SMS) for number in range(2000)
    )
    identity()
    with CaptureQueriesContext(connection) as log:
        count = send_many((one, "proposal", f"proposal:{one.pk}", WORDS) for one in people)
    assert count == 2000
    assert len(waiting_jobs()) == 2000
    # A savepoint, the messages, their numbers, the jobs.
    assert len(log.captured_queries) <= 8, [query["sql"][:90] for query in log.captured_queries]


@pytest.mark.parametrize(
    ("name", "words", "expected"),
    [
        ("Faire compagnie autour de Lormes", "Bonjour", "Faire compagnie autour de Lormes : Bonjour."),
        ("Communauté de communes du Pays de Mormal", "Bonjour !", "Communauté de communes du Pays de : Bonjour !"),
        ("X" * 60, "Bonjour", f"{'X' * 34} : Bonjour."),
        ("Lormes", "Ici : https://x.example/a", "Lormes : Ici : https://x.example/a -"),
        ("Lormes", "a\n\nb", "Lormes : a b."),
    ],
)
def test_a_name_is_short_and_an_address_is_not_touched(name, words, expected):
    assert texts.sms(Identity(public_name=name, telephone="+33386220000"), words) == f"{expected} Tél. 03 86 22 00 00"
    assert "Tél." not in texts.sms(Identity(public_name=name), words)


# --- What nobody else may read


def test_nothing_personal_is_in_logs_jobs_nor_titles(town, caplog, settings):
    caplog.set_level(logging.DEBUG)
    secret = Words(subject="Une nouvelle", body="Jeanne Durand vous attend", sms="Jeanne Durand vous attend")
    by_sms, by_email = somebody(), somebody(Channel.EMAIL, phone=OTHER_MOBILE)
    messages = [send(person=one, kind="agreed", key=f"agreed:{one.pk}", words=secret) for one in (by_sms, by_email)]
    deliver_all()
    settings.OUTBOX = False
    # At any hour: it would wait for the morning.
    Rules.objects.update(quiet_from=0, quiet_until=0)
    failing = send(person=by_sms, kind="agreed", key="agreed:x", words=secret)
    deliver(message=failing.pk)
    receive_reply(sender=MOBILE, text="Jeanne Durand ?")
    seen = " ".join([caplog.text, *map(str, waiting_jobs()), *map(str, messages), str(Reply.objects.get())])
    for canary in ("Durand", "Alice", "alice@", "639980001", "06 39"):
        assert canary not in seen
    assert all(set(job) == {"town", "message"} for job in waiting_jobs())
    assert "no SMS gateway" in caplog.text


def test_another_town_has_nothing_of_it(town, other_town):
    send(person=somebody(), kind="agreed", key="agreed:1", words=WORDS)
    with facing(other_town):
        assert not Message.objects.exists()
        assert deliver_all() == []
    assert len(deliver_all()) == 1


# --- Codes


def test_a_code_goes_first_and_is_wiped_a_day_later(town):
    person = somebody()
    for _ in range(2):
        send_code(channel="sms", recipient=MOBILE, subject="Votre code", body="123456 est votre code.", key="code:1")
    message = Message.objects.get()
    assert (message.kind, message.person) == ("code", person)
    with connection.cursor() as cursor:
        cursor.execute("SELECT args, scheduled_at FROM tenants_my_jobs WHERE task_name = 'notifications.blank'")
        ((arguments, at),) = cursor.fetchall()
    assert json.loads(arguments)["message"] == message.pk
    assert timedelta(hours=23) < at - timezone.now() <= timedelta(days=1)
    blank(message=message.pk)
    message.refresh_from_db()
    assert (message.subject, message.body) == ("", "")


def test_a_code_to_a_shared_telephone_is_nobody_s_in_particular(town):
    somebody()
    somebody(first_name="Paul")
    send_code(channel="sms", recipient=MOBILE, subject="", body="123456 est votre code.", key="code:1")
    assert Message.objects.get().person is None


def test_accounts_send_their_codes_by_this_door(monkeypatch):
    registered = []
    monkeypatch.setattr(codes, "register_sender", registered.append)
    apps.get_app_config("notifications").ready()
    assert registered == [send_code]


# --- The ceiling


def test_beyond_the_ceiling_messages_are_held_and_the_town_is_told_once(town):
    Rules.objects.update(sms_daily_ceiling=5)
    person = somebody()
    send_many((person, "proposal", f"proposal:{number}", WORDS) for number in range(7))
    assert len(deliver_all()) == 5
    assert Message.objects.filter(state=MessageState.HELD).count() == 2
    (followup,) = FollowUp.objects.all()
    assert followup.kind == FollowUpKind.SMS_CEILING
    assert "5\u00a0SMS" in followup.words
    assert "périmées" in followup.words

    send(person=person, kind="agreed", key="agreed:1", words=WORDS)
    assert deliver_all() == []
    told = FollowUp.objects.get(kind=FollowUpKind.TO_CALL)
    assert (told.person, "plafond" in told.words) == (person, True)

    send(person=somebody(Channel.EMAIL), kind="agreed", key="agreed:2", words=WORDS)
    assert len(deliver_all()) == 1, "e-mails are not counted"
    assert vars(SmsDay.objects.get()).items() >= {"taken": 5, "held": 3}.items()


def test_codes_have_a_reserve_that_ends(town):
    Rules.objects.update(sms_daily_ceiling=5)
    send_many((somebody(), "proposal", f"proposal:{number}", WORDS) for number in range(5))
    for number in range(2):
        send_code(channel="sms", recipient=MOBILE, subject="", body="123456", key=f"code:{number}")
    assert len(deliver_all()) == 6
    assert Message.objects.get(state=MessageState.HELD).kind == "code"
    assert [followup.kind for followup in FollowUp.objects.all()] == [FollowUpKind.SMS_CEILING]


def test_a_new_day_has_a_new_ceiling_and_sends_nothing_of_the_last_one(town):
    Rules.objects.update(sms_daily_ceiling=1)
    send_many((somebody(), "proposal", f"proposal:{number}", WORDS) for number in range(2))
    assert len(deliver_all()) == 1
    SmsDay.objects.update(day=timezone.localdate() - timedelta(days=1))
    held = Message.objects.get(state=MessageState.HELD)
    deliver(message=held.pk)
    held.refresh_from_db()
    assert held.state == MessageState.HELD
    send(person=somebody(), kind="agreed", key="agreed:1", words=WORDS)
    assert len(deliver_all()) == 1


# --- What comes back


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("OUI", True), ("oui merci", True), ("Oui !", True), (" ok ", True), ("OUÏ", True), ("oui, à demain.", True),
        ("Non", False), ("non désolée", False), ("NON.", False), ("Non merci", False),
        ("oui et non", None), ("Qui est-ce ?", None), ("", None), ("👍", None), ("je ne peux pas dire oui", None),
        ("ouistiti", None),
    ],
)  # fmt: skip
def test_a_yes_and_a_no_are_understood_however_they_are_typed(text, meant):
    assert replies.is_yes(text) is meant


def test_a_reply_goes_to_who_understands_and_is_answered(town, handler):
    person = somebody()
    question = send(person=person, kind="proposal", key="proposal:1", words=WORDS)
    deliver_all()
    receive_reply(sender="06 39 98 00 01", text="  Oui merci ")
    assert handler == [(MOBILE, "Oui merci")]
    (answer,) = deliver_all()
    assert "Merci, c'est noté." in answer.body
    assert (answer.person, answer.recipient) == (person, MOBILE)
    reply = Reply.objects.get()
    assert (reply.message, reply.is_understood) == (question, True)
    receive_reply(sender=MOBILE, text="non")
    assert deliver_all() == [], "a no that needs no words"
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize("known", [True, False])
def test_what_nobody_understands_is_for_a_person(town, handler, known):
    person = somebody() if known else None
    receive_reply(sender=MOBILE, text="Qui êtes-vous ?")
    followup = FollowUp.objects.get()
    assert (followup.kind, followup.person) == (FollowUpKind.TO_CALL, person)
    assert "«\u00a0Qui êtes-vous ?\u00a0»" in followup.words
    assert "06\u00a039\u00a098\u00a000\u00a001" in followup.words
    assert not Message.objects.exists()


def test_a_reply_of_ten_thousand_signs_and_one_from_no_telephone(town, handler):
    receive_reply(sender=MOBILE, text="🙏" * 10_000)
    assert len(Reply.objects.get().text) == 1000
    assert len(FollowUp.objects.get().words) == 600
    receive_reply(sender="INFO", text="oui")
    assert Reply.objects.get(sender="INFO").text == "oui"
    assert handler == [(MOBILE, "🙏" * 1000)]


def test_the_same_reference_is_the_same_reply(town, handler):
    for _ in range(2):
        receive_reply(sender=MOBILE, text="oui", reference="abc-1")
    receive_reply(sender=MOBILE, text="oui")
    assert (len(handler), Reply.objects.count()) == (2, 2)


def test_the_words_of_this_room_keep_their_spaces():
    said = [texts.not_sent("x"), texts.maybe_sent("x"), texts.held("x"), texts.ceiling_reached(5)]
    assert not any(re.search(r" [:;?!»]|« ", text) for text in said)
