"""Who sells, with its VAT by date; who buys, with what its invoices must bear and who to write to."""

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import billing_required
from billing import parties
from billing.models import Buyer, FinanceContact, Seller, SellerRegime
from console.billing_desk.common import address, attempt, draw_form
from console.billing_desk.party_forms import BuyerForm, ContactForm, RegimeForm, SearchForm, SellerForm
from console.screens.common import page_of

ADD, REMOVE = "ajouter", "retirer"
# An establishment is found by the digits of its SIRET too.
FEWEST_DIGITS = 3


@billing_required
@require_safe
def sellers(request: HttpRequest) -> HttpResponse:
    """Who sells: one, unless the operator has changed."""
    return render(request, "console/billing/sellers.html", {"sellers": Seller.objects.order_by("name", "pk")})


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_seller(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The particulars of a seller, new or changed: documents that were issued keep theirs."""
    seller = get_object_or_404(Seller, pk=pk) if pk else None
    form = SellerForm(request.POST or None, instance=seller)
    if form.is_valid() and (kept := _keep(request, form)) is not None:
        return redirect("console:seller", pk=kept.pk)
    return draw_form(
        request,
        form,
        title=f"Modifier {seller.name}" if seller else "Un nouveau vendeur",
        lead="La loi demande tout cela sur une facture.",
        submit="Enregistrer",
        back=address("seller", seller.pk) if seller else address("sellers"),
    )


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def seller(request: HttpRequest, pk: int) -> HttpResponse:
    """A seller and its VAT by date; a regime is added."""
    shown = get_object_or_404(Seller, pk=pk)
    form = RegimeForm(request.POST or None, instance=SellerRegime(seller=shown))
    by = request.user.signature
    if form.is_valid() and attempt(form, lambda: parties.add_regime(form.instance, by=by)) is not None:
        messages.success(request, "Ce régime de TVA est noté. Il vaudra jusqu’au suivant.")
        return redirect("console:seller", pk=pk)
    regimes = list(shown.regimes.all())
    today = timezone.localdate()
    running = [one.pk for one in regimes if one.starts_on <= today][-1:]
    context = {
        "seller": shown,
        "regimes": regimes[::-1],
        "running": running[0] if running else None,
        "form": form,
        "steps": shown.steps.order_by("-pk"),
    }
    return render(request, "console/billing/seller.html", context)


@billing_required
@require_safe
def buyers(request: HttpRequest) -> HttpResponse:
    """Who buys, found by name, town or SIRET."""
    form = SearchForm(request.GET)
    typed = form.cleaned_data["q"].strip() if form.is_valid() else ""
    rows = _found(typed).annotate(contracts_count=Count("contracts", distinct=True)).prefetch_related("contacts")
    page = page_of(request, rows.order_by("name", "pk"))
    return render(request, "console/billing/buyers.html", {"form": form, "page": page, "typed": typed})


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_buyer(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The particulars of a buyer, new or changed."""
    shown = get_object_or_404(Buyer, pk=pk) if pk else None
    form = BuyerForm(request.POST or None, instance=shown)
    if form.is_valid() and (kept := _keep(request, form)) is not None:
        return redirect("console:buyer", pk=kept.pk)
    return draw_form(
        request,
        form,
        title=f"Modifier {shown.name}" if shown else "Un nouvel acheteur",
        submit="Enregistrer",
        back=address("buyer", shown.pk) if shown else address("buyers"),
    )


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def buyer(request: HttpRequest, pk: int) -> HttpResponse:
    """A buyer, its contracts, and its people of finance, who are added and taken away."""
    shown = get_object_or_404(Buyer, pk=pk)
    gesture = request.POST.get("geste", "")
    form = ContactForm(request.POST if gesture == ADD else None, instance=FinanceContact(buyer=shown))
    by = request.user.signature
    if gesture == ADD and form.is_valid() and attempt(form, lambda: parties.add_contact(form.instance, by=by)):
        messages.success(request, "Ce contact recevra les e-mails des factures.")
        return redirect("console:buyer", pk=pk)
    if gesture == REMOVE:
        number = request.POST.get("contact", "")
        # Taken away by the same button pressed twice, most often: it is told the same.
        for contact in shown.contacts.filter(pk=number if number.isdecimal() else 0):
            parties.remove_contact(contact, by=by)
        messages.success(request, "Ce contact ne recevra plus rien.")
        return redirect("console:buyer", pk=pk)
    context = {
        "buyer": shown,
        "form": form,
        "contacts": shown.contacts.order_by("pk"),
        "contracts": shown.contracts.select_related("town").order_by("-begins_on", "-pk"),
        "steps": shown.steps.order_by("-pk"),
    }
    return render(request, "console/billing/buyer.html", context)


def _keep(request: HttpRequest, form: SellerForm | BuyerForm) -> Seller | Buyer | None:
    kept = attempt(form, lambda: parties.keep(form.instance, by=request.user.signature))
    if kept is not None:
        messages.success(request, "C’est enregistré. Les documents déjà émis gardent ce qu’ils disaient.")
    return kept


def _found(typed: str) -> QuerySet[Buyer]:
    digits = "".join(typed.split())
    named = Q()
    for word in typed.split():
        named &= Q(name__icontains=word) | Q(city__icontains=word)
    if digits.isdecimal() and len(digits) >= FEWEST_DIGITS:
        named |= Q(siret__startswith=digits)
    return Buyer.objects.filter(named)
