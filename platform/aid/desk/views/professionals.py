"""Professionals: checked, shown, refused, closed. They are in no list of people."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from aid.desk import access
from aid.desk.forms.directory import KnownProfessionalForm, MoveForm
from aid.desk.views.entry import add_errors
from aid.desk.views.frame import counted, desk_screen, page_of, query_without_page, show, tell_saved
from aid.directory import professionals as verbs
from aid.directory.access import check_professionals
from aid.directory.enums import MOVES, ProfessionalState
from aid.directory.forms import ProfessionalForm
from aid.directory.models import Professional

SECTION = "referents"


@desk_screen("check_professionals")
@require_safe
def professionals(request: HttpRequest) -> HttpResponse:
    """All of them by state, those to check first."""
    title, state = check_professionals(), request.GET.get("etat", "")
    found = Professional.objects.by_urgency().with_places()
    if state in ProfessionalState.values:
        found = found.filter(state=state)
    page = page_of(request, found)
    context = {
        "section_title": title,
        "page": page,
        "caption": counted(page, "entreprise"),
        "query": query_without_page(request),
        "states": ProfessionalState.choices,
        "chosen": {"etat": state},
    }
    return show(request, "aid/desk/professionals.html", context, section=SECTION)


@desk_screen("check_professionals")
@require_http_methods(["GET", "HEAD", "POST"])
def new_professional(request: HttpRequest) -> HttpResponse:
    """What an agent types for a business that phones."""
    check_professionals()
    form = ProfessionalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = verbs.propose_for(by_account=request.user, **form.fields_of_professional())
        except ValidationError as error:
            add_errors(form, error)
        else:
            tell_saved(request, made, "C’est noté. Vérifiez maintenant que l’entreprise est ouverte.")
            return redirect("desk:professional", uid=made.uid)
    return show(request, "aid/desk/professional_form.html", {"form": form}, section=SECTION)


@desk_screen("check_professionals")
@require_safe
def professional(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One of them, and what may be done."""
    shown = access.professional_of(uid)
    context = {"shown": shown, "moves": verbs.moves_of(shown)}
    return show(request, "aid/desk/professional.html", context, section=SECTION)


@desk_screen("check_professionals")
@require_http_methods(["GET", "HEAD", "POST"])
def edit_professional(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What is told of them, but the SIRET."""
    shown = access.professional_of(uid)
    form = KnownProfessionalForm(request.POST if request.method == "POST" else None, known=shown)
    if form.is_valid():
        try:
            changed = verbs.change(shown, **form.fields_of_professional())
        except ValidationError as error:
            add_errors(form, error)
        else:
            tell_saved(request, changed, "C’est enregistré.")
            return redirect("desk:professional", uid=uid)
    context = {"form": form, "shown": shown}
    return show(request, "aid/desk/professional_form.html", context, section=SECTION)


@desk_screen("check_professionals")
@require_http_methods(["GET", "HEAD", "POST"])
def move_professional(request: HttpRequest, uid: UUID, slug: str) -> HttpResponse:
    """One step, with what it asks."""
    shown, move = access.professional_of(uid), MOVES.get(slug)
    if move is None:
        raise Http404
    form = MoveForm(request.POST if request.method == "POST" else None, move=move)
    if form.is_valid():
        try:
            moved = verbs.take(shown, move, by_account=request.user, words=form.cleaned_data.get("words", ""))
        except verbs.NotAllowedError as error:
            messages.warning(request, f"Rien n’a changé. {error}")
            return redirect("desk:professional", uid=uid)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, f"C’est noté : {moved.get_state_display()}.")
            return redirect("desk:professional", uid=uid)
    context = {"shown": shown, "move": move, "form": form}
    return show(request, "aid/desk/professional_move.html", context, section=SECTION)
