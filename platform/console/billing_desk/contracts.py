"""Contracts: the list, a new one, the page of one, and what changes it. Its end is announced by two (ending)."""

import datetime
from collections.abc import Callable
from itertools import islice

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q, QuerySet
from django.forms import ChoiceField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import billing_required
from billing import contracts as services
from billing.count_states import with_states
from billing.engagements import give
from billing.enums import ANNOUNCE_END, ContractState
from billing.models import Contract, CountSnapshot, Draft
from billing.periods import Period
from billing.reckoning import NotReckonedError, loaded_to_reckon, reckon_loaded
from console.billing_desk import ending
from console.billing_desk.common import address, attempt, draw_form
from console.billing_desk.communes import as_typed
from console.billing_desk.contract_forms import ContractForm, EndForm, EngagementForm, JoinForm, LeaveForm, PriceForm
from console.billing_desk.fields import Form, WordsForm
from console.billing_desk.party_forms import SearchForm
from console.communes import SEARCH
from console.screens.common import page_of
from geography.models import Commune

CONFIRM, DROP = "confirmer", "abandonner"
# What a person may do, as a button says it, and what that means.
SAID = {
    "examine": ("Le faire examiner par l’équipe", "Rien ne change pour la collectivité ni pour ses habitants."),
    "resume": ("Reprendre le cours normal", "Le contrat est de nouveau en cours."),
    "announce_end": ("Annoncer sa fin", ""),
    "end": ("Le terminer", "Plus rien n’est dû à partir du jour annoncé."),
}
PERIODS_SHOWN = 3


class FilterForm(SearchForm):
    """Contracts of a buyer or a town, in a state."""

    etat = ChoiceField(label="État", required=False, choices=[("", "Tous"), *ContractState.choices])


@billing_required
@require_safe
def contracts(request: HttpRequest) -> HttpResponse:
    """The contracts, by the name of who pays."""
    form = FilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    page = page_of(request, _found(chosen.get("q", ""), chosen.get("etat", "")))
    context = {"form": form, "page": page, "contracts": page.object_list, "is_narrowed": any(chosen.values())}
    return render(request, "console/billing/contracts.html", context)


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_contract(request: HttpRequest) -> HttpResponse:
    """Sign a contract: all its fields, none of them answered ahead; communes are searched in the same form."""
    if request.POST.get("geste") == SEARCH:
        form = as_typed(ContractForm, request.POST)
    else:
        form = ContractForm(request.POST or None, initial={"buyer": request.GET.get("acheteur", "")})
    if form.is_valid():
        kept = attempt(form, lambda: _sign(form, request.user.signature))
        if kept is not None:
            messages.success(request, "Le contrat est signé. Comptez maintenant ses seniors.")
            return redirect("console:contract", pk=kept.pk)
    return draw_form(
        request,
        form,
        title="Signer un contrat",
        lead="Rien n’est répondu d’avance : chaque réponse est celle du papier signé.",
        submit="Enregistrer ce contrat",
        back=address("contracts"),
        template="console/billing/terms_form.html",
    )


@billing_required
@require_safe
def contract(request: HttpRequest, pk: int) -> HttpResponse:
    """A contract: what it says, what it owes, its counts, its documents, and what happened to it."""
    drafts = Draft.objects.select_related("invoice").defer("lines", "invoice__payload").order_by("pk")
    rows = Contract.objects.select_related("buyer", "town").prefetch_related(
        "prices", "memberships__commune", "engagements", "steps", "buyer__contacts",
        Prefetch("drafts", queryset=drafts), Prefetch("counts", queryset=with_states(CountSnapshot.objects.all())),
    )  # fmt: skip
    shown = get_object_or_404(rows, pk=pk)
    reckoned = loaded_to_reckon(shown)
    today = timezone.localdate()
    issued = [one.invoice for one in shown.drafts.all() if hasattr(one, "invoice")]
    context = {
        "contract": shown,
        "today": today,
        "periods": [_told(shown, reckoned, period) for period in periods_of(shown, today)],
        "memberships": [one for one in shown.memberships.all() if one.ends_on is None or one.ends_on > today],
        "former": [one for one in shown.memberships.all() if one.ends_on is not None and one.ends_on <= today],
        "counts": list(shown.counts.all())[::-1],
        "drafts": [one for one in shown.drafts.all() if not hasattr(one, "invoice")],
        "invoices": sorted(issued, key=lambda one: one.pk, reverse=True),
        "steps": list(shown.steps.all())[::-1],
        "changes": [(one.name, SAID[one.name][0]) for one in services.possible_changes(shown)],
        "proposal": ending.waiting(shown),
        "is_over": shown.state == ContractState.ENDED,
    }
    return render(request, "console/billing/contract.html", context)


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_price(request: HttpRequest, pk: int) -> HttpResponse:
    """Another price, from a day on."""
    shown = get_object_or_404(Contract.objects.select_related("buyer"), pk=pk)
    form = PriceForm(request.POST or None)
    running = shown.prices.filter(ends_on=None).first()
    facts = [("Prix qui court", services.Price(running.unit, running.floor).words)] if running else []
    return _change(
        request,
        shown,
        form,
        lambda: services.change_price(
            shown, form.price, from_day=form.cleaned_data["from_day"], by=request.user.signature
        ),
        title="Changer le prix",
        lead="Les factures déjà émises ne changent pas. Si ce jour est dans une période facturée, préparez ensuite sa "
        "régularisation.",
        facts=facts,
        submit="Changer le prix",
        done="Le prix change à partir de ce jour.",
    )


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Communes that join, found by a search."""
    shown = get_object_or_404(Contract.objects.select_related("buyer"), pk=pk)
    is_search = request.POST.get("geste") == SEARCH
    form = as_typed(JoinForm, request.POST) if is_search else JoinForm(request.POST or None)
    return _change(
        request,
        shown,
        form,
        lambda: [
            services.join(shown, one, on=form.cleaned_data["on"], by=request.user.signature) for one in _communes(form)
        ],
        title="Une commune rejoint le contrat",
        lead="Elle est due au prorata des jours : comptez-la, puis préparez la régularisation de la période.",
        submit="Ajouter au contrat",
        done="C’est noté. Comptez maintenant ses seniors.",
        template="console/billing/join_form.html",
        shown_at={"commune": "communes", "__all__": "communes"},
    )


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """A commune that leaves."""
    shown = get_object_or_404(Contract.objects.select_related("buyer"), pk=pk)
    form = LeaveForm(shown, request.POST or None)
    return _change(
        request,
        shown,
        form,
        lambda: services.leave(
            shown, form.cleaned_data["commune"], on=form.cleaned_data["on"], by=request.user.signature
        ),
        title="Une commune quitte le contrat",
        lead="Si la période est déjà facturée, préparez ensuite sa régularisation : ce sera un avoir.",
        submit="Noter son départ",
        done="C’est noté.",
        shown_at={"ends_on": "on", "__all__": "on"},
    )


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_state(request: HttpRequest, pk: int, change: str) -> HttpResponse:
    """What a person may do with a contract, with a reason; its end has a page of its own."""
    shown = get_object_or_404(Contract.objects.select_related("buyer"), pk=pk)
    if change not in SAID or change == ANNOUNCE_END.name:
        raise Http404
    asked = next((one for one in services.possible_changes(shown) if one.name == change), None)
    if asked is None:
        return _as_it_stands(request, shown)
    form = WordsForm(request.POST or None)
    label, means = SAID[asked.name]
    return _change(
        request,
        shown,
        form,
        lambda: services.take(
            shown, asked, by=request.user.signature, words=form.cleaned_data["words"], today=timezone.localdate()
        ),
        title=label,
        lead=means,
        facts=[("État", ContractState(shown.state).label)],
        submit=label,
        done="C’est noté dans l’histoire du contrat.",
    )


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The end of a contract: proposed here by one, confirmed here by another."""
    shown = get_object_or_404(Contract.objects.select_related("buyer"), pk=pk)
    proposal = ending.waiting(shown)
    gesture = request.POST.get("geste", "")
    if proposal is None:
        # What is answered twice has nothing to wait for any more.
        return _as_it_stands(request, shown) if gesture in {CONFIRM, DROP} else _propose_end(request, shown)
    today = timezone.localdate()
    form = Form(request.POST if gesture in {CONFIRM, DROP} else None)
    if form.is_valid():
        acts = {
            CONFIRM: lambda: ending.confirm(proposal, by=request.user, today=today),
            DROP: lambda: ending.drop(proposal, by=request.user),
        }
        if attempt(form, acts[gesture]) is not None:
            told = "La fin est annoncée." if gesture == CONFIRM else "La proposition est abandonnée."
            messages.success(request, told)
            return redirect("console:contract", pk=pk)
    is_mine = proposal.proposed_by_id == request.user.pk
    context = {"contract": shown, "proposal": proposal, "form": form, "is_mine": is_mine}
    return render(request, "console/billing/end.html", context)


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def engagement(request: HttpRequest, pk: int) -> HttpResponse:
    """The buyer's number for a period: the last one given counts."""
    shown = get_object_or_404(Contract.objects.select_related("buyer"), pk=pk)
    periods = periods_of(shown, timezone.localdate())
    choices = [(one.start.isoformat(), one.words) for one in periods]
    form = EngagementForm(choices, request.POST or None, initial={"year_starts_on": request.GET.get("periode", "")})
    return _change(
        request,
        shown,
        form,
        lambda: give(shown, **form.cleaned_data, by=request.user.signature),
        title="Noter un numéro d’engagement",
        facts=[("Ses factures doivent porter", shown.buyer.get_requirement_display())],
        submit="Noter ce numéro",
        done="Ce numéro sera sur la facture de cette période.",
    )


def periods_of(shown: Contract, today: datetime.date) -> list[Period]:
    """The period that runs, and those around it that the contract has."""
    a_day = datetime.timedelta(days=1)
    day = max(today, shown.begins_on)
    if shown.ends_on is not None:
        day = min(day, shown.ends_on - a_day)
    eve = services.year_of(shown, day).start - a_day
    return list(islice(services.years_from(shown, eve), PERIODS_SHOWN))


def _told(shown: Contract, reckoned: Contract, period: Period) -> dict[str, object]:
    """A period, what it owes as the rows stand, or why that is not known, and its number of engagement."""
    given = [one.number for one in shown.engagements.all() if one.year_starts_on == period.start]
    told: dict[str, object] = {"period": period, "engagement": given[-1] if given else "", "due": None, "missing": ""}
    try:
        told["due"] = reckon_loaded(reckoned, period).due
    except NotReckonedError as refusal:
        told["missing"] = str(refusal)
    return told


def _sign(form: ContractForm, by: str) -> Contract:
    return services.sign_once(form.instance, price=form.price, communes=_communes(form), by=by)


def _communes(form: ContractForm | JoinForm) -> list[Commune]:
    """Those chosen. Raises ValidationError beside their field."""
    try:
        return list(form.chosen_communes())
    except ValidationError as error:
        raise ValidationError({"communes": error.messages}) from None


def _as_it_stands(request: HttpRequest, shown: Contract) -> HttpResponse:
    """To a contract that was changed meanwhile, by the same form sent twice or by somebody else."""
    messages.info(request, f"État du contrat : {ContractState(shown.state).label}.")
    return redirect("console:contract", pk=shown.pk)


def _propose_end(request: HttpRequest, shown: Contract) -> HttpResponse:
    if ANNOUNCE_END not in services.possible_changes(shown):
        return _as_it_stands(request, shown)
    form = EndForm(request.POST or None)
    return _change(
        request,
        shown,
        form,
        lambda: ending.propose(shown, **form.cleaned_data, by=request.user, today=timezone.localdate()),
        title="Annoncer la fin du contrat",
        lead="Rien n’est annoncé tant qu’une autre personne de l’équipe n’a pas confirmé, avec son propre compte.",
        submit="Proposer cette fin",
        done="La fin est proposée. Une autre personne de l’équipe doit la confirmer.",
    )


def _change(
    request: HttpRequest,
    shown: Contract,
    form: Form,
    act: Callable[[], object],
    *,
    done: str,
    shown_at: dict[str, str] | None = None,
    **page: object,
) -> HttpResponse:
    """A form that changes a contract, then its page."""
    if form.is_valid() and attempt(form, act, **shown_at or {}) is not None:
        messages.success(request, done)
        return redirect("console:contract", pk=shown.pk)
    said = {"back": address("contract", shown.pk), "lead": "", "facts": ()} | page
    said["facts"] = [("Contrat", shown.buyer.name), *said["facts"]]
    return draw_form(request, form, **said)


def _found(typed: str, state: str) -> QuerySet[Contract]:
    named = Q()
    for word in typed.split():
        named &= Q(buyer__name__icontains=word) | Q(town__name__icontains=word) | Q(reference__icontains=word)
    rows = Contract.objects.select_related("buyer", "town").filter(named)
    if state in ContractState.values:
        rows = rows.filter(state=state)
    return rows.order_by("buyer__name", "-begins_on", "pk")
