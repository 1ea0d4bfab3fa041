"""Where the subject of a follow-up is read: on its page of the desk."""

from django.urls import reverse

from aid.directory.models import Professional, Welcome
from aid.directory.professionals import SUBJECT as PROFESSIONAL
from aid.directory.welcoming import SUBJECT as WELCOME
from aid.followups import subjects
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import SUBJECT as REQUEST
from aid.moderation.models import Case, Sanction
from aid.moderation.sanctions import APPEAL, REVIEW
from aid.moderation.services import DANGER, LATE
from aid.partners.models import Flag
from aid.partners.services import SUBJECT as FLAG
from aid.privacy.models import RightsRequest
from aid.privacy.rights import SUBJECT as RIGHT
from aid.worries.models import Worry
from aid.worries.services import SUBJECT as WORRY

# They are closed on their own page, with an outcome: never apart from it.
CLOSED_ON_THEIR_PAGE = {FLAG, WORRY}

# What their page asks of who opens it (aid.desk.abilities).
ABILITIES = {
    REQUEST: "open_desk",
    RIGHT: "follow_rights",
    WELCOME: "open_desk",
    PROFESSIONAL: "check_professionals",
    LATE: "moderate",
    DANGER: "moderate",
    APPEAL: "moderate",
    REVIEW: "moderate",
    FLAG: "follow_flags",
    WORRY: "follow_worries",
    "": "open_desk",
}

# What the button says that leads there.
LABELS = {
    REQUEST: "Ouvrir la demande",
    RIGHT: "Ouvrir ce droit",
    WELCOME: "Ouvrir cet accueil",
    PROFESSIONAL: "Ouvrir ce professionnel",
    LATE: "Ouvrir ce texte",
    DANGER: "Ouvrir ce texte",
    APPEAL: "Ouvrir cette mesure",
    REVIEW: "Ouvrir cette mesure",
    FLAG: "Ouvrir ce signalement",
    WORRY: "Ouvrir cette inquiétude",
    "": "Ouvrir ses étapes",
}


def request_url(number: int) -> str:
    """The page of a request; nothing once it is gone."""
    found = HelpRequest.objects.filter(pk=number).values_list("uid", flat=True).first()
    return reverse("desk:request", args=(found,)) if found else ""


def right_url(number: int) -> str:
    """The page of what somebody asks of what is known of them."""
    found = RightsRequest.objects.filter(pk=number).values_list("uid", flat=True).first()
    return reverse("desk:right", args=(found,)) if found else ""


def case_url(number: int) -> str:
    """The page of a public text to read."""
    found = Case.objects.filter(pk=number).values_list("uid", flat=True).first()
    return reverse("desk:case", args=(found,)) if found else ""


def measure_url(number: int) -> str:
    """The page of a measure about somebody."""
    found = Sanction.objects.filter(pk=number).values_list("uid", flat=True).first()
    return reverse("desk:measure", args=(found,)) if found else ""


def welcome_url(number: int) -> str:
    """The page of a newcomer, and of who welcomes them."""
    found = Welcome.objects.filter(pk=number).values_list("uid", flat=True).first()
    return reverse("desk:welcome", args=(found,)) if found else ""


def professional_url(number: int) -> str:
    """The page of a professional to check."""
    found = Professional.objects.filter(pk=number).values_list("uid", flat=True).first()
    return reverse("desk:professional", args=(found,)) if found else ""


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
    for kind in (LATE, DANGER):
        subjects.register(kind, case_url)
    for kind in (APPEAL, REVIEW):
        subjects.register(kind, measure_url)
    subjects.register(WELCOME, welcome_url)
    subjects.register(PROFESSIONAL, professional_url)
    subjects.register(FLAG, flag_url)
    subjects.register(WORRY, worry_url)
