"""Welcoming newcomers: somebody has just become known to the town, and a referent of where they live welcomes them.

The town stays between the two: a referent reads a first name and a district, and the number only once an agent gave it
because the newcomer agreed (docs/decisions/2026-11-26-referents.md).
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Account
from aid.directory import texts
from aid.directory.models import Referent, Remit, Welcome, WelcomeQuerySet
from aid.followups import services as followups
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.notifications import services as notifications
from aid.people import changes
from aid.people.models import Person
from aid.people.services import locked
from aid.privacy.enums import Agreed

SUBJECT = "welcome"
# How near a referent is to who lives in a district of a commune, the nearest first.
DISTRICT, COMMUNE, SECTOR, EVERYWHERE = range(4)


class NotWaitingError(Exception):
    """Nobody waits to be welcomed any more: somebody said so already."""


def hear(person: Person) -> None:
    """Have a newcomer welcomed a moment later, where somebody may: nobody at a desk waits for that."""
    from aid.directory.jobs import welcome_newcomer

    if person.commune_id is not None and Referent.objects.on_site().filter(welcomes=True).exists():
        welcome_newcomer.defer(person=person.pk)


@transaction.atomic
def welcome(person: Person) -> Welcome | None:
    """Entrust a newcomer to a referent of where they live, once for ever; None where there is none.

    The nearest is chosen; of several as near, who has the fewest to welcome. They are written to without a name, and
    the town has a follow-up that names them.
    """
    person = locked(person)
    if not person.is_living or person.commune_id is None:
        return None
    referent = _nearest(person)
    if referent is None:
        return None
    made, is_new = Welcome.objects.get_or_create(person=person, defaults={"referent": referent})
    if not is_new:
        return made
    followups.ask(
        kind=FollowUpKind.NEWCOMER,
        person=person,
        subject=(SUBJECT, made.pk),
        words=texts.newcomer_for_desk(referent),
        key=f"newcomer:{person.pk}",
    )
    words, key = texts.newcomer_for_referent(referent, place=str(person.commune)), f"newcomer:{made.pk}"
    if referent.account is not None:
        notifications.send_to_account(referent.account, kind="newcomer", key=key, words=words)
    else:
        notifications.send(person=referent.person, kind="newcomer", key=key, words=words)
    return made


def waiting() -> WelcomeQuerySet:
    """Newcomers whom nobody has welcomed yet: their follow-up is open."""
    asked = FollowUp.objects.open().filter(subject_kind=SUBJECT, subject_id=OuterRef("pk"))
    return Welcome.objects.filter(Exists(asked), person__merged_into=None, person__deceased_on=None).with_persons()


def to_welcome(person: Person) -> list[Welcome]:
    """Whom a referent has to welcome, the first to come first; nobody for who is no referent any more."""
    theirs = waiting().filter(referent__person=person, referent__in=Referent.objects.serving())
    return list(theirs.order_by("created_at", "pk"))


@transaction.atomic
def note_welcomed(welcome: Welcome, *, words: str = "") -> None:
    """A referent says that it is done, in a few words or none: the town's follow-up is closed.

    Raises NotWaitingError where it was closed already, and ValidationError for too many words.
    """
    if len(words) > texts.LONGEST_NEWS:
        raise ValidationError({"words": f"Écrivez {texts.LONGEST_NEWS} signes au plus."})
    outcome = texts.welcomed(welcome.referent, words)
    if not followups.settle(subject=(SUBJECT, welcome.pk), outcome=outcome):
        raise NotWaitingError


@transaction.atomic
def give_number(welcome: Welcome, *, agreed: Agreed, by_account: Account) -> Welcome:
    """Let the referent read the newcomer's number, since this one agreed; given twice, the first is kept.

    It is told on the newcomer's card, as every change. Raises ValidationError where there is no number to give.
    """
    known = Welcome.objects.select_for_update(of=["self"]).with_persons().get(pk=welcome.pk)
    if not known.person.phone:
        raise ValidationError("Cette fiche n’a pas de numéro.")
    if known.number_given_at is None:
        known.number_agreed, known.number_given_at, known.number_given_by = agreed, timezone.now(), by_account
        known.save(update_fields=["number_agreed", "number_given_at", "number_given_by"])
        told = {"phone": ("à la ville seule", f"donné à {known.referent.name}, {known.referent.get_title_display()}")}
        changes.tell(known.person, {}, by_account=by_account, also=told)
    return known


def _nearest(person: Person) -> Referent | None:
    """Who welcomes a newcomer; never themselves."""
    district, commune = person.district_id, person.commune_id
    of_sectors = Q(sectors__communes=commune) | Q(communes=commune)
    if district is not None:
        of_sectors |= Q(sectors__districts=district) | Q(districts=district)
    everywhere = ~Q(Exists(Remit.objects.filter(referent=OuterRef("pk"), theme=None)))
    shown = Referent.objects.on_site().filter(welcomes=True).exclude(person=person)
    numbers = shown.filter(of_sectors | everywhere).values_list("pk", flat=True).distinct()
    found = list(Referent.objects.filter(pk__in=list(numbers)).with_places())
    if not found:
        return None
    asked = waiting().filter(referent__in=found).order_by().values_list("referent").annotate(count=Count("pk"))
    has_waiting = dict(asked)
    return min(found, key=lambda one: (_distance(one, person), has_waiting.get(one.pk, 0), one.pk))


def _distance(referent: Referent, person: Person) -> int:
    if person.district_id in _numbers(referent.districts.all()):
        return DISTRICT
    if person.commune_id in _numbers(referent.communes.all()):
        return COMMUNE
    return SECTOR if referent.sectors.all() else EVERYWHERE


def _numbers(places: Iterable[object]) -> set[int]:
    return {place.pk for place in places}
