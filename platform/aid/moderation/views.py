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
    context = {"form": form, "subject": subject, "back": subject.back(number), "limit": limit}
    return render(request, "aid/moderation/report.html", context, status=status)


@never_cache
@require_safe
def thanks(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """It is received, and what happens now."""
    subject, number = access.subject_at(kind, token)
    may_block = subject.author_of(number) is not None and access.reporter_of(request.user) is not None
    context = {
        "back": subject.back(number),
        "block_url": reverse("personal:block", args=(kind, token)) if may_block else "",
    }
    return render(request, "aid/moderation/thanks.html", context)
