"""Reporting a public text: a page for anybody, then thanks."""

from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.limits import address_of
from aid.moderation import access, services
from aid.moderation.enums import ReportReason
from aid.moderation.forms import ReportForm
from aid.moderation.subjects import Subject


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """Say what is not right, from a list and in a few words."""
    subject, number = access.subject_at(kind, token)
    form, status, limit = ReportForm(request.POST if request.method == "POST" else None), HTTPStatus.OK, ""
    if form.is_valid():
        try:
            services.report(
                subject=(kind, number),
                reason=ReportReason(form.cleaned_data["reason"]),
                words=form.cleaned_data["words"],
                reporter=access.reporter_of(request.user),
                address=address_of(request),
            )
        except services.NotThereError:
            raise Http404 from None
        except services.TooManyError as error:
            limit, status = str(error), HTTPStatus.TOO_MANY_REQUESTS
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect(reverse("moderation:thanks", args=(kind, token)))
    if form.errors:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {
        "form": form,
        "subject": subject,
        "back": subject.back(number),
        "limit": limit,
        "block_url": _block_url(request, subject, number, token),
    }
    return render(request, "aid/moderation/report.html", context, status=status)


@never_cache
@require_safe
def thanks(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """It is received, and what happens now."""
    subject, number = access.subject_at(kind, token)
    context = {"back": subject.back(number), "block_url": _block_url(request, subject, number, token)}
    return render(request, "aid/moderation/thanks.html", context)


def _block_url(request: HttpRequest, subject: Subject, number: int, token: str) -> str:
    """Where who is signed in says that they do not want to see the author any more; empty where there is none."""
    reader = access.reporter_of(request.user)
    may_block = reader is not None and subject.author_of(number) not in (None, reader)
    return reverse("personal:block", args=(subject.kind, token)) if may_block else ""
