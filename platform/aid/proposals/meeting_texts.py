"""What the hour of a meeting has written to both sides: the day before, then how it went, and thanks."""

from collections.abc import Sequence

from aid.configuration.addresses import address_of
from aid.help_requests.models import HelpRequest
from aid.help_requests.texts import follow_path
from aid.help_requests.times import moment_words
from aid.notifications.words import Words
from aid.onboarding.models import Volunteer
from aid.proposals.models import Proposal
from aid.proposals.texts import addressed, answer_path, contact_of, when_of
from core.french import listed


def you_go_tomorrow(proposal: Proposal, site: str) -> Words:
    """To who goes, the day before: the address stays behind the link. `site` is the town's, looked up once for all."""
    request, link = proposal.request, site + answer_path(proposal)
    first_name, moment = request.person.first_name, moment_words(request.hour, request.moment)
    return Words(
        subject="Votre rendez-vous de demain",
        body=addressed(
            proposal.volunteer.person,
            f"{first_name} vous attend demain. Merci !",
            f"Quoi : {request.kind}\nQuand : {when_of(request)}\nOù : {request.place}",
            contact_of(request.person, asked_by=request.asked_by_person),
            f"Un empêchement ? Dites-le dès maintenant : {link}",
        ),
        sms=f"Demain {moment}, {first_name} vous attend ({request.place}). Un empêchement ? {link}",
    )


def they_come_tomorrow(request: HelpRequest, going: Sequence[Volunteer], site: str) -> Words:
    """To the person, the day before: who comes, and how to reach the first of them. `site` as above."""
    names, several = listed([one.shown_name for one in going]), len(going) > 1
    comes, moment = "viennent" if several else "vient", moment_words(request.hour, request.moment)
    contact = contact_of(going[0].person, named=several)
    return Words(
        subject="Votre rendez-vous de demain",
        body=addressed(
            request.person,
            f"{names} {comes} demain.",
            f"Quoi : {request.kind}\nQuand : {when_of(request)}\nOù : {request.place}",
            contact,
            f"Un changement ? Dites-le dès maintenant : {site}{follow_path(request)}",
        ),
        sms=f"{names} {comes} demain {moment} ({request.place}). {contact}",
    )


def did_it_go_well(request: HelpRequest) -> Words:
    """To the person, once the hour has passed."""
    link = address_of(follow_path(request))
    return Words(
        subject="Cela s’est-il bien passé ?",
        body=addressed(
            request.person,
            f"{request.kind}, {when_of(request)} : cela s’est-il bien passé ?",
            "Dites-le-nous en un geste. Si quelque chose n’allait pas, nous vous appelons.",
            f"Répondre : {link}",
        ),
        sms=f"{request.kind} : cela s’est-il bien passé ? Dites-le ici : {link}",
    )


def is_it_done(proposal: Proposal, request: HelpRequest) -> Words:
    """To who went, once the hour has passed."""
    link = address_of(answer_path(proposal))
    return Words(
        subject="C’est fait ?",
        body=addressed(
            proposal.volunteer.person,
            f"{request.kind}, {when_of(request)} : comment ça s’est passé ?",
            "Dites-nous en un geste si c’est fait, et combien de temps.",
            f"Répondre : {link}",
        ),
        sms=f"{request.kind}, {when_of(request)}. C’est fait ? Dites-le ici : {link}",
    )


def you_may_thank(request: HelpRequest, going: Sequence[Volunteer]) -> Words:
    """To who was helped, by all of these."""
    link = address_of(follow_path(request))
    names, several = listed([one.shown_name for one in going]), len(going) > 1
    done = f"{names} nous {'disent' if several else 'dit'} que c’est fait."
    return Words(
        subject="Un mot pour dire merci ?",
        body=addressed(
            request.person,
            f"{done} Nous espérons que tout s’est bien passé.",
            f"Un petit mot {'leur' if several else 'lui'} fera plaisir.",
            f"Dire merci : {link}",
        ),
        sms=f"{done} Un mot pour dire merci ? {link}",
    )
