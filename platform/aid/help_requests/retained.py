"""How long the words of a request are kept; the request itself stays for the figures."""

from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet
from django.utils import timezone

from aid.help_requests.enums import OVER
from aid.help_requests.models import HelpRequest, HelpSeries, StepWords
from aid.privacy import leaving
from aid.privacy.retention import Part, Retention, declare


def old_requests(before: datetime) -> QuerySet[HelpRequest]:
    """Requests that ended before, whose words are still there."""
    return HelpRequest.objects.filter(state__in=OVER, ends_at__lt=before, forgotten_on=None)


@transaction.atomic
def forget_words(numbers: list[int]) -> None:
    """Wipe what was said of these requests; the help, the day, the commune and the people stay."""
    StepWords.objects.filter(step__request__in=numbers).delete()
    HelpRequest.objects.filter(pk__in=numbers).update(
        details="",
        answers={},
        address="",
        closing_words="",
        thanks="",
        asked_by_name="",
        forgotten_on=timezone.localdate(),
    )


def old_series(before: datetime) -> QuerySet[HelpSeries]:
    """Needs that came again, and were ended before."""
    return HelpSeries.objects.filter(ended_at__lt=before)


def delete_series(numbers: list[int]) -> None:
    """Take these away; the requests that they were stay, as any other."""
    HelpSeries.objects.filter(pk__in=numbers).delete()


def asked(since: datetime) -> QuerySet[HelpRequest]:
    """Requests of somebody that are not over, or were lately."""
    return HelpRequest.objects.filter(person=OuterRef("pk")).filter(~Q(state__in=OVER) | Q(ends_at__gte=since))


def coming_again(since: datetime) -> QuerySet[HelpSeries]:
    """What comes again for somebody: it may be paused for long."""
    return HelpSeries.objects.standing().filter(person=OuterRef("pk"))


def register() -> None:
    """Called when the app is ready."""
    leaving.activity(asked)
    leaving.activity(coming_again)
    declare(
        Retention(
            key="requests",
            title="Les mots et l’adresse d’une demande close",
            counted_from="le jour de la demande",
            outcome="Ils sont effacés. On garde l’aide, le jour et la commune.",
            because="Ils ne servent plus une fois l’aide rendue.",
            months=24,
            least=1,
            most=60,
            parts=(Part(old_requests, forget_words), Part(old_series, delete_series)),
        )
    )
