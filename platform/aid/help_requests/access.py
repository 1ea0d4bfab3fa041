"""Who may see a request without signing in: who holds one of its links."""

from django.http import Http404

from accounts.models import Account
from aid.help_requests.enums import CONFIRM
from aid.help_requests.models import HelpRequest, HelpRequestQuerySet
from aid.help_requests.texts import ASKED, FOLLOW
from aid.people.models import Person
from core.links import number_of


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


def _was_called(request: HelpRequest) -> bool:
    return request.steps.filter(name=CONFIRM.name, by_account__isnull=False).exists()
