"""People whom nobody has heard of for long: they are told, they may stay by one gesture, else they are forgotten.

Rooms above say who was active (`activity`), and tell people (`listen`).
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from aid.people.models import Person
from aid.privacy import retention
from aid.privacy.enums import WAITING, Act
from aid.privacy.forgetting import GoneError, StandsInTheWayError, forget
from aid.privacy.models import Access, Leaving, RightsRequest
from aid.privacy.retained import PERSONS

NOTICE = timedelta(days=30)
# A night tells no more than an SMS ceiling and a desk can bear.
MOST_A_NIGHT = 100

# Rows that show that the person of `OuterRef("pk")` was active since a moment.
Activity = Callable[[datetime], QuerySet]
Listener = Callable[[Leaving], None]
_activities: list[Activity] = []
_listeners: list[Listener] = []


def activity(rows: Activity) -> None:
    """Have these rows count as a sign of life. For rooms above, from `ready()`."""
    if rows not in _activities:
        _activities.append(rows)


def listen(listener: Listener) -> None:
    """Have `listener` tell people that they will be forgotten. For rooms above, from `ready()`."""
    if listener not in _listeners:
        _listeners.append(listener)


def silent(since: datetime) -> QuerySet[Person]:
    """Living persons of whom nothing was heard since a moment; never the town's own people."""
    found = Person.objects.living().filter(created_at__lt=since)
    of_the_town = Q(account__is_superuser=True) | Q(account__groups__isnull=False)
    found = found.exclude(of_the_town).exclude(account__last_login__gte=since)
    for rows in _activities:
        found = found.exclude(Exists(rows(since)))
    return found


def dead(since: datetime) -> QuerySet[Person]:
    """Who died before a moment: nobody is told any more."""
    return Person.objects.filter(deceased_on__lt=since.date())


def own_demands(since: datetime) -> QuerySet:
    """What they asked of what is known of them."""
    return RightsRequest.objects.filter(Q(state__in=WAITING) | Q(asked_at__gte=since), person=OuterRef("pk"))


def card_changes(since: datetime) -> QuerySet:
    """What was changed on a card: somebody spoke with them."""
    return Access.objects.filter(person=OuterRef("pk"), act=Act.CHANGED, at__gte=since)


def stays(since: datetime) -> QuerySet:
    """Who said that they stay."""
    return Leaving.objects.filter(person=OuterRef("pk"), stayed_at__gte=since)


def tell_silent() -> int:
    """Tell who has been silent for long enough, some a night; answer how many. Each is committed by itself."""
    with transaction.atomic():
        found = silent(retention.limit_of(PERSONS)).exclude(leaving__stayed_at=None, leaving__isnull=False)
        numbers = list(found.order_by("pk").values_list("pk", flat=True)[:MOST_A_NIGHT])
    for number in numbers:
        _tell(number)
    return len(numbers)


@transaction.atomic
def _tell(number: int) -> None:
    person = Person.objects.select_for_update(of=["self"], no_key=True).filter(pk=number).first()
    if person is None:
        return
    goes_on = timezone.localdate() + NOTICE
    told, _ = Leaving.objects.update_or_create(
        person=person, defaults={"told_at": timezone.now(), "goes_on": goes_on, "stayed_at": None}
    )
    for listener in _listeners:
        listener(told)


def forget_silent() -> int:
    """Forget who was told and is still silent; answer how many. Each is committed alone."""
    with transaction.atomic():
        limit = retention.limit_of(PERSONS)
        due = Leaving.objects.filter(stayed_at=None, goes_on__lte=timezone.localdate())
        numbers = list(due.order_by("pk").values_list("person", flat=True)[:MOST_A_NIGHT])
    return sum(_forget(number, limit) for number in numbers)


def forget_dead() -> int:
    """Forget who died as long ago; answer how many. Each is committed alone."""
    with transaction.atomic():
        limit = retention.limit_of(PERSONS)
        numbers = list(dead(limit).order_by("pk").values_list("pk", flat=True)[:MOST_A_NIGHT])
    return sum(_forget(number, limit) for number in numbers)


@transaction.atomic
def _forget(number: int, limit: datetime) -> int:
    person = silent(limit).filter(pk=number).first() or dead(limit).filter(pk=number).first()
    if person is None:
        # Heard of meanwhile: they stay, and are told again one day.
        Leaving.objects.filter(person=number).delete()
        return 0
    try:
        forget(person)
    except (GoneError, StandsInTheWayError):
        return 0
    retention.count(PERSONS, 1)
    return 1


def stay(leaving: Leaving) -> Leaving:
    """They stay. A second time changes nothing."""
    Leaving.objects.filter(pk=leaving.pk, stayed_at=None).update(stayed_at=timezone.now())
    leaving.refresh_from_db()
    return leaving


def known_leaving() -> models.Subquery:
    """The day on which the person of a query is forgotten if nobody hears of them."""
    told = Leaving.objects.filter(person=OuterRef("pk"), stayed_at=None)
    return models.Subquery(told.values("goes_on")[:1])
