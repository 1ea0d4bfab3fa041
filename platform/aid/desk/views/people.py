"""Persons: the list and its search, the page of one, their details."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import changes_nothing
from accounts.models import Account
from aid.desk import access, lists
from aid.desk.forms.people import PersonForm, SearchForm
from aid.desk.views.doors import door_of
from aid.desk.views.entry import add_errors, search_from
from aid.desk.views.frame import csv_answer, desk_screen, page_of, query_without_page, show
from aid.desk.views.rights import of_person, titles
from aid.help_requests.models import HelpRequest
from aid.notifications.forms import ChannelsForm
from aid.offers.applying import contact_to_confirm
from aid.offers.beside import absences_beside, offered_beside
from aid.offers.texts import offer_lines
from aid.onboarding.enums import MOVES
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.people.roles import words_of
from aid.people.services import possible_duplicates, update_person
from aid.privacy.consents import standing
from aid.privacy.enums import SeenOn
from aid.privacy.holdings import known_of
from aid.privacy.printing import known_pdf
from aid.privacy.services import accesses_to, exported, note_export, note_reading
from core.json_files import json_answer
from core.printing import pdf_answer
from themes.brand import brand_of

MOST_LINES = 20
DECEASED = "decedees"
WHENEVER = "à demander à chaque fois"
EXPORTED = (
    "Prénom", "Nom", "Téléphone", "Adresse e-mail", "À prévenir", "Commune", "Quartier", "Adresse",
    "Année de naissance", "Bénévole", "Inscription",
)  # fmt: skip


@desk_screen("open_desk")
@require_http_methods(["GET", "HEAD", "POST"])
@changes_nothing
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, in pages; or those whom a search finds. What is searched stays out of the address."""
    search, found = search_from(request) if request.method == "POST" else (SearchForm(), None)
    deceased = request.GET.get("etat") == DECEASED
    context = {
        "deceased": deceased,
        "search": search,
        "found": found,
        "page": page_of(request, lists.people(request.user, deceased=deceased)),
        "query": query_without_page(request),
        "here": reverse("desk:people"),
    }
    return show(request, "aid/desk/people.html", context, section="people")


@desk_screen("export_people")
@require_safe
def export_people(request: HttpRequest) -> HttpResponse:
    """Everybody, as a CSV whose cells no spreadsheet runs; an import reads it back."""
    lines = [
        [
            one.first_name, one.last_name, one.phone, one.email, one.get_channel_display(), one.commune, one.district,
            one.address, one.birth_year,
            one.volunteer.get_state_display() if hasattr(one, "volunteer") else "",
            f"{localtime(one.created_at):%d/%m/%Y}",
        ]
        for one in lists.people(request.user)
    ]  # fmt: skip
    note_export(by_account=request.user)
    return csv_answer([EXPORTED, *lines], name="personnes")


@desk_screen("open_desk")
@require_safe
def person(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What an agent needs to know of somebody."""
    shown = access.card_of(request.user, uid)
    note_reading(shown, screen=SeenOn.CARD, by_account=request.user)
    volunteer = getattr(shown, "volunteer", None)
    others = possible_duplicates(
        first_name=shown.first_name,
        last_name=shown.last_name,
        phone=shown.phone,
        birth_year=shown.birth_year,
        among=access.persons_for(request.user),
    )
    door = door_of(shown)
    context = {
        "shown": shown,
        "uid": str(uid),
        "roles": words_of(shown),
        "door": door,
        "openable": access.openable(request.user, door["others"]),
        **_asked_and_given(shown, volunteer, request.user),
        "sent": lists.messages_of(shown, request.user, most=MOST_LINES),
        "followups": lists.followups_of(shown, request.user, most=MOST_LINES),
        "volunteer": volunteer,
        "offer": offer_lines(offered_beside(shown), whenever=WHENEVER),
        "absences": absences_beside(shown),
        "to_confirm": contact_to_confirm(volunteer) if volunteer else "",
        "has_photo": shown.has_photo,
        "moves": [move for move in MOVES.values() if volunteer and volunteer.state in move.sources],
        "duplicates": [other for other in others if other.pk != shown.pk],
    }
    return show(request, "aid/desk/person.html", context, section="people")


def _asked_and_given(shown: Person, volunteer: Volunteer | None, account: Account) -> dict[str, list[HelpRequest]]:
    """What somebody asked for and what they did for others, the latest of each, in one query."""
    latest = lists.latest_of(shown, volunteer, account, most=MOST_LINES)
    return {
        "requests": [one for one in latest if one.person_id == shown.pk],
        "help": [one for one in latest if one.person_id != shown.pk],
    }


@desk_screen("change_people")
@require_http_methods(["GET", "HEAD", "POST"])
def edit_person(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Change contact details."""
    shown = access.person_of(request.user, uid)
    if request.method != "POST":
        note_reading(shown, screen=SeenOn.EDIT, by_account=request.user)
    form = PersonForm(request.POST if request.method == "POST" else None, by_account=request.user, person=shown)
    if request.method == "POST" and form.is_valid():
        try:
            update_person(shown, by_account=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("desk:person", uid=uid)
    context = {"shown": shown, "form": form}
    return show(request, "aid/desk/edit_person.html", context, section="people")


@desk_screen("change_people")
@require_http_methods(["GET", "HEAD", "POST"])
def person_channels(request: HttpRequest, uid: UUID) -> HttpResponse:
    """By which way they are told of each thing, as they say it on the telephone."""
    shown = access.person_of(request.user, uid)
    if shown.deceased_on is not None:
        raise Http404
    if request.method != "POST":
        note_reading(shown, screen=SeenOn.EDIT, by_account=request.user)
    form = ChannelsForm(
        request.POST if request.method == "POST" else None, person=shown, is_volunteer=hasattr(shown, "volunteer")
    )
    if form.is_valid():
        update_person(shown, by_account=request.user, channels=form.chosen())
        messages.success(request, "C’est enregistré.")
        return redirect("desk:person", uid=uid)
    return show(request, "aid/desk/person_channels.html", {"shown": shown, "form": form}, section="people")


@desk_screen("read_accesses")
@require_safe
def person_accesses(request: HttpRequest, uid: UUID) -> HttpResponse:
    """« Qui a vu cette fiche ? »: every reading and change. It shows former values, so it is a reading too."""
    shown = access.person_of(request.user, uid)
    note_reading(shown, screen=SeenOn.HISTORY, by_account=request.user)
    lines = accesses_to(shown).select_related("by_account__support_access")
    context = {"shown": shown, "page": page_of(request, lines), "query": query_without_page(request)}
    return show(request, "aid/desk/person_accesses.html", context, section="people")


@desk_screen("tell_what_is_known")
@require_safe
def person_known(request: HttpRequest, uid: UUID) -> HttpResponse:
    """All that the town knows of somebody who asks by telephone: to say, or to print and post."""
    shown = access.person_of(request.user, uid)
    note_reading(shown, screen=SeenOn.KNOWN, by_account=request.user)
    context = {
        "shown": shown,
        "known": known_of(shown),
        "asked": of_person(shown),
        "may_ask": titles(),
        "consents": standing(shown),
    }
    return show(request, "aid/desk/person_known.html", context, section="people")


@desk_screen("tell_what_is_known")
@require_safe
def person_known_file(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The same as a file, to hand over."""
    shown = access.person_of(request.user, uid)
    note_reading(shown, screen=SeenOn.KNOWN, by_account=request.user)
    return json_answer(exported(shown), name="ce-que-la-ville-sait")


@desk_screen("tell_what_is_known")
@require_safe
def person_known_pdf(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The same on paper, to post."""
    shown = access.person_of(request.user, uid)
    note_reading(shown, screen=SeenOn.KNOWN, by_account=request.user)
    return pdf_answer(known_pdf(shown, brand=brand_of(request)), name="ce-que-la-ville-sait")
