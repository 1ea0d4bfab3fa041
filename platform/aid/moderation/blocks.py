"""Who does not want to see whom any more: neither sees the other, nor is proposed to them.

Rooms above leave them out of a list in its own query:

    Profile.objects.exclude(blocks.apart_from(person, path="person"))
"""

from collections.abc import Callable
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Account
from aid.moderation.models import Block
from aid.people.models import Person
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_writing

Listener = Callable[[Person, Person], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have `listener` called with two who are apart from now on, in the same transaction; not told which one said so.

    For rooms above, from `ready()`.
    """
    if listener not in _listeners:
        _listeners.append(listener)


def apart_from(person: Person, *, path: str) -> Q:
    """A condition on rows: whether the person at `path` (« person », « volunteer__person ») is apart from this one.

    It costs no query of its own.
    """
    return _said(person, OuterRef(f"{path}_id" if path != "pk" else "pk"))


def apart(one: str, other: str) -> Q:
    """The same of rows that lead to two persons, by their paths (« request__person »): whether these are apart."""
    return _said(OuterRef(one), OuterRef(other))


@transaction.atomic
def block(*, blocker: Person, blocked: Person, by_account: Account | None = None) -> Block:
    """Have them apart from now on; said twice is once. An agent who notes it for the first is kept.

    Raises ValidationError for oneself.
    """
    if blocker.pk == blocked.pk:
        raise ValidationError("Choisissez quelqu’un d’autre que vous.")
    made, is_new = Block.objects.get_or_create(blocker=blocker, blocked=blocked)
    if is_new and by_account is not None:
        note_writing(blocker, screen=SeenOn.BLOCKS, by_account=by_account)
    if is_new:
        for listener in _listeners:
            listener(*sorted([blocker, blocked], key=attrgetter("pk")))
    return made


@transaction.atomic
def unblock(*, blocker: Person, blocked: Person, by_account: Account | None = None) -> None:
    """Let them see each other again, as far as this one is concerned; the other may still not want to.

    An agent who notes it for them is kept.
    """
    gone, _ = Block.objects.filter(blocker=blocker, blocked=blocked).delete()
    if gone and by_account is not None:
        note_writing(blocker, screen=SeenOn.BLOCKS, by_account=by_account)


def blocked_by(person: Person) -> QuerySet[Block, Block]:
    """Whom a person does not want to see, the last first."""
    return Block.objects.filter(blocker=person, blocked__merged_into=None).select_related("blocked")


def _said(one: Person | OuterRef, other: Person | OuterRef) -> Q:
    """Either of them said it: it holds both ways."""
    said = Block.objects.filter(blocker=one, blocked=other) | Block.objects.filter(blocker=other, blocked=one)
    return Q(Exists(said))
