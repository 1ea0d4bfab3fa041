"""What every screen of the desk has: who may open it, its menu, and nothing kept by a browser."""

from collections.abc import Callable, Iterable
from functools import cache, wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet, TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.abilities import get_abilities
from accounts.access import View, ability_required
from accounts.models import Account
from aid.configuration.services import names_of_kinds
from aid.desk import access
from aid.desk.texts import HELD
from aid.directory.models import Professional, Referent
from aid.support.access import access_by
from aid.territory.models import CoveredCommune
from core.csv_files import write_csv

A_PAGE = 25
# Each entry: where it belongs, its label, its address, the ability that it asks for.
MENU = (
    ("board", "Tableau de bord", "desk:board", "open_desk"),
    ("requests", "Demandes", "desk:requests", "open_desk"),
    ("followups", "Suites à donner", "desk:followups", "open_desk"),
    ("people", "Personnes", "desk:people", "open_desk"),
    ("volunteers", "Bénévoles", "desk:volunteers", "open_desk"),
    ("moderation", "Relecture", "desk:moderation", "moderate"),
    ("flags", "Signalements", "desk:flags", "follow_flags"),
    ("worries", "Inquiétudes", "desk:worries", "follow_worries"),
    ("rights", "Données", "desk:rights", "follow_rights"),
)
# What is opened once a month stands apart, in the ribbon above.
APART = [
    ("referents", "Annuaire", "desk:referents", "see_directory"),
    ("coordinators", "Coordinateurs", "desk:coordinators", "bind_coordinators"),
    ("partners", "Partenaires", "desk:partners", "manage_partners"),
    ("support", "Assistance", "desk:support_accesses", "see_support"),
]


def register_apart(section: str, label: str, url_name: str, ability: str) -> None:
    """Add an entry to those that stand apart: for a room above the desk that has screens in its frame."""
    entry = (section, label, url_name, ability)
    if entry not in APART:
        APART.append(entry)


def desk_screen(ability: str) -> Callable[[View], View]:
    """A screen for who has an ability (aid.desk.abilities), that no cache keeps.


    A coordinator whom nobody has given a sector yet is told so, whatever the address. Whoever asks for a card that was
    merged into another is led to that one, whatever they wanted there; and to the card, who asks anything for who died.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def screen(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            request.sectors = access.sectors_of(request.user)
            if request.sectors == []:
                return render(request, "aid/desk/no_sector.html", _frame(request, section=""))
            try:
                return view(request, *args, **kwargs)
            except access.LeadsToCardError as elsewhere:
                messages.info(request, elsewhere.told)
                return redirect("desk:person", uid=elsewhere.card.uid)

        return never_cache(ability_required(ability)(screen))

    return decorate


def show(request: HttpRequest, template: str, context: dict[str, Any], *, section: str) -> HttpResponse:
    """Draw a screen, with the desk's menu; `section` is the entry where it belongs."""
    return render(request, template, _frame(request, section) | context)


def _frame(request: HttpRequest, section: str) -> dict[str, Any]:
    """What the frame shows is what may be done: nothing at all before there is a sector to do it in."""
    abilities = get_abilities(request.user)
    if request.sectors == []:
        abilities = dict.fromkeys(abilities, False)

    def entries(menu: Iterable[tuple[str, str, str, str]]) -> list[dict[str, Any]]:
        return [
            {"label": label, "url": _address(name), "is_current": key == section}
            for key, label, name, ability in menu
            if abilities[ability]
        ]

    return {
        "desk_menu": entries(MENU),
        "desk_apart": entries(APART),
        "abilities": abilities,
        "sectors": request.sectors,
        "is_support": access_by(request.user) is not None,
    }


# Thirteen on each screen, the same in every town.
@cache
def _address(name: str) -> str:
    return reverse(name)


def csv_answer(rows: Iterable[Iterable[object]], *, name: str) -> HttpResponse:
    """A list to save as a file, dated; nothing in it is run by a spreadsheet."""
    return attached(write_csv(rows), name=f"{name}-{timezone.localdate():%Y-%m-%d}.csv")


def attached(content: bytes, *, name: str, content_type: str = "text/csv; charset=utf-8") -> HttpResponse:
    """A file, a CSV unless told, that the browser saves, and never shows."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=content_type, headers=disposition)


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
        "kinds": names_of_kinds(),
        "communes": list(CoveredCommune.objects.values_list("commune", "commune__name")),
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


def taken_from(request: HttpRequest, holder: Account | None) -> Account | None:
    """Who has what somebody takes over, where it is still who they saw it with."""
    return holder if holder is not None and request.POST.get("de") == str(holder.uid) else None


def tell_saved(request: HttpRequest, row: Referent | Professional, done: str) -> None:
    """Say `done` of what everybody reads, or that a rule of the town's holds it until somebody has read it."""
    if row.hidden_because:
        messages.warning(request, HELD)
    else:
        messages.success(request, done)
