"""What becomes of cards and words when two cards of one person are made one (aid.privacy.merging)."""

from django.utils import timezone

from aid.cards.enums import VoidReason
from aid.cards.models import Card, SpokenWord
from aid.onboarding.merging import both_volunteers
from aid.people.models import Person


def merge_cards(gone: Person, kept: Person) -> None:
    """Move the cards of one volunteer to the other, where both persons are one; of two that stand, the kept one's does.

    Else they follow their volunteer (aid.onboarding.merging).
    """
    leaving, staying = both_volunteers(gone, kept)
    if leaving is None or staying is None:
        return
    if Card.objects.standing().filter(volunteer=staying).exists():
        Card.objects.standing().filter(volunteer=leaving).update(
            void_at=timezone.now(), void_reason=VoidReason.REPLACED
        )
    Card.objects.filter(volunteer=leaving).update(volunteer=staying)


def merge_words(gone: Person, kept: Person) -> None:
    """Move the word to the card that stays, where there is none; else that one stays."""
    theirs = SpokenWord.objects.filter(person=gone)
    if SpokenWord.objects.filter(person=kept).exists():
        theirs.delete()
    else:
        theirs.update(person=kept)
