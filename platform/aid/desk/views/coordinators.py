"""Who coordinates which sectors."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.roles import COORDINATORS, accounts_in
from aid.desk.forms.coordinators import SectorsForm
from aid.desk.views.frame import desk_screen, show
from aid.territory.models import Sector
from aid.territory.services import bind_coordinator


@desk_screen("bind_coordinators")
@require_http_methods(["GET", "HEAD", "POST"])
def coordinators(request: HttpRequest) -> HttpResponse:
    """Every coordinator with the town's sectors to tick; how to add either where there is none."""
    known, sectors = list(accounts_in(COORDINATORS).prefetch_related("sectors")), list(Sector.objects.all())
    form = SectorsForm(request.POST if request.method == "POST" else None, coordinators=known, sectors=sectors)
    if form.is_valid():
        for account, chosen in form.chosen():
            bind_coordinator(account, sectors=chosen, by_account=request.user)
        messages.success(request, "C’est enregistré.")
        return redirect("desk:coordinators")
    context = {"form": form, "has_coordinators": bool(known), "has_sectors": bool(sectors)}
    return show(request, "aid/desk/coordinators.html", context, section="coordinators")
