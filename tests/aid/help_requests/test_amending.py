"""Changing what was asked: whoever it concerns is asked again, or told; a no is never asked again."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from aid.configuration.enums import Mode
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests import services as requests
from aid.help_requests.amending import amend
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.texts import ASKED, follow_path
from aid.help_requests.transitions import NotAllowedError
from aid.notifications.models import Message
from aid.proposals import jobs
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from aid.proposals.services import accept, ask_again, ask_volunteers, decline, tell_others
from aid.relations.enums import Consent, Deed, Scope
from aid.relations.models import ActedFor
from aid.relations.services import grant
from harness.databases import FIRST_TOWN
from harness.loop import ALICE_PHONE, JEANNE_PHONE, jeanne, let_the_hour_pass, open_request, somebody, volunteer
from harness.mandates import ACT, CLAIRE_PHONE, browser_of, known

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
LUCIE_PHONE, KARIM_PHONE = "+33639980003", "+33639980004"


@pytest.fixture
def asked():
    """A visit in two days at 14 h; Alice and Lucie are asked, Karim said no."""
    for name, phone in (("Alice", ALICE_PHONE), ("Lucie", LUCIE_PHONE), ("Karim", KARIM_PHONE)):
        volunteer(name, phone)
    request = open_request(jeanne())
    ask_volunteers(request.pk)
    decline(proposal("Karim"))
    return request


def proposal(name):
    return Proposal.objects.get(volunteer__person__first_name=name)


def need(request, **changes):
    request = HelpRequest.objects.get(pk=request.pk)
    names = ("kind", "day", "hour", "moment", "commune", "district", "address", "details")
    return requests.Need(**{name: getattr(request, name) for name in names} | changes)


def change(request, **changes):
    return amend(request, need(request, **changes), by_person=request.person)


def asked_times(*phones):
    return [Message.objects.filter(recipient=phone, kind="proposal").count() for phone in phones]


def later(request, days=3):
    return request.day + datetime.timedelta(days=days)


def test_who_goes_is_asked_again_about_another_day_and_a_yes_takes_the_place_back(asked):
    accept(proposal("Alice"))
    changed = change(asked, day=later(asked), hour=datetime.time(10))
    assert (changed.state, changed.volunteer) == (RequestState.PROPOSED, None)
    assert changed.ends_at > asked.ends_at
    alice = proposal("Alice")
    assert (alice.answer, alice.seat, alice.times_asked) == (Answer.ASKED, None, 2)
    assert asked_times(ALICE_PHONE, LUCIE_PHONE, KARIM_PHONE) == [2, 1, 1]
    assert "Changé" in Message.objects.filter(recipient=ALICE_PHONE, kind="proposal").latest("pk").body
    step = changed.steps.last()
    assert (step.name, step.words) == ("ask_again", "le jour, l’heure")
    accept(alice)
    again = HelpRequest.objects.get(pk=asked.pk)
    assert (again.state, again.volunteer.person.first_name) == (RequestState.AGREED, "Alice")
    assert Message.objects.filter(recipient=JEANNE_PHONE, kind="agreed").count() == 2


def test_a_refusal_of_the_new_day_looks_for_somebody_again(asked):
    accept(proposal("Alice"))
    tell_others(HelpRequest.objects.get(pk=asked.pk))
    change(asked, day=later(asked))
    assert asked_times(LUCIE_PHONE) == [1], "Alice may still come"
    decline(proposal("Alice"))
    assert HelpRequest.objects.get(pk=asked.pk).state == RequestState.OPEN
    told = Message.objects.get(recipient=JEANNE_PHONE, kind="reopened")
    assert "Alice ne peut finalement pas venir" in told.body
    assert ask_again(asked.pk) == 1
    assert asked_times(ALICE_PHONE, LUCIE_PHONE, KARIM_PHONE) == [2, 2, 1]


def test_those_who_were_asked_are_asked_again_and_a_no_is_left_in_peace(asked):
    changed = change(asked, day=later(asked))
    assert changed.state == RequestState.OPEN
    assert asked_times(ALICE_PHONE, LUCIE_PHONE, KARIM_PHONE) == [2, 2, 1]
    assert changed.steps.last().name == "amend"
    ask_volunteers(asked.pk)
    assert asked_times(ALICE_PHONE, LUCIE_PHONE, KARIM_PHONE) == [2, 2, 1], "once for each change"
    change(asked, day=later(asked))
    assert asked_times(ALICE_PHONE) == [2], "what is the same changes nothing"


def test_a_candidate_says_again_that_they_come(asked):
    HelpRequest.objects.filter(pk=asked.pk).update(mode=Mode.CANDIDATES)
    accept(proposal("Alice"))
    assert HelpRequest.objects.get(pk=asked.pk).state == RequestState.PROPOSED
    change(asked, day=later(asked))
    assert HelpRequest.objects.get(pk=asked.pk).state == RequestState.OPEN
    assert proposal("Alice").answer == Answer.ASKED
    assert asked_times(ALICE_PHONE, LUCIE_PHONE, KARIM_PHONE) == [2, 2, 1]


def test_another_address_is_told_to_who_goes_who_is_not_asked_again(asked):
    accept(proposal("Alice"))
    changed = change(asked, address="3 rue du Canari", details="Le code a changé.")
    assert (changed.state, changed.steps.last().words) == (RequestState.AGREED, "l’adresse, les précisions")
    assert proposal("Alice").answer == Answer.YES
    (told,) = Message.objects.filter(kind="amended")
    assert told.recipient == ALICE_PHONE
    assert "Canari" not in told.body
    change(asked, details="Encore.")
    assert Message.objects.filter(kind="amended").count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": datetime.date(2020, 1, 1)}, "day"),
        ({"day": datetime.date(2099, 1, 1)}, "day"),
        ({"details": "x" * 1001}, "details"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(asked, changes, field):
    before = asked.steps.count()
    with pytest.raises(ValidationError) as refused:
        change(asked, **changes)
    assert field in refused.value.message_dict
    assert asked.steps.count() == before


def test_what_is_over_stays_as_it_was(asked):
    requests.cancel(asked)
    with pytest.raises(NotAllowedError):
        change(asked, day=later(asked))


def test_jobs_follow_the_new_hours(asked):
    accept(proposal("Alice"))
    before = asked.steps.latest("pk").pk
    change(asked, day=later(asked, 1))
    accept(proposal("Alice"))
    # Those of the first day come first: nobody is asked about a day that is to come.
    jobs.ask_whether_done(request=asked.pk, since=before)
    jobs.notice_no_end(request=asked.pk, since=before)
    assert not Message.objects.filter(kind="end").exists()
    assert not FollowUp.objects.filter(kind=FollowUpKind.NOT_CLOSED).exists()
    let_the_hour_pass(asked)
    jobs.ask_whether_done(request=asked.pk, since=asked.steps.latest("pk").pk)
    assert Message.objects.filter(kind="end").count() == 1


# --- On the pages


def typed(request, **changes):
    usual = {
        "day_choice": "other",
        "day": later(request).isoformat(),
        "moment": "hour",
        "hour": "15:30",
        "address": request.address,
        "details": request.details,
    }
    return usual | changes


def test_who_asked_changes_it_on_her_page_and_who_has_proved_nothing_cannot(asked, visit):
    hers = visit(FIRST_TOWN)
    page = f"{follow_path(asked)}modifier/"
    shown = hers.get(page).content.decode()
    assert asked.address in shown
    assert asked.day.isoformat() in shown
    refused = hers.post(page, typed(asked, hour="25:00"))
    assert (refused.status_code, "Cette heure n’existe pas" in refused.content.decode()) == (422, True)
    assert HelpRequest.objects.get().day == asked.day
    assert hers.post(f"{follow_path(asked, ASKED)}modifier/", typed(asked)).status_code == 404
    assert hers.get(f"{follow_path(asked, ASKED)}modifier/").status_code == 404
    assert hers.post(page, typed(asked))["Location"] == follow_path(asked)
    changed = HelpRequest.objects.get()
    assert (changed.day, changed.hour) == (later(asked), datetime.time(15, 30))
    assert changed.steps.last().by_person == asked.person
    requests.cancel(changed)
    assert hers.get(page)["Location"] == follow_path(asked)


def test_her_daughter_changes_it_under_a_mandate_and_it_is_traced():
    her, claire = known("Jeanne", JEANNE_PHONE), known("Claire", CLAIRE_PHONE)
    asked = open_request(her)
    mandate = grant(representative=claire, principal=her, scope=[Scope.REQUESTS], consent=Consent.ON_PAPER)
    client = browser_of(claire)
    page = f"/mon-espace/demande/{asked.uid}/modifier/"
    assert client.post(page, typed(asked)).status_code == 404, "not before she acts for her"
    client.post(ACT, {"mandat": mandate.uid})
    assert client.post(page, typed(asked))["Location"] == f"/mon-espace/demande/{asked.uid}/"
    assert HelpRequest.objects.get().day == later(asked)
    assert ActedFor.objects.get(deed=Deed.AMENDED).subject == asked.uid


def test_why_it_is_called_off_is_asked_and_may_be_left_unsaid(asked, visit):
    hers = visit(FIRST_TOWN)
    page = f"{follow_path(asked)}annuler/"
    refused = hers.post(page, {"reason": "other", "words": " "})
    assert (refused.status_code, "Écrivez en quelques mots pourquoi" in refused.content.decode()) == (422, True)
    assert HelpRequest.objects.get().state == RequestState.OPEN
    hers.post(page, {"reason": "found_elsewhere", "words": ""})
    cancelled = HelpRequest.objects.get()
    assert (cancelled.state, cancelled.reason) == (RequestState.CANCELLED, "found_elsewhere")
    other = open_request(somebody("Odette", "+33639980009"))
    hers.post(f"{follow_path(other)}annuler/")
    other.refresh_from_db()
    assert (other.state, other.reason) == (RequestState.CANCELLED, "")
