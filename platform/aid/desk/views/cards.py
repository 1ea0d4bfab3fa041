"""A volunteer's card: made, printed, voided; when it was checked; and whose it is, by its number."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import changes_nothing
from aid.cards import services
from aid.cards.enums import Outcome
from aid.cards.printing import card_pdf
from aid.cards.reading import shelf_of, worth_of
from aid.desk import access
from aid.desk.forms.cards import NumberForm, VoidForm
from aid.desk.views.frame import desk_screen, page_of, query_without_page, show
from aid.onboarding.models import Volunteer
from core.printing import pdf_answer
from core.sealing import SealError
from themes.brand import brand_of

MAKE, VOID = "faire", "annuler"
NO_KEY = "La carte n’a pas pu être {} : la clé qui protège les cartes manque. Prévenez Palier."
VALID_ELSEWHERE = "Cette carte est bien de chez nous\u00a0: elle est valable."
NOT_VALID_ELSEWHERE = "Cette carte est bien de chez nous\u00a0: elle n’est pas valable."


@desk_screen("make_cards")
@require_http_methods(["GET", "HEAD", "POST"])
def person_cards(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The cards of a volunteer and when they were checked. A POST makes one, or voids the one that stands."""
    volunteer = access.volunteer_of(request.user, uid)
    gesture, form = request.POST.get("geste", ""), VoidForm()
    if gesture == MAKE:
        _make(request, volunteer)
        return redirect("desk:person_cards", uid=uid)
    if gesture == VOID:
        form = VoidForm(request.POST)
        if form.is_valid():
            _void(request, volunteer, form.cleaned_data["reason"])
            return redirect("desk:person_cards", uid=uid)
    return show(request, "aid/desk/person_cards.html", _shown(request, volunteer, form), section="volunteers")


@desk_screen("make_cards")
@require_safe
def print_card(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The card that is valid, to print. Raises Http404 where there is none."""
    volunteer = access.volunteer_of(request.user, uid)
    card = services.card_of(volunteer)
    if card is None:
        raise Http404
    card.volunteer = volunteer
    try:
        content = card_pdf(card, brand=brand_of(request))
    except SealError:
        messages.warning(request, NO_KEY.format("imprimée"))
        return redirect("desk:person_cards", uid=uid)
    return pdf_answer(content, name="carte")


@desk_screen("make_cards")
@require_http_methods(["GET", "HEAD", "POST"])
@changes_nothing
def find_card(request: HttpRequest) -> HttpResponse:
    """Somebody reads a number on the telephone: whose card it is, and whether it is valid.

    Of who lives out of an account's sectors, only whether it is: nobody may be told that a true card is a false one.
    """
    form, elsewhere = NumberForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        found = access.cards_for(request.user).filter(number=form.cleaned_data["number"]).first()
        if found is not None:
            return redirect("desk:person_cards", uid=found.volunteer.person.uid)
        worth = worth_of(form.cleaned_data["number"])
        if worth is None:
            form.add_error("number", "Aucune carte ne porte ce numéro. Ce n’est pas une carte de chez nous.")
        else:
            elsewhere = VALID_ELSEWHERE if worth == Outcome.VALID else NOT_VALID_ELSEWHERE
    context = {"form": form, "elsewhere": elsewhere}
    return show(request, "aid/desk/find_card.html", context, section="volunteers")


def _make(request: HttpRequest, volunteer: Volunteer) -> None:
    try:
        services.issue(volunteer, by_account=request.user)
    except ValidationError as error:
        messages.warning(request, error.messages[0])
    except SealError:
        messages.warning(request, NO_KEY.format("faite"))
    else:
        messages.success(request, "La carte est faite. Imprimez-la, et remettez-la en main propre.")


def _void(request: HttpRequest, volunteer: Volunteer, reason: str) -> None:
    standing = shelf_of(volunteer).standing
    if standing is None:
        messages.warning(request, "Cette carte est déjà annulée.")
        return
    services.void(standing, reason=reason, by_account=request.user)
    messages.success(request, "C’est fait : cette carte n’est plus valable.")


def _shown(request: HttpRequest, volunteer: Volunteer, form: VoidForm) -> dict[str, Any]:
    shelf = shelf_of(volunteer)
    return {
        "shown": volunteer.person,
        "has_photo": hasattr(volunteer.person, "photo"),
        "shelf": shelf,
        "form": form,
        "page": page_of(request, shelf.scans),
        "query": query_without_page(request),
    }
