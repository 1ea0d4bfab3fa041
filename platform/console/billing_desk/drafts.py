"""What will be issued: prepared from a contract, read, tried, issued once it was read again; and credits."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import billing_required
from billing.adjusting import may_prepare_again, prepare_adjustment, prepare_again
from billing.documents.payload import Payload
from billing.drafting import discard, left_to_credit, prepare_credit, prepare_yearly
from billing.errors import REFUSALS, words_of
from billing.issuing import dry_run, issue, preview
from billing.models import Contract, Draft, Invoice
from billing.money import euros
from console.billing_desk.common import address, attempt, draw_form
from console.billing_desk.contracts import periods_of
from console.billing_desk.document_forms import ADJUSTMENT, CreditForm, PrepareForm
from console.billing_desk.fields import Form
from core.french import day_words

AGAIN, DISCARD = "refaire", "jeter"
NOTHING = "Il n’y a rien à régulariser : ce qui est dû est facturé, ou la différence attend la facture suivante."


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """Prepare the invoice of a period, or what changed since it was billed."""
    contract = get_object_or_404(Contract.objects.select_related("buyer"), pk=pk)
    form = PrepareForm(contract, periods_of(contract, timezone.localdate()), request.POST or None)
    if form.is_valid():
        made = attempt(form, lambda: _prepared(contract, form, by=request.user.signature))
        if made is not None:
            return _lead_to(request, contract, made)
    return draw_form(
        request,
        form,
        title="Préparer une facture",
        lead="Rien n’est émis : vous relirez le brouillon.",
        facts=[("Contrat", contract.buyer.name)],
        submit="Préparer",
        back=address("contract", pk),
    )


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def credit(request: HttpRequest, pk: int) -> HttpResponse:
    """Prepare a credit note of an invoice, in part or whole."""
    invoice = get_object_or_404(Invoice.objects.select_related("contract__buyer"), pk=pk, source=None)
    form = CreditForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        made = attempt(
            form, lambda: prepare_credit(invoice, reason=said["reason"], net=said["net"], by=request.user.signature)
        )
        if made is not None:
            return redirect("console:draft", pk=made.pk)
    return draw_form(
        request,
        form,
        title=f"Préparer un avoir sur {invoice.number}",
        lead="Une facture émise ne change jamais : elle se corrige par un avoir.",
        facts=[
            ("Acheteur", invoice.contract.buyer.name),
            ("Facture", f"{euros(invoice.net)} hors taxes, du {day_words(invoice.issued_on)}"),
            ("Reste à créditer", f"{euros(left_to_credit(invoice))} hors taxes"),
        ],
        submit="Préparer l’avoir",
        back=address("invoice", pk),
    )


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """What a draft says; prepared again where the rows moved since, or thrown away."""
    gesture = request.POST.get("geste", "")
    if gesture == DISCARD and not Draft.objects.filter(pk=pk).exists():
        messages.info(request, "Ce brouillon n’est plus là.")
        return redirect("console:billing")
    shown = _draft(pk)
    if hasattr(shown, "invoice"):
        return redirect("console:invoice", pk=shown.invoice.pk)
    form = Form(request.POST if gesture in {AGAIN, DISCARD} else None)
    if form.is_valid():
        by = request.user.signature
        if gesture == DISCARD and attempt(form, lambda: discard(shown)) is not None:
            messages.success(request, "Le brouillon est jeté. Rien n’a été émis.")
            return redirect("console:contract", pk=shown.contract_id)
        if gesture == AGAIN:
            made = attempt(form, lambda: prepare_again(shown, issued_on=timezone.localdate(), by=by))
            if made is not None:
                return _lead_to(request, shown.contract, made)
    payload, refused = _payload(shown)
    context = {"draft": shown, "payload": payload, "refused": refused, "form": form}
    return render(request, "console/billing/draft.html", context | {"may_prepare_again": may_prepare_again(shown)})


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def issue_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue a draft: its reader sees what it will say and what every rule says of it; then it has a number for ever."""
    shown = _draft(pk)
    if hasattr(shown, "invoice"):
        return redirect("console:invoice", pk=shown.invoice.pk)
    today = timezone.localdate()
    (findings,) = dry_run([shown], on=today)
    form = Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and not findings:
        made = attempt(form, lambda: issue(shown, on=today, by=request.user.signature))
        if made is not None:
            messages.success(request, f"{made.number} est émise. Son PDF est prêt d’habitude en une minute.")
            return redirect("console:invoice", pk=made.pk)
    payload, refused = _payload(shown)
    context = {"draft": shown, "payload": payload, "refused": refused, "findings": findings, "form": form}
    return render(request, "console/billing/issue.html", context | {"today": today})


def _draft(pk: int) -> Draft:
    rows = Draft.objects.select_related("contract__buyer", "contract__town", "seller", "source", "invoice")
    return get_object_or_404(rows, pk=pk)


def _payload(shown: Draft) -> tuple[Payload | None, str]:
    """What it would say today, or why it says nothing."""
    try:
        return preview(shown, on=timezone.localdate()), ""
    except REFUSALS as refusal:
        return None, words_of(refusal)


def _prepared(contract: Contract, form: PrepareForm, *, by: str) -> list[Draft]:
    said, today = form.cleaned_data, timezone.localdate()
    if said["kind"] == ADJUSTMENT:
        return prepare_adjustment(contract, year_of_day=said["period"], issued_on=today, by=by)
    return [prepare_yearly(contract, said["seller"], on=said["period"], issued_on=today, by=by)]


def _lead_to(request: HttpRequest, contract: Contract, made: list[Draft]) -> HttpResponse:
    if len(made) == 1:
        return redirect("console:draft", pk=made[0].pk)
    if made:
        messages.success(request, f"{len(made)} avoirs sont préparés : relisez chacun.")
    else:
        messages.info(request, NOTHING)
    return redirect("console:contract", pk=contract.pk)
