"""What is written where a person writes to a volunteer of their choice: what they wrote stays behind the link."""

from aid.configuration.addresses import address_of
from aid.notifications.words import Words
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from aid.proposals.texts import addressed, answer_path, messages_path, when_of


def message_words(proposal: Proposal) -> Words:
    """To a volunteer whom somebody chose by themselves. What they wrote stays behind the link: it may be private."""
    request, link = proposal.request, address_of(answer_path(proposal))
    return Words(
        subject="Un voisin vous écrit",
        body=addressed(
            proposal.volunteer.person,
            "Quelqu’un vous a choisi pour un coup de main, et vous a laissé un message.",
            f"Quoi : {request.kind}\nQuand : {when_of(request)}\nOù : {request.place}",
            "Lisez-le, puis répondez : oui, non, ou quelques mots.",
            f"Lire et répondre : {link}",
        ),
        sms=f"Un voisin vous écrit : {request.kind}, {when_of(request)}. Lire : {link}",
    )


def answered(proposal: Proposal) -> Words:
    """To who wrote to a volunteer: a no, or words. Those are read behind the link."""
    request, name = proposal.request, proposal.volunteer.person.first_name
    said = f"{name} ne peut pas cette fois" if proposal.answer == Answer.NO else f"{name} vous a répondu"
    link = address_of(messages_path(request))
    then = "Vous pouvez écrire à quelqu’un d’autre" if proposal.answer == Answer.NO else "Lire sa réponse"
    return Words(
        subject="Une réponse à votre message",
        body=addressed(
            request.person, f"{said}.", f"Quoi : {request.kind}\nQuand : {when_of(request)}", f"{then} : {link}"
        ),
        sms=f"{said} ({request.kind}). La suite : {link}",
    )
