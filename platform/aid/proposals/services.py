"""The verbs of proposals: ask volunteers, say yes, put oneself forward, say no, choose, withdraw.

Locks are taken in one order everywhere: where a service is counted the person (help_requests), then the request, then
its volunteer, then its proposals. So answers to one request come one after the other, however many at once, and none
waits for another that waits for it.
"""

import contextlib
from collections.abc import Iterable
from operator import attrgetter

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Account
from aid.configuration.enums import Chooser, Mode
from aid.followups.enums import FollowUpKind
from aid.followups.services import ask, settle, settle_told, told_keys
from aid.help_requests import transitions
from aid.help_requests.enums import AGREE, GOING, LOOK_AGAIN, LOOKING, PROPOSE, REOPEN, Reason, RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import LONGEST_WORDS, SUBJECT, note_service, reason_words
from aid.help_requests.services import finish as finish_request
from aid.help_requests.services import give_up as give_up_request
from aid.moderation.sanctions import is_excluded
from aid.moderation.texts import ASKED_BY_EXCLUDED
from aid.notifications.services import known_keys, messages_by_key, send, send_many
from aid.offers.services import volunteers_for
from aid.onboarding.models import Volunteer, VolunteerQuerySet
from aid.people.models import Person
from aid.proposals import direct_texts, texts, waves
from aid.proposals.codes import give_codes
from aid.proposals.enums import Answer, Outcome, Way
from aid.proposals.models import ASKED_ANEW, Proposal
from aid.proposals.offer_places import is_closed, next_place
from aid.proposals.times import needed_by, part_of_day, starts_at

# Lines of a request's journal that do not move it: one more place taken or freed, one more candidate.
JOIN, WITHDRAW, CANDIDATE = "join", "withdraw", "candidate"
# Of several who went, one more says that they were there, or that it did not take place.
CAME, NOT_HELD = "came", "not_held"
OF_A_REQUEST = (FollowUpKind.UNANSWERED, FollowUpKind.TO_PROPOSE, FollowUpKind.NOT_CLOSED, FollowUpKind.ONBOARDING)
# What is said to who goes, before the hour; and why nobody calls to say it any more.
TO_WHO_GOES, WITHDREW = ("mission", "reminder"), "Le bénévole s’est désisté."
# In the others, the town or the person chooses whom to ask.
ASKS_ROUNDS = (Mode.FIRST_YES, Mode.CANDIDATES)


@transaction.atomic
def ask_volunteers(request_id: int, *, after: int = 0) -> int:
    """Ask volunteers who were not asked yet about a request that looks for somebody; how many that makes.

    All of them, or the next wave of its kind of help: once after the proposal of that number, however often this runs.
    Where nobody is left to ask, or who asks is excluded, the town is told at once, and whom it is to call; and where it
    chooses whom to ask.
    """
    request = locked_request(request_id)
    if request is None or request.state not in LOOKING or request.ends_at <= timezone.now():
        return 0
    if _left_to_town(request):
        return 0
    if request.mode == Mode.COORDINATOR:
        tell_town(request, FollowUpKind.TO_PROPOSE, texts.to_propose(request))
    if request.mode not in ASKS_ROUNDS or waves.was_asked_after(request, after):
        return 0
    known = Proposal.objects.filter(request=request).values("volunteer")
    volunteers = waves.next_of(request, may_be_asked(request).exclude(pk__in=known))
    asked = [Proposal(request=request, volunteer=volunteer) for volunteer in volunteers]
    give_codes(asked, request.pk)
    made = Proposal.objects.bulk_create(asked)
    words_for = texts.proposal_words(request)
    letters = [(one.volunteer.person, "proposal", one.key("proposal"), words_for(one)) for one in made]
    written = send_many(letters, needed_by=needed_by(request))
    in_waves = waves.size_of(request) is not None
    if made and in_waves:
        # Where all of a wave are phoned, nobody of it answers: the next one comes at once.
        waves.ask_for_next(request, at_once=not written)
    if not made or not (written or in_waves):
        _tell_town_that_nobody_is_left(request)
    return len(made)


@transaction.atomic
def accept(proposal: Proposal, *, by_account: Account | None = None) -> Outcome:
    """Say yes, themselves or by telephone to an agent; among candidates, put oneself forward.

    The first ones win, as many as are needed, and both sides are told (listeners). The others learn that somebody goes
    already. Saying yes again changes nothing.
    """
    proposal = _locked(proposal)
    outcome = proposal.outcome
    if outcome is Outcome.TO_ANSWER and _waits_for_a_choice(proposal):
        return _put_forward(proposal, by_account=by_account)
    if outcome is Outcome.TO_ANSWER and is_closed(proposal):
        return decline(proposal, because=Answer.NOT_CHOSEN)
    if outcome is Outcome.TO_ANSWER:
        _take_a_seat(proposal, by_account=by_account)
        return Outcome.ACCEPTED
    if outcome is Outcome.TOO_LATE and proposal.answer == Answer.ASKED:
        _answer(proposal, Answer.TOO_LATE)
    return outcome


@transaction.atomic
def decline(proposal: Proposal, *, because: Answer = Answer.NO) -> Outcome:
    """Say no, or not any more among candidates. Who has said yes withdraws instead: somebody counts on them.

    `because`: the places of what they offered for a day are taken (NOT_CHOSEN), rather than a no of theirs.
    """
    proposal = _locked(proposal)
    if proposal.answer in {Answer.ASKED, Answer.CANDIDATE}:
        was_candidate = proposal.answer == Answer.CANDIDATE
        _answer(proposal, because)
        if was_candidate and not proposal.request.proposals.filter(answer=Answer.CANDIDATE).exists():
            settle_calls(proposal.request, ["candidate"], "Plus personne ne se propose.")
        if proposal.way == Way.CHOSEN and proposal.request.state in LOOKING:
            tell_asker(proposal)
        look_again_if_nobody_is_left(proposal.request)
    return proposal.outcome


@transaction.atomic
def choose(proposal: Proposal, *, by_account: Account | None = None, by_person: Person | None = None) -> HelpRequest:
    """Take one of the candidates: they go. Once all places are taken, the others are told that somebody else does.

    Raises NotAllowedError for who is no candidate any more, or may not go.
    """
    proposal = _locked(proposal)
    if proposal.outcome is not Outcome.CANDIDATE:
        raise transitions.NotAllowedError("Cette personne n’est plus candidate.")
    _take_a_seat(proposal, by_account=by_account, by_person=by_person)
    return proposal.request


@transaction.atomic
def withdraw(proposal: Proposal, *, words: str = "", by_account: Account | None = None) -> Outcome:
    """Somebody who said yes cannot go after all: their place is free, and somebody else is looked for (listeners).

    Harmless for who does not go, or once its hours are over: then it did not take place (`tell_not_held`).
    """
    proposal = _locked(proposal)
    if not proposal.may_withdraw:
        return proposal.outcome
    _answer(proposal, Answer.WITHDREW)
    settle_told([key for kind in TO_WHO_GOES for key in proposal.keys(kind)], outcome=WITHDREW)
    request, person = proposal.request, proposal.volunteer.person
    if request.state in GOING:
        transitions.take(
            request, REOPEN, by_account=by_account, by_person=person, words=words[:LONGEST_WORDS], volunteer=None
        )
    else:
        transitions.write_step(request, WITHDRAW, by_account=by_account, by_person=person, words=words[:LONGEST_WORDS])
        look_again_if_nobody_is_left(request)
    return Outcome.WITHDREW


@transaction.atomic
def tell_done(proposal: Proposal, *, minutes: int, words: str = "") -> Outcome:
    """The volunteer says that it is done, and how long it took.

    The first of several who says so finishes it; then each says it for themselves, and is counted (listeners).
    """
    # Who finishes a request locks its person first: nothing is locked here before.
    if proposal.outcome is Outcome.TO_CLOSE:
        with contextlib.suppress(transitions.NotAllowedError):
            finish_request(proposal.request, minutes=minutes, words=words, by_person=proposal.volunteer.person)
        _tell_came(_locked(proposal), minutes=minutes, words=words)
    return Proposal.objects.with_page_related_data().get(pk=proposal.pk).outcome


@transaction.atomic
def tell_not_held(proposal: Proposal, *, words: str = "", reason: Reason = Reason.OTHER) -> Outcome:
    """The volunteer says that the meeting did not take place, and why: the town looks into it.

    Of several, each says it for themselves: for the others it may have. Raises ValidationError where a reason is told
    by nothing.
    """
    proposal = _locked(proposal)
    if proposal.outcome is not Outcome.TO_CLOSE:
        return proposal.outcome
    request, by_person = proposal.request, proposal.volunteer.person
    others = [one for one in who_goes(request) if one.pk != proposal.pk]
    if others:
        words = reason_words(reason, words)
        _answer(proposal, Answer.NOT_HELD)
        Proposal.objects.filter(pk=proposal.pk).update(is_to_tell=False)
        # Of those who are left, who said that they came goes before who has yet to say it.
        first = min(others, key=attrgetter("is_to_tell", "seat"))
        HelpRequest.objects.filter(pk=request.pk).update(volunteer=first.volunteer)
        transitions.write_step(request, NOT_HELD, by_person=by_person, words=words or reason.label)
    else:
        request = give_up_request(request, words=words, reason=reason, by_person=by_person)
    tell_town(request, FollowUpKind.NOT_CLOSED, texts.not_held(words or reason.label))
    return Outcome.NOT_HELD


def with_messages(proposals: Iterable[Proposal]) -> list[Proposal]:
    """These proposals, each with the message that made it as `message`, or None; in one query."""
    proposals = list(proposals)
    found = messages_by_key([one.key("proposal") for one in proposals])
    for one in proposals:
        one.message = found.get(one.key("proposal"))
    return proposals


def tell_asker(proposal: Proposal) -> None:
    """Tell who wrote to a volunteer that they answered: their words are read on the page of the messages."""
    # Words, then a no: each is news.
    key = proposal.key(f"answered:{proposal.answer}")
    send(person=proposal.request.person, kind="answered", key=key, words=direct_texts.answered(proposal))


def tell_others(request: HelpRequest) -> None:
    """Tell those who wait that somebody goes, candidates that somebody else was chosen. A no is left in peace."""
    waiting = Proposal.objects.filter(request=request).waiting().select_related("volunteer__person")
    told = [
        (one, texts.not_chosen(request) if one.answer == Answer.CANDIDATE else texts.already_taken(request))
        for one in waiting
    ]
    send_many([(one.volunteer.person, "taken", one.key("taken"), words) for one, words in told])
    candidates = request.proposals.filter(answer=Answer.CANDIDATE)
    candidates.update(answer=Answer.NOT_CHOSEN, answered_at=timezone.now())


@transaction.atomic
def ask_again(request_id: int) -> int:
    """Ask those who were told that somebody went, who wanted to go first, then those not asked yet; how many in all.

    A no is kept. Nobody is asked twice for one search, however often this runs: what was asked again waits. Nor is
    anybody for who is excluded: the town is told.
    """
    request = locked_request(request_id)
    if request is None or request.state not in LOOKING or _left_to_town(request):
        return 0
    if request.mode not in ASKS_ROUNDS:
        return ask_volunteers(request_id)
    told = known_keys([one.key("taken") for one in request.proposals.asked()])
    wanted = Q(answer__in=[Answer.TOO_LATE, Answer.NOT_CHOSEN])
    again = [
        one
        for one in request.proposals.filter(wanted | Q(answer=Answer.ASKED)).select_related("volunteer__person")
        if one.answer != Answer.ASKED or one.key("taken") in told
    ]
    may = set(may_be_asked(request).filter(proposals__in=[one.pk for one in again]).values_list("pk", flat=True))
    again = [one for one in again if one.volunteer_id in may]
    for one in again:
        one.ask_anew()
        # The town asks them by now, not who answered what they offered for a day.
        one.offer = None
    give_codes(again, request.pk)
    Proposal.objects.bulk_update(again, [*ASKED_ANEW, "offer"])
    words_for = texts.proposal_words(request, again=True)
    letters = [(one.volunteer.person, "proposal", one.key("proposal"), words_for(one)) for one in again]
    send_many(letters, needed_by=needed_by(request))
    # A wave is out already: those who come next wait for its hour.
    if waves.is_out(request):
        waves.ask_for_next(request)
        return len(again)
    return len(again) + ask_volunteers(request_id, after=waves.last_of(request))


def tell_candidates(request: HelpRequest) -> None:
    """Tell those who had put themselves forward that nobody goes after all."""
    candidates = request.proposals.filter(answer=Answer.CANDIDATE).select_related("volunteer__person")
    words = texts.nobody_goes(request)
    send_many([(one.volunteer.person, "taken", one.key("taken"), words) for one in candidates])


def may_be_asked(request: HelpRequest, *, among: VolunteerQuerySet | None = None) -> QuerySet[Volunteer, Volunteer]:
    """Whoever may be asked about a request, as things stand; `among`: of these only."""
    return volunteers_for(
        kind=request.kind,
        commune=request.commune,
        asker=request.person,
        day=request.day,
        moment=part_of_day(request),
        among=among,
    )


def who_goes(request: HelpRequest) -> list[Proposal]:
    """The yeses that hold a place, in the order of the places."""
    going = request.proposals.yes().select_related("volunteer__person", "volunteer__speaks_for")
    return list(going.order_by("seat"))


def look_again_if_nobody_is_left(request: HelpRequest) -> None:
    """Where no answer is awaited any more, look for somebody: those of the next wave, whoever was not asked yet."""
    if request.state == RequestState.PROPOSED:
        is_awaited = Q(answer=Answer.CANDIDATE) | Q(answer=Answer.ASKED, way__in=[Way.PICKED, Way.CHOSEN])
        if not request.proposals.waiting().filter(is_awaited).exists():
            transitions.take(request, LOOK_AGAIN)
        return
    asks_rounds = request.state == RequestState.OPEN and request.mode in ASKS_ROUNDS
    if asks_rounds and not waves.awaits(request):
        waves.ask_for_next(request, at_once=True)


def settle_calls(request: HelpRequest, kinds: Iterable[str], outcome: str) -> None:
    """Have nobody called any more to be told these kinds of words about a request, which has moved on."""
    # Of a round nobody is called before they answered.
    concerned = request.proposals.exclude(answer=Answer.ASKED, way=Way.ROUND).only("pk", "times_asked")
    settle_told([key for one in concerned for kind in kinds for key in one.keys(kind)], outcome=outcome)


def _left_to_town(request: HelpRequest) -> bool:
    """Leave it to the town, which is told, where who asks is excluded; whether it is so: nobody is sent there then."""
    if not is_excluded(request.person):
        return False
    tell_town(request, FollowUpKind.UNANSWERED, ASKED_BY_EXCLUDED)
    return True


def _tell_town_that_nobody_is_left(request: HelpRequest) -> None:
    """Nobody is left to ask: the town calls those who read no messages, once no other answer is awaited.

    Of waves it calls them at once: they came first, and the others are asked by now.
    """
    waiting = list(request.proposals.waiting().select_related("volunteer__person").order_by("pk"))
    told = told_keys([one.key("proposal") for one in waiting])
    to_call = [one for one in waiting if one.answer == Answer.ASKED and one.key("proposal") not in told]
    if to_call and (waves.size_of(request) is not None or len(to_call) == len(waiting)):
        names = [one.volunteer.person.full_name for one in to_call]
        tell_town(request, FollowUpKind.UNANSWERED, texts.to_call(names))
    elif not waiting:
        was_asked = request.proposals.exists()
        words = texts.everybody_answered(request) if was_asked else texts.NOBODY_TO_ASK
        tell_town(request, FollowUpKind.UNANSWERED, words)


def locked_request(request_id: int) -> HelpRequest | None:
    """The request as it is, until the end of the transaction; None if it is gone."""
    # Locked first, then read: its person or its volunteer may be another while it waits (aid.privacy.merging).
    list(HelpRequest.objects.select_for_update().filter(pk=request_id).values_list("pk"))
    return HelpRequest.objects.with_list_related_data().filter(pk=request_id).first()


def tell_town(request: HelpRequest, kind: FollowUpKind, words: str) -> None:
    """Have somebody at the town look at a request."""
    ask(kind=kind, person=request.person, subject=(SUBJECT, request.pk), words=words)


def untell_town(request: HelpRequest, outcome: str) -> None:
    """Close what the town was asked to look at, since the request has moved on."""
    for kind in OF_A_REQUEST:
        settle(subject=(SUBJECT, request.pk), kind=kind, outcome=outcome)


def _locked(proposal: Proposal) -> Proposal:
    HelpRequest.objects.select_for_update(of=["self"]).get(pk=proposal.request_id)
    # The volunteer too: who is suspended at this instant says no yes, or had said it and it is reviewed.
    volunteer = Volunteer.objects.select_for_update(of=["self"], no_key=True).filter(proposals=proposal.pk)
    list(volunteer.values_list("pk"))
    found = Proposal.objects.with_page_related_data().select_for_update(of=["self"])
    return found.get(pk=proposal.pk)


def _answer(proposal: Proposal, answer: Answer, *, seat: int | None = None) -> None:
    proposal.answer, proposal.seat, proposal.answered_at = answer, seat, timezone.now()
    proposal.place = next_place(proposal.offer) if answer == Answer.YES and proposal.offer else None
    proposal.save(update_fields=["answer", "seat", "place", "answered_at"])
    settle_told(proposal.keys("proposal"), outcome="Réponse reçue.")


def _tell_came(proposal: Proposal, *, minutes: int, words: str) -> None:
    """Count one more of several who went, whose place is locked; nothing for who is counted, or was not there."""
    if proposal.outcome is not Outcome.TO_CLOSE or not proposal.is_to_tell:
        return
    request = proposal.request
    note_service(request, minutes=minutes)
    proposal.is_to_tell, proposal.minutes = False, minutes
    proposal.save(update_fields=["is_to_tell", "minutes"])
    transitions.write_step(request, CAME, by_person=proposal.volunteer.person, words=words[:LONGEST_WORDS])


def _waits_for_a_choice(proposal: Proposal) -> bool:
    """Whether a yes puts forward rather than wins; who was asked in particular was chosen already."""
    return proposal.request.mode == Mode.CANDIDATES and proposal.way == Way.ROUND


def _put_forward(proposal: Proposal, *, by_account: Account | None) -> Outcome:
    request, person = proposal.request, proposal.volunteer.person
    is_first = not request.proposals.filter(answer=Answer.CANDIDATE).exists()
    _answer(proposal, Answer.CANDIDATE)
    if request.state == RequestState.OPEN:
        transitions.take(request, PROPOSE, by_account=by_account, by_person=person)
    else:
        transitions.write_step(request, CANDIDATE, by_account=by_account, by_person=person)
    if is_first:
        _have_chosen(proposal)
    return Outcome.CANDIDATE


def _have_chosen(first: Proposal) -> None:
    """Tell who chooses that there is somebody to choose; of those who come after, they read on the page."""
    request = first.request
    if request.kind.chooser == Chooser.COORDINATOR:
        tell_town(request, FollowUpKind.TO_PROPOSE, texts.to_choose(request))
        return
    send(person=request.person, kind="candidate", key=first.key("candidate"), words=texts.first_candidate(request))


def _take_a_seat(proposal: Proposal, *, by_account: Account | None, by_person: Person | None = None) -> None:
    """Give the first free place of the request, whose row is locked; with the last one, it is agreed."""
    request, volunteer = proposal.request, proposal.volunteer
    held = set(request.proposals.yes().values_list("seat", flat=True))
    seat = next(number for number in range(1, request.people_needed + 1) if number not in held)
    _answer(proposal, Answer.YES, seat=seat)
    by_person = by_person or volunteer.person
    if len(held) + 1 < request.people_needed:
        transitions.write_step(request, JOIN, by_account=by_account, by_person=by_person)
        key, words = proposal.key("mission"), texts.you_go(proposal, request)
        send(person=volunteer.person, kind="mission", key=key, words=words, needed_by=starts_at(request))
        look_again_if_nobody_is_left(request)
        return
    first = request.proposals.yes().order_by("seat").values_list("volunteer", flat=True)[0]
    proposal.request = transitions.take(request, AGREE, by_account=by_account, by_person=by_person, volunteer_id=first)
