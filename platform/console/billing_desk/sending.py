"""Sending by hand: a deposit on Chorus Pro, the statuses that come back, the e-mail to people of finance."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import billing_required
from billing.enums import Channel
from billing.models import Invoice, Transmission
from billing.money import euros
from billing.sending import deposit as keep_deposit
from billing.sending import note_status as keep_status
from billing.sending import write_to_buyer as write
from console.billing_desk.common import address, attempt, draw_form
from console.billing_desk.fields import Form
from console.billing_desk.money_forms import DepositForm, StatusForm
from core.french import day_words, listed


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def deposit(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a deposit and the number of its flow."""
    invoice = _invoice(pk)
    form = DepositForm(request.POST or None, initial={"sent_on": timezone.localdate()})
    if form.is_valid():
        said = form.cleaned_data
        kept = attempt(
            form,
            lambda: keep_deposit(
                invoice, flow_number=said["flow_number"], on=said["sent_on"], by=request.user.signature
            ),
        )
        if kept is not None:
            messages.success(request, "Le dépôt est noté. Revenez noter ce que Chorus Pro en dira.")
            return redirect("console:invoice", pk=pk)
    return draw_form(
        request,
        form,
        title=f"Noter le dépôt de {invoice.number}",
        lead="Téléchargez le PDF de la facture, déposez-le sur Chorus Pro, puis notez ici sa réponse.",
        facts=_facts(invoice),
        submit="Noter ce dépôt",
        back=address("invoice", pk),
    )


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def note_status(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what Chorus Pro says of a deposit; nothing that was noted is replaced."""
    rows = Transmission.objects.select_related("invoice__contract__buyer")
    sent = get_object_or_404(rows, pk=pk, channel=Channel.MANUAL)
    form = StatusForm(request.POST or None, initial={"said_on": timezone.localdate()})
    if form.is_valid():
        said = form.cleaned_data
        kept = attempt(
            form,
            lambda: keep_status(
                sent, code=form.code, said_on=said["said_on"], words=said["words"], by=request.user.signature
            ),
            code="other",
        )
        if kept is not None:
            messages.success(request, "Le statut est noté, à la suite des autres.")
            return redirect("console:invoice", pk=sent.invoice_id)
    return draw_form(
        request,
        form,
        title=f"Noter un statut de {sent.invoice.number}",
        lead="Aucun statut ne veut dire payée : seul l’argent de la banque le dit.",
        facts=[*_facts(sent.invoice), ("Flux", f"{sent.flow_number}, déposé le {day_words(sent.sent_on)}")],
        submit="Noter ce statut",
        back=address("invoice", sent.invoice_id),
    )


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def write_to_buyer(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to the buyer's people of finance, once it is confirmed to whom."""
    invoice = _invoice(pk)
    form = Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        kept = attempt(form, lambda: write(invoice, on=timezone.localdate(), by=request.user.signature))
        if kept is not None:
            messages.success(request, "L’e-mail part vers les contacts des finances.")
            return redirect("console:invoice", pk=pk)
    names = [f"{one.name} ({one.email})" for one in invoice.contract.buyer.contacts.order_by("pk")]
    return draw_form(
        request,
        form,
        title=f"Écrire au sujet de {invoice.number}",
        lead="À une association, l’e-mail joint la facture ; à un organisme public, il dit où elle attend.",
        facts=[*_facts(invoice), ("Écrire à", listed(names) if names else "aucun contact des finances")],
        submit="Envoyer l’e-mail",
        back=address("invoice", pk),
        warning="Un e-mail envoyé ne se reprend pas.",
    )


def _invoice(pk: int) -> Invoice:
    return get_object_or_404(Invoice.objects.select_related("contract__buyer"), pk=pk)


def _facts(invoice: Invoice) -> list[tuple[str, object]]:
    return [
        ("Acheteur", invoice.contract.buyer.name),
        ("Document", f"{invoice.number} du {day_words(invoice.issued_on)}, {euros(invoice.payable)}"),
    ]
