"""The suspension of a town: asked, confirmed by somebody else, given up, ended."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import operator_required
from accounts.models import Account
from console import suspending
from console.enums import SuspensionState
from console.screens.common import any_town, refuse
from console.town_forms import SuspensionForm, WordsForm
from tenants.enums import TownState
from tenants.models import Town

ASK, CONFIRM, DROP, RESUME = "demander", "confirmer", "abandonner", "rouvrir"
SAID = {
    ASK: "La suspension est demandée. Une autre personne de l’équipe doit la confirmer.",
    CONFIRM: "La ville est suspendue. Son site montre son téléphone, et rien d’autre.",
    DROP: "La suspension est abandonnée. Rien n’a changé pour la ville.",
    RESUME: "La ville est rouverte. Son site répond de nouveau.",
}


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def suspension(request: HttpRequest, schema: str) -> HttpResponse:
    """What may be done of a town's suspension, as it stands and by this operator."""
    town = any_town(schema)
    gesture = request.POST.get("geste", "")
    form = SuspensionForm(request.POST if gesture == ASK else None)
    ending = WordsForm(request.POST if gesture in {DROP, RESUME} else None, prefix="fin")
    refused = ""
    if gesture in {CONFIRM, DROP} and suspending.open_suspension(town) is None:
        # What is answered twice has nothing to wait for any more.
        messages.info(request, f"Rien n’attend de réponse : {town.name} est {TownState(town.state).label}.")
        return redirect("console:town", schema=schema)
    if gesture in SAID:
        sent = {ASK: form, CONFIRM: Form({})}.get(gesture, ending)
        if sent.is_valid():
            try:
                _do(gesture, town, sent, request.user)
            except (ValidationError, suspending.NotAllowedError) as error:
                refuse(sent, error)
                refused = " ".join(sent.non_field_errors()) if gesture == CONFIRM else ""
            else:
                messages.success(request, SAID[gesture])
                return redirect("console:town", schema=schema)
    standing = suspending.open_suspension(town)
    context = {
        "town": town,
        "suspension": standing,
        "is_waiting": standing is not None and standing.state == SuspensionState.ASKED,
        "is_mine": standing is not None and standing.asked_by_id == request.user.pk,
        "is_suspended": town.state == TownState.SUSPENDED,
        "may_be_suspended": suspending.may_be_suspended(town),
        "form": form,
        "ending": ending,
        "refused": refused,
    }
    return render(request, "console/suspension.html", context)


def _do(gesture: str, town: Town, form: Form, by: Account) -> None:
    """Do it. Raises as the service does."""
    if gesture == ASK:
        suspending.ask(town, reason=form.cleaned_data["reason"], words=form.cleaned_data["words"], by=by)
        return
    if gesture == RESUME:
        suspending.resume(town, words=form.cleaned_data["words"], by=by)
        return
    standing = suspending.open_suspension(town)
    if standing is None:
        raise suspending.NotAllowedError("Cette suspension vient d’être abandonnée.")
    if gesture == CONFIRM:
        suspending.confirm(standing, by=by)
    else:
        suspending.drop(standing, words=form.cleaned_data["words"], by=by)
