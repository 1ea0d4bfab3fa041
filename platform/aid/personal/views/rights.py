"""What somebody asks of what is known of them: to be corrected, left in peace, forgotten; and thinking again."""

import contextlib
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from aid.personal.forms import RightForm
from aid.personal.views.frame import Here, personal_page
from aid.privacy import consents, rights
from aid.privacy.enums import Agreed, ConsentKind, RightKind, RightState, Via
from aid.privacy.models import RightsRequest
from aid.privacy.texts import BY_SLUG


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, here: Here, slug: str) -> HttpResponse:
    """Say what will happen, then keep what is asked. Twice is once."""
    right = BY_SLUG.get(slug)
    if right is None:
        raise Http404
    form = RightForm(request.POST if request.method == "POST" else None, right=right)
    if form.is_valid():
        try:
            rights.ask(person=here.person, kind=right.kind, via=Via.SITE, words=form.cleaned_data["words"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("personal:known")
    context = {"right": right, "form": form, "due_on": rights.due_date(timezone.localdate())}
    return render(request, "aid/personal/right.html", context)


@personal_page
@require_POST
def think_again(request: HttpRequest, here: Here, uid: UUID) -> HttpResponse:
    """Take back what was asked, or be written to again. Too late, nothing changes: the page says where it stands."""
    asked = get_object_or_404(RightsRequest, uid=uid, person=here.person)
    change = rights.lift if asked.kind == RightKind.OBJECT and asked.state == RightState.DONE else rights.withdraw
    with contextlib.suppress(rights.NotAllowedError):
        change(asked)
    return redirect("personal:known")


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_consent(request: HttpRequest, here: Here, kind: str) -> HttpResponse:
    """Say what will follow, then take an agreement back. One that is not given any more is not there."""
    given = next((one for one in consents.standing(here.person) if one.kind == kind and one.last.is_given), None)
    if given is None:
        raise Http404
    if request.method == "POST":
        with contextlib.suppress(consents.NotGivenError):
            consents.withdraw(here.person, kind=ConsentKind(kind), how=Agreed.ON_SCREEN)
        return redirect("personal:known")
    return render(request, "aid/personal/withdraw_consent.html", {"given": given})
