"""What becomes of a message."""

from django.db import models


class MessageState(models.TextChoices):
    """From asked to read, as far as anybody can tell."""

    QUEUED = "queued", "à envoyer"
    SENDING = "sending", "en cours d’envoi"
    SENT = "sent", "envoyé"
    DELIVERED = "delivered", "reçu"
    UNREACHED = "unreached", "envoyé, mais pas reçu"
    HELD = "held", "retenu : plafond de SMS atteint"
    UNCERTAIN = "uncertain", "peut-être envoyé"
    FAILED = "failed", "non parti"


# It left: it has a date.
LEFT = (MessageState.SENT, MessageState.DELIVERED, MessageState.UNREACHED)
# What a gateway tells of one that it carried.
RECEIPTS = (MessageState.DELIVERED, MessageState.UNREACHED)
# States as data: where each may go. SENDING again: a worker died, and the door takes the same message once.
TRANSITIONS = {
    # Not sent at all: its reader has no such number any more, or has died.
    # A receipt, where it waits to be handed over again: the first time was enough.
    MessageState.QUEUED: {MessageState.SENDING, MessageState.HELD, MessageState.FAILED, *RECEIPTS},
    MessageState.SENDING: {
        MessageState.SENDING,
        MessageState.QUEUED,
        MessageState.SENT,
        MessageState.UNCERTAIN,
        MessageState.FAILED,
        *RECEIPTS,  # the gateway was quicker than the worker
    },
    # The worker that was taken for dead may still tell.
    MessageState.UNCERTAIN: {MessageState.SENT, *RECEIPTS},
    MessageState.SENT: set(RECEIPTS),
    MessageState.DELIVERED: set(),
    MessageState.UNREACHED: set(),
    MessageState.HELD: set(),
    MessageState.FAILED: set(),
}

# Kinds that this room itself knows. Those of a room above are its own words.
CODE, REPLY, LAST_WORD = "code", "reply", "last_word"
