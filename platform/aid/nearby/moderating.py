"""How offers of one day are read, reported, hidden and shown again (aid.moderation.subjects)."""

from django.urls import reverse

from aid.moderation import subjects
from aid.offers.models import OneOffOffer
from aid.offers.one_off import LONGEST_REASON
from aid.people.models import Person

KIND = "offre-d-un-jour"
# What an agent reads of one that is reported and says nothing: the rest are choices in the town's lists.
WITHOUT_WORDS = "Sans mots : cette proposition ne dit que l’aide, le jour et le lieu."


def register() -> None:
    """Called when the app is ready."""
    subjects.register(
        subjects.Subject(
            kind=KIND,
            label="proposition d’un jour",
            text_of=text_of,
            url_of=url_of,
            author_of=author_of,
            hide=hide,
            restore=restore,
            back_of=back_of,
        )
    )


def text_of(number: int) -> str:
    """The words as they were written; "" once it is over."""
    offer = _offer(number)
    return (offer.words or WITHOUT_WORDS) if offer else ""


def url_of(number: int) -> str:
    """Where the desk reads it; "" while nobody may see it."""
    offer = _offer(number)
    return reverse("desk:one_off_offers") if offer and offer.may_be_answered else ""


def back_of(number: int) -> str:
    """Where neighbours read it."""
    offer = _offer(number)
    return reverse("personal:answer_offer", args=[offer.uid]) if offer else ""


def author_of(number: int) -> Person | None:
    """Who offers: in their own words, whoever typed them."""
    offer = _offer(number)
    return offer.volunteer.person if offer else None


def hide(number: int, reason: str) -> None:
    """Have nobody see it, for a reason that its volunteer reads. Twice keeps the last reason."""
    _stand(number, reason[:LONGEST_REASON])


def restore(number: int) -> None:
    """Show it again."""
    _stand(number, "")


def _offer(number: int) -> OneOffOffer | None:
    return OneOffOffer.objects.filter(pk=number).select_related("volunteer__person").first()


def _stand(number: int, hidden_because: str) -> None:
    for offer in OneOffOffer.objects.select_for_update().filter(pk=number):
        offer.hidden_because = hidden_because
        offer.save(update_fields=["hidden_because"])
