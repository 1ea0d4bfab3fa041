"""A whole year at once: its counts, then its invoices; asked of a worker, and followed by reading the page again."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import billing_required
from billing.count_states import state_of
from billing.enums import CountState, PriceBasis, RunOutcome
from billing.models import CountSnapshot, Run, RunItem
from billing.money import ZERO
from billing.yearly import Planned, contracts_of, left_of, period_starting_in, plan
from billing.yearly_counts import counts_of, to_count
from console.billing_desk import jobs
from console.billing_desk.common import address
from console.billing_desk.document_forms import SellerChoice, only_seller
from console.billing_desk.fields import Form
from console.screens.common import page_of

COUNT, APPROVE, LAUNCH = "compter", "approuver", "lancer"
SOON = 92  # days: a year is prepared in the last months of the one before
TO_COUNT = "to_count"
READY, MISSING, ISSUED, MOVED = "pretes", "incompletes", "emises", "changees"
PARTS = (
    (READY, "Prêtes à facturer"),
    (MISSING, "Il manque quelque chose"),
    (ISSUED, "Déjà facturées"),
    (MOVED, "Dont le montant change"),
)


def years_offered() -> range:
    """The years that are counted and billed here: near today, so that their days exist."""
    today = timezone.localdate()
    return range(today.year - 3, today.year + 3)


class YearForm(forms.Form):
    """Which year, and which part of it. What is not understood narrows nothing."""

    annee = forms.TypedChoiceField(label="Année", required=False, coerce=int)
    montrer = forms.ChoiceField(label="Montrer", required=False)

    def __init__(self, parts: Sequence[tuple[str, str]], typed: QueryDict) -> None:
        self.default = (timezone.localdate() + timedelta(days=SOON)).year
        super().__init__({"annee": str(self.default)} | typed.dict())
        self.fields["annee"].choices = [(one, str(one)) for one in years_offered()]
        self.fields["montrer"].choices = [("", "Tout"), *parts]

    @property
    def year(self) -> int:
        """The one that is asked for, or the one that is being prepared."""
        return (self.cleaned_data.get("annee") if self.is_valid() else None) or self.default

    @property
    def part(self) -> str:
        """What is shown of it."""
        return self.cleaned_data.get("montrer", "") if self.is_valid() else ""


class LaunchForm(Form):
    """Who issues the invoices of a year."""

    seller = SellerChoice()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if one := only_seller():
            self.fields["seller"].initial = one.pk


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def counts(request: HttpRequest) -> HttpResponse:
    """The counts of a year, contract by contract; all made, or all approved, by a worker."""
    form = YearForm([(TO_COUNT, "À compter"), *CountState.choices], request.GET)
    year, now = form.year, timezone.now()
    tasks = {COUNT: jobs.count_year, APPROVE: jobs.approve_year}
    if request.method == "POST":
        task = tasks.get(request.POST.get("geste", ""))
        if task is not None:
            asked = jobs.ask(task, year=year, account=request.user.pk)
            messages.success(request, "C’est demandé." if asked else "C’est déjà demandé.")
        return redirect(f"{address('counts')}?annee={year}")
    lines = [(one, found, _state(found, now)) for one, found in counts_of(year)]
    told = Counter(state for *_, state in lines)
    uncounted = [one for one, found, _ in lines if found is None]
    kept = [line for line in lines if not form.part or line[2] == form.part]
    context = {
        "form": form,
        "year": year,
        "page": page_of(request, kept),
        "count": len(lines),
        "told": {name: told[name] for name in (TO_COUNT, *CountState.values)},
        "countable": sum(one.may_be_made(timezone.localdate(now)) for one in uncounted),
        "by_hand": sum(one.is_by_hand for one in uncounted),
        "is_counting": jobs.is_under_way(jobs.count_year, year=year),
        "is_approving": jobs.is_under_way(jobs.approve_year, year=year),
    }
    return render(request, "console/billing/counts.html", context)


@billing_required
@require_http_methods(["GET", "HEAD"])
def year_plan(request: HttpRequest) -> HttpResponse:
    """What every contract owes for a year, what it owed before, why that moved, what is missing; nothing is written."""
    form = YearForm(PARTS, request.GET)
    year = form.year
    if jobs.is_under_way(jobs.bill_year, year=year):
        return redirect("console:run", year=year)
    lines = list(plan(year))
    context = {
        "form": form,
        "year": year,
        "page": page_of(request, [one for one in lines if _is_in(one, form.part)]),
        "count": len(lines),
        "told": {name: sum(_is_in(one, name) for one in lines) for name, _ in PARTS},
        "totals": [
            (basis.label, sum((one.amount or ZERO for one in lines if one.contract.price_basis == basis), ZERO))
            for basis in PriceBasis
        ],
        "unreckoned": sum(one.amount is None for one in lines),
        "uncounted": sum(1 for _ in to_count(year)),
        "last_run": Run.objects.filter(year=year).first(),
    }
    return render(request, "console/billing/year.html", context)


@billing_required
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: HttpRequest, year: int) -> HttpResponse:
    """The yearly run: launched once its reader knows what it will do; then how far it is, and what it could not do."""
    if year not in years_offered():
        raise Http404
    form = LaunchForm(request.POST or None)
    if form.is_valid():
        seller = form.cleaned_data["seller"].pk
        asked = jobs.ask(jobs.bill_year, year=year, seller=seller, account=request.user.pk)
        messages.success(request, "Le passage est demandé." if asked else "Il est déjà demandé.")
        return redirect("console:run", year=year)
    last = Run.objects.filter(year=year).first()
    is_under_way = jobs.is_under_way(jobs.bill_year, year=year)
    # Asked for, it waits for a worker; the last one is then another.
    has_begun = is_under_way and last is not None and last.ended_at is None
    items = last.items.all() if last else RunItem.objects.none()
    refused = items.filter(outcome=RunOutcome.REFUSED).select_related("contract__buyer")
    context = {
        "year": year,
        "form": form,
        "run": last,
        "is_under_way": is_under_way,
        "is_interrupted": last is not None and last.ended_at is None and not is_under_way,
        "done": items.count(),
        "to_do": items.count() + len(left_of(last, on=timezone.localdate())) if has_begun else 0,
        "issued": items.filter(outcome=RunOutcome.ISSUED).count(),
        "page": page_of(request, refused.order_by("contract__buyer__name", "pk")),
        "uncounted": sum(1 for _ in to_count(year)),
        "expected": sum(period_starting_in(one, year) is not None for one in contracts_of(year)),
    }
    return render(request, "console/billing/run.html", context)


def _state(found: CountSnapshot | None, now: datetime) -> str:
    return TO_COUNT if found is None else state_of(found, now=now).value


def _is_in(one: Planned, part: str) -> bool:
    """Whether a line belongs to a part of the table."""
    parts = {
        READY: not one.number and not one.missing and one.amount is not None,
        MISSING: not one.number and (bool(one.missing) or one.amount is None),
        ISSUED: bool(one.number),
        MOVED: bool(one.moved) and one.before is not None and one.amount != one.before,
    }
    return parts.get(part, True)
