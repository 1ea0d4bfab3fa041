"""Somebody is forgotten: what stands in the way, what goes, what stays, and the figures that do not move."""

import datetime

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from accounts.models import Account
from aid.facts.services import figures
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.followups.services import ask as ask_followup
from aid.followups.services import finish as finish_followup
from aid.help_requests.models import HelpRequest, RequestStep, StepWords
from aid.help_requests.services import cancel, finish, thank
from aid.notifications.models import Message, Reply
from aid.notifications.services import receive_reply
from aid.onboarding.models import Volunteer
from aid.onboarding.services import leave
from aid.people.models import Person
from aid.people.services import update_person
from aid.privacy.enums import RightKind, RightState, SeenOn, Via
from aid.privacy.forgetting import GoneError, StandsInTheWayError, fates, forget, in_the_way
from aid.privacy.holdings import ByHand, Delete, Empty, Keep, declared
from aid.privacy.models import Access, ChangedValue, RightsRequest
from aid.privacy.rights import NotAllowedError, ask
from aid.privacy.rights import forget as forget_who_asks
from aid.privacy.services import note_reading
from aid.proposals.services import accept, ask_volunteers
from harness.desk import make_account
from harness.loop import ADDRESS, ALICE_PHONE, DETAILS, JEANNE_PHONE, SURNAME, jeanne, open_request, volunteer
from harness.messages import deliver_all
from tenants.context import town_context
from themes.brand import format_telephone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
ALICE = "Alicanari"
HERS = (SURNAME, ADDRESS, DETAILS, JEANNE_PHONE, format_telephone(JEANNE_PHONE), "Jeannequichante")
ALICE_S = (ALICE, "Morvanari", ALICE_PHONE, format_telephone(ALICE_PHONE))


@pytest.fixture
def agent():
    """Nadia, at the desk."""
    return make_account("nadia@ccas.example", "Agents")


@pytest.fixture
def lived(agent):
    """Jeanne asked, Alice came, it was done and thanked; everything was written about both. (Jeanne, Alice)."""
    person, alice = jeanne(), volunteer(ALICE, ALICE_PHONE, last_name="Morvanari")
    update_person(person, by_account=agent, first_name="Jeannequichante")
    request = open_request(person)
    ask_volunteers(request.pk)
    accept(request.proposals.get(volunteer=alice))
    deliver_all()
    receive_reply(sender=JEANNE_PHONE, text=f"Merci {ALICE}, je suis {SURNAME}")
    request = HelpRequest.objects.get(pk=request.pk)
    thank(finish(request, minutes=75, words=f"{ALICE} et {SURNAME} ont ri"), words=f"Merci {ALICE}")
    cancel(open_request(person), words=f"{SURNAME} est partie")
    deliver_all()
    note_reading(person, screen=SeenOn.CARD, by_account=agent)
    for one in FollowUp.objects.open():
        finish_followup(one, by_account=agent, outcome=f"{SURNAME} rappelée pour {ALICE}")
    return Person.objects.get(pk=person.pk), Volunteer.objects.get(pk=alice.pk)


def said_anywhere(words):
    """Every table and column of the town's schema where one of these words is still written."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND data_type IN ('text', 'character varying', 'ARRAY', 'jsonb')"
        )
        for table, column in cursor.fetchall():
            for word in words:
                cursor.execute(f'SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE %s LIMIT 1', [f"%{word}%"])
                if cursor.fetchone():
                    found.append((table, column, word))
    return found


def test_nothing_of_her_is_left_in_any_table(lived):
    person, _ = lived
    assert {table for table, *_ in said_anywhere(HERS)} >= {"people_person", "notifications_message"}
    number = forget(person)
    assert said_anywhere(HERS) == []
    assert not Person.objects.filter(pk=number).exists()
    assert "Alicanari" in Volunteer.objects.get().person.first_name, "who helped her is untouched"


def test_nothing_of_a_volunteer_is_left_in_any_table(lived):
    _, alice = lived
    leave(alice)
    forget(alice.person)
    assert said_anywhere(ALICE_S) == []
    done = HelpRequest.objects.get(minutes=75)
    assert (done.volunteer, done.person.last_name) == (None, SURNAME)


def test_figures_are_the_same_before_and_after(lived):
    person, alice = lived
    before = figures()
    assert (before.services, before.people_helped) == (1, 1)
    forget(person)
    leave(alice)
    forget(alice.person)
    assert figures() == before
    done = HelpRequest.objects.get(minutes=75)
    assert (done.person, done.volunteer, done.forgotten_on) == (None, None, timezone.localdate())
    assert done.kind_id
    assert done.commune_id


def test_her_journals_stay_by_number_and_without_a_word(lived):
    person, _ = lived
    readings, steps = Access.objects.filter(person=person).count(), RequestStep.objects.count()
    number = forget(person)
    assert Access.objects.filter(person=number).count() == readings > 1
    assert RequestStep.objects.count() == steps
    assert not StepWords.objects.exists()
    assert not ChangedValue.objects.exists()
    assert not Reply.objects.exists()


def test_what_has_not_left_never_leaves(lived):
    person, _ = lived
    Message.objects.create(kind="x", key="x:1", person=person, channel="sms", recipient=JEANNE_PHONE, body="Bonjour")
    sent = Message.objects.filter(person=person).sent().count()
    forget(person)
    assert not Message.objects.filter(key="x:1").exists()
    left = Message.objects.filter(recipient="", body="", subject="", person=None).sent()
    assert left.count() >= sent > 0, "that messages left is still counted"


def test_each_thing_in_the_way_is_said_and_refused_until_a_human_ended_it(agent):
    person, alice = jeanne(), volunteer(ALICE, ALICE_PHONE)
    request = open_request(person)
    ask_volunteers(request.pk)
    accept(request.proposals.get(volunteer=alice))
    todo = ask_followup(kind=FollowUpKind.TO_CALL, person=alice.person, words="Rappeler")
    assert [(one.kind, one.uid) for one in in_the_way(person)] == [("request", request.uid)]
    assert {one.kind for one in in_the_way(alice.person)} == {"request", "person", "followup"}
    for one in (person, alice.person):
        with pytest.raises(StandsInTheWayError) as refusal:
            forget(one)
        assert refusal.value.obstacles == in_the_way(one)
    cancel(HelpRequest.objects.get(pk=request.pk), by_account=agent)
    finish_followup(todo, by_account=agent)
    leave(alice)
    for one in (person, alice.person):
        forget(one)
    assert not Person.objects.exists()


def test_asking_to_be_forgotten_does_not_stand_in_its_own_way(lived, agent):
    person, _ = lived
    asked = ask(person=person, kind=RightKind.FORGET, via=Via.PHONE, asked_by_name="Sa fille", by_account=agent)
    ask(person=person, kind=RightKind.OBJECT, via=Via.PHONE, words=f"{SURNAME} est lasse", by_account=agent)
    assert FollowUp.objects.open().get(subject_id=asked.pk).kind == FollowUpKind.RIGHTS
    done = forget_who_asks(asked, by_account=agent, was_told=True)
    assert said_anywhere((*HERS, "Sa fille")) == []
    assert (done.person, done.state, done.closed_by, done.via) == (None, RightState.DONE, agent, Via.PHONE)
    assert done.closed_at.date() == timezone.now().date()
    assert not FollowUp.objects.open().exists()


def test_her_last_word_leaves_then_is_wiped_too(lived, agent):
    from aid.notifications.jobs import blank_all

    person, _ = lived
    asked = ask(person=person, kind=RightKind.FORGET, via=Via.SITE)
    forget_who_asks(asked, by_account=agent, was_told=False)
    last = Message.objects.get(kind="last_word")
    assert (last.recipient, last.person) == (JEANNE_PHONE, None)
    deliver_all()
    last.refresh_from_db()
    assert last.state == "sent"
    blank_all(message=last.pk)
    assert said_anywhere(HERS) == []


def test_a_second_agent_finds_it_done(lived, agent):
    person, _ = lived
    asked = ask(person=person, kind=RightKind.FORGET, via=Via.DESK, by_account=agent)
    forget_who_asks(asked, by_account=agent, was_told=True)
    with pytest.raises(NotAllowedError, match="faite"):
        forget_who_asks(asked, by_account=agent, was_told=True)
    with pytest.raises(GoneError):
        forget(person)
    assert RightsRequest.objects.count() == 1


def test_her_account_goes_with_every_session_and_stays_to_who_shares_it(lived):
    person, _ = lived
    account = Account.objects.create_account(phone=JEANNE_PHONE)
    paul = Person.objects.create(first_name="Paul", phone=JEANNE_PHONE, account=account)
    Person.objects.filter(pk=person.pk).update(account=account)
    former = account.password
    forget(Person.objects.get(pk=person.pk))
    account.refresh_from_db()
    assert account.phone == JEANNE_PHONE
    assert account.password != former, "whoever was signed in is signed out"
    forget(Person.objects.get(pk=paul.pk))
    assert not Account.objects.filter(pk=account.pk).exists()


def test_a_colleague_keeps_the_account_they_work_with(agent):
    person = Person.objects.create(first_name="Nadia", account=agent)
    forget(person)
    assert Account.objects.filter(pk=agent.pk).exists()


def test_the_same_person_in_another_town_is_not_touched(lived, other_town):
    person, _ = lived
    with town_context(other_town):
        theirs = jeanne()
    forget(person)
    with town_context(other_town):
        assert Person.objects.get(pk=theirs.pk).last_name == SURNAME


def test_every_holding_says_how_it_forgets_and_leaves_no_link():
    told = {one.title: one for one in fates()}
    for holding in declared():
        if isinstance(holding.forgets, Delete | ByHand):
            assert told[holding.title].goes
            continue
        assert told[holding.title].because.endswith(".")
        if isinstance(holding.forgets, Empty):
            link = holding.model._meta.get_field(holding.path.split("__")[0])
            assert link.null, f"{holding.title} would still lead to the person"
        if isinstance(holding.forgets, Keep):
            for name in holding.fields:
                field = holding.model._meta.get_field(name.split("__")[0])
                assert field.get_internal_type() not in {"TextField"}, f"{holding.title} keeps free words"
    assert {one.title for one in fates() if not one.goes} >= {"Vos demandes", "Qui a ouvert votre fiche"}
    assert apps.get_model("facts.Fact") not in {one.model for one in declared()}


def test_she_may_be_known_again_later(lived):
    person, _ = lived
    forget(person)
    again = jeanne()
    assert again.pk != person.pk
    assert open_request(again, day=timezone.localdate() + datetime.timedelta(days=3)).person == again
