"""Invoices and credit notes that were issued: the list, the page of one, its files as they are stored."""

from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import billing_required
from billing.enums import BalanceState, DocumentKind, Series
from billing.late import LateFees, NoRateError, fees_of
from billing.models import DocumentFile, Invoice
from billing.paying import balance_of, with_balances
from billing.statuses import words_of as status_words
from console.billing_desk.common import page_of
from console.billing_desk.document_forms import CREDIT_NOTES, FilterForm

TYPES = {DocumentKind.XML: "application/xml", DocumentKind.PDF: "application/pdf"}
# What is known of the others without their days: the database sorts them out.
SETTLED = {
    BalanceState.PAID: Q(left=0) & (Q(credited=0) | ~Q(received=0)),
    BalanceState.CREDITED: Q(left=0, received=0, credited__gt=0),
    BalanceState.OVERPAID: Q(left__lt=0),
}


@billing_required
@require_safe
def invoices(request: HttpRequest) -> HttpResponse:
    """What was issued, the last first; found by number or buyer, in a state."""
    form = FilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    today = timezone.localdate()
    rows = _in_state(_found(chosen.get("q", "")), chosen.get("etat", ""), today=today)
    page = page_of(request, rows)
    lines = [(one, None if one.is_credit_note else balance_of(one, today=today)) for one in page]
    context = {"form": form, "page": page, "lines": lines, "is_narrowed": any(chosen.values())}
    return render(request, "console/billing/invoices.html", context)


@billing_required
@require_safe
def invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """All that a document says and what became of it."""
    rows = with_balances(Invoice.objects.all()).select_related("contract__buyer", "contract__town", "source", "draft")
    rows = rows.prefetch_related(
        "lines__evidence__snapshot", "credit_notes", "allocations__payment", "reminders", "contract__buyer__contacts"
    )
    shown = get_object_or_404(rows, pk=pk)
    today = timezone.localdate()
    balance = balance_of(shown, today=today)
    fees, no_rate = _fees(shown, today)
    transmissions = list(shown.transmissions.all())
    context = {
        "invoice": shown,
        "payload": shown.payload,
        "lines": shown.lines.all(),
        "files": shown.files.defer("content").order_by("kind"),
        "balance": balance,
        "standing": balance.progress.standing,
        "transmissions": [
            (sent, [(one, status_words(one.code)) for one in sent.statuses.all()]) for sent in transmissions[::-1]
        ],
        "waiting_credits": shown.credit_drafts.filter(invoice=None),
        "left_to_credit": shown.net - sum(one.net for one in shown.credit_notes.all()),
        "fees": fees,
        "no_rate": no_rate,
    }
    return render(request, "console/billing/invoice.html", context)


@billing_required
@require_safe
def invoice_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A form of a document, byte for byte as it was stored."""
    if kind not in DocumentKind.values:
        raise Http404
    return served(get_object_or_404(DocumentFile.objects.select_related("invoice", "quote"), invoice=pk, kind=kind))


def served(file: DocumentFile) -> HttpResponse:
    """A file to keep: never opened in the site's own name."""
    answer = HttpResponse(bytes(file.content), content_type=TYPES[DocumentKind(file.kind)])
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer


def _fees(shown: Invoice, today: date) -> tuple[LateFees | None, str]:
    try:
        return fees_of(shown, today=today), ""
    except NoRateError as missing:
        return None, str(missing)


def _found(typed: str) -> QuerySet[Invoice]:
    named = Q()
    for word in typed.split():
        named &= Q(number__icontains=word) | Q(contract__buyer__name__icontains=word)
    rows = Invoice.objects.filter(named).select_related("contract__buyer").defer("payload")
    return with_balances(rows).order_by("-issued_on", "-pk")


def _in_state(rows: QuerySet[Invoice], state: str, *, today: date) -> QuerySet[Invoice] | list[Invoice]:
    """Those in a state: what is late is told by days, so those that owe something are read."""
    if state == CREDIT_NOTES:
        return rows.filter(series=Series.CREDIT_NOTE)
    if state not in BalanceState.values:
        return rows
    of_invoices = rows.filter(series=Series.INVOICE)
    if state in SETTLED:
        return of_invoices.filter(SETTLED[BalanceState(state)])
    return [one for one in of_invoices.filter(left__gt=0) if balance_of(one, today=today).state == state]
