"""Thanking volunteers: what each gave, certificates, birthdays, the letter of a year."""

import contextlib
import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aid.desk import access
from aid.desk.forms.recognition import BirthdayForThemForm, LetterForm
from aid.desk.views.entry import add_errors
from aid.desk.views.frame import desk_screen, show
from aid.help_requests.times import town_now
from aid.privacy.consents import NotGivenError
from aid.privacy.enums import Agreed, SeenOn
from aid.privacy.services import note_readings
from aid.recognition import birthdays as days
from aid.recognition import giving, letters, services
from aid.recognition.forms import BirthdayForm, period_in, year_in
from aid.recognition.printing import certificate_pdf, letters_pdf
from aid.recognition.texts import BIRTHDAY_AGREEMENT, DEFINITION
from aid.recognition.volunteers import HERE, NotAVolunteerError
from core.printing import pdf_answer
from themes.brand import brand_of

THANKS_SHOWN = 10


@desk_screen("thank_volunteers")
@require_safe
def person_recognition(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What a volunteer gave, how they were thanked, which certificates they have, their birthday if they told it."""
    volunteer = access.volunteer_of(request.user, uid)
    shown = volunteer.person
    years = giving.by_year(shown)
    context = {
        "shown": shown,
        "volunteer": volunteer,
        "is_here": volunteer.state in HERE and shown.is_living,
        "years": years.items(),
        "in_all": giving.in_all(years.values()),
        "definition": DEFINITION,
        "thanks": [giving.told(one) for one in giving.thanks_to(shown)[:THANKS_SHOWN]],
        "certificates": shown.certificates.select_related("by_account")[:THANKS_SHOWN],
        "birthday": BirthdayForm(person=shown).birthday,
    }
    return show(request, "aid/desk/person_recognition.html", context, section="volunteers")


@desk_screen("thank_volunteers")
@require_POST
def person_certificate(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A certificate of a year, or of all, for who asks at the desk or has no account."""
    volunteer = access.volunteer_of(request.user, uid)
    try:
        year = period_in(request.POST.get("annee", ""))
        made = services.certify(volunteer.person, year=year, by_account=request.user)
    except (NotAVolunteerError, ValidationError, ValueError):
        raise Http404 from None
    return pdf_answer(certificate_pdf(made, brand=brand_of(request)), name="attestation")


@desk_screen("thank_volunteers")
@require_http_methods(["GET", "HEAD", "POST"])
def person_birthday(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The birthday that a volunteer tells on the telephone."""
    volunteer = access.volunteer_of(request.user, uid)
    shown = volunteer.person
    if volunteer.state not in HERE or not shown.is_living:
        raise Http404
    form = BirthdayForThemForm(request.POST if request.method == "POST" else None, person=shown)
    if form.is_valid():
        told = dict(form.cleaned_data)
        how = Agreed(told.pop("how", Agreed.SPOKEN))
        try:
            days.tell_birthday(shown, how=how, by_account=request.user, **told)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "C’est noté.")
            return redirect("desk:person_recognition", uid=uid)
    context = {"shown": shown, "form": form, "agreement": BIRTHDAY_AGREEMENT}
    return show(request, "aid/desk/person_birthday.html", context, section="volunteers")


@desk_screen("thank_volunteers")
@require_POST
def forget_birthday(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Wish nothing any more to who says so. A second time changes nothing."""
    volunteer = access.volunteer_of(request.user, uid)
    with contextlib.suppress(NotGivenError):
        days.forget_birthday(volunteer.person, how=Agreed.SPOKEN, by_account=request.user)
    messages.success(request, "C’est fait : ce jour n’est plus gardé.")
    return redirect("desk:person_recognition", uid=uid)


@desk_screen("thank_volunteers")
@require_safe
def birthdays(request: HttpRequest) -> HttpResponse:
    """Whose birthday comes within thirty days, of those who told it."""
    today = town_now().date()
    lines = days.coming_birthdays(access.birthdays_for(request.user), today=today)
    return show(request, "aid/desk/birthdays.html", {"lines": lines, "today": today}, section="volunteers")


@desk_screen("write_yearly_letter")
@require_http_methods(["GET", "HEAD", "POST"])
def yearly_letter(request: HttpRequest) -> HttpResponse:
    """The letter of a year: its words, who gets it and how."""
    year = _year_asked(request)
    letter = letters.letter_of(year)
    form = LetterForm(request.POST if request.method == "POST" else None, initial={"words": letter.words})
    if form.is_valid():
        try:
            services.write_letter(year=year, words=form.cleaned_data["words"], by_account=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "C’est enregistré.")
            return redirect(_letter_url(year))
    return show(request, "aid/desk/yearly_letter.html", _letter_context(year, form), section="volunteers")


@desk_screen("write_yearly_letter")
@require_POST
def print_letters(request: HttpRequest) -> HttpResponse:
    """A PDF, a page for each who reads no e-mail and has an address. It shows them: each reading is kept."""
    year, file = _year_asked(request), request.POST.get("fichier", "0")
    if not re.fullmatch("[0-9]{1,3}", file):
        raise Http404
    letter, readers = letters.letter_of(year), letters.readers_of(year).in_file(int(file))
    if letter.pk is None or not readers:
        messages.warning(request, "Rien à imprimer : enregistrez d’abord la lettre, et regardez qui la reçoit.")
        return redirect(_letter_url(year))
    note_readings([one.person for one in readers], screen=SeenOn.LETTER, by_account=request.user)
    return pdf_answer(letters_pdf(letter, readers, brand=brand_of(request)), name=f"lettres-{year}")


@desk_screen("write_yearly_letter")
@require_POST
def send_letters(request: HttpRequest) -> HttpResponse:
    """Send it to who reads e-mails; pressed again, only who has none yet gets it."""
    year = _year_asked(request)
    try:
        services.send_letter(year=year, by_account=request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, "C’est parti : chacun reçoit la lettre une seule fois.")
    return redirect(_letter_url(year))


def _letter_context(year: int, form: LetterForm) -> dict[str, Any]:
    this_year = town_now().year
    return {
        "year": year,
        "letter": letters.letter_of(year),
        "form": form,
        "readers": letters.readers_of(year),
        "years": [(str(one), str(one)) for one in range(this_year, this_year - 3, -1)],
        "chosen": str(year),
    }


def _year_asked(request: HttpRequest) -> int:
    """The year of the address, or this one. Raises Http404 for one to come, or that is none."""
    this_year = town_now().year
    try:
        asked = year_in(request.GET.get("annee") or str(this_year))
    except ValueError:
        raise Http404 from None
    if not services.FIRST_YEAR <= asked <= this_year:
        raise Http404
    return asked


def _letter_url(year: int) -> str:
    return f"{reverse('desk:yearly_letter')}?annee={year}"
