"""What the hour of a meeting brings: a reminder the day before, the beginning, and how it went, asked of both sides."""

import contextlib
import datetime

from django.db import transaction
from django.utils import timezone

from aid.configuration.addresses import address_of
from aid.followups.enums import FollowUpKind
from aid.followups.services import write_or_call
from aid.help_requests import transitions
from aid.help_requests.enums import BEGIN, GIVEN, GOING, LOOKING, RequestState
from aid.help_requests.feedback import how_it_went
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import finish
from aid.help_requests.times import town_now
from aid.notifications.channels import is_written_to
from aid.notifications.services import send
from aid.onboarding.enums import VolunteerState
from aid.proposals import meeting_texts, texts
from aid.proposals.models import Proposal
from aid.proposals.places import settle_for
from aid.proposals.services import locked_request, tell_town, who_goes
from aid.proposals.times import starts_at

A_DAY = datetime.timedelta(days=1)


def remind_of_tomorrow() -> int:
    """Remind both sides of each meeting of tomorrow, once; who said yes today knows. Answer how many words that makes.

    Also where more people are still looked for: who said yes goes.
    """
    today = town_now().date()
    since = town_now().replace(hour=0, minute=0, second=0, microsecond=0)
    going = (
        Proposal.objects.engaged()
        .filter(request__day=today + A_DAY, answered_at__lt=since)
        .exclude(volunteer__state=VolunteerState.SUSPENDED)
        .with_page_related_data()
        .select_related("volunteer__speaks_for")
        .order_by("request", "seat")
    )
    by_request: dict[int, list[Proposal]] = {}
    for one in going:
        by_request.setdefault(one.request_id, []).append(one)
    letters, site = [], address_of("")
    for theirs in by_request.values():
        first = theirs[0]
        words = meeting_texts.they_come_tomorrow(first.request, [one.volunteer for one in theirs], site)
        letters.append((first.request.person, "reminder", first.key("reminder_of_asker"), words))
        letters += [
            (one.volunteer.person, "reminder", one.key("reminder"), meeting_texts.you_go_tomorrow(one, site))
            for one in theirs
        ]
    return write_or_call(letters)


@transaction.atomic
def begin(request_id: int) -> datetime.datetime | None:
    """The hour has come: it is under way, with those who said yes, however few; the town is told who lacks.

    Before its hour, which may have changed, it answers when to come back.
    """
    request = locked_request(request_id)
    if request is None or request.state not in {*LOOKING, RequestState.AGREED}:
        return None
    if starts_at(request) > timezone.now():
        return starts_at(request)
    going = who_goes(request)
    if request.state in LOOKING and going:
        lacking = request.people_needed - len(going)
        request = settle_for(request, going)
        tell_town(request, FollowUpKind.UNANSWERED, texts.some_lack(request, lacking))
    if request.state == RequestState.AGREED:
        transitions.take(request, BEGIN)
    return None


@transaction.atomic
def ask_how_it_went(request_id: int) -> None:
    """Ask who went whether it is done, and the person whether it went well: nobody is called for that.

    Each who went says it for themselves, be it after another said so; of those who read no message, one is called.
    """
    request = locked_request(request_id)
    if request is None or request.state not in {*GOING, *GIVEN}:
        return
    first, *others = who_goes(request)
    is_over = request.state in GIVEN
    asked = [one for one in others if is_written_to(one.volunteer.person, "end")]
    for one in [one for one in (first, *others) if one.is_to_tell] if is_over else [first, *asked]:
        words = meeting_texts.is_it_done(one, request)
        send(person=one.volunteer.person, kind="end", key=one.key("end"), words=words)
    if is_over:
        return
    if is_written_to(request.person, "how") and how_it_went(request) is None:
        send(person=request.person, kind="how", key=first.key("how"), words=meeting_texts.did_it_go_well(request))


@transaction.atomic
def end_of_itself(request_id: int) -> None:
    """Nobody who went said how it ended: the person's own yes closes it, at its usual length; else the town is told."""
    # Who finishes a request locks its person first: nothing is locked here before.
    request = HelpRequest.objects.filter(pk=request_id, state__in=GOING).select_related("kind", "person").first()
    if request is None:
        return
    went_well = how_it_went(request)
    if went_well:
        with contextlib.suppress(transitions.NotAllowedError):
            finish(request, minutes=request.kind.usual_minutes, by_person=request.person)
        return
    found = locked_request(request_id)
    if found is not None and found.state in GOING:
        tell_town(found, FollowUpKind.NOT_CLOSED, texts.NO_END if went_well is None else texts.TO_CLOSE)
