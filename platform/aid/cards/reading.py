"""What staff read of a volunteer's cards: the one that stands, what it is worth, the former ones, the scans."""

from dataclasses import dataclass

from django.db.models import QuerySet

from aid.cards.enums import Outcome
from aid.cards.models import Card, CardScan
from aid.cards.services import worth
from aid.onboarding.models import Volunteer


@dataclass(frozen=True)
class Shelf:
    """All the cards of a volunteer."""

    # The one that nobody voided, and what it is worth now.
    standing: Card | None
    outcome: Outcome | None
    former: list[Card]
    # Whether a card may be made.
    is_admitted: bool

    @property
    def is_valid(self) -> bool:
        """Whether a card is valid now."""
        return self.outcome == Outcome.VALID

    @property
    def scans(self) -> QuerySet[CardScan]:
        """When any of them was checked, the last first."""
        cards = [one.pk for one in (self.standing, *self.former) if one is not None]
        return CardScan.objects.filter(card__in=cards).select_related("card").order_by("-pk")


def worth_of(number: str) -> Outcome | None:
    """What the card of this number is worth now, whoever's it is; None where the town made none of this number."""
    card = Card.objects.filter(number=number).first()
    return card and worth(card)


def shelf_of(volunteer: Volunteer) -> Shelf:
    """The cards of a volunteer, in three questions."""
    cards = list(Card.objects.of_volunteer(volunteer))
    is_admitted = Volunteer.objects.admitted(of_few=True).filter(pk=volunteer.pk).exists()
    standing = next((one for one in cards if one.void_at is None), None)
    return Shelf(
        standing=standing,
        outcome=standing and worth(standing),
        former=[one for one in cards if one.void_at is not None],
        is_admitted=is_admitted,
    )
