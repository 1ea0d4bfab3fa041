"""« Les mesures à votre égard »: what was decided, until when, and answering once."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from aid.moderation import sanctions, texts
from aid.moderation.enums import Via
from aid.personal.forms import AppealForm
from aid.personal.views.frame import Here, personal_page

NOTED = "C’est noté. Quelqu’un d’autre que la personne qui a décidé vous répondra."


@personal_page
@require_safe
def measures(request: HttpRequest, here: Here) -> HttpResponse:
    """All of them in plain words, the last first; nobody is named."""
    lines = [(one, texts.in_plain_words(one)) for one in sanctions.of(here.person)]
    return render(request, "aid/personal/measures.html", {"lines": lines, "name": here.name})


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, here: Here, uid: UUID) -> HttpResponse:
    """Say, once, why one does not agree."""
    shown = next((one for one in sanctions.of(here.person) if one.uid == uid), None)
    if shown is None:
        raise Http404
    form, status = AppealForm(request.POST if request.method == "POST" else None), HTTPStatus.OK
    if request.method != "POST" and not shown.may_be_appealed:
        return redirect("personal:measures")
    if form.is_valid():
        try:
            sanctions.appeal(shown, words=form.cleaned_data["words"], via=Via.SCREEN)
        except sanctions.NotAllowedError as error:
            messages.warning(request, f"Rien n’a changé. {error}")
            return redirect("personal:measures")
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, NOTED)
            return redirect("personal:measures")
    if form.errors:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {"shown": shown, "plain": texts.in_plain_words(shown), "form": form}
    return render(request, "aid/personal/appeal.html", context, status=status)
