"""For whom somebody acts, in their session: begun, looked up, stopped; and the band that says so on every page."""

from django.http import HttpRequest

from aid.help_requests.journey import Journey
from aid.moderation.sanctions import is_excluded
from aid.personal.access import chosen_among, persons_of
from aid.relations.models import Mandate
from aid.relations.services import mandate_in_force
from themes.bands import Band

# In the session: the uid of whom they said to be; of the mandate under which they act.
WHO, ACTING = "personal_who", "personal_acting"


def begin(request: HttpRequest, mandate: Mandate) -> None:
    """Act under a mandate from now on. What was being asked for oneself is forgotten: it is not hers."""
    Journey(request.session).end()
    request.session[ACTING] = str(mandate.uid)


def stop(request: HttpRequest) -> None:
    """Act for nobody any more. What was being asked for her is forgotten."""
    if request.session.pop(ACTING, None) is not None:
        Journey(request.session).end()


def mandate_here(request: HttpRequest) -> Mandate | None:
    """The mandate that the session says, if it is in force and held by who is here; else None.

    Who is excluded (aid.moderation) acts for nobody: what stays open to them is their own.
    """
    if not request.user.is_authenticated:
        return None
    person = chosen_among(persons_of(request.user), request.session.get(WHO))
    if person is None or ACTING not in request.session or is_excluded(person):
        return None
    return mandate_in_force(request.session[ACTING], person)


def band(request: HttpRequest) -> Band | None:
    """« Vous agissez pour Jeanne D. », on every page."""
    mandate = getattr(request, "mandate", None)
    return None if mandate is None else Band("aid/personal/acting.html", {"mandate": mandate})
