"""What was invoiced month by month, and what is to come: drawn, then told in a table."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import billing_required
from billing.models import Seller
from billing.money import ZERO
from billing.revenue import revenue as months_of
from console.billing_desk.plot import HEIGHT, LEFT, WIDTH, plot_of


@billing_required
@require_safe
def revenue(request: HttpRequest) -> HttpResponse:
    """A year before today, and one after, before tax."""
    seller, today = Seller.objects.order_by("pk").last(), timezone.localdate()
    if seller is None or not seller.regimes.filter(starts_on__lte=today).exists():
        return render(request, "console/billing/revenue.html", {"months": [], "plot": None})
    months = months_of(seller, today)
    context = {
        "months": months,
        "plot": plot_of(months),
        "invoiced": sum((one.invoiced for one in months), ZERO),
        "expected": sum((one.expected for one in months), ZERO),
        "this_month": today.replace(day=1),
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
    }
    return render(request, "console/billing/revenue.html", context)
