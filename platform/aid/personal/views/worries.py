"""« Je m’inquiète pour quelqu’un »: those whom somebody helped lately, and what they told of them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from aid.help_requests.times import when_words
from aid.personal.views.frame import Here, personal_page
from aid.proposals.access import met_lately
from aid.worries.services import told_by
from aid.worries.views import telling

MOST_SHOWN = 30


@personal_page
@require_safe
def worries(request: HttpRequest, here: Here) -> HttpResponse:
    """Whom they helped in the last sixty days, the latest rendezvous with each; and where what they told stands."""
    met: dict[int, dict[str, str]] = {}
    for one in met_lately(here.person)[:MOST_SHOWN]:
        about = one.person.standing
        met.setdefault(
            about.pk,
            {
                "first_name": about.first_name,
                "when": f"{one.kind}, {when_words(one.day, one.hour, one.moment)}",
                "url": reverse("personal:worry", args=(one.uid,)),
            },
        )
    return render(request, "aid/personal/worries.html", {"met": list(met.values()), "told": told_by(here.person)})


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def worry(request: HttpRequest, here: Here, uid: UUID) -> HttpResponse:
    """Say it, of whom they met at one of these rendezvous."""
    asked = get_object_or_404(met_lately(here.person), uid=uid)
    return telling(request, person=asked.person, told_by=here.person, back=reverse("personal:worries"))
