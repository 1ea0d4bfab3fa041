"""Somebody died: nothing reaches them, nobody waits for them, and whoever shares their door keeps it."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from aid.desk.deaths import begun_by, note_death
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.followups.services import ask as ask_followup
from aid.help_requests.enums import Consent, RequestState
from aid.help_requests.services import ask_for, finish
from aid.notifications.models import Message
from aid.notifications.services import send
from aid.notifications.words import Words
from aid.offers.services import volunteers_for, welcome
from aid.people.deaths import take_back_death
from aid.people.enums import Channel
from aid.people.models import Person
from aid.people.services import confirm_phone, possible_duplicates, search_people
from aid.personal.services import knows_contact, open_door
from aid.privacy.services import accesses_to
from aid.proposals.commitments import go_each_time, seat_who_goes_each_time
from aid.proposals.enums import Outcome
from aid.proposals.jobs import tell_cancelled
from aid.proposals.models import Proposal
from aid.proposals.services import accept, ask_volunteers
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_request, send_list
from harness.loop import agree, jeanne, let_the_hour_pass, open_request, request_of, somebody, visits, volunteer
from harness.messages import deliver_all
from harness.requests import a_known_person
from harness.series import WEEK, a_day, a_series, asked, on, publish
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
PHONE, NEWS = "+33639980021", Words("Objet", "Texte", "Texte")


@pytest.fixture
def agent(town):
    return make_account("nadia@ccas.example", "Agents", first_name="Nadia")


@pytest.fixture
def died(agent):
    def note(person, on=None):
        note_death(again(person), on=on or timezone.localdate(), by_account=agent)
        return again(person)

    return note


def again(row):
    return type(row)._default_manager.get(pk=row.pk)


def test_no_message_reaches_who_died_and_nobody_is_asked_to_call(died):
    person = somebody("Jeanne", PHONE)
    on_its_way = send(person=person, kind="news", key="news:1", words=NEWS)
    stale = again(person)
    person = died(person)
    assert again(on_its_way).state == "failed"
    assert send(person=person, kind="news", key="news:2", words=NEWS) is None
    written_meanwhile = send(person=stale, kind="news", key="news:3", words=NEWS)
    deliver_all()
    assert again(written_meanwhile).state == "failed"
    assert not FollowUp.objects.exists()
    assert not Message.objects.exclude(state="failed").exists()


def test_what_she_asked_for_ends_and_who_was_to_come_is_told_gently(died, agent):
    person, helper, other = jeanne(), volunteer("Alice", "+33639980002"), volunteer("Luc", "+33639980003")
    agreed, looking, to_check = open_request(person), open_request(person), request_of(person)
    for one in (agreed, looking):
        ask_volunteers(one.pk)
    accept(agreed.proposals.get(volunteer=helper))
    ask_followup(kind=FollowUpKind.TO_CALL, person=person, words="Rappelez-la")
    assert len(begun_by(person).requests) == 3
    died(person)
    assert {again(one).state for one in (agreed, looking, to_check)} == {RequestState.CANCELLED}
    assert not FollowUp.objects.open().exists()
    assert FollowUp.objects.get(words="Rappelez-la").done_by == agent
    for one in (agreed, looking, to_check):
        tell_cancelled(request=one.pk)
    told = {(one.person.first_name, "nous a quittés" in one.body) for one in Message.objects.filter(kind="cancelled")}
    assert told == {("Alice", True), ("Alice", False), ("Luc", False)}, "who was not to come learns nothing of her"
    assert other.state == "admitted"


def test_who_was_to_come_several_times_is_told_once(died, agent):
    person, helper = a_known_person(), volunteer("Alice", "+33639980002")
    series = a_series(person, agent)
    once = agree(open_request(person), helper)
    proposal = asked(on(series, a_day()), helper)
    assert accept(proposal) is Outcome.ACCEPTED
    assert go_each_time(proposal)
    publish(on(series, a_day() + WEEK))
    agreed = [once, on(series, a_day()), on(series, a_day() + WEEK)]
    seat_who_goes_each_time(agreed[-1])
    assert [again(one).state for one in agreed] == [RequestState.AGREED] * 3
    died(person)
    for _ in range(2):
        for one in agreed:
            tell_cancelled(request=one.pk)
    told = Message.objects.get(kind="cancelled", person=helper.person)
    assert ("nous a quittés" in told.body, "plus à venir" in told.body) == (True, True)


def test_who_read_no_messages_is_called_about_it(died):
    person, helper = jeanne(), volunteer("Alice", "+33199000001", channel=Channel.CALL)
    asked = open_request(person)
    ask_volunteers(asked.pk)
    accept(asked.proposals.get(volunteer=helper))
    died(person)
    tell_cancelled(request=asked.pk)
    (call,) = FollowUp.objects.open().filter(person=helper.person, key__contains="died")
    assert "nous a quittés" in call.words
    assert not FollowUp.objects.open().filter(words__contains="vous attend").exists(), "nobody says so any more"


def test_whom_they_were_going_to_help_is_called(died):
    person, helper = jeanne(), volunteer("Alice", PHONE)
    asked = open_request(person)
    ask_volunteers(asked.pk)
    accept(asked.proposals.get(volunteer=helper))
    died(helper.person)
    assert again(asked).state == RequestState.OPEN
    (call,) = FollowUp.objects.open()
    assert (call.person, "ne pourra pas venir" in call.words) == (person, True)
    assert not Message.objects.filter(kind="reopened").exists(), "somebody tells her, with care"


def test_a_rendezvous_that_took_place_is_left_to_who_went(died):
    person, helper = jeanne(), volunteer("Alice", "+33639980002")
    asked = open_request(person)
    ask_volunteers(asked.pk)
    accept(asked.proposals.get(volunteer=helper))
    let_the_hour_pass(asked)
    assert not begun_by(person)
    assert not begun_by(helper.person)
    died(person)
    assert again(asked).state == RequestState.AGREED


def test_they_are_asked_nothing_any_more(died):
    helper, asked = volunteer("Alice", PHONE), open_request(jeanne())
    ask_volunteers(asked.pk)
    proposal = Proposal.objects.get()
    died(helper.person)
    assert list(volunteers_for(kind=asked.kind, commune=asked.commune)) == []
    assert accept(proposal) is Outcome.NOT_ADMITTED
    assert not Proposal.objects.to_answer().exists()
    with pytest.raises(ValidationError, match="décédée"):
        welcome(person=helper.person, kinds=[visits()])


def test_nothing_is_asked_for_them(died, agent):
    person = died(somebody("Jeanne", PHONE))
    day, place = timezone.localdate() + datetime.timedelta(days=2), make_request(somebody("Zoé")).commune
    need = {"kind": visits(), "day": day, "commune": place, "consent": Consent.SPOKEN}
    with pytest.raises(ValidationError, match="décédée"):
        ask_for(person=person, by_account=agent, **need)


def test_nobody_finds_them(died):
    person = died(somebody("Jeanne", PHONE, birth_year=1941))
    assert search_people("jeanne") == search_people("0639980021") == []
    assert possible_duplicates(first_name="Jeanne", phone=PHONE, birth_year=1941) == []
    assert list(Person.objects.living()) == []
    assert Person.objects.get() == person


def test_a_list_that_names_them_does_not_write_them_down_again(died):
    died(somebody("Jeanne", PHONE, last_name="Dupont"))
    sent = send_list("Prénom;Nom;Téléphone\r\nJeanne;Dupont;0639980021\r\n")
    assert [row.state for row in sent.rows.all()] == ["known"]


class TestDoors:
    def entered(self, first_name, **fields):
        person = somebody(first_name, PHONE, **fields)
        confirm_phone(person)
        account = open_door(phone=PHONE)
        browser = Client(headers={"host": FIRST_TOWN})
        browser.force_login(account)
        return again(person), browser

    def test_theirs_is_closed(self, died):
        person, browser = self.entered("Jeanne")
        account = person.account
        person = died(person)
        assert person.account is None
        assert not again(account).is_active
        assert (open_door(phone=PHONE), knows_contact(phone=PHONE)) == (None, False)
        assert browser.get("/mon-espace/").status_code == 302

    def test_who_shares_it_keeps_it(self, died):
        jeanne, _ = self.entered("Jeanne", email="j@exemple.example")
        jeanne.account.email = jeanne.email
        jeanne.account.save()
        paul, browser = self.entered("Paul")
        died(jeanne)
        account = again(paul).account
        assert (account.is_active, account.phone, account.email) == (True, PHONE, None)
        assert open_door(phone=PHONE) == account
        assert browser.get("/mon-espace/").status_code == 302, "nobody can tell whose browser it is"

    def test_who_has_the_same_number_and_no_account_yet_may_come_in(self, died):
        died(self.entered("Jeanne")[0])
        paul = somebody("Paul", PHONE)
        confirm_phone(paul)
        assert open_door(phone=PHONE) == again(paul).account is not None

    def test_staff_s_account_is_left_alone(self, died):
        colleague = make_account("luc@ccas.example", "Agents")
        died(somebody("Luc", account=colleague))
        assert again(colleague).is_active

    def test_a_mistake_is_taken_back(self, died, agent):
        person = died(self.entered("Jeanne")[0])
        take_back_death(person, by_account=agent)
        assert search_people("jeanne") == [person]
        assert open_door(phone=PHONE) == again(person).account is not None


def test_the_journal_keeps_who_said_so_and_who_took_it_back(died, agent):
    person = died(somebody("Jeanne"), on=datetime.date(2026, 3, 12))
    take_back_death(person, by_account=agent)
    told = [(c.field, c.before, c.after) for line in accesses_to(person) for c in line.changes.all()]
    assert told == [("deceased_on", "12 mars 2026", ""), ("deceased_on", "", "12 mars 2026")]
    assert {line.by_account for line in accesses_to(person)} == {agent}


@pytest.mark.parametrize(("day", "told"), [((2999, 1, 1), "pas encore venu"), ((1940, 12, 31), "avant sa naissance")])
def test_a_day_that_cannot_be_is_refused(died, day, told):
    person = somebody("Jeanne", birth_year=1941)
    with pytest.raises(ValidationError, match=told):
        died(person, on=datetime.date(*day))
    assert again(person).deceased_on is None


def test_a_service_that_was_done_before_may_still_be_written_down(died):
    """A volunteer who came the week before says so: figures are right, and nobody is asked to thank."""
    person, helper = jeanne(), volunteer("Alice", "+33639980002")
    done = make_request(person, RequestState.AGREED, volunteer=helper)
    Person.objects.filter(pk=person.pk).update(deceased_on=timezone.localdate())
    finish(done, minutes=60)
    assert again(done).state == RequestState.DONE
    assert not Message.objects.filter(person=person).exists()
    assert not FollowUp.objects.exists()


def test_another_town_is_not_touched(died, other_town):
    with facing(other_town):
        theirs = somebody("Jeanne", PHONE)
    died(somebody("Jeanne", PHONE))
    with facing(other_town):
        assert search_people("jeanne") == [theirs]
