"""Palier's support, as the town sees it: who came in, why, until when, what they read; and an end to it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.access import changes_nothing
from aid.desk import access
from aid.desk.views.frame import desk_screen, page_of, query_without_page, show
from aid.privacy.services import accesses_by
from aid.support.access import access_by
from aid.support.ending import end


@desk_screen("see_support")
@require_safe
def support_accesses(request: HttpRequest) -> HttpResponse:
    """Every access, the last first."""
    context = {"page": page_of(request, access.support_accesses()), "query": query_without_page(request)}
    return show(request, "aid/desk/support_accesses.html", context, section="support")


@desk_screen("see_support")
@require_safe
def support_access(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One access, and each card that was read or changed by it."""
    shown = access.support_access_of(uid)
    lines = accesses_by(shown.account)
    context = {"shown": shown, "page": page_of(request, lines), "query": query_without_page(request)}
    return show(request, "aid/desk/support_access.html", context, section="support")


@desk_screen("end_support")
@require_POST
@changes_nothing
def end_support(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Shut an access at once."""
    shown = access.support_access_of(uid)
    ends_itself = access_by(request.user) == shown
    end(shown, by_account=None if ends_itself else request.user)
    if ends_itself:
        return redirect("/")
    messages.success(request, "C’est fait : cette assistance est terminée.")
    return redirect("desk:support_accesses")
