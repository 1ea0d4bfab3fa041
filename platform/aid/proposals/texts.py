"""What is written to volunteers and to who asked. The room below puts the town's name and telephone round each.

Before a yes: the kind of help, the district, the day; never who, nor where exactly. E-mail subjects name nobody.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from aid.configuration.addresses import address_of
from aid.configuration.enums import Mode
from aid.help_requests.models import HelpRequest
from aid.help_requests.texts import FOLLOW, follow_path
from aid.help_requests.times import when_words
from aid.notifications.words import Words
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.proposals.counts import so_many
from aid.proposals.enums import Way
from aid.proposals.models import Proposal
from aid.proposals.reaching import reached_through
from core.french import listed
from core.links import token_for
from themes.brand import format_telephone

# What a personal link is for (core.links).
PURPOSE = "answer"
STAND_IN = "0-stand-in"
FIRST_NEWS = "Quelqu’un a besoin d’un coup de main près de chez vous."
NOBODY_TO_ASK = "Aucun bénévole ne propose cette aide dans cette commune. Cherchez quelqu’un d’autre."
NEEDS = "Des voisins attendent encore une réponse\xa0:"
NO_END = "Personne n’a dit si c’est fait. Appelez le bénévole, ou la personne."
TO_CLOSE = "La personne dit que cela ne s’est pas bien passé. Appelez le bénévole, puis closez la demande."
NEWS_BY_SMS = {
    "yes": "C’est noté, merci ! Vous recevez les détails dans un instant.",
    "candidate": "C’est noté, merci de vous proposer ! Nous vous prévenons dès que le choix est fait.",
    "no": "C’est noté, merci d’avoir répondu. Ce sera pour une autre fois.",
    "too_late": "Déjà pourvu, merci ! Un autre voisin y va. À une prochaine fois.",
    "full": "Vos places sont prises : nous l’avons dit à cette personne. Merci à vous.",
    "not_now": "Cette demande n’attend plus de réponse. Merci à vous.",
}

# More would be several SMS.
MOST_CODES_SHOWN = 3
MOST_NAMED = 10


def ask_for_code(waiting: Sequence[Proposal]) -> str | None:
    """Back to a volunteer who said yes or no without saying to what: their codes; None where they have none to use."""
    wait = "Plusieurs demandes vous attendent" if len(waiting) > 1 else "Une demande vous attend"
    return f"{wait}. Répondez avec le code : {codes}." if (codes := _codes(waiting)) else None


def unknown_code(code: str, waiting: Iterable[Proposal]) -> str:
    """Back to a volunteer whose code is none of theirs."""
    said = f"Aucune de vos demandes n’a le code {code}."
    return f"{said} Répondez par exemple : {codes}." if (codes := _codes(waiting)) else said


def _codes(waiting: Iterable[Proposal]) -> str:
    """« OUI 4K (Courses, mardi 24 novembre à 14 h) ou OUI 7P (…) »."""
    # What somebody wrote to them is read on its page before it is answered.
    coded = [one for one in waiting if one.code and one.way != Way.CHOSEN][:MOST_CODES_SHOWN]
    return " ou ".join(f"OUI {one.code} ({one.request.kind}, {when_of(one.request)})" for one in coded)


@dataclass(frozen=True)
class Asked:
    """What is asked of a volunteer, in an e-mail and in an SMS."""

    subject: str
    body: str
    sms: str


ASKED_TO_GO = Asked("pouvez-vous y aller ?", "Pouvez-vous y aller ? Répondez en un geste, sans mot de passe.", "")
ASKED_TO_VOLUNTEER = Asked(
    "voulez-vous vous proposer ?",
    "Voulez-vous vous proposer ? Répondez en un geste. La personne choisit, puis nous vous prévenons.",
    "Vous vous proposez : ",
)


def answer_path(proposal: Proposal) -> str:
    """Where a volunteer answers, without signing in."""
    return reverse("proposals:answer", args=[token_for(PURPOSE, proposal.pk)])


def worry_path(proposal: Proposal) -> str:
    """Where who goes there, or went, says that they worry, without signing in."""
    return reverse("proposals:worry", args=[token_for(PURPOSE, proposal.pk)])


def calendar_path(proposal: Proposal) -> str:
    """The file of their rendezvous, for their own calendar."""
    return reverse("proposals:calendar", args=[token_for(PURPOSE, proposal.pk)])


def withdraw_path(proposal: Proposal) -> str:
    """Where who said yes says that they cannot go, without signing in."""
    return reverse("proposals:withdraw", args=[token_for(PURPOSE, proposal.pk)])


def messages_path(request: HelpRequest) -> str:
    """Where who asks writes to neighbours, and reads what they answer, without signing in."""
    return reverse("nearby:messages", args=[token_for(FOLLOW, request.pk)])


def proposal_words(request: HelpRequest, *, again: bool = False) -> Callable[[Proposal], Words]:
    """Ask a volunteer: words that only differ by the name and the link, for as many as there are.

    `again`: they were told that somebody went, who cannot any more.
    """
    when = when_of(request)
    asked = ASKED_TO_VOLUNTEER if request.mode == Mode.CANDIDATES else ASKED_TO_GO
    news = "La place est de nouveau libre : le voisin qui devait y aller ne peut plus." if again else FIRST_NEWS
    opening, started = request.haste.opening, "De nouveau à pourvoir : " if again else ""
    address = _answer_addresses()

    def words(proposal: Proposal) -> Words:
        link = address(proposal)
        return Words(
            subject=f"{opening}{request.kind} : {asked.subject}",
            body=addressed(
                proposal.volunteer.person,
                news,
                f"Quoi : {request.kind}\nQuand : {when}\nOù : {request.place}",
                asked.body,
                f"Répondre : {link}",
            ),
            sms=f"{opening}{started}{request.kind}, {request.place}, {when}. "
            f"{asked.sms}{_yes_or_no(proposal.code)} ? Ou {link}",
        )

    return words


def changed_words(request: HelpRequest) -> Callable[[Proposal], Words]:
    """To who had said yes, or was asked, before the day or the place changed."""
    when = when_of(request)

    def words(proposal: Proposal) -> Words:
        link = address_of(answer_path(proposal))
        return Words(
            subject=f"{request.kind} : la demande a changé",
            body=addressed(
                proposal.volunteer.person,
                "Une demande a changé. Ce que vous aviez répondu ne compte plus.",
                f"Quoi : {request.kind}\nQuand : {when}\nOù : {request.place}",
                "Cela vous convient-il encore ? Répondez en un geste, sans mot de passe.",
                f"Répondre : {link}",
            ),
            sms=f"{request.haste.opening}Changé : {request.kind}, {when}. {_yes_or_no(proposal.code)} ? {link}",
        )

    return words


def details_changed(proposal: Proposal, request: HelpRequest) -> Words:
    """To who goes: the day and the place are the same, what their page says beside is not."""
    link, when = address_of(answer_path(proposal)), when_of(request)
    return Words(
        subject="Un changement pour votre rendez-vous",
        body=addressed(
            proposal.volunteer.person,
            f"{request.kind}, {when} : l’adresse ou les précisions ont changé. Le jour et l’heure restent les mêmes.",
            f"Relire le rendez-vous : {link}",
        ),
        sms=f"{request.kind}, {request.place}, {when} : du nouveau à lire : {link}",
    )


def first_candidate(request: HelpRequest) -> Words:
    """To who asked, and chooses: somebody puts themselves forward. Who it is stays behind the link."""
    link = address_of(follow_path(request))
    return Words(
        subject="Un voisin se propose",
        body=addressed(
            request.person,
            "Bonne nouvelle : un voisin se propose. D’autres viendront peut-être.",
            f"Quoi : {request.kind}\nQuand : {when_of(request)}",
            "Choisissez qui viendra, quand vous voulez.",
            f"Choisir : {link}",
        ),
        sms=f"{request.kind}, {when_of(request)} : un voisin se propose. Choisir : {link}",
    )


def to_choose(request: HelpRequest) -> str:
    """To the desk, where the town chooses among candidates."""
    return f"Un bénévole se propose, à vous de choisir : {request.kind}, {when_of(request)}."


def somebody_comes(request: HelpRequest, going: Sequence[Volunteer]) -> Words:
    """To who asked: who comes, and how to reach the first of them."""
    volunteer, when = going[0].person, when_of(request)
    names, several = listed([one.shown_name for one in going]), len(going) > 1
    what = f"{request.kind}, {request.place}"
    return Words(
        subject="Quelqu’un a dit oui à votre demande",
        body=addressed(
            request.person,
            f"Bonne nouvelle : {names} {'ont' if several else 'a'} dit oui.",
            f"Quoi : {request.kind}\nQuand : {when}",
            contact_of(volunteer, named=several),
            "Un changement ? Dites-le sur votre page.",
            f"Voir ma demande : {address_of(follow_path(request))}",
        ),
        sms=f"{names} {'viennent' if several else 'vient'} {when} ({what}). {contact_of(volunteer, named=several)}",
    )


def you_go(proposal: Proposal, request: HelpRequest) -> Words:
    """To who said yes: whom they go to, and how to reach them. Address and details stay behind the link."""
    person, volunteer, when = request.person, proposal.volunteer.person, when_of(request)
    link, what = address_of(answer_path(proposal)), f"{request.kind}, {request.place}"
    contact = contact_of(person, asked_by=request.asked_by_person)
    return Words(
        subject="Merci, vous y allez",
        body=addressed(
            volunteer,
            f"Merci d’avoir dit oui. {person.first_name} vous attend.",
            f"Quoi : {request.kind}\nQuand : {when}",
            contact,
            "L’adresse et les précisions sont sur votre page.",
            f"Voir le rendez-vous : {link}",
        ),
        sms=f"Merci ! {person.first_name} vous attend {when} ({what}). {contact} Le reste est ici : {link}",
    )


def already_taken(request: HelpRequest) -> Words:
    """To those who had not answered yet."""
    return Words(
        subject="Déjà pourvu, merci",
        body=_paragraphs(
            "Bonjour,",
            f"{request.kind}, {when_of(request)} : un autre voisin a dit oui. Vous n’avez rien à faire.",
            "Merci d’être là. Nous vous écrirons pour une prochaine demande.",
        ),
        sms=f"{in_short(request)} : déjà pourvu, merci ! Vous n’avez rien à faire.",
    )


def cancelled(request: HelpRequest) -> Words:
    """To those who were asked, or who was going."""
    return Words(
        subject="Demande annulée",
        body=_paragraphs(
            "Bonjour,",
            f"{request.kind}, {when_of(request)} : cette demande est annulée. Vous n’avez plus rien à faire.",
            "Merci d’avoir été là.",
        ),
        sms=f"{in_short(request)} : demande annulée. Vous n’avez plus rien à faire, merci !",
    )


def not_chosen(request: HelpRequest) -> Words:
    """To who put themselves forward, once somebody else was chosen."""
    return Words(
        subject="Merci de vous être proposé",
        body=_paragraphs(
            "Bonjour,",
            f"{request.kind}, {when_of(request)} : quelqu’un d’autre y va cette fois. Vous n’avez rien à faire.",
            "Merci de vous être proposé. Nous vous écrirons pour une prochaine demande.",
        ),
        sms=f"{in_short(request)} : quelqu’un d’autre y va cette fois. Merci de vous être proposé !",
    )


def nobody_goes(request: HelpRequest) -> Words:
    """To who put themselves forward, where nobody was chosen after all."""
    return Words(
        subject="Merci de vous être proposé",
        body=_paragraphs(
            "Bonjour,",
            f"{request.kind}, {when_of(request)} : finalement, cela ne se fait pas. Vous n’avez rien à faire.",
            "Merci de vous être proposé. Nous vous écrirons pour une prochaine demande.",
        ),
        sms=f"{in_short(request)} : finalement, cela ne se fait pas. Merci de vous être proposé !",
    )


def nobody_comes_yet(request: HelpRequest, gone: Person) -> Words:
    """To who waits for somebody who cannot come any more."""
    is_written = request.mode == Mode.DIRECT
    sought = "Vous pouvez écrire à quelqu’un d’autre." if is_written else "Nous cherchons quelqu’un d’autre."
    link = address_of(messages_path(request) if is_written else follow_path(request))
    what = f"{request.kind}, {request.place}"
    return Words(
        subject="Un changement pour votre demande",
        body=addressed(
            request.person,
            f"{gone.first_name} ne peut finalement pas venir. {sought}",
            f"Quoi : {request.kind}\nQuand : {when_of(request)}",
            "" if is_written else "Vous n’avez rien à faire : nous vous écrivons dès que quelqu’un dit oui.",
            f"Voir ma demande : {link}",
        ),
        sms=f"{gone.first_name} ne peut finalement pas venir {when_of(request)} ({what}). {sought}",
    )


def who_was_awaited_died(awaited: Sequence[HelpRequest], volunteer: Person) -> Words:
    """To who was going to somebody who died, once for all that they had said yes to."""
    first_name, lines = awaited[0].person.first_name, [f"{one.kind}, {when_of(one)}" for one in awaited]
    several = len(lines) > 1
    off = "Ces rendez-vous n’auront donc pas lieu" if several else "Ce rendez-vous n’aura donc pas lieu"
    instead = "Vous n’avez plus à venir" if several else f"Vous n’avez pas à venir {when_of(awaited[0])}"
    return Words(
        subject="Une triste nouvelle",
        body=addressed(
            volunteer,
            f"Nous avons une triste nouvelle : {first_name} nous a quittés.",
            "\n".join([f"{off} :", *lines]),
            "Merci d’avoir dit oui. Si vous voulez en parler, appelez-nous.",
        ),
        sms=f"Une triste nouvelle : {first_name} nous a quittés. {instead}. Merci à vous.",
    )


def needs_in_digest() -> Callable[[Proposal], str]:
    """One need, in the digest of a volunteer: for as many as there are."""
    address = _answer_addresses()

    def words(proposal: Proposal) -> str:
        request = proposal.request
        return f"{request.kind}, {request.place}, {when_of(request)}\nRépondre : {address(proposal)}"

    return words


def nobody_answered(request: HelpRequest) -> str:
    """To the desk."""
    return f"Personne n’a encore dit oui : {request.kind}, {when_of(request)}."


def to_call(names: Sequence[str]) -> str:
    """To the desk, once nobody is left to write to: who may help, and reads no messages."""
    them, more = "leur" if len(names) > 1 else "lui", len(names) - MOST_NAMED
    others = [f"{more} autre{'s' if more > 1 else ''}"] if more > 0 else []
    return f"À appeler, faute de pouvoir {them} écrire : {listed([*names[:MOST_NAMED], *others])}."


def everybody_answered(request: HelpRequest) -> str:
    """To the desk, as soon as it is so."""
    return f"Tous ont répondu, et il manque quelqu’un : {request.kind}, {when_of(request)}. Cherchez par téléphone."


def some_lack(request: HelpRequest, lacking: int) -> str:
    """To the desk, at the hour of a meeting that fewer go to than were asked for."""
    lacks = f"il manque {lacking} bénévole{'s' if lacking > 1 else ''}"
    return f"C’est l’heure, et {lacks} : {request.kind}, {when_of(request)}."


def to_propose(request: HelpRequest) -> str:
    """To the desk, where the town chooses whom to ask."""
    return f"À proposer ({so_many(request)} personnes) : {request.kind}, {when_of(request)}."


def withdrew_late(request: HelpRequest) -> str:
    """To the desk: little time is left."""
    return f"Désistement tardif : {request.kind}, {when_of(request)}. Cherchez quelqu’un par téléphone."


def not_held(words: str) -> str:
    """To the desk, in the words of who went, or the reason that they gave."""
    return f"Ça n’a pas eu lieu. Le bénévole dit : {words}"


def in_short(request: HelpRequest) -> str:
    """What an SMS says of it: what, where and when."""
    return f"{request.kind}, {request.place}, {when_of(request)}"


def when_of(request: HelpRequest) -> str:
    """Its day and its hour, as people say them."""
    return when_words(request.day, request.hour, request.moment)


def _answer_addresses() -> Callable[[Proposal], str]:
    """Every link is alike but for its token: two thousand are not looked up one by one."""
    before, after = address_of(reverse("proposals:answer", args=[STAND_IN])).split(STAND_IN)
    return lambda proposal: before + token_for(PURPOSE, proposal.pk) + after


def _yes_or_no(code: str) -> str:
    return f"OUI {code} ou NON {code}" if code else "OUI ou NON"


def contact_of(person: Person, *, asked_by: Person | None = None, named: bool = False) -> str:
    """How somebody is reached, in a sentence; `named` where it might be read as somebody else's.

    `asked_by`: who asked for them, who is called where they have nothing of their own. The town's number goes with it.
    """
    if person.phone:
        number = format_telephone(person.phone)
        return f"{person.first_name} : {number}." if named else f"Son numéro : {number}."
    if person.email:
        return f"{person.first_name} : {person.email}." if named else f"Son adresse e-mail : {person.email}."
    instead = reached_through(person, asked_by=asked_by)
    called = f"appelez {instead.first_name} : {format_telephone(instead.phone)}" if instead else "appelez-nous"
    return f"Pour joindre {person.first_name}, {called}."


def addressed(person: Person, *paragraphs: str) -> str:
    """An e-mail to somebody, by their first name."""
    return _paragraphs(f"Bonjour {person.first_name},", *paragraphs)


def _paragraphs(*paragraphs: str) -> str:
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
