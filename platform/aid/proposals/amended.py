"""A request was changed: who had said yes, or was asked, is asked whether that suits them; a no is left in peace."""

from aid.followups.services import settle_told
from aid.help_requests import amending
from aid.help_requests.amending import Amended
from aid.help_requests.enums import BEFORE_LOOKING, LOOK_AGAIN, LOOKING, RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.transitions import listen
from aid.notifications.services import send, send_many
from aid.proposals import texts, waves
from aid.proposals.codes import give_codes
from aid.proposals.enums import Answer, Way
from aid.proposals.listeners import ALL, look_ahead
from aid.proposals.models import ASKED_ANEW, Proposal, may_say_yes
from aid.proposals.services import look_again_if_nobody_is_left, who_goes
from aid.proposals.times import needed_by, starts_at

OUT_OF_DATE = "La demande a changé."


def register() -> None:
    """Called when the app is ready."""
    amending.listen(follow)
    listen(LOOK_AGAIN, tell_refusal)


def follow(amended: Amended) -> None:
    """Ask again whoever it concerns where a yes is no yes to this any more; else tell who goes. In its transaction."""
    request = amended.request
    if amended.changes_terms:
        # What is asked now is not what somebody offered for a day; a yes gives its place back below.
        request.proposals.exclude(offer=None).exclude(answer=Answer.YES).update(offer=None)
    if request.state in BEFORE_LOOKING:
        return
    if not amended.changes_terms:
        for one in who_goes(request) if amended.changes_rest else ():
            words = texts.details_changed(one, request)
            to, key = one.volunteer.person, f"amended:{amended.step}:{one.pk}"
            send(person=to, kind="amended", key=key, words=words, needed_by=starts_at(request))
        if amended.changes_urgency and request.state in LOOKING:
            look_ahead(request)
        return
    concerned = [Answer.YES] if amended.was_agreed else [Answer.YES, Answer.CANDIDATE, Answer.ASKED]
    # Whom a message was written to that the town holds reads it as it is by then.
    asked = request.proposals.filter(answer__in=concerned, is_held=False).select_related("volunteer__person")
    _ask_again(request, list(asked))
    if request.state == RequestState.OPEN:
        # Others are free on the new day; who goes each time is asked too, and says it themselves.
        waves.ask_for_next(request, at_once=not waves.is_out(request))
    elif not amended.was_agreed:
        look_again_if_nobody_is_left(request)
    look_ahead(request)


def _ask_again(request: HelpRequest, concerned: list[Proposal]) -> None:
    words_for = texts.changed_words(request)
    stale = [key for one in concerned for kind in ALL for key in one.keys(kind)]
    settle_told(stale, outcome=OUT_OF_DATE)
    may = set(Proposal.objects.filter(may_say_yes(), pk__in=[one.pk for one in concerned]).values_list("pk", flat=True))
    went = {one.pk for one in concerned if one.answer == Answer.YES}
    for one in concerned:
        # Who was to go came first: their yes takes the place again, and their answer is awaited.
        one.way = Way.PICKED if one.pk in went and one.way == Way.ROUND else one.way
        one.ask_anew()
        # What is asked now is not what they offered for a day: its place is free.
        one.offer = None
    give_codes(concerned, request.pk)
    Proposal.objects.bulk_update(concerned, [*ASKED_ANEW, "way", "offer"])
    soon_enough = needed_by(request)
    for one in concerned:
        if one.pk in went & may:
            # By `send`: who was to go, and cannot be written to, is called.
            to, words = one.volunteer.person, words_for(one)
            send(person=to, kind="proposal", key=one.key("proposal"), words=words, needed_by=soon_enough)
    asked = [one for one in concerned if one.pk in may - went]
    letters = [(one.volunteer.person, "proposal", one.key("proposal"), words_for(one)) for one in asked]
    send_many(letters, needed_by=soon_enough)


def tell_refusal(request: HelpRequest) -> None:
    """Who was to go cannot, now that it changed: tell who waits for them."""
    if not amending.was_asked_again(request):
        return
    refused = request.proposals.filter(answer=Answer.NO, way=Way.PICKED).select_related("volunteer__person")
    gone = refused.order_by("answered_at").last()
    if gone is not None:
        words = texts.nobody_comes_yet(request, gone.volunteer.person)
        to, key = request.person, gone.key("reopened")
        send(person=to, kind="reopened", key=key, words=words, needed_by=starts_at(request))
