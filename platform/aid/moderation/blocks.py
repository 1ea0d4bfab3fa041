"""Who does not want to see whom any more: neither sees the other, nor is proposed to them.

Rooms above leave them out of a list in its own query:

    Profile.objects.exclude(blocks.apart_from(person, path="person"))
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Account
from aid.moderation.models import Block
from aid.people.models import Person
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_writing


def apart_from(person: Person, *, path: str) -> Q:
    """A condition on rows: whether the person at `path` (« person », « volunteer__person ») is apart from this one.

    It costs no query of its own.
    """
    there = OuterRef(f"{path}_id" if path != "pk" else "pk")
    said = Block.objects.filter(blocker=person, blocked=there) | Block.objects.filter(blocker=there, blocked=person)
    return Q(Exists(said))


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
