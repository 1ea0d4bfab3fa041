"""What is written where a person writes to a volunteer of their choice: what they wrote stays behind the link."""

from aid.configuration.addresses import address_of
from aid.configuration.enums import Mode
from aid.help_requests.models import HelpRequest
from aid.help_requests.texts import follow_path
from aid.notifications.words import Words
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from aid.proposals.texts import addressed, answer_path, messages_path, when_of


def message_words(proposal: Proposal) -> Words:
    """To a volunteer whom somebody chose by themselves. What they wrote stays behind the link: it may be private."""
    request, link = proposal.request, address_of(answer_path(proposal))
    is_answer = proposal.offer is not None
    subject = "On répond à votre proposition" if is_answer else "Un voisin vous écrit"
    said = "On vous répond" if is_answer else subject
    because = (
        "Ce que vous proposez intéresse quelqu’un" if is_answer else "Quelqu’un vous a choisi pour un coup de main"
    )
    return Words(
        subject=subject,
        body=addressed(
            proposal.volunteer.person,
            f"{because}, et vous a laissé un message.",
            f"Quoi : {request.kind}\nQuand : {when_of(request)}\nOù : {request.place}",
            "Lisez-le, puis répondez : oui, non, ou quelques mots.",
            f"Lire et répondre : {link}",
        ),
        sms=f"{said} : {request.kind}, {when_of(request)}. Lire : {link}",
    )


def answered(proposal: Proposal) -> Words:
    """To who wrote to a volunteer: a no, or words. Those are read behind the link."""
    request, name = proposal.request, proposal.volunteer.person.first_name
    is_no = proposal.answer in {Answer.NO, Answer.NOT_CHOSEN}
    said = {
        Answer.NO: f"{name} ne peut pas cette fois",
        Answer.NOT_CHOSEN: f"{name} n’a plus de place",
    }.get(Answer(proposal.answer), f"{name} vous a répondu")
    link = address_of(messages_path(request))
    then = "Vous pouvez écrire à quelqu’un d’autre" if is_no else "Lire sa réponse"
    if is_no and request.mode != Mode.DIRECT:
        # The town looks by now: nothing is to be written to anybody.
        link, then = address_of(follow_path(request)), "Nous cherchons quelqu’un d’autre. Voir ma demande"
    return Words(
        subject="Une réponse à votre message",
        body=addressed(
            request.person, f"{said}.", f"Quoi : {request.kind}\nQuand : {when_of(request)}", f"{then} : {link}"
        ),
        sms=f"{said} ({request.kind}). La suite : {link}",
    )


def choose_whom_to_write_to(request: HelpRequest) -> Words:
    """To who asked, once it is theirs to choose somebody."""
    link = address_of(messages_path(request))
    return Words(
        subject="À vous de choisir un voisin",
        body=addressed(
            request.person,
            "Pour votre demande, c’est maintenant vous qui choisissez à qui écrire. Nous transmettons votre message.",
            f"Quoi : {request.kind}\nQuand : {when_of(request)}",
            f"Choisir : {link}",
        ),
        sms=f"{request.kind} : à vous de choisir un voisin. {link}",
    )


def team_looks(request: HelpRequest, *, has_written: bool) -> Words:
    """To who chose among neighbours, once the town looks for somebody instead. `has_written`: messages have left."""
    link = address_of(follow_path(request))
    return Words(
        subject="Nous cherchons quelqu’un pour vous",
        body=addressed(
            request.person,
            "Pour votre demande, c’est maintenant l’équipe qui cherche quelqu’un. Vous n’avez rien à faire.",
            f"Quoi : {request.kind}\nQuand : {when_of(request)}",
            "Les voisins qui ont reçu votre message peuvent encore vous dire oui." if has_written else "",
            f"Voir ma demande : {link}",
        ),
        sms=f"{request.kind} : nous cherchons quelqu’un pour vous. Voir : {link}",
    )
