"""At the desk: choosing for who phones, freeing a place, doing with fewer, changing what was asked."""

import datetime

import pytest
from django.utils import timezone

from aid.configuration.enums import Mode
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.notifications.models import Message
from aid.onboarding.models import Volunteer
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from aid.proposals.services import accept
from harness.desk import make_person, make_request
from harness.loop import volunteer

pytestmark = pytest.mark.django_db


def url(request, slug=""):
    return f"/bureau/demande/{request.uid}/{slug and slug + '/'}"


def page(desk, path):
    return desk.get(path).content.decode()


@pytest.fixture
def wanted(jeanne):
    """Asked of three volunteers, in a kind where one is chosen."""
    request = make_request(jeanne, address="3 rue des Lilas", mode=Mode.CANDIDATES)
    for number, name in enumerate(("Alice", "Lucie", "Karim"), 1):
        Proposal.objects.create(request=request, volunteer=volunteer(name, f"+3363998001{number}", last_name="Morel"))
    return request


def proposal(request, name):
    return Proposal.objects.get(request=request, volunteer__person__first_name=name)


def test_an_agent_notes_who_offers_and_chooses_for_who_phones(desk, agent, wanted):
    assert "Choisir un candidat" not in page(desk, url(wanted)), "nobody offers yet"
    assert desk.get(url(wanted, "choisir"))["Location"] == url(wanted)
    said = desk.post(url(wanted, "oui"), {"proposal": proposal(wanted, "Alice").pk}, follow=True).content.decode()
    assert "ce bénévole se propose" in said
    accept(proposal(wanted, "Lucie"))
    assert "Choisir un candidat" in page(desk, url(wanted))
    choosing = page(desk, url(wanted, "choisir"))
    assert "Alice Morel" in choosing
    assert "Karim" not in choosing
    assert "Choisissez qui vient" in desk.post(url(wanted, "choisir"), {"oui": "1"}).content.decode()
    refused = desk.post(url(wanted, "choisir"), {"proposal": proposal(wanted, "Karim").pk})
    assert "Choisissez quelqu’un de la liste" in refused.content.decode()
    assert HelpRequest.objects.get().state == RequestState.PROPOSED
    desk.post(url(wanted, "choisir"), {"proposal": proposal(wanted, "Lucie").pk})
    request = HelpRequest.objects.get()
    assert (request.state, request.volunteer.person.first_name) == (RequestState.AGREED, "Lucie")
    step = request.steps.last()
    assert (step.name, step.by_account, step.by_person) == ("agree", agent, request.person)


def test_where_the_town_chooses_it_is_told_that_somebody_offers(desk, wanted):
    wanted.kind.chooser = "coordinator"
    wanted.kind.save()
    accept(proposal(wanted, "Alice"))
    told = FollowUp.objects.open().get(kind=FollowUpKind.TO_PROPOSE)
    assert "à vous de choisir" in told.words
    assert not Message.objects.filter(kind="candidate").exists()
    desk.post(url(wanted, "choisir"), {"proposal": proposal(wanted, "Alice").pk})
    assert not FollowUp.objects.open().filter(kind=FollowUpKind.TO_PROPOSE).exists()


@pytest.fixture
def several(wanted):
    """Three are needed, two said yes."""
    HelpRequest.objects.update(people_needed=3, mode=Mode.FIRST_YES)
    for name in ("Alice", "Lucie"):
        accept(proposal(wanted, name))
    return HelpRequest.objects.get()


def test_fewer_will_do_and_all_who_go_are_shown(desk, agent, several):
    assert several.state == RequestState.OPEN
    desk.post(url(several, "moins-de-benevoles"), {"oui": "1"})
    request = HelpRequest.objects.get()
    assert (request.state, request.people_needed, request.volunteer.person.first_name) == ("agreed", 2, "Alice")
    shown = page(desk, url(request))
    assert "Bénévoles</dt>" in shown
    assert shown.index("Alice Morel") < shown.index("Lucie Morel")
    assert "Le temps que chacun a donné" in page(desk, url(request, "rendue"))
    again = desk.post(url(request, "moins-de-benevoles"), {"oui": "1"}, follow=True).content.decode()
    assert "Rien n’a changé" in again


def test_fewer_than_one_is_nobody(desk, wanted):
    HelpRequest.objects.update(people_needed=3)
    assert "Partir avec moins" not in page(desk, url(wanted))
    desk.post(url(wanted, "moins-de-benevoles"), {"oui": "1"})
    assert HelpRequest.objects.get().state == RequestState.OPEN


def test_one_of_several_drops_out_and_the_others_still_go(desk, agent, several):
    assert "Choisissez qui se désiste" in desk.post(url(several, "desistement"), {"oui": "1"}).content.decode()
    karim = desk.post(url(several, "desistement"), {"proposal": proposal(several, "Karim").pk})
    assert karim.status_code == 200, "he does not go"
    desk.post(url(several, "desistement"), {"proposal": proposal(several, "Lucie").pk, "words": "Malade."})
    assert proposal(several, "Lucie").answer == Answer.WITHDREW
    assert proposal(several, "Alice").answer == Answer.YES
    step = several.steps.last()
    assert (step.name, step.by_account, step.words) == ("withdraw", agent, "Malade.")


def test_a_rendezvous_is_open_again_once_its_volunteer_cannot_go(desk, jeanne, alice):
    request = make_request(jeanne, RequestState.AGREED, volunteer=alice)
    form = page(desk, url(request, "desistement"))
    assert "Alice Morel" in form
    desk.post(url(request, "desistement"), {"proposal": request.proposals.get().pk})
    request.refresh_from_db()
    assert (request.state, request.volunteer) == (RequestState.OPEN, None)
    HelpRequest.objects.filter(pk=request.pk).update(
        state=RequestState.AGREED, volunteer=alice, ends_at=timezone.now() - datetime.timedelta(hours=1)
    )
    Proposal.objects.update(answer=Answer.YES, seat=1)
    late = desk.post(url(request, "desistement"), {"proposal": request.proposals.get().pk}, follow=True)
    assert "dites plutôt que cela n’a pas eu lieu" in late.content.decode()


def test_what_was_asked_changes_for_who_phones(desk, agent, jeanne, alice):
    request = make_request(jeanne, RequestState.AGREED, volunteer=alice)
    day = request.day + datetime.timedelta(days=4)
    typed = {"day_choice": "other", "day": day.isoformat(), "moment": "morning", "address": "", "details": "Au 2e."}
    assert request.day.isoformat() in page(desk, url(request, "modifier"))
    refused = desk.post(url(request, "modifier"), typed | {"day": "2020-01-01"})
    assert "Ce jour est passé" in refused.content.decode()
    desk.post(url(request, "modifier"), typed)
    request.refresh_from_db()
    assert (request.state, request.day, request.moment) == (RequestState.PROPOSED, day, "morning")
    step = request.steps.last()
    assert (step.name, step.by_account, step.by_person) == ("ask_again", agent, jeanne)
    assert "2e" not in step.words


def test_who_cannot_follow_requests_sees_no_gesture_on_another_sector(desk, visit):
    elsewhere = make_request(make_person("Odette", phone="+33199001299"))
    for slug in ("choisir", "desistement", "moins-de-benevoles", "modifier"):
        assert visit("pont-sainte-maxence.localhost").post(url(elsewhere, slug)).status_code in {302, 404}
    elsewhere.refresh_from_db()
    assert elsewhere.state == RequestState.OPEN
    assert Volunteer.objects.count() == 0
