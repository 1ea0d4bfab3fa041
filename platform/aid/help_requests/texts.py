"""What is written about a request to who asked, and to the desk. E-mail subjects name nobody."""

from django.urls import reverse

from aid.configuration.addresses import address_of
from aid.configuration.enums import Mode
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.times import when_words
from aid.notifications.words import Words, letter
from aid.people.models import Person
from core.links import token_for

# The link that a message brings: who holds it reads the telephone, or the letter box, of who asked.
FOLLOW = "follow"
# The link that the screen gives to who typed a number that proves nothing yet.
ASKED = "asked"
# A colour of Designsystemet for each state: always beside its words, never alone.
STATE_COLOURS = {
    RequestState.DRAFT: "neutral",
    RequestState.TO_CHECK: "warning",
    RequestState.OPEN: "info",
    RequestState.PROPOSED: "info",
    RequestState.AGREED: "accent",
    RequestState.UNDER_WAY: "accent",
    RequestState.DONE: "success",
    RequestState.THANKED: "success",
    RequestState.CLOSED: "neutral",
    RequestState.UNMET: "danger",
    RequestState.EXPIRED: "neutral",
    RequestState.CANCELLED: "neutral",
}
# What somebody agrees to who asks for help: read on the screen, or aloud. Other words are another version
# (aid.privacy.consents).
AGREEMENT = (
    "Nous gardons votre demande pour y répondre. Les bénévoles en voient l’aide, le jour et le quartier. Celui qui dit "
    "oui reçoit aussi votre prénom, votre téléphone, votre adresse, votre mot et vos réponses. Si vous choisissez "
    "vous-même à qui écrire, ce voisin lit votre mot avant de répondre."
)
LOOKED_FOR = "Nous cherchons un voisin près de chez vous."
# In an SMS, thanks that are longer stay behind: they would cost several.
LONGEST_THANKS_BY_SMS = 90


def follow_path(request: HelpRequest, purpose: str = FOLLOW) -> str:
    """Where a request is followed, without signing in."""
    return reverse("help_requests:follow", args=[token_for(purpose, request.pk)])


def to_review(request: HelpRequest, why: str) -> str:
    """To the desk: the volunteer who is to come is not vouched for any more. `why` follows « le bénévole »."""
    when = when_words(request.day, request.hour, request.moment)
    return f"À revoir : {request.kind}, {when}. Le bénévole {why}. Décidez s’il y va, ou cherchez quelqu’un d’autre."


def noted(request: HelpRequest) -> Words:
    """To who asked: it is written down, somebody is looked for."""
    link, when = address_of(follow_path(request)), when_words(request.day, request.hour, request.moment)
    asking = request.asked_by_person
    looked_for = "Nous transmettons votre message." if request.mode == Mode.DIRECT else LOOKED_FOR
    noted_words = f"{asking.first_name} a demandé pour vous" if asking else "Votre demande est notée"
    return Words(
        subject="Votre demande est notée",
        body=letter(
            f"Bonjour {request.person.first_name},",
            f"{noted_words}. {looked_for}",
            f"Quoi : {request.kind}\nQuand : {when}",
            "Dès que quelqu’un dit oui, nous vous donnons son prénom et son numéro.",
            f"Suivre ma demande : {link}",
            "Ce n’est pas vous ? Annulez-la sur cette page, ou appelez-nous.",
        ),
        sms=f"{noted_words} : {request.kind}, {when}. La suivre ou l’annuler : {link}",
    )


def thanked(request: HelpRequest, to: Person) -> Words:
    """To who came, or one of them."""
    who, words = request.person.first_name, request.thanks
    said = f" : « {words} »" if words else "."
    return Words(
        subject="Un merci pour vous",
        body=letter(
            f"Bonjour {to.first_name},",
            f"{who} vous remercie pour votre aide{said}",
            "Merci d’être là.",
        ),
        sms=f"{who} vous remercie pour votre aide{said if len(words) <= LONGEST_THANKS_BY_SMS else '.'}",
    )


def went_badly(request: HelpRequest, words: str) -> str:
    """To the desk: what the person says of a visit. Their words come last, and may be cut."""
    when = when_words(request.day, request.hour, request.moment)
    return f"Cela ne s’est pas bien passé : {request.kind}, {when}. La personne écrit : {words}"


def day_passed(request: HelpRequest) -> str:
    """To the desk: nobody was found."""
    when = when_words(request.day, request.hour, request.moment)
    return f"Le jour est passé, sans personne : {request.kind}, {when}. La personne en a-t-elle encore besoin ?"


def without_news(request: HelpRequest) -> str:
    """To the desk: somebody was to go, and nobody ever said whether they did."""
    when = when_words(request.day, request.hour, request.moment)
    return (
        f"Sans nouvelles depuis deux mois, la demande est close : {request.kind}, {when}. La personne va-t-elle bien ?"
    )


def number_to_confirm(request: HelpRequest) -> str:
    """To the desk."""
    when = when_words(request.day, request.hour, request.moment)
    return (
        f"Demande faite sur le site : {request.kind}, {when}. Appelez ce numéro : la personne a-t-elle bien "
        "fait cette demande ? Personne n’est sollicité avant."
    )
