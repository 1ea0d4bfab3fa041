"""Rendezvous that stand in the way of forgetting somebody, and words to somebody that name somebody else.

Who came, whom they went to: such words go with whom they name.
"""

from collections.abc import Iterator

from django.db.models import Q

from aid.followups.models import FollowUp
from aid.help_requests.amending import AMEND
from aid.help_requests.models import HelpRequest, HelpSeries, RequestStep, StepWords
from aid.help_requests.times import when_words
from aid.notifications.models import Message, Reply
from aid.notifications.rights import UNSENT
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.privacy import forgetting
from aid.proposals import deaths
from aid.proposals.enums import Answer, Way
from aid.proposals.models import Proposal
from aid.proposals.modes import CHANGE_MODE, key_of

# As the rooms of the loop name their messages: of a request, of a proposal.
OF_REQUESTS = ("noted", "thank", "thanks", "cancelled")
OF_PROPOSALS = (
    "proposal",
    "candidate",
    "agreed",
    "mission",
    "taken",
    "end",
    "how",
    "reminder",
    "reminder_of_asker",
    "cancelled:proposal",
    "called_off",
    "reopened",
    "thanks_to",
    "answered:asked",
    "answered:no",
    "answered:not_chosen",
)


def register() -> None:
    """Called when the app is ready."""
    forgetting.obstacles(engagements)
    forgetting.before(forget_words_to_others)


def engagements(person: Person) -> Iterator[forgetting.Obstacle]:
    """The rendezvous that somebody said yes to, and that are not over."""
    found = Proposal.objects.engaged().filter(volunteer__person=person).select_related("request__kind")
    for one in found.order_by("request__day", "pk"):
        asked = one.request
        words = f"Un rendez-vous chez quelqu’un : {asked.kind}, {when_words(asked.day, asked.hour, asked.moment)}"
        yield forgetting.Obstacle(words, "request", asked.uid)


def forget_words_to_others(person: Person) -> None:
    """Empty what was written, to anybody, about the requests of a person or the help that they gave."""
    # Who dropped out is named too, and may have said why; and who said yes, then was asked anew.
    said_yes = Q(answer__in=[Answer.YES, Answer.WITHDREW, Answer.NOT_HELD]) | Q(times_asked__gt=1) | Q(way=Way.CHOSEN)
    said = Proposal.objects.filter(said_yes, volunteer__person=person)
    helped = Q(pk__in=said.values("request"))
    requests = HelpRequest.objects.filter(Q(person=person) | Q(volunteer__person=person) | helped)
    numbers = list(requests.values_list("pk", flat=True))
    StepWords.objects.filter(step__request__in=requests.exclude(person=person)).delete()
    proposals = Proposal.objects.filter(request__in=numbers).only("pk", "times_asked")
    Proposal.objects.filter(Q(request__in=numbers) | Q(volunteer__person=person)).update(words_back="")
    keys = [f"{kind}:{number}" for number in numbers for kind in OF_REQUESTS]
    keys += [key for one in proposals for kind in OF_PROPOSALS for key in one.keys(kind)]
    amended = Proposal.objects.filter(request__in=numbers, request__steps__name=AMEND)
    keys += [f"amended:{step}:{number}" for step, number in amended.values_list("request__steps", "pk")]
    changed = RequestStep.objects.filter(request__in=numbers, name=CHANGE_MODE)
    keys += [key_of(step) for step in changed.values_list("pk", flat=True)]
    keys += _keys_of_series(person)
    awaited = Volunteer.objects.filter(Q(proposals__request__person=person) | Q(help_series__person=person)).distinct()
    keys += [deaths.key_of(person, one) for one in awaited]
    written = Message.objects.filter(key__in=keys)
    replies = Reply.objects.filter(message__in=written)
    told = [f"send:{key}" for key in keys]
    told += [f"message:{number}" for number in written.values_list("pk", flat=True)]
    told += [f"reply:{number}" for number in replies.values_list("pk", flat=True)]
    replies.update(text="")
    written.filter(state__in=UNSENT).delete()
    written.update(subject="", body="")
    about = Q(key__in=told) | Q(subject_kind="help_request", subject_id__in=numbers)
    FollowUp.objects.filter(about).update(words="", outcome="")
    # Who was only asked may be named among those to call.
    asked = Proposal.objects.filter(volunteer__person=person).values("request")
    naming = FollowUp.objects.filter(subject_kind="help_request", subject_id__in=asked)
    naming.filter(words__contains=person.full_name).update(words="", outcome="")


def _keys_of_series(person: Person) -> Iterator[str]:
    """What was written to who went each time to what she asked for."""
    for number in HelpSeries.objects.filter(person=person).values_list("pk", flat=True):
        yield f"series_ended:{number}"
        yield from Message.objects.filter(key__startswith=f"series_changed:{number}:").values_list("key", flat=True)
