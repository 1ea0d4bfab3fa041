"""How long an answered worry is kept."""

from django.db import transaction
from django.utils import timezone

from aid.privacy.retention import Part, Retention, declare
from aid.worries.models import Worry, WorryWords


@transaction.atomic
def empty(numbers: list[int]) -> None:
    """Take away what was said, of whom and by whom; the dates, the grade and the answer stay."""
    WorryWords.objects.filter(step__worry__in=numbers).delete()
    Worry.objects.filter(pk__in=numbers).update(person=None, told_by=None, emptied_on=timezone.localdate())


def register() -> None:
    """Declare it."""
    declare(
        Retention(
            key="worries",
            title="Une inquiétude qui a eu une réponse",
            counted_from="le jour de la réponse",
            outcome="Les mots et les noms sont effacés. On garde les dates et la réponse.",
            because="Assez longtemps pour voir qu’une inquiétude revient.",
            months=24,
            least=3,
            most=60,
            parts=(Part(Worry.objects.kept_long_enough, empty),),
        )
    )
