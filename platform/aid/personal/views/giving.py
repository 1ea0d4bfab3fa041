"""« Ce que vous avez donné »: hours, thanks, a certificate; and a birthday, for who wishes a word that day."""

import contextlib

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aid.onboarding.models import Volunteer
from aid.personal.views.frame import Here, personal_page
from aid.privacy.consents import NotGivenError
from aid.recognition import birthdays, giving, services
from aid.recognition.forms import BirthdayForm, period_in
from aid.recognition.printing import certificate_pdf
from aid.recognition.texts import BIRTHDAY_AGREEMENT, DEFINITION
from aid.recognition.volunteers import HERE, NotAVolunteerError
from core.printing import pdf_answer
from themes.brand import brand_of

THANKS_A_PAGE = 10


@personal_page
@require_safe
def given(request: HttpRequest, here: Here) -> HttpResponse:
    """What a volunteer gave, by year, and how they were thanked. Nobody else's figures stand beside."""
    volunteer = Volunteer.objects.filter(person=here.person).first()
    if volunteer is None:
        raise Http404
    years = giving.by_year(here.person)
    page = Paginator(giving.thanks_to(here.person), THANKS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "volunteer": volunteer,
        "is_here": volunteer.state in HERE,
        "years": years.items(),
        "in_all": giving.in_all(years.values()),
        "definition": DEFINITION,
        "page": page,
        "thanks": [giving.told(one) for one in page],
        "birthday": BirthdayForm(person=here.person).birthday,
    }
    return render(request, "aid/personal/given.html", context)


@personal_page
@require_POST
def certificate(request: HttpRequest, here: Here) -> HttpResponse:
    """A certificate of a year, or of all, to save and print."""
    try:
        made = services.certify(here.person, year=period_in(request.POST.get("annee", "")))
    except (NotAVolunteerError, ValidationError, ValueError):
        raise Http404 from None
    return pdf_answer(certificate_pdf(made, brand=brand_of(request)), name="attestation")


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def birthday(request: HttpRequest, here: Here) -> HttpResponse:
    """Tell a day and a month, for a word that day."""
    form = BirthdayForm(request.POST if request.method == "POST" else None, person=here.person)
    if not Volunteer.objects.filter(person=here.person, state__in=HERE).exists():
        raise Http404
    if form.is_valid():
        try:
            birthdays.tell_birthday(here.person, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect(f"{reverse('personal:given')}#anniversaire")
    return render(request, "aid/personal/birthday.html", {"form": form, "agreement": BIRTHDAY_AGREEMENT})


@personal_page
@require_POST
def forget_birthday(request: HttpRequest, here: Here) -> HttpResponse:
    """No word any more, and the day is not kept. A second time changes nothing."""
    with contextlib.suppress(NotGivenError):
        birthdays.forget_birthday(here.person)
    return redirect(f"{reverse('personal:given')}#anniversaire")
