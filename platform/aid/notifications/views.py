"""The outbox of a demonstration, the page of who wants no more e-mails, and where a gateway tells what comes back."""

import uuid
from collections.abc import Callable, Mapping
from functools import wraps

from django.conf import settings
from django.contrib import messages as notices
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.demonstration import digits_shown
from aid.notifications import unsubscribing
from aid.notifications.delivering import receive_receipt
from aid.notifications.enums import MessageState
from aid.notifications.forms import ReplyForm
from aid.notifications.models import Message
from aid.notifications.services import receive_reply
from aid.people.enums import Channel, Way
from aid.people.models import Person
from core.doors.inbound import NotOursError, told_by_gateway
from core.link_pages import behind_a_link

A_PAGE = 20
View = Callable[..., HttpResponse]
Hearing = Callable[[Mapping[str, object]], None]


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


@csrf_exempt
@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask; a POST wants no more of what the link is about. A mailbox posts it for its reader, with no page before.

    Looking changes nothing: some readers of e-mails open every link.
    """
    found = unsubscribing.reader_behind(token)
    if found is None:
        raise Http404
    person, purpose = found
    if request.method == "POST":
        unsubscribing.unsubscribe(person, purpose)
    context = {"what": purpose.label, "is_done": person.channels.get(purpose) == Way.NONE or request.method == "POST"}
    return render(request, "aid/notifications/unsubscribe.html", context)


def _person(number: str) -> Person | None:
    return Person.objects.filter(pk=number).first() if number.isascii() and number.isdigit() else None


def told(view: Hearing) -> View:
    """An address where only the gateway tells: 404 to anybody else, 400 for what nobody could understand."""

    @csrf_exempt
    @wraps(view)
    def heard(request: HttpRequest) -> HttpResponse:
        try:
            view(told_by_gateway(request))
        except NotOursError:
            raise Http404 from None
        except (KeyError, ValueError, ValidationError):
            return HttpResponseBadRequest()
        return HttpResponse(status=204)

    return heard


@told
def receive_sms(fields: Mapping[str, object]) -> None:
    """An SMS that somebody sent back."""
    names = settings.SMS_WEBHOOKS["replies"]
    receive_reply(**{ours: str(fields[theirs]) for ours, theirs in names.items()})


@told
def receive_state(fields: Mapping[str, object]) -> None:
    """What became of an SMS of ours, if it is news of its end."""
    known = settings.SMS_WEBHOOKS
    reference, word = (str(fields[known["receipts"][name]]) for name in ("reference", "state"))
    state = known["states"].get(word)
    if state is not None:
        receive_receipt(reference=uuid.UUID(reference), state=MessageState(state))
