"""How long what was offered for one day is kept."""

from datetime import datetime

from aid.offers.models import OneOffOffer
from aid.offers.one_off import OneOffOfferQuerySet
from aid.privacy.retention import Part, Retention, declare


def old_offers(before: datetime) -> OneOffOfferQuerySet:
    """Those whose hour came before, called off or not."""
    return OneOffOffer.objects.filter(until__lt=before)


def forget_offers(numbers: list[int]) -> None:
    """Take them away; what was asked and given in answer stays with its own rows."""
    OneOffOffer.objects.filter(pk__in=numbers).delete()


def register() -> None:
    """Called when the app is ready."""
    declare(
        Retention(
            key="one_off_offers",
            title="Ce qu’un bénévole a proposé pour un jour",
            counted_from="ce jour",
            outcome="C’est effacé. On garde les demandes de ceux qui ont répondu.",
            because="Cela ne sert plus une fois le jour passé.",
            months=6,
            least=1,
            most=60,
            parts=(Part(old_offers, forget_offers),),
        )
    )
