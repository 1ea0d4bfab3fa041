"""What becomes of reports, measures and blocks when two cards of one person are made one (aid.privacy.merging)."""

from django.db.models import F, Q
from django.utils import timezone

from aid.moderation.models import Block, Report, Sanction
from aid.moderation.models.sanctions import STANDING
from aid.people.models import Person


def merge_reports(gone: Person, kept: Person) -> None:
    """Give reports to the kept card; of two on one text, its own stays and the other is nobody's."""
    twice = Report.objects.filter(reporter=kept).values("case")
    Report.objects.filter(reporter=gone, case__in=twice).update(reporter=None)
    Report.objects.filter(reporter=gone).update(reporter=kept)


def merge_sanctions(gone: Person, kept: Person) -> None:
    """Move measures; of two that last until they are lifted, the kept card's goes on."""
    running = Sanction.objects.filter(lifted_at=None, kind__in=STANDING)
    twice = running.filter(person=kept).values("kind")
    running.filter(person=gone, kind__in=twice).update(lifted_at=timezone.now())
    Sanction.objects.filter(person=gone).update(person=kept)


def merge_blocks(gone: Person, kept: Person) -> None:
    """Move blocks, on either side; called for either, it moves both. Nobody is apart from themselves."""
    either = Q(blocker=gone, blocked=kept) | Q(blocker=kept, blocked=gone)
    Block.objects.filter(either).delete()
    for side, other in (("blocker", "blocked"), ("blocked", "blocker")):
        known = Block.objects.filter(**{side: kept}).values(other)
        Block.objects.filter(**{side: gone, f"{other}__in": known}).delete()
        Block.objects.filter(**{side: gone}).exclude(**{other: F(side)}).update(**{side: kept})
