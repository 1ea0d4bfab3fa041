"""Who may see a request without signing in: who holds one of its links."""

from datetime import timedelta

from django.http import Http404
from django.utils import timezone

from accounts.models import Account
from aid.help_requests.enums import CONFIRM, RequestState
from aid.help_requests.models import HelpRequest, HelpRequestQuerySet
from aid.help_requests.texts import ASKED, FOLLOW
from aid.people.models import Person
from core.links import number_of

# How long after a rendezvous a volunteer may still say that they worry.
MET_LATELY = timedelta(days=60)
MET = (RequestState.AGREED, RequestState.DONE, RequestState.UNMET)


def request_of_link(token: str) -> tuple[HelpRequest, bool]:
    """The request that a link opens, and whether who holds it may read the volunteer's name and number.

    They may with the link that was sent to them, and with the one of the screen once an agent has called the number:
    anybody may type somebody else's (docs/decisions/2026-11-23-known-numbers.md). Raises Http404 for any other token.
    """
    sent, asked = number_of(FOLLOW, token), number_of(ASKED, token)
    number = sent if sent is not None else asked
    # A forgotten person's links lead nowhere.
    known = HelpRequest.objects.with_list_related_data().filter(person__isnull=False)
    shown = known.filter(pk=number).first() if number is not None else None
    if shown is None:
        raise Http404
    return shown, sent is not None or _was_called(shown)


def requests_of(person: Person) -> HelpRequestQuerySet:
    """What was asked for somebody, by themselves or by others, with what a line shows."""
    return HelpRequest.objects.filter(person=person).with_list_related_data()


def filed_by(account: Account) -> HelpRequestQuerySet:
    """What an account entered for people who are not forgotten, with what a line shows."""
    return HelpRequest.objects.filter(entered_by=account, person__isnull=False).with_list_related_data()


def met_lately(helper: Person) -> HelpRequestQuerySet:
    """The rendezvous that somebody said yes to, to come or of the last sixty days, with who lives."""
    since = timezone.now() - MET_LATELY
    agreed = HelpRequest.objects.filter(
        volunteer__person=helper, state__in=MET, ends_at__gte=since, person__isnull=False, person__deceased_on=None
    )
    return agreed.select_related("person__merged_into", "kind").order_by("-ends_at", "-pk")


def came_lately(person: Person) -> list[Person]:
    """Who said yes to somebody's requests, to come or in the last sixty days: each once, the latest first."""
    since = timezone.now() - MET_LATELY
    met = HelpRequest.objects.filter(person=person, state__in=MET, ends_at__gte=since, volunteer__isnull=False)
    helpers = (one.volunteer.person for one in met.select_related("volunteer__person").order_by("-ends_at", "-pk"))
    return list({one.pk: one for one in helpers if one.is_living}.values())


def was_met_lately(request: HelpRequest) -> bool:
    """The same of one request, as it is in memory, for the volunteer who said yes to it."""
    is_recent = request.ends_at >= timezone.now() - MET_LATELY
    is_living = request.person is not None and request.person.deceased_on is None
    return is_living and request.state in MET and is_recent


def _was_called(request: HelpRequest) -> bool:
    return request.steps.filter(name=CONFIRM.name, by_account__isnull=False).exists()
