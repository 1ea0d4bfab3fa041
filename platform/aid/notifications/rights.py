"""Answering who asked something of what is known of them; and forgetting what was written to them."""

from django.db.models import Q

from aid.configuration.services import identity
from aid.notifications.channels import is_written_to
from aid.notifications.enums import MessageState
from aid.notifications.models import Message, Reply
from aid.notifications.services import send, send_last
from aid.notifications.words import Words
from aid.people.models import Person
from aid.privacy import forgetting, rights
from aid.privacy.enums import RightKind, RightState
from aid.privacy.texts import BY_KIND
from core.french import day_words

UNSENT = (MessageState.QUEUED, MessageState.HELD)


def register() -> None:
    """Called when the app is ready."""
    rights.listen(answer)
    forgetting.before(forget_messages)


def answer(heard: rights.Heard) -> None:
    """Tell the person where what they asked stands: by their channel, or by a call once it is decided."""
    request, person = heard.request, heard.person
    if request.state == RightState.ASKED:
        if is_written_to(person, "rights"):
            send(person=person, kind="rights", key=f"rights:asked:{request.pk}", words=received(heard))
        if request.kind == RightKind.OBJECT:
            Message.objects.filter(person=person, is_bulk=True, state__in=UNSENT).delete()
    elif request.state == RightState.DONE and request.kind == RightKind.FORGET:
        if not heard.was_told:
            send_last(person=person, key=f"rights:done:{request.pk}", words=forgotten())
    elif request.state in {RightState.DONE, RightState.REFUSED}:
        send(person=person, kind="rights", key=f"rights:{request.state}:{request.pk}", words=decided(heard))


def received(heard: rights.Heard) -> Words:
    """It was received, and by when it is answered."""
    due = day_words(heard.request.due_on)
    right = BY_KIND[RightKind(heard.request.kind)]
    said = f"Nous avons bien reçu votre demande : « {right.title} ». Nous vous répondons avant le {due}."
    return _words(heard.person, "Votre demande est arrivée", said)


def decided(heard: rights.Heard) -> Words:
    """It is done, or refused and why."""
    request = heard.request
    done = {
        RightKind.CORRECT: f"C’est corrigé : {request.answer}",
        RightKind.OBJECT: "C’est noté : nous ne vous proposerons plus rien. Pour changer d’avis, appelez-nous.",
    }
    kind = RightKind(request.kind)
    refused = f"« {BY_KIND[kind].title} » : nous ne pouvons pas le faire. Pourquoi : {request.answer}"
    said = refused if request.state == RightState.REFUSED else done[kind]
    return _words(heard.person, "Réponse à votre demande", said)


def forgotten() -> Words:
    """Their last word from the town. Nothing of them in it."""
    said = f"C’est fait : {identity().public_name} a tout effacé de vous. Ceci est notre dernier message."
    return Words(subject="C’est fait", body=f"Bonjour,\n\n{said}\n\nBonne continuation.", sms=said)


def forget_messages(person: Person) -> None:
    """Take back what has not left, and what went to a number or an address that nobody else has."""
    Message.objects.filter(person=person, state__in=UNSENT).delete()
    alone = [
        value
        for name in ("phone", "email")
        if (value := getattr(person, name))
        and not Person.objects.filter(**{name: value}).exclude(pk=person.pk).exists()
    ]
    Reply.objects.filter(Q(message__person=person) | Q(sender__in=alone)).delete()
    # Codes of who signed in when nobody knew who it was; not the last word, which is still to leave.
    to_nobody = Message.objects.filter(person=None, recipient__in=alone).exclude(state__in=UNSENT)
    to_nobody.update(recipient="", subject="", body="")


def _words(person: Person, subject: str, said: str) -> Words:
    body = f"Bonjour {person.first_name},\n\n{said}\n\nUne question ? Appelez-nous."
    return Words(subject=subject, body=body, sms=said)
