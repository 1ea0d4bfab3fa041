"""The page of a need that comes again, by the link of one of its days: skip one, end it. Only for a proved number."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from aid.help_requests import series as recurring
from aid.help_requests.access import request_of_link
from aid.help_requests.enums import SeriesState
from aid.help_requests.models import HelpSeries
from aid.help_requests.repeat_forms import SkipForm
from aid.help_requests.transitions import NotAllowedError
from core.link_pages import behind_a_link

Skip = Callable[[HelpSeries, date], object]
End = Callable[[HelpSeries], object]
END = "arreter"


@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def series(request: HttpRequest, token: str) -> HttpResponse:
    """Its days to come; a POST skips one, or ends it."""
    shown, is_proved = request_of_link(token)
    if not is_proved or shown.series is None:
        raise Http404
    her = shown.person
    return page(
        request,
        shown.series,
        back=reverse("help_requests:follow", args=[token]),
        skip=lambda known, day: recurring.skip(known, day, by_person=her),
        end=lambda known: recurring.end(known, by_person=her),
    )


def page(request: HttpRequest, known: HelpSeries, *, back: str, skip: Skip, end: End, **context: Any) -> HttpResponse:
    """The page itself, for « mon espace » too; `back` is where the request is followed."""
    form = SkipForm(request.POST if request.method == "POST" and END not in request.POST else None)
    try:
        if request.method == "POST" and END in request.POST:
            end(known)
            return redirect(back)
        if form.is_valid():
            skip(known, form.cleaned_data["day"])
            return redirect(request.path)
    except NotAllowedError:
        # It was ended meanwhile: the page says where it stands.
        return redirect(request.path)
    except ValidationError as error:
        form.add_error(None, error)
    known = HelpSeries.objects.with_page_related_data().get(pk=known.pk)
    context |= {
        "series": known,
        "occurrences": recurring.occurrences(known),
        "is_over": known.state == SeriesState.ENDED,
        "back": back,
        "form": form,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "aid/help_requests/series.html", context, status=status)
