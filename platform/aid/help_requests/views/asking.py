"""Asking in three questions, one a page. What was answered stays: going back, or an error, loses nothing."""

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import landing
from accounts.forms import ContactCodeForm
from accounts.limits import address_of
from aid.configuration.enums import ASKING_ON_SITE, Asking, Mode
from aid.configuration.kinds import KindOfHelp
from aid.help_requests import for_somebody, services, texts
from aid.help_requests.enums import Urgency
from aid.help_requests.forms import ForHerForm, StepWhenForm, WhatForm, WhenForHerForm, YouForm
from aid.help_requests.journey import Journey
from aid.help_requests.models import HelpRequest
from aid.help_requests.series import ask_online_again
from aid.help_requests.times import when_words
from aid.help_requests.urgency import HASTE
from aid.relations.enums import Scope
from core.phones import gets_code
from themes.brand import format_telephone

WHAT, WHEN, YOU = "what", "when", "you"
# Sent with a kind of help by who would rather choose no neighbour.
LEFT = "a_la_ville"
View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """A page of one visitor's own, with a form. It does not exist under a mandate that does not allow asking."""

    @wraps(view)
    def allowed(request: HttpRequest) -> HttpResponse:
        if request.mandate is not None and not request.mandate.allows(Scope.REQUESTS):
            raise Http404
        return view(request)

    return never_cache(require_http_methods(["GET", "POST"])(allowed))


@page
def what(request: HttpRequest) -> HttpResponse:
    """Step 1: the kinds of help. `?aide=` chooses one beforehand.

    Where one chooses whom to write to, neighbours come next, unless it is left to the town.
    """
    journey = Journey(request.session)
    if request.method == "POST":
        form = WhatForm(request.POST, askers=_askers(request))
        if form.is_valid():
            journey.keep(WHAT, form.answers())
            is_left = request.mandate is not None or LEFT in request.POST
            if form.cleaned_data["kind"].mode == Mode.DIRECT and not is_left:
                return redirect(f"{reverse('nearby:neighbours')}?aide={form.cleaned_data['kind'].slug}")
            return redirect("help_requests:when")
    else:
        answered = None if journey.is_sent or "aide" in request.GET else journey.answers(WHAT)
        form = WhatForm(answered, initial={"kind": request.GET.get("aide", "")}, askers=_askers(request))
    if request.mandate is not None:
        form.fields["kind"].label = f"Quelle aide pour {request.mandate.principal.first_name} ?"
    return _show(request, "aid/help_requests/what.html", {"form": form, "step": 1})


@page
def when(request: HttpRequest) -> HttpResponse:
    """Step 2: the day, the moment, the place."""
    journey = Journey(request.session)
    if journey.is_sent:
        return _after(request, journey)
    when_form, kind = _when_form(request), _kind(request, journey)
    if kind is None:
        return redirect("help_requests:what")
    if request.method == "POST":
        form = when_form(request.POST, kind=kind)
        if form.is_valid():
            journey.keep(WHEN, form.answers())
            return redirect("help_requests:you")
    else:
        answered = journey.answers(WHEN)
        form = when_form.of_answers(answered, kind) if answered else when_form(initial=_her_commune(request), kind=kind)
    return _show(request, "aid/help_requests/when.html", {"form": form, "step": 2})


@page
def you(request: HttpRequest) -> HttpResponse:
    """Step 3: who asks, a last look at it all, and off it goes."""
    journey = Journey(request.session)
    if journey.is_sent:
        return _after(request, journey)
    # Nothing answered yet, or an answer that was right then and is not now: a kind withdrawn, a day gone by.
    kind = _kind(request, journey)
    if kind is None:
        return redirect("help_requests:what")
    answered = journey.answers(WHEN)
    when_form = _when_form(request).of_answers(answered, kind) if answered else None
    if when_form is None or not when_form.is_valid():
        return redirect("help_requests:when")
    context: dict[str, Any] = {"step": 3, "limit": ""}
    you_form = YouForm if request.mandate is None else ForHerForm
    form, status = you_form(journey.answers(YOU), kind=kind), HTTPStatus.OK
    if request.method == "POST":
        form = you_form(request.POST, kind=kind)
        journey.keep(YOU, form.answers())
        if form.is_valid():
            try:
                _send(request, journey, when_form, form)
            except services.LimitReachedError as error:
                context["limit"], status = str(error), HTTPStatus.TOO_MANY_REQUESTS
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                return _after(request, journey)
    need = when_form.need(kind)
    context |= {
        "agreement": texts.AGREEMENT,
        "form": form,
        "need": need,
        "when": when_words(need.day, need.hour, need.moment),
        "comes_again": when_form.rule(),
        "pressing": HASTE[need.urgency or Urgency.USUAL].answer,
    }
    template = "aid/help_requests/you.html" if request.mandate is None else "aid/help_requests/for_her.html"
    return _show(request, template, context, status=status)


@page
def code(request: HttpRequest) -> HttpResponse:
    """The code that was sent by SMS: typed, or asked for again."""
    journey = Journey(request.session)
    asked = _sent(journey)
    if asked is None or not gets_code(asked.person.phone):
        return redirect("help_requests:what") if asked is None else _after(request, journey)
    form, told = ContactCodeForm(), ""
    if request.method == "POST" and "resend" in request.POST:
        if services.send_code(asked):
            return redirect(reverse("help_requests:code") + "?renvoye")
        told = "Nous avons déjà envoyé plusieurs codes. Appelez-nous, nous confirmons votre numéro avec vous."
    elif request.method == "POST":
        form = ContactCodeForm(request.POST)
        if form.is_valid():
            if services.confirm_by_code(asked, typed=form.cleaned_data["code"]):
                journey.end()
                return redirect(texts.follow_path(asked))
            form.refuse()
    elif "renvoye" in request.GET:
        told = "Un nouveau code est parti. Il remplace le précédent."
    telephone = format_telephone(asked.person.phone)
    return _show(request, "aid/help_requests/code.html", {"form": form, "told": told, "telephone": telephone})


def _show(request: HttpRequest, template: str, context: dict[str, Any], status: int = HTTPStatus.OK) -> HttpResponse:
    refused = bool(context["form"].errors) and request.method == "POST"
    return render(request, template, context, status=HTTPStatus.UNPROCESSABLE_ENTITY if refused else status)


def _when_form(request: HttpRequest) -> type[StepWhenForm]:
    return StepWhenForm if request.mandate is None else WhenForHerForm


def _her_commune(request: HttpRequest) -> dict[str, Any]:
    """Where who it is for lives, so that it is not asked again; her address stays on her card."""
    return {} if request.mandate is None else {"commune": request.mandate.principal.commune_id}


def _askers(request: HttpRequest) -> Collection[Asking]:
    """As what who is here asks: who asks without a mandate says on the last page whether it is for somebody else."""
    return ASKING_ON_SITE if request.mandate is None else (Asking.CARER,)


def _kind(request: HttpRequest, journey: Journey) -> KindOfHelp | None:
    """The kind of help that was chosen, where it may still be asked for."""
    form = WhatForm(journey.answers(WHAT), askers=_askers(request))
    return form.cleaned_data["kind"] if form.is_valid() else None


def _send(request: HttpRequest, journey: Journey, when_form: StepWhenForm, form: ForHerForm) -> None:
    # These pages write to nobody.
    need = replace(when_form.need(form.kind, **form.said()), mode=form.kind.mode_of_town)
    if request.mandate is not None:
        for_somebody.ask(request.mandate, need=need, uid=journey.uid, rule=when_form.rule())
    else:
        ask_online_again(
            rule=when_form.rule(), need=need, uid=journey.uid, internet_address=address_of(request), **form.who()
        )
    journey.send()


def _sent(journey: Journey) -> HelpRequest | None:
    """The request that this journey led to."""
    found = HelpRequest.objects.select_related("person")
    return found.filter(uid=journey.uid).first() if journey.is_sent else None


def _after(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Where who sent a request goes: the same for a number that the town knows and for another."""
    if request.mandate is not None:
        journey.end()
        messages.success(request, f"C’est demandé pour {request.mandate.principal.first_name}.")
        return redirect(landing.path_for(request.user))
    asked = _sent(journey)
    if asked is None:
        journey.end()
        return redirect("help_requests:what")
    if gets_code(asked.person.phone):
        return redirect("help_requests:code")
    return redirect(texts.follow_path(asked, texts.ASKED))
