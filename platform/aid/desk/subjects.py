"""Where the subject of a follow-up is read: on its page of the desk."""

from django.urls import reverse

from aid.followups import subjects
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import SUBJECT as REQUEST
from aid.partners.models import Flag
from aid.partners.services import SUBJECT as FLAG
from aid.privacy.models import RightsRequest
from aid.privacy.rights import SUBJECT as RIGHT
from aid.worries.models import Worry
from aid.worries.services import SUBJECT as WORRY

# They are closed on their own page, with an outcome: never apart from it.
CLOSED_ON_THEIR_PAGE = {FLAG, WORRY}


def request_url(number: int) -> str:
    """The page of a request; nothing once it is gone."""
    found = HelpRequest.objects.filter(pk=number).values_list("uid", flat=True).first()
    return reverse("desk:request", args=(found,)) if found else ""


def right_url(number: int) -> str:
    """The page of what somebody asks of what is known of them."""
    found = RightsRequest.objects.filter(pk=number).values_list("uid", flat=True).first()
    return reverse("desk:right", args=(found,)) if found else ""


def flag_url(number: int) -> str:
    """The page of what a partner says of somebody."""
    found = Flag.objects.filter(pk=number).values_list("uid", flat=True).first()
    return reverse("desk:flag", args=(found,)) if found else ""


def worry_url(number: int) -> str:
    """The page of a worry."""
    found = Worry.objects.filter(pk=number).values_list("uid", flat=True).first()
    return reverse("desk:worry", args=(found,)) if found else ""


def register() -> None:
    """Called when the app is ready."""
    subjects.register(RIGHT, right_url)
    subjects.register(REQUEST, request_url)
    subjects.register(FLAG, flag_url)
    subjects.register(WORRY, worry_url)
