"""What becomes of proposals when two cards of one person are made one (aid.privacy.merging)."""

from django.db.models import Q
from django.utils import timezone

from aid.help_requests.models import HelpRequest
from aid.onboarding.merging import both_volunteers
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal

# Of two answers of one person to one request, which one counts.
WEIGHT = {
    Answer.ASKED: 0,
    Answer.NOT_CHOSEN: 1,
    Answer.TOO_LATE: 1,
    Answer.NO: 1,
    Answer.WITHDREW: 1,
    Answer.NOT_HELD: 1,
    Answer.CANDIDATE: 2,
    Answer.YES: 3,
}

HELPED_EACH_OTHER = "L’une de ces personnes a aidé l’autre : ce sont bien deux personnes."


def why_two_persons(kept: Person, gone: Person) -> str:
    """Nobody goes to their own door: who has agreed with somebody is somebody else."""
    both = [kept, gone]
    went = Proposal.objects.yes().filter(request__person__in=both, volunteer__person__in=both)
    return HELPED_EACH_OTHER if went.exists() else ""


def merge_proposals(gone: Person, kept: Person) -> None:
    """Give what one volunteer was asked to the other; called first of all rooms, it locks every request concerned.

    Asked twice about one request, they have one proposal with the answer that counts. Its twin stays on the card that
    goes: the link that was sent for it opens the other (aid.proposals.access). What one card was asked about the other
    one's request is answered: nobody helps themselves.
    """
    leaving, staying = both_volunteers(gone, kept)
    _lock_requests([gone, kept], [one for one in (leaving, staying) if one])
    open_ones = Proposal.objects.filter(answer__in=[Answer.ASKED, Answer.CANDIDATE])
    own = open_ones.filter(request__person__in=[gone, kept], volunteer__person__in=[gone, kept])
    own.update(answer=Answer.NO, answered_at=timezone.now())
    if leaving is None or staying is None:
        return
    theirs = Proposal.objects.filter(volunteer=leaving)
    twins = {
        one.request_id: one for one in Proposal.objects.filter(volunteer=staying, request__in=theirs.values("request"))
    }
    for one in theirs.filter(request__in=twins):
        _keep_the_answer_that_counts(one, twins[one.request_id])
    theirs.exclude(request__in=twins).update(volunteer=staying)


def _lock_requests(persons: list[Person], volunteers: list[Volunteer]) -> None:
    """Take them in the order of their numbers, as whoever takes several: answers wait, and find all moved."""
    asked = Proposal.objects.filter(volunteer__in=volunteers).values("request")
    concerned = Q(person__in=persons) | Q(volunteer__in=volunteers) | Q(pk__in=asked)
    list(HelpRequest.objects.select_for_update(of=["self"]).filter(concerned).order_by("pk").values_list("pk"))


def _keep_the_answer_that_counts(leaving: Proposal, staying: Proposal) -> None:
    if WEIGHT[leaving.answer] <= WEIGHT[staying.answer]:
        return
    staying.answer, staying.answered_at, staying.seat = leaving.answer, leaving.answered_at, leaving.seat
    staying.offer, staying.place = leaving.offer, leaving.place
    staying.is_to_tell, staying.minutes = leaving.is_to_tell, leaving.minutes
    staying.words_back = staying.words_back or leaving.words_back
    # Two rows never hold one place, even for a moment.
    leaving.answer, leaving.answered_at, leaving.seat, leaving.place = Answer.ASKED, None, None, None
    leaving.save(update_fields=["answer", "answered_at", "seat", "place"])
    staying.save(
        update_fields=["answer", "answered_at", "seat", "offer", "place", "is_to_tell", "minutes", "words_back"]
    )
