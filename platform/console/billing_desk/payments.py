"""Money of the bank: typed, allocated to invoices, given back, taken back; and the rates of the Central Bank."""

from decimal import Decimal

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import billing_required
from billing.enums import Series
from billing.late import note_rate
from billing.models import Buyer, CentralRate, Invoice, Payment
from billing.money import euros
from billing.paying import allocate, give_back, left_of, on_account, receive, undo, with_balances, with_left
from console.billing_desk.common import address, attempt, draw_form
from console.billing_desk.money_forms import (
    AllocationForm,
    GiveBackForm,
    PaymentForm,
    RateForm,
    UndoForm,
    name_in_form,
)
from console.screens.common import page_of
from core.french import day_words

TO_ALLOCATE = "a-affecter"


@billing_required
@require_safe
def payments(request: HttpRequest) -> HttpResponse:
    """What the bank received and gave back, the last first; or those that pay nothing yet."""
    rows = Payment.objects.select_related("buyer", "undoes", "undone_by").prefetch_related("allocations__invoice")
    is_narrowed = request.GET.get("montrer") == TO_ALLOCATE
    if is_narrowed:
        rows = with_left(rows).filter(left__gt=0)
    context = {"page": page_of(request, rows.order_by("-received_on", "-pk")), "is_narrowed": is_narrowed}
    return render(request, "console/billing/payments.html", context)


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_payment(request: HttpRequest) -> HttpResponse:
    """Type a line of the bank's statement. It pays nothing until it is allocated."""
    form = PaymentForm(request.POST or None, initial={"buyer": request.GET.get("acheteur", "")})
    if form.is_valid():
        kept = attempt(form, lambda: receive(**form.cleaned_data, by=request.user.signature))
        if kept is not None:
            messages.success(request, "Le paiement est noté. Dites maintenant quelles factures il paie.")
            return redirect("console:payment", pk=kept.pk)
    return draw_form(
        request,
        form,
        title="Noter un paiement",
        lead="Une ligne du relevé de banque, telle qu’elle y est écrite.",
        submit="Noter ce paiement",
        back=address("payments"),
    )


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def payment(request: HttpRequest, pk: int) -> HttpResponse:
    """A payment: what it pays, what is left of it, and the invoices of its buyer that it may pay."""
    rows = Payment.objects.select_related("buyer", "undoes", "undone_by").prefetch_related("allocations__invoice")
    shown = get_object_or_404(rows, pk=pk)
    left = left_of(shown)
    owing = _offered(shown.buyer, left, request.POST)
    form = AllocationForm(owing, request.POST or None)
    if form.is_valid():
        names = {one.number: name_in_form(one) for one in owing}
        if attempt(form, lambda: allocate(shown, form.amounts, by=request.user.signature), **names) is not None:
            messages.success(request, "C’est affecté.")
            return redirect("console:payment", pk=pk)
    context = {"payment": shown, "left": left, "owing": owing, "form": form, "is_undone": hasattr(shown, "undone_by")}
    return render(request, "console/billing/payment.html", context)


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def undo_payment(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a payment: its contrary is written, and what it paid is owed again."""
    shown = get_object_or_404(Payment.objects.select_related("buyer"), pk=pk, undoes=None)
    if hasattr(shown, "undone_by"):
        messages.info(request, "Ce paiement est annulé.")
        return redirect("console:payment", pk=pk)
    form = UndoForm(request.POST or None)
    if form.is_valid():
        words = form.cleaned_data["words"]
        if attempt(form, lambda: undo(shown, words=words, by=request.user.signature)) is not None:
            messages.success(request, "Le paiement est annulé. Ce qu’il payait est de nouveau dû.")
            return redirect("console:payment", pk=pk)
    return draw_form(
        request,
        form,
        title="Annuler un paiement",
        facts=[
            ("Acheteur", shown.buyer.name),
            ("Paiement", f"{euros(shown.amount)}, du {day_words(shown.received_on)}"),
            ("Référence", shown.bank_reference),
        ],
        submit="Annuler ce paiement",
        back=address("payment", pk),
        warning="Rien ne s’efface : une ligne contraire est écrite, et les factures qu’il payait sont de nouveau dues.",
    )


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def give_back_to(request: HttpRequest, pk: int) -> HttpResponse:
    """Note money that was transferred back to a buyer."""
    buyer = get_object_or_404(Buyer, pk=pk)
    form = GiveBackForm(_of_buyer(buyer).filter(left__lt=0), request.POST or None)
    if form.is_valid():
        kept = attempt(form, lambda: give_back(buyer, **form.cleaned_data, by=request.user.signature))
        if kept is not None:
            messages.success(request, "Le remboursement est noté.")
            return redirect("console:payment", pk=kept.pk)
    return draw_form(
        request,
        form,
        title=f"Noter un remboursement à {buyer.name}",
        facts=[("Sur son compte", euros(on_account(buyer)))],
        submit="Noter ce remboursement",
        back=address("buyer", pk),
    )


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def rates(request: HttpRequest) -> HttpResponse:
    """The rates of the European Central Bank, and one more."""
    form = RateForm(request.POST or None)
    if form.is_valid() and attempt(form, lambda: note_rate(**form.cleaned_data, by=request.user.signature)) is not None:
        messages.success(request, "Le taux est noté. Il vaut pour les semestres qui commencent ensuite.")
        return redirect("console:rates")
    context = {"rates": CentralRate.objects.order_by("-starts_on"), "form": form}
    return render(request, "console/billing/rates.html", context)


def _offered(buyer: Buyer, left: Decimal, typed: QueryDict) -> list[Invoice]:
    """The invoices that a payment may pay, and those beside which an amount is typed: one was paid meanwhile."""
    rows = _of_buyer(buyer) if typed else _of_buyer(buyer).filter(left__gt=0)
    return [one for one in rows if min(left, one.left) > 0 or typed.get(name_in_form(one), "").strip()]


def _of_buyer(buyer: Buyer) -> QuerySet[Invoice]:
    rows = Invoice.objects.filter(contract__buyer=buyer, series=Series.INVOICE).defer("payload")
    return with_balances(rows).order_by("issued_on", "pk")
