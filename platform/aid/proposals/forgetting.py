"""Words to somebody that name somebody else: who came, whom they went to. They go with whom they name."""

from django.db.models import Q

from aid.followups.models import FollowUp
from aid.help_requests.models import HelpRequest
from aid.notifications.models import Message, Reply
from aid.notifications.rights import UNSENT
from aid.people.models import Person
from aid.privacy import forgetting
from aid.proposals.models import Proposal

# As the rooms of the loop name their messages: of a request, of a proposal.
OF_REQUESTS = ("noted", "thank", "thanks", "cancelled")
OF_PROPOSALS = ("proposal", "agreed", "mission", "taken", "end", "cancelled:proposal")


def register() -> None:
    """Called when the app is ready."""
    forgetting.before(forget_words_to_others)


def forget_words_to_others(person: Person) -> None:
    """Empty what was written, to anybody, about the requests of a person or the help that they gave."""
    requests = HelpRequest.objects.filter(Q(person=person) | Q(volunteer__person=person)).values("pk")
    numbers = list(requests.values_list("pk", flat=True))
    proposals = Proposal.objects.filter(request__in=numbers).values_list("pk", flat=True)
    keys = [f"{kind}:{number}" for number in numbers for kind in OF_REQUESTS]
    keys += [f"{kind}:{number}" for number in proposals for kind in OF_PROPOSALS]
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
