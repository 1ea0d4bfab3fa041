"""Public texts to read: what waits, one of them, taking it in hand, deciding."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aid.desk import access, lists
from aid.desk.forms.moderation import DecisionForm
from aid.desk.views.entry import add_errors
from aid.desk.views.frame import counted, desk_screen, page_of, query_without_page, show
from aid.moderation import queue as moderation
from aid.moderation import services, subjects
from aid.moderation.enums import Outcome
from aid.moderation.models import Case

DONE = {
    Outcome.KEPT: "C’est décidé : ce texte reste.",
    Outcome.HIDDEN: "C’est décidé : ce texte est masqué.",
    Outcome.REMOVED: "C’est décidé : ce texte est retiré.",
}
AUTHOR_TOLD = "La personne est prévenue, ou elle est à appeler."
NOBODY_TOLD = "Personne n’est prévenu\u00a0: appelez. Une suite à donner vous le rappelle."


@desk_screen("moderate")
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the gravest first; or what was decided, the last first. Appeals that wait stand above."""
    is_closed = request.GET.get("etat") == "lus"
    page = page_of(request, lists.cases(request.user, is_closed=is_closed))
    now = timezone.now()
    lines = [(one, _label(one), one.holder(now)) for one in page.object_list]
    context = {
        "page": page,
        "lines": lines,
        "caption": counted(page, "texte"),
        "query": query_without_page(request),
        "states": [("lus", "Déjà lus")],
        "chosen": "lus" if is_closed else "",
        "appeals": lists.appeals(request.user),
    }
    return show(request, "aid/desk/moderation.html", context, section="moderation")


@desk_screen("moderate")
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One text: what it says, what was found or reported, what was done, what may be decided."""
    shown = access.case_of(request.user, uid)
    holder = shown.holder()
    form = DecisionForm(request.POST if request.method == "POST" else None, case=shown)
    if form.is_valid():
        try:
            decided = moderation.decide(shown, by_account=request.user, **form.decision())
        except moderation.NotAllowedError as error:
            messages.warning(request, f"Rien n’a changé. {error}")
            return redirect("desk:case", uid=uid)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _done(decided))
            return redirect("desk:case", uid=uid)
    reached = subjects.known(shown.subject_kind)
    text = reached.text_of(shown.subject_id) if reached else ""
    context = {
        "shown": shown,
        "label": _label(shown),
        "text": text,
        "masked": services.masked(text),
        "url": reached.url_of(shown.subject_id) if reached else "",
        "reports": list(shown.reports.select_related("reporter")),
        "acts": moderation.history_of(shown),
        "holder": holder,
        "is_mine": holder == request.user,
        "form": form if shown.is_open and holder in (None, request.user) else None,
    }
    return show(request, "aid/desk/case.html", context, section="moderation")


@desk_screen("moderate")
@require_POST
def take_case(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Have it for fifteen minutes; colleagues see who does."""
    return _gesture(request, uid, moderation.take, "Ce texte est à vous pour quinze minutes.")


@desk_screen("moderate")
@require_POST
def release_case(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Let colleagues have it."""
    return _gesture(request, uid, moderation.release, "C’est noté : un ou une collègue peut le lire.")


def _gesture(request: HttpRequest, uid: UUID, act: Callable[..., Case], told: str) -> HttpResponse:
    shown = access.case_of(request.user, uid)
    try:
        act(shown, by_account=request.user)
    except moderation.NotAllowedError as error:
        messages.warning(request, f"Rien n’a changé. {error}")
    else:
        messages.success(request, told)
    return redirect("desk:case", uid=uid)


def _done(decided: Case) -> str:
    outcome = Outcome(decided.outcome)
    if outcome == Outcome.KEPT:
        return DONE[outcome]
    return f"{DONE[outcome]} {AUTHOR_TOLD if decided.author else NOBODY_TOLD}"


def _label(shown: Case) -> str:
    reached = subjects.known(shown.subject_kind)
    return reached.label if reached else "texte"
