"""By which way somebody is reached, for each purpose."""

import pytest
from django.db import IntegrityError, transaction

from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.notifications.channels import PURPOSES, channel_of, purpose_of, ways_of
from aid.notifications.enums import MessageState
from aid.notifications.models import Message
from aid.notifications.services import receive_reply, send, send_many, withhold
from aid.notifications.words import Words
from aid.people.enums import OPTIONAL, WAYS, Channel, Purpose, Way
from aid.people.models import Person
from aid.people.services import register_person
from aid.relations.enums import Consent, Scope
from aid.relations.services import grant, revoke
from aid.territory.models import CoveredCommune
from harness.messages import deliver_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
MOBILE, CLAIRE, EMAIL = "+33639980001", "+33639980002", "jeanne@exemple.example"
WORDS = Words(
    subject="Quelqu’un a dit oui",
    body="Bonjour Jeanne,\n\nAlice vient.\n\nVoir : https://x.example/suivi/1-secret/",
    sms="Alice vient mardi à 14 h. Le reste est ici : https://x.example/suivi/1-secret/",
)


@pytest.fixture
def jeanne() -> Person:
    """She gets SMS, and has an address of each sort."""
    return register_person(
        first_name="Jeanne",
        phone=MOBILE,
        email=EMAIL,
        address="1 rue des Lilas",
        commune=CoveredCommune.objects.first(),
    )


@pytest.fixture
def mandate(jeanne):
    """Claire may follow her requests."""
    claire = register_person(first_name="Claire", phone=CLAIRE)
    granted = grant(representative=claire, principal=jeanne, scope=[Scope.REQUESTS], consent=Consent.BY_PHONE)
    Message.objects.all().delete()
    return granted


def choose(person: Person, **channels: str) -> Person:
    person.channels = channels
    person.save()
    return person


def test_each_purpose_has_its_way_and_the_usual_one_serves_the_others(jeanne):
    choose(jeanne, requests="email", thanks="none", reminders="call")
    assert channel_of(jeanne, Purpose.REQUESTS) == Way.EMAIL
    assert channel_of(jeanne, Purpose.THANKS) == Way.NONE
    assert channel_of(jeanne, Purpose.REMINDERS) == Way.CALL
    assert channel_of(jeanne, Purpose.FILE) == channel_of(jeanne) == Way.SMS
    assert channel_of(jeanne, Purpose.DIGEST) == Way.NONE, "nobody is called for it"
    jeanne.email = ""
    assert channel_of(jeanne, Purpose.REQUESTS) == Way.SMS, "what does not work any more is not a choice"


def test_every_purpose_of_a_kind_is_one_and_what_is_unknown_is_never_optional():
    assert set(PURPOSES.values()) == set(Purpose) - {Purpose.FILE}
    assert purpose_of("sanction_begins") not in OPTIONAL
    assert Purpose.FILE not in OPTIONAL


@pytest.mark.parametrize(
    "wrong",
    [
        {"news": "sms"},
        {"answer": "none"},
        {"file": "none"},
        {"answer": ""},
        {"answer": 3},
        {"answer": None},
        {"digest": "sms"},
    ],
)
def test_the_database_refuses_what_is_no_choice(jeanne, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=jeanne.pk).update(channels=wrong)
    jeanne.channels = wrong
    with pytest.raises(Exception, match="façon de prévenir"):
        jeanne.validate_constraints()


def test_the_database_takes_every_choice_there_is(jeanne):
    for purpose, ways in WAYS.items():
        for way in ways:
            choose(jeanne, **{purpose.value: way.value})


@pytest.mark.parametrize(("way", "kind"), [("letter", FollowUpKind.TO_WRITE), ("call", FollowUpKind.TO_CALL)])
def test_letters_and_calls_are_for_somebody_of_the_town(jeanne, way, kind):
    choose(jeanne, requests=way)
    assert send(person=jeanne, kind="agreed", key="agreed:1", words=WORDS) is None
    followup = FollowUp.objects.get()
    assert (followup.kind, followup.person) == (kind, jeanne)
    assert ("Bonjour Jeanne" in followup.words) == (way == "letter")


def test_nothing_is_nothing(jeanne):
    choose(jeanne, thanks="none")
    assert send(person=jeanne, kind="thanks", key="thanks:1", words=WORDS) is None
    assert send_many([(jeanne, "birthday", "birthday:1", WORDS)]) == 0
    assert not FollowUp.objects.exists()
    assert not Message.objects.exists()


def test_through_a_relative_words_name_no_more_than_needed(jeanne, mandate):
    choose(jeanne, requests="relative")
    assert send(person=jeanne, kind="agreed", key="agreed:1", words=WORDS).about == jeanne
    assert send(person=jeanne, kind="rights", key="rights:1", words=WORDS).about is None, (
        "their mandate is for requests"
    )
    (message,) = [one for one in deliver_all() if one.about]
    assert (message.person.first_name, message.recipient) == ("Claire", CLAIRE)
    assert "Pour Jeanne" in message.body
    assert "Alice vient mardi" in message.body
    assert "secret" not in message.body, "a link of hers would outlive the mandate"
    assert "/mon-espace/" in message.body
    assert list(Message.objects.of(jeanne).filter(about=jeanne)) == [message]


def test_a_relative_who_reads_e_mails(jeanne, mandate):
    choose(jeanne, requests="relative")
    Person.objects.filter(first_name="Claire").update(phone="", email="claire@exemple.example", channel=Channel.EMAIL)
    message = send(person=jeanne, kind="agreed", key="agreed:1", words=WORDS)
    assert (message.channel, message.subject) == (Channel.EMAIL, "Un message à transmettre")
    assert "Jeanne" not in message.subject


def test_who_may_not_act_any_more_reads_nothing(jeanne, mandate):
    choose(jeanne, requests="relative")
    send(person=jeanne, kind="agreed", key="agreed:1", words=WORDS)
    revoke(mandate, by_person=jeanne)
    assert all(one.about is None for one in deliver_all())
    assert Message.objects.get(kind="agreed").state == MessageState.FAILED
    assert FollowUp.objects.get(kind=FollowUpKind.TO_CALL).person == jeanne
    assert channel_of(jeanne, Purpose.REQUESTS) == Way.SMS
    assert Way.RELATIVE not in ways_of(jeanne, Purpose.REQUESTS)


def test_nothing_leaves_about_who_died(jeanne, mandate):
    choose(jeanne, requests="relative")
    message = send(person=jeanne, kind="agreed", key="agreed:1", words=WORDS)
    assert withhold(jeanne) == 1
    message.refresh_from_db()
    assert message.state == MessageState.FAILED


def test_stop_takes_every_sms_away(jeanne):
    choose(jeanne, requests="sms", thanks="email")
    receive_reply(sender=MOBILE, text="STOP")
    jeanne.refresh_from_db()
    assert (jeanne.channel, jeanne.channels) == (Channel.EMAIL, {"thanks": "email"})


# --- The pages


def test_who_is_here_chooses_and_it_is_traced(jeanne, visit, town):
    from accounts.models import Account
    from aid.privacy.models import Access

    jeanne.account = Account.objects.create_account(phone=MOBILE)
    jeanne.save()
    browser = visit(town.domain)
    browser.force_login(jeanne.account, "django.contrib.auth.backends.ModelBackend")
    page = browser.get("/mon-espace/etre-prevenu/").content.decode()
    assert "Par e-mail" in page
    assert "lettre de l’année" not in page.lower(), "she is no volunteer"
    typed = {"person": str(jeanne.uid), "requests": "email", "thanks": "none"}
    assert browser.post("/mon-espace/etre-prevenu/", typed).status_code == 302
    jeanne.refresh_from_db()
    assert jeanne.channels == {"requests": "email", "thanks": "none"}
    assert Access.objects.filter(act="changed", person=jeanne.pk).exists()
    wrong = browser.post("/mon-espace/etre-prevenu/", typed | {"requests": "relative"})
    assert "façon de prévenir dans la liste" in wrong.content.decode()
    assert browser.post("/mon-espace/etre-prevenu/", typed | {"person": "x"}).status_code == 404
