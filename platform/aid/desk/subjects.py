"""Where the subject of a follow-up is read: on its page of the desk."""

from dataclasses import dataclass

from django.db.models import Model
from django.urls import reverse

from aid.directory.models import Professional, Welcome
from aid.directory.professionals import SUBJECT as PROFESSIONAL
from aid.directory.welcoming import SUBJECT as WELCOME
from aid.followups import subjects
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import SUBJECT as REQUEST
from aid.moderation.models import Case, Sanction
from aid.moderation.sanctions import APPEAL, REVIEW
from aid.moderation.services import DANGER, LATE, TO_TELL
from aid.partners.models import Flag
from aid.partners.services import HANDOVER
from aid.partners.services import SUBJECT as FLAG
from aid.privacy.models import RightsRequest
from aid.privacy.rights import SUBJECT as RIGHT
from aid.worries.models import Worry
from aid.worries.services import SUBJECT as WORRY

# They are closed on their own page, with an outcome: never apart from it.
CLOSED_ON_THEIR_PAGE = {FLAG, WORRY}


@dataclass(frozen=True)
class Page:
    """The page of a kind of subject: what the button says that leads there, and what it asks of who opens it."""

    label: str
    # Of aid.desk.abilities, as the view says.
    ability: str
    model: type[Model]
    view: str

    def url(self, number: int) -> str:
        """Where one of them is read; empty once it is gone."""
        found = self.model.objects.filter(pk=number).values_list("uid", flat=True).first()
        return reverse(self.view, args=(found,)) if found else ""


_TEXT = Page("Ouvrir ce texte", "moderate", Case, "desk:case")
_MEASURE = Page("Ouvrir cette mesure", "moderate", Sanction, "desk:measure")
_FLAG = Page("Ouvrir ce signalement", "follow_flags", Flag, "desk:flag")
PAGES = {
    REQUEST: Page("Ouvrir la demande", "open_desk", HelpRequest, "desk:request"),
    RIGHT: Page("Ouvrir ce droit", "follow_rights", RightsRequest, "desk:right"),
    WELCOME: Page("Ouvrir cet accueil", "open_desk", Welcome, "desk:welcome"),
    PROFESSIONAL: Page("Ouvrir ce professionnel", "check_professionals", Professional, "desk:professional"),
    LATE: _TEXT,
    DANGER: _TEXT,
    TO_TELL: _TEXT,
    APPEAL: _MEASURE,
    REVIEW: _MEASURE,
    FLAG: _FLAG,
    HANDOVER: _FLAG,
    WORRY: Page("Ouvrir cette inquiétude", "follow_worries", Worry, "desk:worry"),
}
# Of a follow-up about nothing but a volunteer.
STEPS = "Ouvrir ses étapes"


def register() -> None:
    """Called when the app is ready."""
    for kind, page in PAGES.items():
        subjects.register(kind, page.url)
