"""« Cela s’est-il bien passé ? »: what the person says once the hour has passed. It is a line of the journal."""

from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from aid.followups import services as followups
from aid.followups.enums import FollowUpKind
from aid.help_requests import texts
from aid.help_requests.enums import CLOSE, GOING
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import LONGEST_WORDS, SUBJECT
from aid.help_requests.transitions import NotAllowedError, write_step
from aid.people.models import Person

WENT_WELL, WENT_BADLY = "went_well", "went_badly"


def how_it_went(request: HelpRequest) -> bool | None:
    """Whether it went well, as the person said; None where they said nothing."""
    said = request.steps.filter(name__in=[WENT_WELL, WENT_BADLY]).values_list("name", flat=True).first()
    return said and said == WENT_WELL


def is_asked_how(request: HelpRequest) -> bool:
    """Whether it is time to say it: once it is done or should be, until the request is filed away."""
    is_past = request.state in GOING and request.ends_at <= timezone.now()
    return is_past or request.state in CLOSE.sources


@transaction.atomic
def say_how_it_went(
    request: HelpRequest,
    *,
    went_well: bool,
    words: str = "",
    by_account: Account | None = None,
    by_person: Person | None = None,
) -> bool:
    """Keep whether it went well, once: said again, the first counts, and is answered. After a no the town calls.

    Raises NotAllowedError before its hour, and for what did not take place.
    """
    locked = HelpRequest.objects.select_for_update(of=["self"]).select_related("person", "kind").get(pk=request.pk)
    if not is_asked_how(locked):
        raise NotAllowedError("Dites-le une fois l’heure passée.")
    said = how_it_went(locked)
    if said is not None:
        return said
    words = words.strip()[:LONGEST_WORDS]
    name = WENT_WELL if went_well else WENT_BADLY
    write_step(locked, name, by_account=by_account, by_person=by_person, words=words)
    if not went_well:
        told = texts.went_badly(locked, words)
        followups.ask(kind=FollowUpKind.TO_CALL, person=locked.person, subject=(SUBJECT, locked.pk), words=told)
    return went_well
