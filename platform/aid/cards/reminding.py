"""Cards that end: their volunteers are told before, once."""

import datetime
from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet

from aid.cards import texts
from aid.cards.models import Card
from aid.followups import services as followups
from aid.notifications.words import Words
from aid.onboarding.models import Volunteer
from aid.onboarding.models.volunteers import STANDING
from aid.people.models import Person
from core.batches import batches

# Less than the shortest card lasts, a month: nobody is told the day after it is made.
AHEAD = datetime.timedelta(days=21)
KIND = "card"
BATCH = 500


def remind() -> int:
    """Write to each volunteer in service whose card ends within three weeks; answer how many letters. In steps."""
    with transaction.atomic():
        # Words are made here too: they read what the town says of itself.
        letters = list(_letters())
    return sum(followups.write_or_call(batch) for batch in batches(letters, BATCH))


def settle(cards: QuerySet[Card]) -> None:
    """Close the calls and the letters that were asked about these cards: they stand no more."""
    followups.settle_told(
        [_key(one) for one in cards.values_list("pk", flat=True)], outcome="Carte annulée, ou refaite."
    )


def _letters() -> Iterator[tuple[Person, str, str, Words]]:
    """What is to be written of each card, written before or not."""
    ending = Card.objects.ending(within=AHEAD).values_list("volunteer", "pk", "expires_on")
    cards = {volunteer: (card, until) for volunteer, card, until in ending}
    words = {day: texts.ends_soon(day) for day in {until for _, until in cards.values()}}
    for one in Volunteer.objects.filter(STANDING, pk__in=cards).select_related("person").order_by("pk"):
        card, until = cards[one.pk]
        yield one.person, KIND, _key(card), words[until](one.person)


def _key(card: int) -> str:
    return f"card:{card}"
