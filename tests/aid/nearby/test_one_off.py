"""Offers of one day: proposed, read by neighbours, answered, full, called off, past."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aid.configuration.enums import Mode
from aid.configuration.models import KindOfHelp
from aid.help_requests.amending import amend
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.needs import Need
from aid.help_requests.services import cancel
from aid.moderation import queue, sanctions
from aid.moderation.blocks import block
from aid.moderation.enums import Outcome as Decision
from aid.moderation.enums import Reason, SanctionKind
from aid.moderation.models import Case
from aid.nearby.one_off import ANSWERED, MOST_TO_COME, call_off, offers_for, offers_of
from aid.notifications.models import Message
from aid.offers.models import OneOffOffer
from aid.offers.retained import forget_offers, old_offers
from aid.offers.services import Offered, go_away, keep
from aid.onboarding.enums import SUSPEND
from aid.onboarding.services import take
from aid.people.merging import fingerprint
from aid.privacy.holdings import known_of
from aid.privacy.merging import merge
from aid.proposals import direct
from aid.proposals.enums import Answer, Outcome
from aid.proposals.models import Proposal
from aid.proposals.one_off import settle
from aid.proposals.services import accept, decline, withdraw
from harness.desk import make_account
from harness.loop import visits, volunteer
from harness.nearby import a_confirmed, a_district
from harness.one_off import MARKET, an_offer, answered, received
from harness.requests import tomorrow

pytestmark = pytest.mark.django_db
COMMERCE = "Plombier, 30 € de l’heure."


@pytest.fixture
def alice(town):
    """A volunteer."""
    return volunteer("Alice", "+33639980002")


@pytest.fixture
def jeanne(town):
    """A neighbour."""
    return a_confirmed("Jeanne", "+33639980001")


@pytest.fixture
def paul(town):
    """Another."""
    return a_confirmed("Paul", "+33639980003")


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_an_answer_is_a_message_about_that_help_that_day(alice, jeanne, paul):
    offer = an_offer(alice)
    assert list(offers_for(jeanne)) == [offer]
    request = answered(offer, jeanne, address="3 rue du Four")
    asked = (request.kind, request.day, request.hour, request.moment, request.mode, request.people_needed)
    assert asked == (visits(), tomorrow(), None, "morning", Mode.DIRECT, 1)
    proposal = received(request)
    told = Message.objects.get(kind="message", person=alice.person)
    assert "Volontiers" not in told.body, "words are read behind the link"
    assert accept(proposal) is Outcome.ACCEPTED
    assert (fresh(proposal).place, fresh(request).state) == (1, RequestState.AGREED)
    # One place is left, for somebody else.
    assert not offers_for(jeanne).exists()
    assert offers_for(paul).get().taken == 1
    with pytest.raises(ValidationError, match=ANSWERED):
        answered(offer, jeanne)


@pytest.mark.parametrize("how", [decline, withdraw])
def test_a_no_is_kept_whatever_becomes_of_the_request(alice, jeanne, paul, how):
    offer = an_offer(alice)
    proposal = received(answered(offer, jeanne))
    if how is withdraw:
        accept(proposal)
    how(proposal)
    for _ in range(2):
        assert not offers_for(jeanne).exists()
        with pytest.raises(ValidationError, match=ANSWERED):
            answered(offer, jeanne)
        request = fresh(proposal.request)
        if request.state != RequestState.CANCELLED:
            cancel(request, by_person=jeanne)
    assert list(offers_for(paul)) == [offer]


def test_who_took_their_answer_back_may_answer_again(alice, jeanne):
    offer = an_offer(alice)
    request = answered(offer, jeanne)
    assert not offers_for(jeanne).exists()
    cancel(request, by_person=jeanne)
    assert list(offers_for(jeanne)) == [offer]
    assert received(answered(offer, jeanne)).answer == Answer.ASKED


def test_it_is_answered_whatever_the_week_and_the_limits_of_who_offers_it(alice, jeanne, paul):
    keep(alice, Offered(kinds=[visits()], slots=["1-evening"], monthly_limit=1, at_once_limit=1))
    offer = an_offer(alice)
    for person in (jeanne, paul):
        assert accept(received(answered(offer, person))) is Outcome.ACCEPTED


def test_once_full_it_leaves_the_list_and_others_are_told_gently(alice, jeanne, paul):
    offer = an_offer(alice, places=1)
    first, second = received(answered(offer, jeanne)), received(answered(offer, paul))
    settle(offer.pk)
    assert fresh(second).answer == Answer.ASKED, "a place is left: nobody is told anything"
    accept(first)
    assert not offers_for(paul).exists()
    for _ in range(2):
        settle(offer.pk)
    assert fresh(second).answer == Answer.NOT_CHOSEN
    assert "plus de place" in Message.objects.get(kind="answered", person=paul).body
    assert fresh(second.request).state == RequestState.OPEN
    with pytest.raises(ValidationError, match="n’attend plus"):
        answered(offer, a_confirmed("Luc", "+33639980004"))


def test_a_yes_beyond_the_places_is_none(alice, jeanne, paul):
    offer = an_offer(alice, places=1)
    first, second = received(answered(offer, jeanne)), received(answered(offer, paul))
    assert accept(first) is Outcome.ACCEPTED
    assert accept(second) is Outcome.NOT_CHOSEN
    assert fresh(second.request).state == RequestState.OPEN
    assert Message.objects.filter(kind="answered", person=paul).exists()


@pytest.mark.parametrize("how", ["withdraw", "cancel", "amend"])
def test_a_place_that_is_given_back_is_free_again(alice, jeanne, paul, how):
    offer = an_offer(alice, places=1)
    proposal = received(answered(offer, jeanne))
    accept(proposal)
    request = fresh(proposal.request)
    assert not offers_for(paul).exists()
    if how == "withdraw":
        withdraw(proposal)
    elif how == "cancel":
        cancel(request, by_person=jeanne)
    else:
        later = tomorrow() + datetime.timedelta(days=1)
        amend(request, Need(kind=request.kind, day=later, commune=request.commune), by_person=jeanne)
        # Asked about another day, it is an ordinary message to her.
        assert fresh(proposal).offer is None
    assert offers_for(paul).exists()
    assert accept(received(answered(offer, paul))) is Outcome.ACCEPTED


def test_called_off_who_was_agreed_and_who_waited_are_told(alice, jeanne, paul):
    offer = an_offer(alice)
    agreed, waiting = received(answered(offer, jeanne)), received(answered(offer, paul))
    accept(agreed)
    agent = make_account("nadia@ccas.example", "Agents")
    for _ in range(2):
        call_off(offer, by_account=agent)
        settle(offer.pk)
    assert (fresh(agreed).answer, fresh(agreed).place) == (Answer.WITHDREW, None)
    assert fresh(waiting).answer == Answer.NO
    assert [fresh(one.request).state for one in (agreed, waiting)] == [RequestState.OPEN] * 2
    assert Message.objects.filter(kind="reopened", person=jeanne).count() == 1
    assert Message.objects.filter(kind="answered", person=paul).count() == 1
    assert not offers_of(alice).exists()
    with pytest.raises(ValidationError, match="n’attend plus"):
        answered(offer, a_confirmed("Luc", "+33639980004"))


def test_it_ends_by_itself(alice, jeanne):
    offer = an_offer(alice)
    OneOffOffer.objects.update(until=timezone.now())
    assert not offers_for(jeanne).exists()
    assert not offers_of(alice).exists()
    with pytest.raises(ValidationError, match="n’attend plus"):
        answered(offer, jeanne)
    assert fresh(call_off(offer)).called_off_at is None, "nothing is left to call off"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": datetime.date(2020, 1, 1)}, "day"),
        ({"places": 0}, "places"),
        ({"places": 9}, "places"),
        ({"words": "x" * 301}, "words"),
    ],
)
def test_what_cannot_be_offered_is_refused(alice, changes, field):
    with pytest.raises(ValidationError) as refused:
        an_offer(alice, **changes)
    assert field in refused.value.message_dict
    assert not OneOffOffer.objects.exists()


def test_who_is_away_that_day_or_is_not_vouched_for_offers_nothing(alice):
    go_away(alice, starts_on=tomorrow(), ends_on=tomorrow())
    with pytest.raises(ValidationError, match="ne peut pas être proposée"):
        an_offer(alice)
    candidate = take(volunteer("Zoé"), SUSPEND)
    with pytest.raises(ValidationError, match="ne peut pas être proposée"):
        an_offer(candidate)


def test_said_twice_it_is_one_and_there_are_only_so_many(alice):
    assert an_offer(alice) == an_offer(alice)
    for changes in ({"words": "Autrement dit."}, {"places": 3}, {"district": a_district("Le Nord")}):
        with pytest.raises(ValidationError, match="Vous l’avez déjà proposé"):
            an_offer(alice, **changes)
    assert OneOffOffer.objects.get().words == MARKET
    for days in range(1, MOST_TO_COME):
        an_offer(alice, day=tomorrow() + datetime.timedelta(days=days))
    with pytest.raises(ValidationError, match="Retirez-en une"):
        an_offer(alice, moment="afternoon")


def test_what_is_sold_is_held_until_an_agent_read_it(alice, jeanne):
    offer = an_offer(alice, words=COMMERCE)
    assert offer.hidden_because
    assert not offers_for(jeanne).exists()
    with pytest.raises(ValidationError, match="n’attend plus"):
        answered(offer, jeanne)
    case = Case.objects.open().get()
    agent = make_account("nadia@ccas.example", "Agents")
    queue.decide(
        case,
        outcome=Decision.REMOVED,
        reason=Reason.COMMERCE,
        words="Ici, tout est gratuit.",
        revision=case.revision,
        by_account=agent,
    )
    assert "Ici, tout est gratuit." in fresh(offer).hidden_because
    assert not offers_for(jeanne).exists()
    call_off(offer)
    fine = an_offer(alice, words=f"{COMMERCE} Je plaisante.")
    case = Case.objects.open().get()
    queue.decide(case, outcome=Decision.KEPT, reason=Reason.FINE, revision=case.revision, by_account=agent)
    assert list(offers_for(jeanne)) == [fine]


def test_called_off_nobody_need_read_it(alice):
    offer = an_offer(alice, words=COMMERCE)
    call_off(offer)
    assert not Case.objects.open().exists()


def test_who_is_suspended_muted_apart_or_oneself_is_not_read(alice, jeanne, paul):
    offer = an_offer(alice)
    assert not offers_for(alice.person).exists()
    block(blocker=alice.person, blocked=paul)
    assert not offers_for(paul).exists()
    assert list(offers_for(jeanne)) == [offer]
    agent = make_account("nadia@ccas.example", "Agents")
    sanctions.take(
        person=alice.person,
        kind=SanctionKind.SUSPENSION,
        reason=Reason.CHARTER,
        words="Parlons-en.",
        by_account=agent,
    )
    assert not offers_for(jeanne).exists()


def test_under_a_mandate_who_is_apart_from_who_reads_is_not_read(alice, jeanne, paul):
    offer = an_offer(alice)
    assert list(offers_for(jeanne, by=paul)) == [offer]
    assert not offers_for(jeanne, by=alice.person).exists(), "one answers not oneself, in another's name"
    block(blocker=alice.person, blocked=paul)
    assert not offers_for(jeanne, by=paul).exists()
    assert list(offers_for(jeanne)) == [offer]


@pytest.mark.parametrize(
    "changes", [{"is_offered": False}, {"askers": ["town"]}, {"askers": ["carer"]}, {"helpers": ["association"]}]
)
def test_what_the_town_keeps_for_others_since_is_not_read(alice, jeanne, paul, changes):
    offer = an_offer(alice)
    KindOfHelp.objects.filter(pk=offer.kind_id).update(**changes)
    assert not offers_for(jeanne).exists()
    assert offers_for(jeanne, by=paul).exists() is (changes.get("askers") == ["carer"])


def test_who_is_away_that_day_since_is_neither_read_nor_answered(alice, jeanne):
    offer = an_offer(alice)
    later = tomorrow() + datetime.timedelta(days=1)
    go_away(alice, starts_on=later, ends_on=None)
    assert list(offers_for(jeanne)) == [offer]
    go_away(alice, starts_on=tomorrow(), ends_on=tomorrow())
    assert not offers_for(jeanne).exists()
    with pytest.raises(ValidationError, match="Choisissez une autre proposition") as refused:
        answered(offer, jeanne)
    assert refused.value.messages == [direct.NOT_THIS_ONE]
    assert not HelpRequest.objects.exists()


def test_whom_the_town_vouches_for_no_more_is_not_read(alice, jeanne):
    an_offer(alice)
    take(alice, SUSPEND)
    assert not offers_for(jeanne).exists()


def test_the_database_keeps_places_apart(alice, jeanne, paul):
    offer = an_offer(alice)
    first, second = received(answered(offer, jeanne)), received(answered(offer, paul))
    accept(first)
    for place, answer in ((1, Answer.YES), (2, Answer.ASKED)):
        changes = {"answer": answer, "place": place}
        if answer == Answer.YES:
            changes |= {"seat": 1, "answered_at": timezone.now()}
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=second.pk).update(**changes)
    with pytest.raises(IntegrityError), transaction.atomic():
        OneOffOffer.objects.update(places=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        OneOffOffer.objects.update(hour=datetime.time(9))


def test_it_is_told_follows_a_merged_card_and_goes_when_it_is_old(alice, jeanne):
    offer = an_offer(alice)
    proposal = received(answered(offer, jeanne))
    accept(proposal)
    twin = volunteer("Alice", "+33639980009", last_name="Roy")
    seen = fingerprint(twin.person, alice.person)
    merge(twin.person, alice.person, take=[], seen=seen, by_account=make_account("a@ccas.example", "Administrateurs"))
    assert list(offers_of(twin)) == [offer]
    assert any(one.holding.model is OneOffOffer for one in known_of(twin.person))
    assert not old_offers(timezone.now()).exists()
    OneOffOffer.objects.update(until=timezone.now() - datetime.timedelta(days=1))
    forget_offers(list(old_offers(timezone.now()).values_list("pk", flat=True)))
    assert not OneOffOffer.objects.exists()
    assert fresh(proposal).answer == Answer.YES


def test_a_kind_that_neighbours_do_not_ask_for_is_not_proposed(alice, signed_in):
    KindOfHelp.objects.exclude(pk=visits().pk).update(askers=["town"])
    page = signed_in(alice.person).get("/mon-espace/benevole/un-jour/")
    assert [str(kind) for kind in page.context["form"].fields["kind"].queryset] == [str(visits())]
    assert HelpRequest.objects.count() == 0


def test_the_list_asks_as_much_for_one_as_for_many(alice, jeanne, signed_in):
    browser = signed_in(jeanne)
    counts = []
    for number in range(2):
        for day in range(1, 4):
            an_offer(volunteer(f"Luc{number}{day}"), day=tomorrow() + datetime.timedelta(days=day))
        browser.get("/mon-espace/voisins-proposent/")
        with CaptureQueriesContext(connection) as log:
            page = browser.get("/mon-espace/voisins-proposent/")
        assert len(page.context["lines"]) == 3 * (number + 1)
        counts.append(len(log))
    assert counts[0] == counts[1]
