"""The town's own books in its desk: contract, counts, quotes and invoices; for its administrators alone.

In the desk's frame, not Wagtail's: these pages need no script, and hold on a telephone.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import View
from aid.desk.views.entry import add_errors
from aid.desk.views.frame import attached, desk_screen, show
from billing.enums import DocumentKind
from billing.forms import ContestForm, NumberForm
from billing.town_books import contract as contracts
from billing.town_books import counts as counted
from billing.town_books import invoices as invoiced
from billing.town_books import numbers as engaged
from billing.town_books import papers
from billing.town_books import quotes as quoted
from billing.town_books.reading import NotHereError, NotPossibleError

SECTION = "books"
ADDED = "C’est envoyé. Nous vous répondons ici même."
KEPT = "C’est noté. Ce numéro sera sur la facture de cette période."


def _screen(ability: str) -> Callable[[View], View]:
    """A screen of the desk, absent for a row that is not the town's."""

    def decorate(view: View) -> View:
        @wraps(view)
        def found(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except NotHereError:
                raise Http404 from None

        return desk_screen(ability)(found)

    return decorate


def _show(request: HttpRequest, template: str, page: str, context: dict[str, Any]) -> HttpResponse:
    """Draw a page of the books with what waits for somebody: an invoice that is late, a number that is asked."""
    today = timezone.localdate()
    # What the page has read already is not read again.
    waits = {"late": invoiced.late_invoices, "asked": engaged.periods_to_number}
    found = {name: find(today) for name, find in waits.items() if name not in context}
    return show(request, template, {"page": page} | found | context, section=SECTION)


@_screen("see_books")
@require_safe
def contract(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """« Votre contrat »; one that is over, by its number."""
    shown = contracts.contract_page(timezone.localdate(), pk)
    return _show(request, "billing/contract.html", "contract", {"shown": shown})


@_screen("see_books")
@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """Every count that was shown."""
    return _show(request, "billing/counts.html", "counts", {"counts": counted.counts_of_town(timezone.now())})


@_screen("see_books")
@require_safe
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """A count, and what proves it."""
    return _show(request, "billing/count.html", "counts", {"shown": counted.count_page(pk, timezone.now())})


@_screen("answer_on_books")
@require_http_methods(["GET", "HEAD", "POST"])
def contest(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is wrong in it."""
    now = timezone.now()
    shown = counted.count_page(pk, now)
    form = ContestForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            counted.contest_count(pk, by=request.user.signature, now=now, **form.cleaned_data)
        except NotPossibleError as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, ADDED)
            return redirect("books:count", pk=pk)
    return _show(request, "billing/contest.html", "counts", {"shown": shown, "form": form})


@_screen("see_books")
@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """Quotes, invoices and credit notes."""
    today = timezone.localdate()
    found = invoiced.invoices_of_town(today)
    context = {"invoices": found, "late": invoiced.late_among(found), "quotes": quoted.quotes_of_town(today)}
    return _show(request, "billing/documents.html", "documents", context)


@_screen("see_books")
@require_safe
def invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """An invoice or a credit note, explained."""
    return _show(
        request, "billing/invoice.html", "documents", {"shown": invoiced.invoice_page(pk, timezone.localdate())}
    )


@_screen("see_books")
@require_safe
def invoice_file(request: HttpRequest, pk: int, kind: DocumentKind) -> HttpResponse:
    """The bytes of one, as they are stored."""
    return _answer(papers.file_of_invoice(pk, kind))


@_screen("see_books")
@require_safe
def quote(request: HttpRequest, pk: int) -> HttpResponse:
    """A quote that was sent."""
    return _show(request, "billing/quote.html", "documents", {"shown": quoted.quote_page(pk, timezone.localdate())})


@_screen("see_books")
@require_safe
def quote_file(request: HttpRequest, pk: int, kind: DocumentKind) -> HttpResponse:
    """The bytes of a quote, as they are stored."""
    return _answer(papers.file_of_quote(pk, kind))


@_screen("see_books")
@require_safe
def signed_quote(request: HttpRequest, pk: int) -> HttpResponse:
    """The quote that came back signed."""
    return _answer(quoted.signed_quote(pk))


@_screen("see_books")
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """What invoices must bear, and the numbers given period by period."""
    shown = engaged.numbers_page(timezone.localdate())
    return _show(request, "billing/numbers.html", "numbers", {"shown": shown, "asked": engaged.asked_among(shown)})


@_screen("answer_on_books")
@require_http_methods(["GET", "HEAD", "POST"])
def give_number(request: HttpRequest) -> HttpResponse:
    """Give the number of a period."""
    today = timezone.localdate()
    shown = engaged.numbers_page(today)
    if shown is None:
        raise Http404
    form = NumberForm(request.POST if request.method == "POST" else None, periods=shown.periods)
    if form.is_valid():
        try:
            engaged.give_number(by=request.user.signature, today=today, **form.cleaned_data)
        except NotPossibleError as refusal:
            form.add_error("starts_on", str(refusal))
        except ValidationError as error:
            add_errors(form, _by_name_of_field(error))
        else:
            messages.success(request, KEPT)
            return redirect("books:numbers")
    context = {"shown": shown, "form": form, "asked": engaged.asked_among(shown)}
    return _show(request, "billing/give_number.html", "numbers", context)


def _answer(stored: papers.StoredFile) -> HttpResponse:
    return attached(stored.content, name=stored.name, content_type=stored.content_type)


def _by_name_of_field(error: ValidationError) -> ValidationError:
    """Under the names of the form."""
    names = {"year_starts_on": "starts_on", "words": "number"}
    return ValidationError({names.get(name, name): texts for name, texts in error.message_dict.items()})
