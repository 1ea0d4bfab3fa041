"""Direct contact: somebody chooses a volunteer and writes to them; the message is read by the town's rules, then sent.

The words are the request's details. Whoever was chosen reads them before answering; nobody else does before a yes.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts import limits
from aid.configuration.enums import Mode
from aid.followups.enums import FollowUpKind
from aid.followups.services import settle, told_keys
from aid.help_requests import amending, transitions
from aid.help_requests.enums import BEFORE_LOOKING, CONFIRM, LOOKING, PROPOSE, PUBLISH, REOPEN, RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import SUBJECT, LimitReachedError
from aid.moderation import services as moderation
from aid.moderation import subjects
from aid.moderation.enums import Family
from aid.moderation.sanctions import is_excluded
from aid.notifications.channels import is_written_to
from aid.notifications.services import known_keys, send
from aid.offers.models import OneOffOffer
from aid.offers.services import may_come
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.proposals import direct_texts, jobs, modes, texts
from aid.proposals.codes import give_codes
from aid.proposals.enums import Answer, Outcome, Way
from aid.proposals.listeners import look_ahead
from aid.proposals.models import ASKED_ANEW, LONGEST_WORDS_BACK, Proposal
from aid.proposals.offer_places import is_closed
from aid.proposals.services import locked_request, may_be_asked, tell_asker, tell_town
from aid.proposals.times import starts_at, starts_by

KIND = "message"
A_DAY = timedelta(days=1)
# Messages that one person sends, and that one volunteer receives, in a day. What strangers write and do not prove is
# received by nobody.
SENT_A_DAY, RECEIVED_A_DAY = 5, 3
RECEIVED = "message.volunteer"
TOO_MANY = "Vous avez déjà écrit à plusieurs voisins aujourd’hui."
# The same for a day off, too many messages, somebody blocked: nobody learns which.
NOT_NOW = (
    "Ce voisin ne peut pas recevoir votre message pour ce moment-là. Choisissez un autre moment, quelqu’un d’autre, ou "
    "appelez-nous."
)
NOT_THIS_ONE = "Ce voisin ne peut pas recevoir votre réponse. Choisissez une autre proposition, ou appelez-nous."
WITHOUT_WORDS = "Sans mots : ce message ne dit que l’aide et le jour."


def register() -> None:
    """Listen to requests, and have messages moderated. Called when the app is ready."""
    amending.listen(_have_read_anew)
    modes.listen(_follow_mode)
    for transition in (CONFIRM, PUBLISH, REOPEN):
        transitions.listen(transition, _send_later)
    subjects.register(
        subjects.Subject(
            kind=KIND,
            label="message à un voisin",
            text_of=_text_of,
            url_of=_url_of,
            author_of=_author_of,
            hide=lambda number, reason: _hold(number, is_held=True),
            restore=lambda number: _hold(number, is_held=False),
            # One may write the same to a second neighbour when the first cannot: how many a day is limited above.
            spares=frozenset({Family.REPEATED}),
            is_in_own_hands=False,
            back_of=_back_of,
        )
    )


@transaction.atomic
def write_to(request: HelpRequest, volunteer: Volunteer, *, offer: OneOffOffer | None = None) -> Proposal:
    """Have the words of a request sent to the volunteer whom its person chose; to one whom they chose already, once.

    `offer`: it answers what they offer that day. It leaves once the request looks for somebody, and nobody at the town
    has to read it first. Raises ValidationError for who may not be asked, or words that the town refuses,
    LimitReachedError, and NotAllowedError where nobody is looked for any more.
    """
    known = locked_request(request.pk)
    if known is None or known.mode != Mode.DIRECT or known.state not in (*BEFORE_LOOKING, *LOOKING):
        raise transitions.NotAllowedError("Cette demande ne cherche plus personne.")
    made = Proposal.objects.filter(request=known, volunteer=volunteer).first()
    if made is not None:
        return made
    may = may_be_asked(known) if offer is None else _may_answer(known)
    if not may.filter(pk=volunteer.pk).exists():
        raise ValidationError(NOT_NOW if offer is None else NOT_THIS_ONE)
    _count(known.person, volunteer if offer is None else None)
    made = Proposal(request=known, volunteer=volunteer, way=Way.CHOSEN, offer=offer)
    give_codes([made], known.pk)
    made.save()
    try:
        moderation.submit(subject=(KIND, made.pk), author=known.person, text=known.details)
    except ValidationError as error:
        raise ValidationError({"details": error.messages}) from error
    if known.state in LOOKING:
        jobs.send_messages.defer(request=known.pk)
    made.refresh_from_db()
    return made


@transaction.atomic
def send_messages(request_id: int) -> int:
    """Send those whom somebody chose what was written to them, but what the town holds; answer how many messages.

    Who was told that somebody went, who cannot any more, is written to again; what is one too many for today leaves
    the day after. Where they chose nobody, they leave it to the town: it is told. It may run twice: each is written to
    once.
    """
    request = locked_request(request_id)
    if request is None or request.mode != Mode.DIRECT or request.state not in LOOKING:
        return 0
    chosen = request.proposals.filter(way=Way.CHOSEN).select_related("volunteer__person", "offer").order_by("pk")
    if not chosen:
        tell_town(request, FollowUpKind.TO_PROPOSE, texts.to_propose(request))
    if is_excluded(request.person):
        return 0
    _ask_again(chosen)
    waiting = [one for one in chosen if one.answer == Answer.ASKED and not one.is_held]
    # Suspended, away or blocked since it was written: nothing leaves any more.
    may = _among(may_be_asked(request), [one for one in waiting if one.offer_id is None])
    may |= _among(_may_answer(request), [one for one in waiting if one.offer_id is not None])
    waiting = [one for one in waiting if one.volunteer_id in may]
    if to_wait := _to_wait(waiting):
        waiting = [one for one in waiting if one.volunteer_id not in to_wait]
        jobs.send_messages.defer(request=request.pk, schedule_at=timezone.now() + A_DAY)
    if waiting and request.state == RequestState.OPEN:
        request = transitions.take(request, PROPOSE, by_person=request.person)
    if waiting:
        written = "La personne a écrit à un voisin."
        settle(subject=(SUBJECT, request.pk), kind=FollowUpKind.TO_PROPOSE, outcome=written)
    for one in waiting:
        one.request = request
        to, words = one.volunteer.person, direct_texts.message_words(one)
        send(person=to, kind="message", key=one.key("proposal"), words=words, needed_by=starts_by(request))
    return len(waiting)


@transaction.atomic
def write_back(proposal: Proposal, *, words: str) -> Proposal:
    """Have a few words of the volunteer read by who wrote to them; said again, the last words count.

    Raises ValidationError by field: nothing, too much, or what the town's rules stop; NotAllowedError for who was not
    written to, or cannot answer any more.
    """
    words = words.strip()
    if not words:
        raise ValidationError({"words": "Écrivez quelques mots."})
    if len(words) > LONGEST_WORDS_BACK:
        raise ValidationError({"words": f"Écrivez {LONGEST_WORDS_BACK} caractères au plus."})
    try:
        moderation.check_relayed(words)
    except ValidationError as error:
        raise ValidationError({"words": error.messages}) from error
    locked_request(proposal.request_id)
    known = Proposal.objects.with_page_related_data().get(pk=proposal.pk)
    if known.way != Way.CHOSEN or known.outcome is not Outcome.TO_ANSWER:
        raise transitions.NotAllowedError("Ce message n’attend plus de réponse.")
    known.words_back = words
    known.save(update_fields=["words_back"])
    tell_asker(known)
    return known


def _may_answer(request: HelpRequest) -> QuerySet[Volunteer, Volunteer]:
    """Who may go, of those who offered that day themselves: neither their week nor their limits are in the way."""
    return may_come(kind=request.kind, asker=request.person, day=request.day)


def _among(may: QuerySet[Volunteer, Volunteer], proposals: list[Proposal]) -> set[int]:
    """The numbers of their volunteers who may."""
    numbers = [one.volunteer_id for one in proposals]
    return set(may.filter(pk__in=numbers).values_list("pk", flat=True)) if numbers else set()


def _count(asker: Person, volunteer: Volunteer | None) -> None:
    """Count a message of who sends it. Raises LimitReachedError for who sends many, ValidationError to who has many.

    It is counted to the volunteer once it leaves. Who offered places for a day receives as many answers as come
    (`volunteer` is None).
    """
    if not limits.hit(kind="message.asker", subject=str(asker.pk), most=SENT_A_DAY, within=A_DAY):
        raise LimitReachedError(TOO_MANY)
    if volunteer is not None and limits.is_reached(kind=RECEIVED, subject=str(volunteer.pk), most=RECEIVED_A_DAY):
        raise ValidationError(NOT_NOW)


def _to_wait(leaving: list[Proposal]) -> set[int]:
    """The numbers of the volunteers who have received as many as a day allows; the others' are counted, each once."""
    new = [one for one in leaving if one.offer_id is None and one.times_asked == 1]
    told = told_keys([one.key("proposal") for one in new])
    numbers = sorted(one.volunteer_id for one in new if one.key("proposal") not in told)
    return {
        number
        for number in numbers
        if not limits.hit(kind=RECEIVED, subject=str(number), most=RECEIVED_A_DAY, within=A_DAY)
    }


def _ask_again(chosen: Iterable[Proposal]) -> None:
    """Have those answer again who were told that somebody went; a no is kept, and so is a desistance.

    Not those whose offer of a day is closed by now: they would be told that it interests somebody.
    """
    told = known_keys([one.key("taken") for one in chosen])
    for one in chosen:
        if is_closed(one):
            continue
        if one.answer == Answer.TOO_LATE or (one.answer == Answer.ASKED and one.key("taken") in told):
            one.ask_anew()
            give_codes([one], one.request_id)
            one.save(update_fields=ASKED_ANEW)


def _have_read_anew(amended: amending.Amended) -> None:
    """The words of a request are the message: changed, they are read as the first ones were, in any mode."""
    request = amended.request
    if request.state not in (*BEFORE_LOOKING, *LOOKING):
        return
    for one in request.proposals.filter(way=Way.CHOSEN, answer=Answer.ASKED).order_by("pk"):
        moderation.submit(subject=(KIND, one.pk), author=request.person, text=request.details)


def _follow_mode(request: HelpRequest, left: Mode, step: int) -> None:
    """Messages that have left may still be answered, those that have not will not leave; tell who asked what to do."""
    if left == Mode.DIRECT:
        _take_back_unsent(request)
    if request.state not in LOOKING:
        return
    look_ahead(request)
    if Mode.DIRECT not in {left, request.mode}:
        return
    person, told = request.person, {"kind": "noted", "key": modes.key_of(step), "needed_by": starts_at(request)}
    if request.mode == Mode.DIRECT:
        # Nobody else is asked: who reads no message is called.
        send(person=person, words=direct_texts.choose_whom_to_write_to(request), **told)
    elif is_written_to(person, "noted"):
        has_written = request.proposals.filter(way=Way.CHOSEN).exists()
        send(person=person, words=direct_texts.team_looks(request, has_written=has_written), **told)


def _take_back_unsent(request: HelpRequest) -> None:
    """Whom nothing was sent to knows of nothing: they may be asked as everybody else, without these words."""
    chosen = list(request.proposals.filter(way=Way.CHOSEN, answer=Answer.ASKED, times_asked=1))
    keys = [one.key("proposal") for one in chosen]
    told = told_keys(keys)
    for one in chosen:
        if one.key("proposal") not in told:
            moderation.withdraw(subject=(KIND, one.pk))
            one.delete()


def _send_later(request: HelpRequest) -> None:
    if request.mode == Mode.DIRECT:
        jobs.send_messages.defer(request=request.pk)


def _message(number: int) -> Proposal | None:
    return Proposal.objects.filter(pk=number, way=Way.CHOSEN).select_related("request__person").first()


def _text_of(number: int) -> str:
    found = _message(number)
    return (found.request.details or WITHOUT_WORDS) if found else ""


def _url_of(number: int) -> str:
    """The request, as the desk reads it: the volunteer's own link answers for them, and is nobody else's."""
    found = _message(number)
    return reverse("desk:request", args=[found.request.uid]) if found else ""


def _back_of(number: int) -> str:
    """The volunteer's own page: only they are given the link that reports it."""
    found = _message(number)
    return texts.answer_path(found) if found else ""


def _author_of(number: int) -> Person | None:
    found = _message(number)
    return found.request.person if found else None


def _hold(number: int, *, is_held: bool) -> None:
    for held in Proposal.objects.select_for_update().filter(pk=number, way=Way.CHOSEN):
        held.is_held = is_held
        held.save(update_fields=["is_held"])
        if not is_held:
            jobs.send_messages.defer(request=held.request_id)
