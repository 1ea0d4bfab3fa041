"""What becomes of a message."""

from django.db import models


class MessageState(models.TextChoices):
    """From asked to gone."""

    QUEUED = "queued", "à envoyer"
    SENDING = "sending", "en cours d’envoi"
    SENT = "sent", "envoyé"
    HELD = "held", "retenu : plafond du jour atteint"
    UNCERTAIN = "uncertain", "peut-être envoyé"
    FAILED = "failed", "non parti"


# States as data: where each may go. SENDING again: a worker died, and the door takes the same message once.
TRANSITIONS = {
    # Not sent at all: its reader has no such number any more, or has died.
    MessageState.QUEUED: {MessageState.SENDING, MessageState.HELD, MessageState.FAILED},
    MessageState.SENDING: {
        MessageState.SENDING,
        MessageState.QUEUED,
        MessageState.SENT,
        MessageState.UNCERTAIN,
        MessageState.FAILED,
    },
    # The worker that was taken for dead may still tell.
    MessageState.UNCERTAIN: {MessageState.SENT},
    MessageState.SENT: set(),
    MessageState.HELD: set(),
    MessageState.FAILED: set(),
}

# Kinds that this room itself knows. Those of a room above are its own words.
CODE, REPLY, LAST_WORD = "code", "reply", "last_word"
