"""Nadia would like to relieve carers: from her application to her first visits, as S.C.A.L.A.A. admits its volunteers.

Interview with the psychologist, two sessions of two hours and a half, charter; her town also sees her papers. Then what
trust costs: a record that lapses, a complaint.
"""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from aid.cards.models import CardScan
from aid.desk.as_seen import ChangedMeanwhileError, hold_place, place_mark
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.notes.models import Note
from aid.notes.services import write_note
from aid.notifications.models import Message
from aid.offers.services import volunteers_for, welcome
from aid.onboarding import appointments, expiry
from aid.onboarding import blueprint as onboarding_blueprint
from aid.onboarding.enums import REFUSE, REINSTATE, SUSPEND, How, Proof, Source, StepKind, VolunteerState
from aid.onboarding.models import Appointment, Step, StepRecord, Volunteer, VolunteerMove
from aid.onboarding.passing import (
    CharterChangedError,
    attend,
    current_charter,
    pass_step,
    publish_charter,
    sign,
)
from aid.onboarding.progress import Standing, progress_of
from aid.onboarding.services import admit, apply, take
from aid.people.services import register_person
from aid.proposals.enums import Answer
from aid.proposals.services import ask_volunteers
from aid.proposals.texts import answer_path
from harness.at_once import all_at_once
from harness.browsers import browser_at
from harness.cards import printed_path
from harness.databases import FIRST_TOWN
from harness.desk import make_account, move_by_desk
from harness.loop import ADDRESS, jeanne, open_request, somebody, visits
from harness.steps import hour_in_days, in_days, without_steps
from tenants import blueprints
from tenants.context import town_context
from tenants.registry import registry

SESSION = 150


@pytest.fixture
def team(town):
    """The town's steps are those of S.C.A.L.A.A., and two of its own; the psychologist and the coordinator."""
    without_steps()
    onboarding_blueprint.fill(blueprints.load("scalaa"))
    Step.objects.create(kind=StepKind.IDENTITY, name="Votre identité", position=40, proof=Proof.SEEN)
    Step.objects.create(
        kind=StepKind.RECORD, name="Votre casier", position=50, proof=Proof.SEEN, validity_months=36, is_reserved=True
    )
    return (
        make_account("psychologue@ccas.example", "Agents", first_name="Mathilde"),
        make_account("coordination@ccas.example", "Administrateurs", first_name="Omar"),
    )


def step_of(kind):
    return Step.objects.asked().get(kind=kind)


def lacks(volunteer):
    return [one.step.kind for one in progress_of(volunteer) if one.is_blocking]


def let_it_come(appointment):
    Appointment.objects.filter(pk=appointment.pk).update(at=timezone.now() - datetime.timedelta(hours=2))
    return appointment


def apply_and_be_met(team):
    """She applied on the site; the interview is planned, told by SMS, held; what was said there is sealed."""
    psychologist, coordinator = team
    person = register_person(first_name="Nadia", last_name="Haddad", phone="+33639980002")
    nadia = apply(person=person, source=Source.SITE, motivation="J’ai aidé ma mère pendant six ans.")
    assert FollowUp.objects.open().get(kind=FollowUpKind.ONBOARDING).person == person
    assert lacks(nadia) == ["interview", "training", "charter", "identity", "record"]
    interview = appointments.plan(
        volunteer=nadia,
        step=step_of(StepKind.INTERVIEW),
        at=hour_in_days(3),
        place="Maison des aidants",
        with_account=psychologist,
        by_account=coordinator,
    )
    assert "Mathilde" in Message.objects.get(person=person, kind="appointment").body
    assert progress_of(nadia)[0].state == Standing.PLANNED
    write_note(person, text="A perdu sa mère au printemps. En parle bien.", by_account=psychologist)
    assert Note.objects.count() == 1
    appointments.held(let_it_come(interview), passed=True, by_account=psychologist)
    return nadia


def be_trained(nadia, team):
    """Two sessions of two hours and a half: the first is not enough."""
    training = step_of(StepKind.TRAINING)
    attend(volunteer=nadia, step=training, on=in_days(-8), minutes=SESSION, title="Un", by_account=team[1])
    assert "training" in lacks(nadia)
    attend(volunteer=nadia, step=training, on=in_days(-1), minutes=SESSION, title="Deux", by_account=team[1])
    assert lacks(nadia) == ["charter", "identity", "record"]


def read_and_sign(nadia, team):
    """The charter changes between reading and signing: she reads again."""
    read = current_charter()
    more = f"{read.text}\n- Nous nous voyons tous les deux mois."
    publish_charter(text=more, asked_from=in_days(30), by_account=team[1])
    with pytest.raises(CharterChangedError):
        sign(volunteer=nadia, charter_number=read.number, digest=read.digest, how=How.ON_SCREEN)
    again = current_charter()
    assert "tous les deux mois" in again.text
    sign(volunteer=nadia, charter_number=again.number, digest=again.digest, how=How.ON_SCREEN)


def show_her_papers(nadia, team):
    """They are seen, none is kept."""
    psychologist, coordinator = team
    pass_step(volunteer=nadia, step=step_of(StepKind.IDENTITY), by_account=psychologist)
    with pytest.raises(ValidationError, match="Votre casier"):
        admit(person=nadia.person, by_account=coordinator)
    pass_step(volunteer=nadia, step=step_of(StepKind.RECORD), valid_until=in_days(40), by_account=coordinator)
    assert not StepRecord.objects.exclude(proof_file="").exists()
    assert lacks(nadia) == []


@pytest.fixture
def nadia(town, team):
    """She went through all of it, offers visits, and said yes to Jeanne's."""
    nadia = apply_and_be_met(team)
    for chapter in (be_trained, read_and_sign, show_her_papers):
        chapter(nadia, team)
    return welcome(person=nadia.person, kinds=[visits()])


@pytest.fixture
def first(nadia):
    """Jeanne's visit, which Nadia was asked about."""
    request = open_request(jeanne(), days=5)
    assert ask_volunteers(request.pk) == 1
    return request


@pytest.fixture
def browser(visit):
    return visit(FIRST_TOWN)


def says_yes(browser, request):
    return browser.post(answer_path(request.proposals.get()), {"answer": "yes"}, follow=True).content.decode()


@pytest.mark.django_db
def test_nadia_is_admitted_step_by_step_and_goes_to_jeanne(nadia, first, browser):
    assert nadia.state == VolunteerState.ADMITTED
    assert not FollowUp.objects.open().filter(kind=FollowUpKind.ONBOARDING).exists()
    assert ADDRESS in says_yes(browser, first)


@pytest.mark.django_db
def test_a_step_that_lapses_stops_proposals_has_her_visit_reviewed_and_is_renewed(nadia, first, team, browser):
    says_yes(browser, first)
    # Forty days before, she was told.
    expiry.remind()
    assert Message.objects.filter(person=nadia.person, kind="step").count() == 1
    # The day it ends nothing more is proposed, whatever job runs.
    record = nadia.records.get(step=step_of(StepKind.RECORD))
    StepRecord.objects.filter(pk=record.pk).update(passed_on=in_days(-50), valid_until=in_days(-1))
    assert list(volunteers_for(kind=visits(), commune=first.commune)) == []
    second = open_request(somebody("Odette", "+33639980009"), days=6)
    assert ask_volunteers(second.pk) == 0
    expiry.notice_lapses()
    told = FollowUp.objects.open().filter(kind=FollowUpKind.ONBOARDING)
    assert {one.person for one in told} == {nadia.person, first.person}
    expiry.remind()
    assert "Votre casier" in Message.objects.filter(person=nadia.person, kind="step").latest("pk").body
    # Renewed: asked again.
    pass_step(volunteer=nadia, step=step_of(StepKind.RECORD), by_account=team[1])
    assert not told.filter(person=nadia.person).exists()
    assert ask_volunteers(second.pk) == 1


@pytest.mark.django_db
def test_suspended_the_links_of_her_sms_open_to_a_calm_page(nadia, first, team, browser):
    says_yes(browser, first)
    second = open_request(somebody("Odette", "+33639980009"), days=6)
    assert ask_volunteers(second.pk) == 1
    take(nadia, SUSPEND, by_account=team[1], words="Une famille se plaint. À entendre.")
    for request in (first, second):
        page = browser.get(answer_path(request.proposals.get())).content.decode()
        assert "Parlons-en d’abord" in page
        assert [word for word in (ADDRESS, "Jeanne", "Odette") if word in page] == []
    assert "Parlons-en d’abord" in says_yes(browser, second)
    assert second.proposals.get().answer == Answer.ASKED
    assert HelpRequest.objects.get(pk=first.pk).state == RequestState.AGREED, "a human decides"
    assert FollowUp.objects.open().get(kind=FollowUpKind.ONBOARDING).person == first.person
    # It was nothing: she is back, and all of it is in the journal.
    take(nadia, REINSTATE, by_account=team[1], words="Un malentendu.")
    assert ADDRESS in browser.get(answer_path(first.proposals.get())).content.decode()
    names = list(VolunteerMove.objects.filter(volunteer=nadia).values_list("name", flat=True))
    assert names == ["candidature", "rendez-vous tenu", "admission", "suspension", "retour"]


@pytest.mark.django_db
def test_her_card_is_not_valid_the_minute_she_is_suspended(nadia, team, browser, tmp_path):
    desk = browser_at(FIRST_TOWN, team[0])
    card = f"/bureau/personne/{nadia.person.uid}/carte"
    assert desk.post(f"{card}/", {"geste": "faire"}).status_code == 302
    path = printed_path(desk.get(f"{card}.pdf").content, tmp_path, host=FIRST_TOWN)
    page = browser.get(path).content.decode()
    assert "Cette carte est valable" in page
    assert "Nadia H." in page
    move_by_desk(desk, nadia.person, "suspension", words="Une famille se plaint. À entendre.")
    assert Volunteer.objects.get(pk=nadia.pk).state == VolunteerState.SUSPENDED
    page = browser.get(path).content.decode()
    assert "Cette carte n’est pas valable" in page
    assert "Nadia" not in page
    assert list(CardScan.objects.order_by("pk").values_list("outcome", flat=True)) == ["valid", "no_longer"]


def test_two_coordinators_who_decide_at_once_decide_once(own_database):
    town = registry.find(FIRST_TOWN)[0]
    with town_context(town):
        StepRecord.objects.all().delete()
        nadia = apply(person=somebody("Nadia", "+33639980002"), source=Source.SITE)
        mark = place_mark(nadia)
    told = all_at_once(
        [
            lambda: admit(person=hold_place(nadia, seen=mark).person, despite="Connue de nous."),
            lambda: take(hold_place(nadia, seen=mark), REFUSE, words="Nous cherchons d’autres profils."),
        ],
        town=town,
    )
    with town_context(town):
        now = Volunteer.objects.get(pk=nadia.pk)
        decisions = VolunteerMove.objects.filter(volunteer=nadia).exclude(name="candidature")
        assert decisions.count() == 1
    assert {one.state for one in told if isinstance(one, Volunteer)} == {now.state}
    assert [type(one) for one in told if not isinstance(one, Volunteer)] == [ChangedMeanwhileError]
