"""The board of volunteers: who waits, for what, what ends soon; and the list of them all."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import formats
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import changes_nothing
from aid.desk import access, volunteer_lists
from aid.desk.forms.people import SearchForm
from aid.desk.views.frame import A_PAGE, counted, csv_answer, desk_screen, filtered, filters, show
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.people.services import search_people
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_readings

EXPORTED = (
    "Prénom", "Nom", "Téléphone", "Adresse e-mail", "Commune", "Quartier", "État", "Candidature", "Comment",
    "Admission", "Il manque", "Prochaine échéance", "Aides", "Où",
)  # fmt: skip


@desk_screen("open_desk")
@require_http_methods(["GET", "HEAD", "POST"])
@changes_nothing
def volunteers(request: HttpRequest) -> HttpResponse:
    """Counters, then volunteers as the address filters them; or whom a search finds: that stays out of the address."""
    wanted, lines = _wanted(request)
    search = SearchForm({"texte": request.POST.get("texte", "")}) if request.method == "POST" else SearchForm()
    if search.is_bound and search.is_valid():
        helping = access.volunteers_for(request.user)
        among = access.persons_for(request.user).filter(pk__in=helping.values("person"))
        found = search_people(search.cleaned_data["texte"], limit=A_PAGE, among=among)
        lines = helping.filter(person__in=found).order_by("person__search_name", "pk")
    told = volunteer_lists.tally(request.user, wanted["asked"])
    count = None if search.is_bound else told.of(wanted)
    pages = volunteer_lists.VolunteerPages(request.user, lines, A_PAGE, count=count)
    page = pages.get_page(request.GET.get("page") if not search.is_bound else 1)
    order, _ = volunteer_lists.ORDERS[wanted["more_chosen"]["tri"] or "nom"]
    context = wanted | {
        "counters": volunteer_lists.counters(request.user, wanted["asked"], told),
        "page": page,
        "search": search,
        "here": reverse("desk:volunteers"),
        "caption": f"{counted(page, 'bénévole')}, {order}",
    }
    return show(request, "aid/desk/volunteers.html", context, section="volunteers")


@desk_screen("export_people")
@require_safe
def export_volunteers(request: HttpRequest) -> HttpResponse:
    """The same lines as a CSV whose cells no spreadsheet runs: each card counts as read."""
    _, lines = _wanted(request)
    found = volunteer_lists.whole(request.user, list(volunteer_lists.numbers_of(lines)), with_homes=True)
    note_readings([one.person for one in found], screen=SeenOn.VOLUNTEERS, by_account=request.user)
    return csv_answer([EXPORTED, *_rows(found)], name="benevoles")


def _wanted(request: HttpRequest) -> tuple[dict[str, Any], QuerySet[Volunteer]]:
    """What the address asks for, and the lines that fit."""
    asked = volunteer_lists.Asked.today()
    wanted = filters(request, VolunteerState) | volunteer_lists.choices(asked, request.GET) | {"asked": asked}
    lines = filtered(
        access.volunteers_for(request.user), wanted["chosen"], kind="offer__kinds", commune="offer__communes"
    )
    return wanted, volunteer_lists.narrowed(lines, asked, wanted["more_chosen"])


def _rows(found: list[Volunteer]) -> Iterator[list[object]]:
    for one in found:
        person = one.person
        yield [
            person.first_name, person.last_name, person.phone, person.email, person.commune, person.district,
            one.get_state_display(),
            _day(one.applied_at and localtime(one.applied_at)), one.get_source_display() if one.applied_at else "",
            _day(one.admitted_on), ", ".join(one.missing), _day(one.expires_on),
            ", ".join(one.offered_kinds),
            (", ".join(one.offered_communes) or "tout le territoire") if one.has_offer else "",
        ]  # fmt: skip


def _day(value: Any) -> str:
    return formats.date_format(value, "d/m/Y") if value else ""
