"""Invoices and credit notes that were issued: the list, the page of one, its files as they are stored."""

from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import billing_required
from aid.desk.views.frame import attached
from billing.drafting import left_to_credit
from billing.enums import BalanceState, DocumentKind
from billing.filing import CONTENT_TYPES, sealed
from billing.late import LateFees, NoRateError, fees_of
from billing.models import DocumentFile, Invoice
from billing.paying import balance_of, in_state, with_balances
from billing.statuses import words_of as status_words
from console.billing_desk.document_forms import CREDIT_NOTES, FilterForm
from console.screens.common import page_of


@billing_required
@require_safe
def invoices(request: HttpRequest) -> HttpResponse:
    """What was issued, the last first; found by number or buyer, in a state."""
    form = FilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    today = timezone.localdate()
    page = page_of(request, _narrowed(_found(chosen.get("q", "")), chosen.get("etat", ""), today=today))
    lines = [(one, None if one.is_credit_note else balance_of(one, today=today)) for one in page]
    context = {"form": form, "page": page, "lines": lines, "is_narrowed": any(chosen.values())}
    return render(request, "console/billing/invoices.html", context)


@billing_required
@require_safe
def invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """All that a document says and what became of it."""
    rows = with_balances(Invoice.objects.all()).select_related("contract__buyer", "contract__town", "source", "draft")
    rows = rows.defer("source__payload").prefetch_related(
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
        "left_to_credit": left_to_credit(shown),
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
    """A file to keep, as it was sealed: never opened in the site's own name."""
    content = sealed(file.content, file.sha256, of=file.name)
    return attached(content, name=file.name, content_type=CONTENT_TYPES[DocumentKind(file.kind)])


def _fees(shown: Invoice, today: date) -> tuple[LateFees | None, str]:
    try:
        return fees_of(shown, today=today), ""
    except NoRateError as missing:
        return None, str(missing)


def _found(typed: str) -> QuerySet[Invoice]:
    named = Q()
    for word in typed.split():
        named &= Q(number__icontains=word) | Q(contract__buyer__name__icontains=word)
    rows = Invoice.objects.filter(named).select_related("contract__buyer", "source").defer("payload", "source__payload")
    return with_balances(rows).order_by("-issued_on", "-pk")


def _narrowed(rows: QuerySet[Invoice], asked: str, *, today: date) -> QuerySet[Invoice] | list[Invoice]:
    if asked == CREDIT_NOTES:
        return rows.exclude(source=None)
    return in_state(rows, BalanceState(asked), today=today) if asked in BalanceState.values else rows
