"""Quotes: prepared, sent under a number, accepted on a paper, which signs the contract, or declined; made again."""

from decimal import Decimal

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import billing_required
from aid.desk.views.frame import attached
from billing.enums import ACCEPT, DECLINE, SEND, AcceptanceProof, DocumentKind, QuoteState
from billing.filing import CONTENT_TYPES, sealed
from billing.models import Contract, DocumentFile, Quote
from billing.money import euros
from billing.quoting import (
    accept_by_order,
    accept_signed,
    decline,
    may_renew,
    possible_changes,
    prepare,
    preview,
    renew,
    send,
)
from console.billing_desk.common import address, attempt, draw_form
from console.billing_desk.communes import as_typed
from console.billing_desk.documents import served
from console.billing_desk.fields import Form, WordsForm
from console.billing_desk.party_forms import SearchForm
from console.billing_desk.quote_forms import AcceptForm, QuoteForm, SendForm, terms_of
from console.communes import SEARCH
from console.screens.common import page_of
from core.french import day_words

RENEW = "refaire"


@billing_required
@require_safe
def quotes(request: HttpRequest) -> HttpResponse:
    """The quotes, the last first; found by number or buyer."""
    form = SearchForm(request.GET)
    named = Q()
    for word in (form.cleaned_data["q"] if form.is_valid() else "").split():
        named &= Q(number__icontains=word) | Q(buyer__name__icontains=word)
    rows = Quote.objects.filter(named).select_related("buyer", "town").defer("payload", "terms", "lines")
    context = {"form": form, "page": page_of(request, rows.order_by("-pk")), "is_narrowed": bool(named)}
    return render(request, "console/billing/quotes.html", context)


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_quote(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A quote, new or in preparation: its terms, its communes found by a search, its seniors."""
    again = get_object_or_404(Quote, pk=pk) if pk else None
    if again and again.state != QuoteState.PREPARED:
        return _as_it_stands(request, again)
    if request.POST.get("geste") == SEARCH:
        form = as_typed(QuoteForm, request.POST)
    elif request.method == "POST":
        form = QuoteForm(request.POST)
    else:
        form = QuoteForm(initial=terms_of(again) if again else {"buyer": request.GET.get("acheteur", "")})
    if form.is_valid():
        kept = attempt(form, lambda: _prepare(form, again, by=request.user.signature), numbers="count_basis")
        if kept is not None:
            messages.success(request, "Le devis est préparé. Relisez-le avant de l’envoyer.")
            return redirect("console:quote", pk=kept.pk)
    return draw_form(
        request,
        form,
        title="Modifier un devis" if again else "Préparer un devis",
        lead="Il est calculé par les mêmes règles que les factures : ce qui est accepté est ce qui sera facturé.",
        submit="Préparer ce devis",
        back=address("quote", again.pk) if again else address("quotes"),
        template="console/billing/quote_form.html",
    )


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def quote(request: HttpRequest, pk: int) -> HttpResponse:
    """What a quote says and what became of it; one that is over or declined is made again."""
    rows = Quote.objects.select_related("buyer", "town", "seller", "contract", "acceptance")
    shown = get_object_or_404(rows.defer("acceptance__content").prefetch_related("steps"), pk=pk)
    today = timezone.localdate()
    form = Form(request.POST if request.POST.get("geste") == RENEW else None)
    if form.is_valid():
        made = attempt(form, lambda: renew(shown, by=request.user.signature, today=today))
        if made is not None:
            messages.success(request, "Un nouveau devis est préparé, avec les mêmes conditions.")
            return redirect("console:quote", pk=made.pk)
    changes = possible_changes(shown)
    context = {
        "quote": shown,
        "payload": shown.payload or preview(shown, on=today),
        "files": shown.files.defer("content").order_by("kind"),
        "acceptance": getattr(shown, "acceptance", None),
        "form": form,
        "may": {
            "send": SEND in changes,
            "accept": ACCEPT in changes,
            "decline": DECLINE in changes,
            "renew": may_renew(shown, today),
        },
    }
    return render(request, "console/billing/quote.html", context)


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def send_quote(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a quote its number, once its reader has confirmed."""
    shown = _quote(pk)
    if SEND not in possible_changes(shown):
        return _as_it_stands(request, shown)
    form = SendForm(request.POST or None)
    if form.is_valid():
        days = form.cleaned_data["valid_days"]
        sent = attempt(
            form, lambda: send(shown, on=timezone.localdate(), by=request.user.signature, valid_days=days)
        )  # fmt: skip
        if sent is not None:
            messages.success(request, f"{sent.number} est daté et numéroté.")
            return redirect("console:quote", pk=pk)
    return draw_form(
        request,
        form,
        title="Envoyer le devis",
        facts=_facts(shown),
        submit="Dater et numéroter ce devis",
        back=address("quote", pk),
        warning="Son numéro et tout ce qu’il dit ne changeront plus.",
    )


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def accept_quote(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a quote was accepted, with its paper: its contract is signed."""
    shown = _quote(pk)
    if ACCEPT not in possible_changes(shown):
        return _as_it_stands(request, shown)
    form = AcceptForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        contract = attempt(
            form, lambda: _accept(shown, form, by=request.user.signature), signed_on="accepted_on"
        )  # fmt: skip
        if contract is not None:
            messages.success(request, "Le devis est accepté : son contrat est signé.")
            return redirect("console:contract", pk=contract.pk)
    return draw_form(
        request,
        form,
        title=f"{shown.number} est accepté",
        facts=_facts(shown),
        submit="Noter l’acceptation et signer le contrat",
        back=address("quote", pk),
        warning="Le contrat est signé aux conditions du devis.",
    )


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def decline_quote(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a buyer declined, and why."""
    shown = _quote(pk)
    if DECLINE not in possible_changes(shown):
        return _as_it_stands(request, shown)
    form = WordsForm(request.POST or None)
    if form.is_valid():
        words = form.cleaned_data["words"]
        if attempt(form, lambda: decline(shown, words=words, by=request.user.signature)) is not None:
            messages.success(request, "Le refus est noté.")
            return redirect("console:quote", pk=pk)
    return draw_form(
        request,
        form,
        title=f"{shown.number} est refusé",
        facts=_facts(shown),
        submit="Noter ce refus",
        back=address("quote", pk),
        warning="Un devis refusé ne s’accepte plus : il en faudra un autre.",
    )


@billing_required
@require_safe
def quote_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A form of a quote, or the paper that accepted it, byte for byte as it was stored."""
    if kind == "acceptation":
        shown = get_object_or_404(Quote.objects.select_related("acceptance"), pk=pk, acceptance__content__isnull=False)
        kept = shown.acceptance
        content = sealed(kept.content, kept.sha256, of=shown.number)
        # The name that came with it stays in the page: an address or a header says nothing of anybody.
        return attached(
            content, name=f"{shown.number}-accepte.pdf", content_type=CONTENT_TYPES[DocumentKind.PDF]
        )  # fmt: skip
    if kind not in DocumentKind.values:
        raise Http404
    return served(get_object_or_404(DocumentFile.objects.select_related("invoice", "quote"), quote=pk, kind=kind))


def _quote(pk: int) -> Quote:
    return get_object_or_404(Quote.objects.select_related("buyer", "seller", "town"), pk=pk)


def _as_it_stands(request: HttpRequest, shown: Quote) -> HttpResponse:
    """To what became of a quote: a form that was sent twice, or answered meanwhile by somebody else."""
    messages.info(request, f"Ce devis est {QuoteState(shown.state).label}.")
    if shown.contract_id:
        return redirect("console:contract", pk=shown.contract_id)
    return redirect("console:quote", pk=shown.pk)


def _facts(shown: Quote) -> list[tuple[str, object]]:
    payload = shown.payload or preview(shown, on=timezone.localdate())
    told = [("Acheteur", shown.buyer.name), ("Montant", euros(Decimal(payload["totals"]["payable"])))]
    if shown.valid_until:
        told.append(("Valable jusqu’au", day_words(shown.valid_until)))
    return told


def _prepare(form: QuoteForm, again: Quote | None, *, by: str) -> Quote:
    said = form.cleaned_data
    return prepare(
        Contract(**{name: said[name] for name in form.Meta.fields}),
        seller=said["seller"],
        price=form.price,
        communes=form.chosen_communes(),
        on=timezone.localdate(),
        by=by,
        numbers=form.numbers,
        source=said["source"],
        again=again,
    )


def _accept(shown: Quote, form: AcceptForm, *, by: str) -> Contract:
    said = form.cleaned_data
    content, file_name = form.file
    signed = {"name": said["name"], "function": said["function"], "on": said["accepted_on"], "by": by}
    signed |= {"today": timezone.localdate(), "content": content, "file_name": file_name}
    if said["proof"] == AcceptanceProof.SIGNED:
        return accept_signed(shown, **signed)
    return accept_by_order(shown, order_number=said["order_number"], **signed)
