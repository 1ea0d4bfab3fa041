"""Professionals: apart from neighbours, in colours of their own, and said to be paid."""

from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.limits import address_of
from aid.directory import access
from aid.directory.forms import ProposalForm
from aid.directory.moderating import PROFESSIONAL
from aid.directory.professionals import LimitReachedError, find, propose_online
from aid.directory.searching import LONGEST_QUERY, Wanted
from aid.territory.models import CoveredCommune

MOST_SHOWN = 100


@never_cache
@require_safe
def professionals(request: HttpRequest) -> HttpResponse:
    """Those whom an agent checked, by words and by commune."""
    title = access.check_professionals()
    wanted = Wanted(words=request.GET.get("q", "").strip()[:LONGEST_QUERY], commune=request.GET.get("commune", ""))
    communes = list(CoveredCommune.objects.all())
    found = find(wanted, communes=communes)
    context = {
        "section_title": title,
        "wanted": wanted,
        "communes": [(place.commune_id, str(place)) for place in communes],
        "found": found[:MOST_SHOWN],
        "count": len(found),
        "left_out": max(0, len(found) - MOST_SHOWN),
        "kind": PROFESSIONAL,
    }
    return render(request, "aid/directory/professionals.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """A business asks to be in it: an agent makes sure that it is open first."""
    title = access.check_professionals()
    form = ProposalForm(request.POST if request.method == "POST" else None)
    status, limit = HTTPStatus.OK, False
    if form.is_valid():
        try:
            propose_online(internet_address=address_of(request), **form.fields_of_professional())
        except LimitReachedError:
            status, limit = HTTPStatus.TOO_MANY_REQUESTS, True
        except ValidationError as error:
            form.add_errors(error)
        else:
            return redirect("directory:proposed")
    if form.errors:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {"section_title": title, "form": form, "limit": limit}
    return render(request, "aid/directory/propose.html", context, status=status)


@never_cache
@require_safe
def proposed(request: HttpRequest) -> HttpResponse:
    """What happens next. It says the same to whoever comes."""
    return render(request, "aid/directory/proposed.html", {"section_title": access.check_professionals()})
