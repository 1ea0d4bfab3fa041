"""A card that ends: its volunteer is told before, once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aid.cards import reminding
from aid.cards.jobs import remind
from aid.cards.models import Card
from aid.cards.services import issue, void
from aid.configuration.models import Rules
from aid.followups.models import FollowUp
from aid.notifications.models import Message
from aid.onboarding.enums import PAUSE, SUSPEND
from aid.onboarding.services import take
from aid.people.enums import Channel
from harness.cards import a_card
from harness.loop import volunteer
from harness.steps import in_days, without_steps
from tenants import rounds
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture
def a_card_of(town):
    """Makes somebody's card, that ends in some days."""
    without_steps()
    phones = iter(range(100, 999))

    def made(name, days, **fields):
        card = a_card(volunteer(name, f"+33639980{next(phones)}", **fields))
        Card.objects.filter(pk=card.pk).update(expires_on=in_days(days))
        return card

    return made


def told():
    return list(Message.objects.filter(kind="card").order_by("pk").values_list("person__first_name", flat=True))


def test_who_has_a_card_that_ends_is_told_once_before(a_card_of):
    alice = a_card_of("Alice", 21)
    for name, days in (("Lucie", 22), ("Odile", -1)):
        a_card_of(name, days)
    for _ in range(2):
        reminding.remind()
    assert told() == ["Alice"]
    assert "Votre carte de bénévole est valable jusqu" in Message.objects.get(kind="card").body
    # Made again, it is told of once more when that one ends.
    again = issue(alice.volunteer, by_account=None)
    reminding.remind()
    Card.objects.filter(pk=again.pk).update(expires_on=in_days(0))
    reminding.remind()
    assert told() == ["Alice", "Alice"]


def test_neither_a_void_card_nor_one_of_who_is_away_or_suspended_is_told_of(a_card_of):
    void(a_card_of("Alice", 5), reason="lost", by_account=None)
    take(a_card_of("Lucie", 5).volunteer, PAUSE)
    take(a_card_of("Odile", 5).volunteer, SUSPEND)
    a_card_of("Zoé", 5)
    reminding.remind()
    assert told() == ["Zoé"]


def test_who_is_phoned_is_to_be_called_until_the_card_stands_no_more(a_card_of):
    card, lost, _ = (a_card_of(name, 5, channel=Channel.CALL) for name in ("Simone", "Odile", "Marthe"))
    reminding.remind()
    assert told() == []
    assert FollowUp.objects.open().filter(key__contains="card:").count() == 3
    issue(card.volunteer, by_account=None)
    void(lost, reason="lost", by_account=None)
    assert FollowUp.objects.open().get(key__contains="card:").person.first_name == "Marthe"


def test_it_costs_as_many_statements_for_many_as_for_few(a_card_of):
    reminding.remind()  # what the town says of itself is in memory from here
    counts = []
    for number in (2, 2, 20):
        for place in range(number):
            a_card_of("Voisine", place % 20)
        with CaptureQueriesContext(connection) as log:
            reminding.remind()
        counts.append(len(log))
    assert counts[1] == counts[2], counts
    assert len(told()) == 24


def test_it_is_in_the_round_of_each_morning_and_knows_its_town_only(a_card_of, other_town):
    a_card_of("Alice", 5)
    assert rounds._each_morning[remind.task.name] is remind
    with facing(other_town):
        assert reminding.remind() == 0
    assert reminding.remind() == 1


def test_nobody_is_told_the_day_after_a_card_is_made_for_a_month(a_card_of):
    alice = a_card_of("Alice", 5)
    Rules.objects.update(card_months=1)
    issue(alice.volunteer, by_account=None)
    assert reminding.remind() == 0
