"""What every screen of the desk has: who may open it, its menu, and nothing kept by a browser."""

from collections.abc import Iterable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet, TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.access import View, administrator_required, agent_required
from accounts.roles import Role, roles_of
from aid.configuration.models import KindOfHelp
from aid.desk.access import LeadsToCardError
from aid.territory.models import CoveredCommune
from core.csv_files import write_csv

A_PAGE = 25
MENU = (
    ("board", "Tableau de bord", "desk:board"),
    ("requests", "Demandes", "desk:requests"),
    ("followups", "Suites à donner", "desk:followups"),
    ("people", "Personnes", "desk:people"),
    ("volunteers", "Bénévoles", "desk:volunteers"),
)


def desk_screen(view: View) -> View:
    """A screen for agents and administrators, that no cache keeps."""
    return never_cache(agent_required(_leading_to_cards(view)))


def administrator_screen(view: View) -> View:
    """A screen of the desk for administrators alone, that no cache keeps."""
    return never_cache(administrator_required(_leading_to_cards(view)))


def _leading_to_cards(view: View) -> View:
    """Lead to its card whoever asks for one that was merged into it, or anything for who died."""

    @wraps(view)
    def led(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except LeadsToCardError as elsewhere:
            messages.info(request, elsewhere.told)
            return redirect("desk:person", uid=elsewhere.card.uid)

    return led


def show(request: HttpRequest, template: str, context: dict[str, Any], *, section: str) -> HttpResponse:
    """Draw a screen, with the desk's menu; `section` is the entry where it belongs."""
    menu = [{"label": label, "url": reverse(name), "is_current": key == section} for key, label, name in MENU]
    frame = {"desk_menu": menu, "may_manage_site": Role.ADMINISTRATOR in roles_of(request.user)}
    return render(request, template, frame | context)


def csv_answer(rows: Iterable[Iterable[object]], *, name: str) -> HttpResponse:
    """A list to save as a file, dated; nothing in it is run by a spreadsheet."""
    return attached(write_csv(rows), name=f"{name}-{timezone.localdate():%Y-%m-%d}.csv")


def attached(content: bytes, *, name: str) -> HttpResponse:
    """A CSV that the browser saves, and never shows."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=disposition)


def page_of(request: HttpRequest, lines: QuerySet) -> Page:
    """The page of a list that the address asks for; the nearest one for a number that makes no sense."""
    return Paginator(lines, A_PAGE).get_page(request.GET.get("page"))


def query_without_page(request: HttpRequest) -> str:
    """The filters of the address, for links to the other pages of a list."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()


def filters(request: HttpRequest, states: type[TextChoices]) -> dict[str, Any]:
    """What a list may be filtered by, and what the address chose of it: a state, a kind of help, a commune."""
    chosen = {name: request.GET.get(name, "") for name in ("etat", "aide", "commune")}
    if chosen["etat"] not in states.values:
        chosen["etat"] = ""
    return {
        "chosen": chosen,
        "states": states.choices,
        # Those that are hidden now had requests too.
        "kinds": [(kind.slug, kind.name) for kind in KindOfHelp.objects.all()],
        "communes": [(place.commune_id, str(place)) for place in CoveredCommune.objects.all()],
        "query": query_without_page(request),
    }


def filtered(lines: QuerySet, chosen: dict[str, str], *, kind: str, commune: str) -> QuerySet:
    """Keep the lines that fit what was chosen; `kind` and `commune` are where those of a line are found."""
    paths = {"etat": "state", "aide": f"{kind}__slug", "commune": f"{commune}__commune_id"}
    return lines.filter(**{path: chosen[name] for name, path in paths.items() if chosen[name]})


def counted(page: Page, word: str) -> str:
    """How many lines a list has: « 12 demandes »."""
    count = page.paginator.count
    return f"{count} {word}{'s' if count > 1 else ''}"
