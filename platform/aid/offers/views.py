"""Applying in three pages. What was answered stays: going back, or an error, loses nothing."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import ContactCodeForm
from accounts.limits import address_of
from aid.offers import applying, texts
from aid.offers.forms import WhatForm, WhoForm, WordsForm
from aid.offers.journey import Journey
from aid.offers.models import Application
from aid.onboarding.enums import Source
from themes.brand import format_telephone

WHO, WHAT, WORDS = "who", "what", "words"
# What the QR of a poster adds to the address, and the journey keeps.
BY, AT_AN_EVENT = "par", "evenement"
View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """A page of one visitor's own. Nobody applies in the name of somebody else: under a mandate it does not exist."""

    @wraps(view)
    def allowed(request: HttpRequest) -> HttpResponse:
        if request.mandate is not None:
            raise Http404
        return view(request)

    return never_cache(allowed)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    """Step 1: who applies."""
    journey = Journey(request.session)
    answered = None if journey.is_sent else journey.answers(WHO)
    if request.method == "POST":
        form = WhoForm(request.POST)
        if form.is_valid():
            journey.keep(WHO, form.answers() | {BY: request.POST.get(BY, "")})
            return redirect("offers:apply_what")
    else:
        form = WhoForm(initial=answered)
    came_by = request.POST.get(BY) or request.GET.get(BY) or (answered or {}).get(BY, "")
    return _show(
        request, "aid/offers/who.html", {"form": form, "step": 1, "by": AT_AN_EVENT if came_by == AT_AN_EVENT else ""}
    )


@page
@require_http_methods(["GET", "HEAD", "POST"])
def what(request: HttpRequest) -> HttpResponse:
    """Step 2: which help, where, when."""
    journey = Journey(request.session)
    who_form = _who(journey)
    if who_form is None:
        return _elsewhere(journey, "offers:apply")
    if request.method == "POST":
        form = WhatForm(request.POST, centre=who_form.lives_in)
        if form.is_valid():
            journey.keep(WHAT, form.answers())
            return redirect("offers:apply_words")
    else:
        form = WhatForm(initial=journey.answers(WHAT), centre=who_form.lives_in)
    return _show(request, "aid/offers/what.html", {"form": form, "step": 2})


@page
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest) -> HttpResponse:
    """Step 3: a few words, what they agree to, and off it goes."""
    journey = Journey(request.session)
    who_form = _who(journey)
    if who_form is None:
        return _elsewhere(journey, "offers:apply")
    what_form = WhatForm(journey.answers(WHAT), centre=who_form.lives_in)
    # Nothing answered yet, or an answer that was right then and is not now: a kind withdrawn.
    if not what_form.is_valid():
        return redirect("offers:apply_what")
    context: dict[str, Any] = {"step": 3, "limit": ""}
    form, status = WordsForm(initial=journey.answers(WORDS)), HTTPStatus.OK
    if request.method == "POST":
        form = WordsForm(request.POST)
        journey.keep(WORDS, form.answers())
        if form.is_valid():
            try:
                _send(request, journey, who_form, what_form, form)
            except applying.LimitReachedError as error:
                context["limit"], status = str(error), HTTPStatus.TOO_MANY_REQUESTS
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                return _after(journey)
    context |= {
        "agreement": texts.AGREEMENT,
        "form": form,
        "name": f"{who_form.cleaned_data['first_name']} {who_form.cleaned_data['last_name']}",
        "contact": format_telephone(who_form.cleaned_data["contact"]),
        "kinds": [kind.name for kind in what_form.cleaned_data["kinds"]],
    }
    return _show(request, "aid/offers/words.html", context, status=status)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code that was sent: typed, or asked for again. The same page whether the town knew them or not."""
    journey = Journey(request.session)
    sent = _sent(journey)
    if sent is None or sent.settled_at is not None:
        return redirect("offers:apply") if sent is None else redirect("offers:applied")
    form, told = ContactCodeForm(), ""
    if request.method == "POST" and "resend" in request.POST:
        if applying.send_code(sent):
            return redirect(reverse("offers:apply_code") + "?renvoye")
        told = "Nous avons déjà envoyé plusieurs codes. Attendez un peu, ou appelez-nous."
    elif request.method == "POST":
        form = ContactCodeForm(request.POST)
        if form.is_valid():
            if applying.confirm_by_code(sent, typed=form.cleaned_data["code"]):
                return redirect("offers:applied")
            form.refuse()
    elif "renvoye" in request.GET:
        told = "Un nouveau code est parti. Il remplace le précédent."
    context = {"form": form, "told": told, "contact": format_telephone(sent.contact), "is_email": bool(sent.email)}
    return _show(request, "aid/offers/code.html", context)


@page
@require_safe
def applied(request: HttpRequest) -> HttpResponse:
    """What happens next, and whom to call: the same page for everybody."""
    journey = Journey(request.session)
    if not journey.is_sent:
        return redirect("offers:apply")
    return _show(request, "aid/offers/applied.html", {"form": None, "steps": texts.next_steps(applying.steps_ahead())})


def _show(request: HttpRequest, template: str, context: dict[str, Any], status: int = HTTPStatus.OK) -> HttpResponse:
    form = context["form"]
    refused = request.method == "POST" and form is not None and bool(form.errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else status
    return render(request, template, context, status=status)


def _who(journey: Journey) -> WhoForm | None:
    """The first question as it was answered, if it still holds; None before, and once all was sent."""
    answers = None if journey.is_sent else journey.answers(WHO)
    form = WhoForm(answers) if answers else None
    return form if form is not None and form.is_valid() else None


def _elsewhere(journey: Journey, beginning: str) -> HttpResponse:
    return _after(journey) if journey.is_sent else redirect(beginning)


def _send(request: HttpRequest, journey: Journey, who_form: WhoForm, what_form: WhatForm, form: WordsForm) -> None:
    came_by = (journey.answers(WHO) or {}).get(BY)
    applying.send(
        uid=journey.uid,
        person=who_form.person(),
        commune=who_form.lives_in,
        offered=what_form.offered(),
        motivation=form.cleaned_data["motivation"],
        source=Source.EVENT if came_by == AT_AN_EVENT else Source.SITE,
        internet_address=address_of(request),
        by_account=request.user if request.user.is_authenticated else None,
    )
    journey.send()


def _sent(journey: Journey) -> Application | None:
    """The application that this journey led to."""
    return Application.objects.filter(uid=journey.uid).first() if journey.is_sent else None


def _after(journey: Journey) -> HttpResponse:
    """Where who sent an application goes: the same for a contact that the town knows and for another."""
    sent = _sent(journey)
    waits = sent is not None and sent.settled_at is None
    return redirect("offers:apply_code" if waits else "offers:applied")
