"""Partners, who speaks for them and by what they enter, the town's grid, and figures: an administrator's screens."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aid.desk import access
from aid.desk.forms.partners import (
    ContactForm,
    LevelsForm,
    PartnerForm,
    QuestionFormSet,
    grid_written,
    questions_as_written,
)
from aid.desk.views.entry import add_errors
from aid.desk.views.frame import csv_answer, desk_screen, show
from aid.partners import figures, grids, keeping
from aid.partners.models import Partner, PartnerContact

SECTION = "partners"
# What a button of a contact's page does, and what is said once it is done.
ACCESS = {
    "lien": (keeping.send_link, "Le lien est parti. Les liens d’avant n’ouvrent plus rien."),
    "compte": (keeping.give_account, "Ce contact peut se connecter avec un code."),
    "retirer": (keeping.end_access, "C’est fait : ce contact n’entre plus."),
    "fermer": (keeping.close_contact, "C’est noté : ce contact ne signale plus."),
}


@desk_screen("manage_partners")
@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    """All of them, by name."""
    return show(request, "aid/desk/partners.html", {"partners": access.partners()}, section=SECTION)


@desk_screen("manage_partners")
@require_http_methods(["GET", "HEAD", "POST"])
def new_partner(request: HttpRequest) -> HttpResponse:
    """Write one down."""
    return _edit_partner(request, None)


@desk_screen("manage_partners")
@require_http_methods(["GET", "HEAD", "POST"])
def partner(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One of them: what they are, and who speaks for them."""
    return _edit_partner(request, access.partner_of(uid))


def _edit_partner(request: HttpRequest, shown: Partner | None) -> HttpResponse:
    form = PartnerForm(request.POST if request.method == "POST" else None, partner=shown)
    if form.is_valid():
        try:
            written = keeping.write_partner(shown, **form.values())
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("desk:partner", uid=written.uid)
    contacts = list(shown.contacts.all()) if shown else []
    return show(request, "aid/desk/partner.html", {"shown": shown, "form": form, "contacts": contacts}, section=SECTION)


@desk_screen("manage_partners")
@require_http_methods(["GET", "HEAD", "POST"])
def new_contact(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Somebody who speaks for a partner."""
    return _edit_contact(request, access.partner_of(uid), None)


@desk_screen("manage_partners")
@require_http_methods(["GET", "HEAD", "POST"])
def partner_contact(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One of them, and by what they enter."""
    shown = access.partner_contact_of(uid)
    return _edit_contact(request, shown.partner, shown)


def _edit_contact(request: HttpRequest, of: Partner, shown: PartnerContact | None) -> HttpResponse:
    names = ("first_name", "last_name", "email", "phone")
    initial = {name: getattr(shown, name) for name in names} if shown else None
    form = ContactForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            written = keeping.write_contact(shown, partner=of, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("desk:partner_contact", uid=written.uid)
    context = {"partner": of, "shown": shown, "form": form}
    return show(request, "aid/desk/partner_contact.html", context, section=SECTION)


@desk_screen("manage_partners")
@require_POST
def contact_access(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Send a link, open an account, end them, or note that somebody left."""
    shown, gesture = access.partner_contact_of(uid), ACCESS.get(request.POST.get("geste", ""))
    if gesture is None:
        raise Http404
    act, said = gesture
    try:
        act(shown)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    return redirect("desk:partner_contact", uid=uid)


@desk_screen("manage_partners")
@require_http_methods(["GET", "HEAD", "POST"])
def screening_grid(request: HttpRequest) -> HttpResponse:
    """The next version of the grid, written then published; partners answer the one that they were shown."""
    draft = grids.draft()
    if request.method != "POST":
        levels = LevelsForm(initial={"medium_from": draft.medium_from, "high_from": draft.high_from})
        return _grid(request, levels, QuestionFormSet(initial=questions_as_written(draft), prefix="q"))
    levels, questions = LevelsForm(request.POST), QuestionFormSet(request.POST, prefix="q")
    if all([levels.is_valid(), questions.is_valid()]):
        try:
            grids.save_draft(grid_written(levels, questions))
        except ValidationError as error:
            add_errors(levels, error)
        else:
            return _kept(request)
    return _grid(request, levels, questions)


def _kept(request: HttpRequest) -> HttpResponse:
    if "publier" in request.POST:
        version = grids.publish(by_account=request.user)
        messages.success(request, f"La version {version.number} est publiée. Les partenaires la voient dès maintenant.")
    else:
        messages.success(request, "Le brouillon est enregistré. Les partenaires ne le voient pas encore.")
    return redirect("desk:screening_grid")


def _grid(request: HttpRequest, levels: LevelsForm, questions: Any) -> HttpResponse:
    context = {
        "form": levels,
        "questions": questions,
        "in_use": grids.current(),
        "is_draft": grids.has_draft(),
        "has_errors": levels.errors or any(form.errors for form in questions),
    }
    return show(request, "aid/desk/screening_grid.html", context, section=SECTION)


@desk_screen("manage_partners")
@require_safe
def partner_figures(request: HttpRequest) -> HttpResponse:
    """What each partner sent and what became of it, over twelve months."""
    found = figures.figures(timezone.localdate())
    context = {"figures": found, "headings": figures.HEADINGS}
    return show(request, "aid/desk/partner_figures.html", context, section=SECTION)


@desk_screen("manage_partners")
@require_safe
def partner_figures_file(request: HttpRequest) -> HttpResponse:
    """The same, as a CSV whose cells no spreadsheet runs."""
    return csv_answer(figures.rows(figures.figures(timezone.localdate())), name="signalements-par-partenaire")
