"""How long the text of a message is kept, and where it went."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from aid.notifications.enums import MessageState
from aid.notifications.models import Message, Reply
from aid.privacy.retention import Part, Retention, declare

ON_ITS_WAY = (MessageState.QUEUED, MessageState.SENDING)


def old_messages(before: datetime) -> QuerySet[Message]:
    """Messages of before that still say where they went."""
    return Message.objects.filter(created_at__lt=before, recipient__gt="").exclude(state__in=ON_ITS_WAY)


@transaction.atomic
def forget_text(numbers: list[int]) -> None:
    """Wipe the words and the numbers; that a message left, when, and to whom of ours, stays."""
    Reply.objects.filter(message__in=numbers).delete()
    Message.objects.filter(pk__in=numbers).update(recipient="", subject="", body="")


def register() -> None:
    """Called when the app is ready."""
    declare(
        Retention(
            key="messages",
            title="Le texte et le numéro d’un message",
            counted_from="son envoi",
            outcome="Ils sont effacés. On garde qu’un message est parti.",
            because="Ils ne servent qu’à vérifier un envoi récent.",
            months=6,
            least=1,
            most=24,
            parts=(
                Part(old_messages, forget_text, by="created_at"),
                Part(
                    lambda before: Reply.objects.filter(message=None, received_at__lt=before),
                    lambda numbers: Reply.objects.filter(pk__in=numbers).delete(),
                ),
            ),
        )
    )
