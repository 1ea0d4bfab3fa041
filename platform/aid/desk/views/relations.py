"""« Entourage »: who is close to somebody, who lives with them, who may act for them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aid.desk import access, services
from aid.desk.forms.entry import from_search
from aid.desk.forms.people import SearchForm
from aid.desk.forms.relations import RelationForm
from aid.desk.views.entry import SEARCH, add_errors, chosen_person, is_kept, search_from, typed
from aid.desk.views.frame import desk_screen, show
from aid.people.models import Person
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_reading
from aid.relations import access as relation_access
from aid.relations import services as relations


@desk_screen("manage_relations")
@require_safe
def person_relations(request: HttpRequest, uid: UUID) -> HttpResponse:
    """All of it on one page, past mandates and what was done under each included."""
    shown = access.person_of(request.user, uid)
    context = {
        "shown": shown,
        "relatives": relations.relatives_of(shown),
        "household": relations.shares_household_with(shown),
        "given": relations.mandates_given(shown),
        "held": relations.mandates_in_force(shown),
        "past": relations.mandates_past(shown),
        "deeds": relations.deeds_for(shown),
    }
    return show(request, "aid/desk/relations.html", context, section="people")


@desk_screen("manage_relations")
@require_http_methods(["GET", "HEAD", "POST"])
def add_relation(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Find or create somebody close to a person, and note it all in one gesture; or change it for who is noted."""
    shown = access.person_of(request.user, uid)
    other = chosen_person(request)
    if SEARCH in request.POST:
        search, found = search_from(request)
        named = from_search(search.data["texte"]) if not found else {}
        return _draw(request, shown, other, _form(request, shown, other, named), search=search, found=found)
    if is_kept(request):
        return _draw(request, shown, other, _form(request, shown, other, typed(request)))
    if request.method != "POST":
        return _draw(request, shown, other, _form(request, shown, other, {}))
    form = RelationForm(request.POST, by_account=request.user, person=other)
    if form.is_valid():
        try:
            services.note_relation(person=shown, other=form.whom(), by_account=request.user, **form.relation())
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "C’est noté.")
            return redirect("desk:relations", uid=uid)
    return _draw(request, shown, other, form)


def _form(request: HttpRequest, shown: Person, other: Person | None, initial: dict[str, Any]) -> RelationForm:
    """The form as it begins, with what is noted of the two already."""
    known = {"kind": relations.kinship_of(shown, other)} if other else {}
    if "scope" in initial:
        initial["scope"] = request.POST.getlist("scope")
    return RelationForm(by_account=request.user, person=other, initial=known | initial)


def _draw(
    request: HttpRequest,
    shown: Person,
    other: Person | None,
    form: RelationForm,
    *,
    search: SearchForm | None = None,
    found: list[Person] | None = None,
) -> HttpResponse:
    if other is not None:
        note_reading(other, screen=SeenOn.ENTRY, by_account=request.user)
    context = {
        "shown": shown,
        "person": other,
        "form": form,
        "search": search or SearchForm(),
        "found": found,
        "here": reverse("desk:add_relation", args=[shown.uid]),
        "running": relations.mandate_between(representative=other, principal=shown) if other else None,
    }
    return show(request, "aid/desk/add_relation.html", context, section="people")


@desk_screen("manage_relations")
@require_POST
def remove_relation(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a tie away, or take somebody out of their household."""
    shown = access.person_of(request.user, uid)
    if "foyer" in request.POST:
        relations.leave_household(shown)
        messages.success(request, "C’est noté : cette personne ne vit plus avec les autres.")
        return redirect("desk:relations", uid=uid)
    others = {str(other.uid): other for other, _ in relations.relatives_of(shown)}
    other = others.get(request.POST.get("proche", ""))
    if other is None:
        raise Http404
    relations.forget_relative(shown, other)
    messages.success(request, "Ce lien est enlevé. Un mandat, lui, reste : il se retire à part.")
    return redirect("desk:relations", uid=uid)


@desk_screen("manage_relations")
@require_http_methods(["GET", "HEAD", "POST"])
def end_mandate(request: HttpRequest, uid: UUID, mandate: UUID) -> HttpResponse:
    """Withdraw a mandate for one of the two, once confirmed."""
    shown = access.person_of(request.user, uid)
    known = relation_access.mandate_about(mandate, shown)
    if known.revoked_at is not None:
        messages.warning(request, "Rien n’a changé. Ce mandat est déjà retiré.")
        return redirect("desk:relations", uid=uid)
    if request.method == "POST":
        relations.revoke(known, by_account=request.user)
        messages.success(request, "C’est noté : ce mandat est retiré. Les deux personnes sont prévenues.")
        return redirect("desk:relations", uid=uid)
    return show(request, "aid/desk/end_mandate.html", {"shown": shown, "mandate": known}, section="people")
