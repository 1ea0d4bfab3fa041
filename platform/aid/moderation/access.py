"""Who may open what of this room. What is absent and what is another's answer the same 404."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.urls import reverse

from accounts.models import Account
from accounts.roles import is_staff
from aid.moderation import subjects
from aid.people.models import Person
from core.links import number_of, token_for

PURPOSE = "moderation.report."


def report_path(kind: str, number: int) -> str:
    """Where a public text is reported; its number is signed, so that no other can be tried."""
    return reverse("moderation:report", args=(kind, token_for(PURPOSE + kind, number)))


def subject_at(kind: str, token: str) -> tuple[subjects.Subject, int]:
    """The public text that an address names, while anybody may read it. Raises Http404."""
    found, number = subjects.known(kind), number_of(PURPOSE + kind, token)
    if found is None or number is None or not found.url_of(number):
        raise Http404
    return found, number


def reporter_of(account: Account | AnonymousUser) -> Person | None:
    """Who reports, as far as an account tells: nobody where several enter by it, nor for the town's own people."""
    if not account.is_authenticated or is_staff(account):
        return None
    persons = list(Person.objects.living().filter(account=account)[:2])
    return persons[0] if len(persons) == 1 else None
