"""Counts of seniors: made, shown to the town, contested, answered, corrected, approved; and their evidence, rebuilt."""

import datetime
from decimal import Decimal

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import billing_required
from billing.contracts import year_of
from billing.count_states import count_at, is_rebuilt, last_day_to_contest, state_of, with_states
from billing.counting import answer_contest, approve, count_as_agreed, count_by_its_rule, day_of_count, show
from billing.enums import CountBasis, CountState, TownActKind
from billing.models import Contract, CountLine, CountSnapshot
from console.billing_desk.common import address, attempt, draw_form
from console.billing_desk.count_forms import AnswerForm, CountForm
from console.billing_desk.fields import Form
from core.french import day_words, grouped

SHOW, ANSWER, APPROVE = "montrer", "repondre", "approuver"
COMMUNES_OF_THE_DAY = "voir"
DONE = {
    SHOW: "Le comptage est montré à la collectivité, qui a trente jours pour le lire.",
    ANSWER: "La collectivité lit votre réponse.",
    APPROVE: "Le comptage est approuvé : il peut être facturé.",
}


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_count(request: HttpRequest, pk: int) -> HttpResponse:
    """Count the seniors of a contract at a day, by its own rule; or correct a count, which this one replaces."""
    contract = get_object_or_404(Contract.objects.select_related("buyer", "town"), pk=pk)
    corrected = request.GET.get("remplace", "")
    replaces = get_object_or_404(contract.counts, pk=corrected if corrected.isdecimal() else 0) if corrected else None
    form = _form(request, contract, replaces)
    if form.is_valid():
        kept = attempt(form, lambda: _count(contract, form, replaces, by=request.user.signature))
        if kept is not None:
            messages.success(request, "C’est compté. Relisez, puis montrez ce comptage à la collectivité.")
            return redirect("console:count", pk=kept.pk)
    facts = [
        ("Contrat", contract.buyer.name),
        ("Qui est compté", f"{contract.get_count_basis_display()}, {contract.age} ans et plus"),
    ]
    if replaces:
        facts.append(("Corrige", f"{grouped(replaces.total)} seniors au {day_words(replaces.as_of)}"))
    return draw_form(
        request,
        form,
        title="Corriger un comptage" if replaces else "Compter les seniors",
        lead="Un comptage ne change jamais : une correction en est un autre, qui nomme le premier.",
        facts=facts,
        submit="Corriger" if replaces else "Compter",
        back=address("count", replaces.pk) if replaces else address("contract", pk),
        template="console/billing/count_form.html",
        asks_numbers=contract.count_basis == CountBasis.AGREED,
    )


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """A count, rebuilt from its evidence; what may be done with it."""
    lines = CountLine.objects.select_related("commune").order_by("commune__search_name")
    rows = with_states(CountSnapshot.objects.select_related("contract__buyer", "contract__town", "replaces"))
    shown = get_object_or_404(rows.prefetch_related(Prefetch("lines", queryset=lines)), pk=pk)
    gesture = request.POST.get("geste", "")
    answer = AnswerForm(request.POST if gesture == ANSWER else None)
    form = answer if gesture == ANSWER else Form(request.POST if gesture in DONE else None)
    if form.is_valid() and attempt(form, lambda: _act(gesture, shown, form, request)) is not None:
        messages.success(request, DONE[gesture])
        return redirect("console:count", pk=pk)
    read = sum((one.read for one in shown.lines.all()), Decimal(0))
    state = state_of(shown, now=timezone.now())
    context = {
        "count": shown,
        "state": state,
        "form": form,
        "answer": answer,
        "read": read.normalize(),
        "is_rebuilt": is_rebuilt(shown),
        "reads_decimals": shown.basis == CountBasis.CENSUS,
        "contests": [one for one in shown.town_acts.all() if one.kind == TownActKind.CONTEST],
        "until": last_day_to_contest(shown),
        "may": {
            "show": state == CountState.PROPOSED,
            "answer": state == CountState.CONTESTED,
            "approve": state == CountState.READY,
            "correct": state != CountState.REPLACED,
        },
    }
    return render(request, "console/billing/count.html", context)


def _form(request: HttpRequest, contract: Contract, replaces: CountSnapshot | None) -> CountForm:
    """As it is asked for, with the day of the rule; as it was typed, when the communes of another day are asked."""
    if request.method != "POST":
        return CountForm(contract, initial={"as_of": replaces.as_of if replaces else _next_day(contract)})
    if request.POST.get("geste") == COMMUNES_OF_THE_DAY:
        return CountForm(contract, initial=request.POST.dict())
    return CountForm(contract, request.POST)


def _next_day(contract: Contract) -> datetime.date:
    """That of the period that runs; of the next one, once this one is counted."""
    day = max(timezone.localdate(), contract.begins_on)
    year = year_of(contract, day)
    as_of = day_of_count(contract, year)
    if count_at(contract, as_of):
        as_of = day_of_count(contract, year_of(contract, year.end))
    return as_of


def _count(contract: Contract, form: CountForm, replaces: CountSnapshot | None, *, by: str) -> CountSnapshot:
    said = {"as_of": form.cleaned_data["as_of"], "by": by, "replaces": replaces}
    note = form.cleaned_data["note"]
    if contract.count_basis == CountBasis.AGREED:
        return count_as_agreed(contract, form.numbers, source=form.cleaned_data["source"], note=note, **said)
    return count_by_its_rule(contract, today=timezone.localdate(), note=note, **said)


def _act(gesture: str, shown: CountSnapshot, form: Form, request: HttpRequest) -> object:
    by = request.user.signature
    if gesture == SHOW:
        return show(shown, by=by)
    if gesture == ANSWER:
        return answer_contest(shown, words=form.cleaned_data["words"], by=by)
    return approve(shown, by=by, now=timezone.now())
