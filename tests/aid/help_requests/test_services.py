"""A need, from asked to thanked: each step is allowed, journalled, told; each refusal says what to do."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import Account
from aid.configuration.models import KindOfHelp, Rules
from aid.facts.enums import FactKind
from aid.facts.models import Fact
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests import services
from aid.help_requests.enums import CONFIRM, AskedBy, Consent, Moment, RequestState, Source
from aid.help_requests.jobs import call_if_unconfirmed
from aid.help_requests.models import HelpRequest
from aid.help_requests.transitions import NotAllowedError
from aid.notifications.models import Message
from aid.people.models import Person
from aid.people.services import register_person
from aid.territory.models import CoveredCommune, District
from harness import requests as make
from harness.loop import agree
from harness.requests import LANDLINE, MOBILE, OTHER_MOBILE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture
def agent():
    return Account.objects.create_account(email="agent@ville.example")


def steps(request):
    return [(step.name, step.from_state, step.to_state) for step in request.steps.all()]


ASKED = ("ask", "", "to_check")
CONFIRMED = ("confirm", "to_check", "open")


def test_an_unknown_mobile_waits_for_its_code():
    request = make.asked_online(phone="06 39 98 00 01", last_name="Dupont")
    assert (request.state, request.source, request.consent) == (
        RequestState.TO_CHECK,
        Source.SITE,
        Consent.ON_SCREEN,
    )
    assert (request.person.phone, request.person.phone_confirmed_at) == (MOBILE, None)
    assert steps(request) == [ASKED]
    code = make.code_sent_to(MOBILE)
    assert not services.confirm_by_code(request, typed=make.wrong_code(code))
    assert services.confirm_by_code(request, typed=f" {code[:3]} {code[3:]} ")
    request.refresh_from_db()
    assert request.state == RequestState.OPEN
    assert request.person.phone_confirmed_at
    assert steps(request) == [ASKED, CONFIRMED]
    assert "/suivi/" in Message.objects.get(kind="noted").body


def test_an_unknown_landline_waits_for_a_call(agent):
    request = make.asked_online(phone=LANDLINE)
    followup = FollowUp.objects.get()
    assert (followup.kind, followup.person, followup.subject_id) == (
        FollowUpKind.CONFIRM_NUMBER,
        request.person,
        request.pk,
    )
    assert not Message.objects.exists()
    services.confirm(request, by_account=agent)
    request.refresh_from_db()
    followup.refresh_from_db()
    assert (request.state, bool(followup.done_at)) == (RequestState.OPEN, True)
    assert request.person.phone_confirmed_at
    with pytest.raises(NotAllowedError, match="en recherche"):
        services.confirm(request, by_account=agent)


def test_a_foreign_mobile_is_called_rather_than_sent_a_code():
    request = make.asked_online(phone="+32 470 12 34 56")
    assert FollowUp.objects.get().person == request.person
    assert not Message.objects.filter(kind="code").exists()


@pytest.mark.parametrize("phone", [MOBILE, LANDLINE])
def test_a_known_number_opens_at_once_and_who_listens_hears_it(phone, monkeypatch):
    from aid.help_requests import transitions

    heard = []
    monkeypatch.setitem(transitions._listeners, CONFIRM.name, [heard.append])
    jeanne = make.a_known_person(phone=phone, last_name="Dupont")
    request = make.asked_online(phone=phone, first_name="JEANNE", last_name="Autre", address="1 rue Neuve")
    assert (request.state, request.person) == (RequestState.OPEN, jeanne)
    assert steps(request) == [ASKED, CONFIRMED]
    assert heard == [request]
    # What a form says of somebody known is the request's, not theirs.
    jeanne.refresh_from_db()
    assert (jeanne.last_name, jeanne.address, request.address) == ("Dupont", "", "1 rue Neuve")
    assert not FollowUp.objects.filter(kind=FollowUpKind.CONFIRM_NUMBER).exists()


def test_another_first_name_on_a_known_number_is_another_person():
    jeanne = make.a_known_person()
    request = make.asked_online(first_name="Paul")
    assert request.state == RequestState.OPEN
    assert request.person != jeanne
    assert request.person.phone_confirmed_at
    assert make.asked_online(first_name="paul").person == request.person


def test_a_number_that_nobody_confirmed_stays_unknown_however_often_it_asks():
    first = make.asked_online()
    second = make.asked_online(first_name="jeanne")
    assert (first.state, second.state) == (RequestState.TO_CHECK, RequestState.TO_CHECK)
    assert first.person == second.person


def test_the_code_of_one_request_opens_no_other():
    first = make.asked_online()
    code = make.code_sent_to(MOBILE)
    second = make.asked_online()
    assert make.code_sent_to(MOBILE) != code
    assert not services.confirm_by_code(second, typed=code)
    assert services.confirm_by_code(first, typed=code)


def test_a_code_that_never_comes_back_becomes_a_call():
    request = make.asked_online()
    call_if_unconfirmed(request=request.pk)
    call_if_unconfirmed(request=request.pk)
    assert FollowUp.objects.open().get().subject_id == request.pk
    services.confirm_by_code(request, typed=make.code_sent_to(MOBILE))
    assert not FollowUp.objects.open().exists()
    call_if_unconfirmed(request=request.pk)
    assert not FollowUp.objects.open().exists()


def test_the_same_uid_is_the_same_request():
    uid = uuid.uuid4()
    first = make.asked_online(uid=uid)
    again = make.asked_online(uid=uid, first_name="Paul", phone=OTHER_MOBILE)
    assert first == again
    assert HelpRequest.objects.count() == Person.objects.count() == 1


def test_an_agent_asks_for_somebody_who_phones(agent):
    jeanne = register_person(first_name="Jeanne", phone=MOBILE)
    request = make.asked_by_phone(jeanne, agent, asked_by=AskedBy.RELATIVE, asked_by_name="Sa fille, Anne")
    assert (request.state, request.entered_by, request.source) == (RequestState.OPEN, agent, Source.PHONE)
    assert (request.consent, request.asked_by_name) == (Consent.SPOKEN, "Sa fille, Anne")
    assert steps(request) == [ASKED, CONFIRMED]
    assert {step.by_account_id for step in request.steps.all()} == {agent.pk}
    assert Message.objects.get().kind == "noted"


def test_who_is_called_is_not_written_to(agent):
    jeanne = register_person(first_name="Jeanne", phone=LANDLINE)
    make.asked_by_phone(jeanne, agent)
    assert not Message.objects.exists()
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": datetime.date(2020, 1, 1)}, "day"),
        ({"day": datetime.date(2200, 1, 1)}, "day"),
        ({"details": "x" * 1001}, "details"),
        ({"address": "x" * 201}, "address"),
        ({"moment": "midnight"}, "moment"),
    ],
)
def test_a_need_that_cannot_be_is_refused_by_both_doors(agent, changes, field):
    jeanne = register_person(first_name="Jeanne")
    if field != "moment":
        with pytest.raises(ValidationError) as refusal:
            make.asked_by_phone(jeanne, agent, **changes)
        assert list(refusal.value.message_dict) == [field]
    with pytest.raises((ValidationError, ValueError)):
        make.asked_online(**changes)
    assert not HelpRequest.objects.exists()


def test_a_kind_no_longer_offered_and_a_commune_or_district_of_elsewhere_are_refused():
    kind = KindOfHelp.objects.first()
    KindOfHelp.objects.filter(pk=kind.pk).update(is_offered=False)
    with pytest.raises(ValidationError, match="plus proposée"):
        make.asked_online(kind=kind)
    with pytest.raises(ValidationError, match="territoire"):
        make.asked_online(commune=CoveredCommune(pk=999_999))
    elsewhere = CoveredCommune.objects.create(commune_id="38185")
    with pytest.raises(ValidationError, match="quartier"):
        make.asked_online(
            commune=CoveredCommune.objects.exclude(pk=elsewhere.pk).get(),
            district=District.objects.create(name="Île Verte", commune=elsewhere),
        )


@pytest.mark.parametrize("phone", ["12", "bonjour", "06 39 98 00", "3631", "+33 6 39 98 00 01 poste 3"])
def test_a_number_that_cannot_be_dialled_is_refused(phone):
    with pytest.raises(ValidationError, match="dix chiffres"):
        make.asked_online(phone=phone)


def test_limits_of_a_number_and_of_an_internet_address():
    Rules.objects.update(requests_a_day_by_number=2, requests_a_day_by_address=3)
    make.asked_online(internet_address="192.0.2.1")
    make.asked_online(internet_address="192.0.2.1")
    with pytest.raises(services.LimitReachedError) as by_number:
        make.asked_online(internet_address="192.0.2.2")
    make.asked_online(phone=OTHER_MOBILE, internet_address="192.0.2.1")
    with pytest.raises(services.LimitReachedError) as by_address:
        make.asked_online(phone=LANDLINE, internet_address="192.0.2.1")
    # Nobody learns that somebody else has asked today with this number.
    assert str(by_number.value) == str(by_address.value)
    assert HelpRequest.objects.count() == 3


def test_no_more_than_five_codes_an_hour():
    request = make.asked_online()
    assert [services.send_code(request) for _ in range(5)] == [True, True, True, True, False]


def test_cancelling_closes_what_waits_and_is_done_once(agent):
    request = make.asked_online(phone=LANDLINE)
    cancelled = services.cancel(request, words="Sa fille vient.", by_account=agent)
    assert (cancelled.state, cancelled.closing_words) == (RequestState.CANCELLED, "Sa fille vient.")
    assert not FollowUp.objects.open().exists()
    with pytest.raises(NotAllowedError, match="annulée"):
        services.cancel(request)
    with pytest.raises(NotAllowedError):
        services.confirm(request)


def test_finishing_writes_facts_that_name_nobody_and_counts_a_person_once():
    jeanne, alice = make.a_known_person(), make.a_volunteer()
    facts_before = Fact.objects.count()
    for minutes in (45, 90):
        request = agree(make.asked_online(), alice)
        done = services.finish(request, minutes=minutes, words=" Très bien. ", by_person=alice.person)
        assert (done.state, done.minutes, done.closing_words) == (RequestState.DONE, minutes, "Très bien.")
    facts = Fact.objects.order_by("pk")[facts_before:]
    assert [(fact.kind, fact.minutes) for fact in facts] == [
        (FactKind.SERVICE_DONE, 45),
        (FactKind.PERSON_HELPED, 0),
        (FactKind.SERVICE_DONE, 90),
    ]
    assert {fact.commune_code for fact in facts} == {"60509"}
    # The visit was planned for tomorrow: a fact is never in the future.
    assert {fact.happened_on for fact in facts} == {make.tomorrow() - datetime.timedelta(days=1)}
    assert jeanne.help_requests.count() == 2


@pytest.mark.parametrize("minutes", [0, -5, 24 * 60 + 1, 10**9])
def test_a_length_that_cannot_be_is_refused(minutes):
    make.a_known_person()
    request = agree(make.asked_online(), make.a_volunteer())
    with pytest.raises(ValidationError, match="entre 1 minute et 24"):
        services.finish(request, minutes=minutes)
    request.refresh_from_db()
    assert request.state == RequestState.AGREED


def test_only_what_was_agreed_is_finished():
    make.a_known_person()
    request = make.asked_online()
    with pytest.raises(NotAllowedError, match="en recherche"):
        services.finish(request, minutes=30)
    agreed = agree(request, make.a_volunteer())
    with pytest.raises(NotAllowedError, match=r"^Cette demande est acceptée\.$"):
        services.confirm(agreed)
    assert services.finish(agreed, minutes=30).state == RequestState.DONE


def test_giving_up_says_why():
    make.a_known_person()
    request = make.asked_online()
    with pytest.raises(ValidationError, match="quelques mots pourquoi"):
        services.give_up(request, words="  ")
    assert services.give_up(request, words="Personne de libre.").state == RequestState.UNMET
    with pytest.raises(NotAllowedError):
        services.give_up(request, words="Encore.")


def test_thanks_reach_who_came_once():
    make.a_known_person()
    alice = make.a_volunteer()
    request = agree(make.asked_online(), alice)
    with pytest.raises(NotAllowedError):
        services.thank(request, words="Merci !")
    services.finish(request, minutes=30)
    with pytest.raises(ValidationError, match="600"):
        services.thank(request, words="x" * 601)
    services.thank(request, words=" Merci Alice, à bientôt. ")
    services.thank(request, words="Autre chose.")
    request.refresh_from_db()
    assert request.thanks == "Merci Alice, à bientôt."
    told = Message.objects.get(kind="thanks")
    assert (told.recipient, "Merci Alice" in told.body, "Jeanne" in told.body) == (OTHER_MOBILE, True, True)


def test_thanks_are_read_by_the_town_s_rules_before_they_leave_in_its_sms():
    make.a_known_person()
    request = agree(make.asked_online(), make.a_volunteer())
    services.finish(request, minutes=30)
    with pytest.raises(ValidationError, match="pas transmettre ces mots"):
        services.thank(request, words="Merci ! Plombier, 30 € de l’heure.")
    assert not Message.objects.filter(kind="thanks").exists()
    services.thank(request, words="Merci ! Mon numéro : 06 39 98 00 77.")
    told = Message.objects.get(kind="thanks").body
    assert ("Merci !" in told, "00 77" in told, "masqué" in told) == (True, False, True)


def test_no_message_tells_a_surname_an_address_or_a_number_in_its_subject():
    jeanne = make.a_known_person(last_name="Dupont", email="jeanne@exemple.example", channel="email")
    make.asked_online(address="1 rue Neuve", details="Le code de la porte")
    told = Message.objects.get(kind="noted")
    assert told.subject == "Votre demande est notée"
    for secret in ["Dupont", "rue Neuve", "code de la porte", jeanne.phone]:
        assert secret not in told.subject + told.body


def test_a_request_keeps_its_hour_rather_than_its_moment():
    request = make.asked_online(hour=datetime.time(14, 30), moment=Moment.MORNING)
    assert (request.hour, request.moment) == (datetime.time(14, 30), Moment.ANY)
    assert request.ends_at > datetime.datetime.now(datetime.UTC)
    assert connection.schema_name != "public"
