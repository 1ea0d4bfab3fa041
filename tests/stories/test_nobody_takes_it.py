"""A need that nobody takes: in waves, then by the coordinator, until its day has passed. Nobody is left without a word.

What is typed goes through HTTP; what time does, the jobs do, in their order.
"""

import datetime
import re

import pytest
from django.utils import timezone

from aid.configuration.enums import Mode
from aid.configuration.models import KindOfHelp
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests.enums import Reason, RequestState
from aid.help_requests.jobs import grow_old
from aid.help_requests.models import HelpRequest
from aid.help_requests.texts import follow_path
from aid.notifications.models import Message
from aid.notifications.services import receive_reply
from aid.proposals import jobs
from aid.proposals.models import Proposal
from aid.proposals.picking import propose_to
from harness.databases import FIRST_TOWN
from harness.desk import make_account
from harness.loop import jeanne, open_request, visits, volunteer
from harness.messages import deliver_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
PHONES = {name: f"+3363998010{number}" for number, name in enumerate(("Alice", "Karim", "Lucie", "Omar", "Zoé"))}


@pytest.fixture
def need():
    """The town asks two at a time, and has its coordinator look for somebody after six hours."""
    KindOfHelp.objects.filter(pk=visits().pk).update(wave_size=2, hours_before_coordinator=6)
    for name in ("Alice", "Karim", "Lucie", "Omar"):
        volunteer(name, PHONES[name])
    return open_request(jeanne())


def now(need):
    return HelpRequest.objects.get(pk=need.pk)


def asked(need):
    return [one.volunteer.person.first_name for one in Proposal.objects.filter(request=need).order_by("pk")]


def link_of(name):
    """The path in the only proposal that they got."""
    return re.search(r"/reponse/[\w-]+/", Message.objects.get(kind="proposal", recipient=PHONES[name]).body).group()


def to_do(kind):
    return [one.words for one in FollowUp.objects.open().filter(kind=kind)]


def test_a_need_that_nobody_takes(need, visit):
    browser = visit(FIRST_TOWN)
    jobs.ask_volunteers(request=need.pk)
    two_say_no_and_two_more_are_asked(browser, need)
    the_town_hears_of_it_then_has_it(need)
    the_coordinator_proposes_it_in_vain(browser, need)
    its_day_passes(browser, need)


def two_say_no_and_two_more_are_asked(browser, need):
    """Alice by her link, Karim by SMS: the next wave comes at once. Lucie says no; Omar, nothing."""
    assert asked(need) == ["Alice", "Karim"]
    browser.post(link_of("Alice"), {"answer": "no"})
    deliver_all()
    receive_reply(sender=PHONES["Karim"], text="non merci")
    last = Proposal.objects.latest("pk").pk
    for _ in range(2):
        jobs.ask_next(request=need.pk, after=last)
    assert asked(need) == ["Alice", "Karim", "Lucie", "Omar"]
    browser.post(link_of("Lucie"), {"answer": "no"})
    assert "Nous cherchons un voisin" in browser.get(follow_path(need)).content.decode()


def the_town_hears_of_it_then_has_it(need):
    """After a day of silence somebody looks; after six hours, the coordinator proposes it."""
    jobs.notice_silence(request=need.pk)
    assert len(to_do(FollowUpKind.UNANSWERED)) == 1
    jobs.entrust(request=need.pk, since=need.steps.latest("pk").pk)
    assert (now(need).mode, to_do(FollowUpKind.UNANSWERED)) == (Mode.COORDINATOR, [])
    jobs.ask_next(request=need.pk, after=Proposal.objects.latest("pk").pk)
    assert len(to_do(FollowUpKind.TO_PROPOSE)) == 1


def the_coordinator_proposes_it_in_vain(browser, need):
    """Zoé is asked in particular; she cannot, and the coordinator has it again."""
    zoe = volunteer("Zoé", PHONES["Zoé"])
    propose_to(now(need), [zoe], by_account=make_account("coordination@exemple.example"))
    assert (now(need).state, to_do(FollowUpKind.TO_PROPOSE)) == (RequestState.PROPOSED, [])
    assert "Nous attendons une réponse" in browser.get(follow_path(need)).content.decode()
    browser.post(link_of("Zoé"), {"answer": "no"})
    jobs.ask_again(request=need.pk)
    assert (now(need).state, len(to_do(FollowUpKind.TO_PROPOSE))) == (RequestState.OPEN, 1)


def its_day_passes(browser, need):
    """The night closes it, and says why; the town calls her; each page says where things stand."""
    ends_at = timezone.now() - datetime.timedelta(hours=25)
    HelpRequest.objects.filter(pk=need.pk).update(ends_at=ends_at, day=ends_at.date())
    for _ in range(2):
        grow_old()
    expired = now(need)
    assert (expired.state, expired.reason) == (RequestState.EXPIRED, Reason.TIME_PASSED)
    assert [(one.kind, one.person) for one in FollowUp.objects.open()] == [(FollowUpKind.TO_CALL, need.person)]
    assert "Ce jour est passé" in browser.get(follow_path(need)).content.decode()
    assert "C’est passé" in browser.get(link_of("Omar")).content.decode()
    assert "Merci d’avoir répondu" in browser.get(link_of("Zoé")).content.decode()
    assert Message.objects.filter(kind="proposal").count() == len(PHONES), "nobody was asked twice"
