"""The outbox of a demonstration, and the address where a gateway tells what people answer."""

import json
from collections.abc import Callable, Mapping
from functools import wraps

from django.conf import settings
from django.contrib import messages as notices
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from accounts.demonstration import digits_shown
from aid.notifications.forms import ReplyForm
from aid.notifications.models import Message
from aid.notifications.services import receive_reply
from aid.people.enums import Channel
from aid.people.models import Person

A_PAGE = 20
View = Callable[..., HttpResponse]


def demonstration_only(view: View) -> View:
    """Answer 404 where messages really leave: then they are nobody's to read."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not settings.OUTBOX:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@never_cache
@demonstration_only
def outbox(request: HttpRequest) -> HttpResponse:
    """Every SMS and e-mail of the town, the last first; `?personne=12` shows those of one person."""
    sent = Message.objects.sent().with_readers()
    person = _person(request.GET.get("personne", ""))
    if person is not None:
        sent = sent.filter(person=person)
    page = Paginator(sent, A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "person": person, "form": ReplyForm()}
    context["shown"] = [] if person else digits_shown()
    return render(request, "aid/notifications/outbox.html", context)


@never_cache
@demonstration_only
def reply(request: HttpRequest, number: int) -> HttpResponse:
    """Answer an SMS in its reader's place."""
    message = get_object_or_404(Message.objects.sent().with_readers(), pk=number, channel=Channel.SMS)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        receive_reply(sender=message.recipient, text=form.cleaned_data["text"])
        notices.success(request, "Votre réponse est arrivée. S’il y a une suite, rechargez la page dans un instant.")
        mine = f"?personne={message.person_id}" if message.person_id else ""
        return redirect(f"{reverse('notifications:outbox')}{mine}")
    return render(request, "aid/notifications/reply.html", {"message": message, "form": form})


def _person(number: str) -> Person | None:
    return Person.objects.filter(pk=number).first() if number.isascii() and number.isdigit() else None


@csrf_exempt
def receive_sms(request: HttpRequest) -> HttpResponse:
    """Take in an SMS that the gateway of the installation tells. 404 to whoever has not its secret."""
    known = settings.SMS_REPLIES
    given = request.headers.get(known["secret_header"], "")
    if request.method != "POST" or not known["secret"] or not constant_time_compare(given, known["secret"]):
        raise Http404
    try:
        told = _fields(request)
        receive_reply(**{ours: str(told[theirs]) for ours, theirs in known["names"].items()})
    except (KeyError, ValueError, ValidationError):
        return HttpResponseBadRequest()
    return HttpResponse(status=204)


def _fields(request: HttpRequest) -> Mapping[str, object]:
    """What was posted, as JSON or as a form. Raises ValueError for what is neither."""
    if request.content_type != "application/json":
        return request.POST
    told = json.loads(request.body)
    if not isinstance(told, dict):
        raise ValueError("not an object")
    return told
