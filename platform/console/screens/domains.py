"""The addresses of a town: added, made the first, taken away."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import operator_required
from accounts.models import Account
from console.acts import note
from console.enums import ActKind
from console.screens.common import any_town, refuse
from console.town_forms import DomainForm
from tenants import domains as services
from tenants.addresses import url_at
from tenants.models import Domain, Town

ADD, FIRST, REMOVE = "ajouter", "choisir", "retirer"
SAID = {
    ADD: "La ville répond aussi à cette adresse.",
    FIRST: "C’est maintenant l’adresse principale. L’ancienne répond toujours.",
    REMOVE: "La ville ne répond plus à cette adresse.",
}


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def domains(request: HttpRequest, schema: str) -> HttpResponse:
    """The host names of a town, and what may be done with each."""
    town = any_town(schema)
    gesture = request.POST.get("geste", "")
    form = DomainForm(request.POST if gesture == ADD else None)
    refused = ""
    if gesture in SAID and (gesture != ADD or form.is_valid()):
        try:
            _do(gesture, town, request, form)
        except ValidationError as error:
            if gesture == ADD:
                refuse(form, ValidationError({"domain": error.messages}))
            refused = "" if gesture == ADD else " ".join(error.messages)
        else:
            messages.success(request, SAID[gesture])
            return redirect("console:domains", schema=schema)
    listed = [(one, url_at(one.domain)) for one in town.domains.order_by("-is_primary", "domain")]
    context = {"town": town, "domains": listed, "form": form, "refused": refused}
    return render(request, "console/domains.html", context)


@transaction.atomic
def _do(gesture: str, town: Town, request: HttpRequest, form: DomainForm) -> None:
    by: Account = request.user
    if gesture == ADD:
        added = services.add_domain(town, form.cleaned_data["domain"])
        note(town, ActKind.DOMAIN_ADDED, by=by, words=added.domain)
        return
    number = request.POST.get("adresse", "")
    domain = Domain.objects.filter(pk=number, tenant=town).first() if number.isdecimal() else None
    if domain is None:
        # Taken away by the same button pressed twice, most often.
        raise ValidationError(services.GONE)
    if gesture == FIRST:
        services.make_primary(town, domain)
        note(town, ActKind.DOMAIN_PRIMARY, by=by, words=domain.domain)
    else:
        services.remove_domain(town, domain)
        note(town, ActKind.DOMAIN_REMOVED, by=by, words=domain.domain)
