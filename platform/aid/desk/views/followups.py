"""What must be done, and what came of it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from aid.desk import access, lists
from aid.desk.calling import with_whom_to_call
from aid.desk.forms.gestures import OutcomeForm
from aid.desk.subjects import CLOSED_ON_THEIR_PAGE, PAGES, STEPS
from aid.desk.views.frame import counted, desk_screen, page_of, query_without_page, show
from aid.followups.enums import FollowUpKind
from aid.followups.services import finish
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_reading

DONE = "faites"


@desk_screen("open_desk")
@require_safe
def followups(request: HttpRequest) -> HttpResponse:
    """Follow-ups to do, or done, by kind."""
    kind, state = request.GET.get("nature", ""), request.GET.get("etat", "")
    wanted = FollowUpKind(kind) if kind in FollowUpKind.values else None
    found = lists.followups(request.user, kind=wanted, is_done=state == DONE)
    context = {
        "page": (page := page_of(request, found)),
        "lines": with_whom_to_call(page.object_list),
        "caption": counted(page, "suite"),
        "query": query_without_page(request),
        "kinds": FollowUpKind.choices,
        "chosen": {"nature": kind, "etat": state},
        "states": [(DONE, "Faites")],
    }
    return show(request, "aid/desk/followups.html", context, section="followups")


@desk_screen("open_desk")
@require_http_methods(["GET", "HEAD", "POST"])
def followup(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What to say, whom to call; then what happened. Done once: a second time changes nothing."""
    shown = access.followup_of(request.user, uid)
    if shown.subject_kind in CLOSED_ON_THEIR_PAGE and (page := access.subject_url_for(request.user, shown)):
        return redirect(page)
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    may_close = access.may_close(request.user, shown)
    if request.method == "POST" and not may_close:
        raise Http404
    if request.method == "POST" and form.is_valid():
        if shown.done_at is None:
            finish(shown, by_account=request.user, outcome=form.cleaned_data["outcome"])
        messages.success(request, "C’est noté comme fait.")
        return redirect("desk:board")
    if shown.person is not None:
        note_reading(shown.person, screen=SeenOn.FOLLOWUP, by_account=request.user)
    context = {
        "shown": with_whom_to_call([shown])[0],
        "form": form,
        "may_close": may_close,
        "subject_url": access.subject_url_for(request.user, shown),
        "subject_label": PAGES[shown.subject_kind].label if shown.subject_kind else STEPS,
    }
    return show(request, "aid/desk/followup.html", context, section="followups")
