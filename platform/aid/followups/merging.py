"""What becomes of follow-ups when two cards of one person are made one (aid.privacy.merging)."""

from django.utils import timezone

from aid.followups.models import FollowUp
from aid.people.models import Person

SAME = "La même suite est sur la fiche réunie."


def merge_followups(gone: Person, kept: Person) -> None:
    """Move them; of two that ask the same in the same words, one is left to do."""
    waiting = FollowUp.objects.open().filter(subject_id=None, key="")
    asked = {(one.kind, one.words) for one in waiting.filter(person=kept)}
    same = [one.pk for one in waiting.filter(person=gone) if (one.kind, one.words) in asked]
    FollowUp.objects.filter(pk__in=same).update(done_at=timezone.now(), outcome=SAME)
    FollowUp.objects.filter(person=gone).update(person=kept)
