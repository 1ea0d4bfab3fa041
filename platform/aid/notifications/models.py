"""Messages of a town: each goes to one person, by one channel, once."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from aid.notifications.enums import CODE, LEFT, RECEIPTS, MessageState
from aid.people.enums import Channel
from aid.people.models import Person

# A number in E.164, or a name of at most eleven letters that some SMS bear instead.
LONGEST_SENDER = 16


class MessageQuerySet(models.QuerySet):
    """The vocabulary of messages."""

    def sent(self) -> "MessageQuerySet":
        """Those that left, the last first."""
        return self.filter(sent_at__isnull=False).order_by("-sent_at", "-pk")

    def last_sms_at(self, phone: str) -> "Message | None":
        """The last SMS that left for a number, or may have left: what is read there last."""
        left = Q(sent_at__isnull=False) | Q(state=MessageState.UNCERTAIN)
        at = self.filter(left, channel=Channel.SMS, recipient=phone)
        return at.order_by(Coalesce("sent_at", "created_at").desc(), "-pk").first()

    def of(self, *persons: Person) -> "MessageQuerySet":
        """Those that were written to some persons, or to somebody else for them; with both."""
        return self.filter(Q(person__in=persons) | Q(about__in=persons)).select_related("person", "about")

    def with_readers(self) -> "MessageQuerySet":
        """Bring along to whom each goes and what they answered."""
        return self.select_related("person").prefetch_related("replies")


class Message(models.Model):
    """An SMS or an e-mail. Its words stay in the town; the queue only knows its number."""

    # Its name outside: what a gateway knows it by, and the Message-ID of an e-mail.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # What it is about (« proposal », « code »…): the texts.py that wrote it knows.
    kind = models.CharField("nature", max_length=40)
    # The same key twice is the same message: « proposal:12 » is asked for once, however often a job runs again.
    key = models.CharField("clé", max_length=80, unique=True)
    person = models.ForeignKey(
        "people.Person",
        models.CASCADE,  # words to somebody go with them
        null=True,
        blank=True,
        related_name="messages",
        verbose_name="personne",
    )
    # Whom it is for, where the person who reads it is a relative of theirs.
    about = models.ForeignKey(
        "people.Person",
        models.CASCADE,  # words about somebody go with them
        null=True,
        blank=True,
        related_name="messages_through_others",
        verbose_name="pour",
        db_index=False,  # below: nearly all are for who reads them
    )
    channel = models.CharField("canal", max_length=10, choices=Channel)
    recipient = models.CharField("destinataire", max_length=254)
    subject = models.CharField("objet", max_length=150, blank=True)
    body = models.TextField("texte")
    # One of a round to many: nobody is asked to phone each reader that it did not reach.
    is_bulk = models.BooleanField("adressé à plusieurs", default=False)
    state = models.CharField("état", max_length=10, choices=MessageState, default=MessageState.QUEUED)
    tries = models.PositiveSmallIntegerField("essais", default=0)
    created_at = models.DateTimeField("écrit le", auto_now_add=True)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    # When the gateway told that it arrived, or did not.
    receipt_at = models.DateTimeField("accusé de réception", null=True, blank=True)
    # It says nothing any more from then on: it does not wait for the morning.
    needed_by = models.DateTimeField("utile avant", null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        indexes = [
            models.Index(fields=["-sent_at", "-id"], name="message_by_hour", condition=Q(sent_at__isnull=False)),
            models.Index(fields=["recipient", "-id"], name="message_by_recipient"),
            models.Index(fields=["about"], name="message_about", condition=Q(about__isnull=False)),
            # Those that still say where they went (aid.notifications.retained).
            models.Index(fields=["created_at", "id"], name="message_to_forget", condition=Q(recipient__gt="")),
        ]
        constraints = [
            models.CheckConstraint(
                name="message_goes_by_sms_or_email",
                condition=Q(channel__in=[Channel.SMS, Channel.EMAIL]),
                violation_error_message="Un message part par SMS ou par e-mail.",
            ),
            models.CheckConstraint(
                name="message_sent_has_a_date",
                condition=Q(state__in=LEFT, sent_at__isnull=False) | (~Q(state__in=LEFT) & Q(sent_at=None)),
                violation_error_message="Un message envoyé a une date d’envoi.",
            ),
            models.CheckConstraint(
                name="message_received_has_a_receipt",
                condition=Q(state__in=RECEIPTS, receipt_at__isnull=False)
                | (~Q(state__in=RECEIPTS) & Q(receipt_at=None)),
                violation_error_message="Un message reçu a une date de réception.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of its words nor of its reader: this ends in logs."""
        return f"message {self.pk}"

    @property
    def is_sms(self) -> bool:
        """Whether it goes to a telephone."""
        return self.channel == Channel.SMS

    @property
    def must_be_told(self) -> bool:
        """Whether somebody phones its reader when it did not leave: not for a round to many, nor for a dead code."""
        return not self.is_bulk and self.kind != CODE


class Reply(models.Model):
    """An SMS that somebody sent back. It dies with the message that it answers."""

    # The gateway's own number for it: told twice, it is one reply.
    reference = models.CharField("référence", max_length=120, blank=True)
    sender = models.CharField("expéditeur", max_length=LONGEST_SENDER)
    message = models.ForeignKey(
        Message,
        models.CASCADE,  # an answer without its question says nothing
        null=True,
        blank=True,
        related_name="replies",
        verbose_name="message",
    )
    text = models.TextField("texte", max_length=1000)
    is_understood = models.BooleanField("compris", default=False)
    received_at = models.DateTimeField("reçu le", auto_now_add=True)

    class Meta:
        verbose_name = "réponse"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="reply_is_received_once",
                fields=["reference"],
                condition=~Q(reference=""),
                violation_error_message="Cette réponse est déjà reçue.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of its words nor of its author."""
        return f"réponse {self.pk}"


class SmsDay(models.Model):
    """How many SMS a day took, and how many it held back."""

    day = models.DateField("jour", unique=True, error_messages={"unique": "Ce jour est déjà compté."})
    taken = models.PositiveIntegerField("partis", default=0)
    held = models.PositiveIntegerField("retenus", default=0)

    class Meta:
        verbose_name = "jour de SMS"
        verbose_name_plural = "jours de SMS"

    def __str__(self) -> str:
        return f"{self.day} : {self.taken}"
