"""« Qui peut m’aider près de chez moi ? »: the list first, then the map; writing to one; one's messages."""

import contextlib
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.limits import address_of
from aid.configuration.enums import Mode
from aid.help_requests.enums import LOOKING
from aid.help_requests.journey import Journey
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import LimitReachedError
from aid.help_requests.texts import AGREEMENT, follow_path
from aid.help_requests.times import when_words
from aid.help_requests.transitions import NotAllowedError
from aid.moderation.services import masked
from aid.nearby import access, services
from aid.nearby.forms import FirstMessageForm, MessageForm
from aid.nearby.searching import Search, how_far, known, still_to_write_to
from aid.people.models import Person
from aid.profiles.models import Profile
from aid.profiles.readers import liked_by_reader
from aid.profiles.services import presented, shown_name
from aid.proposals.direct import write_to
from aid.proposals.enums import Outcome
from aid.proposals.models import Proposal
from aid.proposals.modes import change_mode
from aid.territory.models import CoveredCommune, District
from aid.territory.services import map_of_territory
from core.link_pages import behind_a_link
from themes.maps import allow_tiles

A_PAGE = 24
NOINDEX = "noindex, nofollow"
MESSAGE = "message"
SENT = "envoye"
# What becomes of a message, as who wrote it reads it.
NEWS = {
    Outcome.TO_ANSWER: "Votre message est parti. Nous attendons sa réponse.",
    Outcome.DECLINED: "Ne peut pas cette fois.",
    Outcome.WITHDREW: "Ne peut finalement pas venir.",
    Outcome.NOT_CHOSEN: "N’a plus de place.",
    Outcome.ACCEPTED: "A dit oui.",
}
HELD = "Un agent lit votre message avant de le transmettre."
ANSWERED = "Vous a écrit quelques mots. Nous attendons son oui ou son non."
NOT_NOW = "Ne peut pas répondre en ce moment."


@never_cache  # who leaves, or is suspended, is gone at once
@require_safe
def neighbours(request: HttpRequest) -> HttpResponse:
    """How many may help in each district, then those who agreed to be shown, for a kind of help and from a place."""
    reader, liked = liked_by_reader(request)
    access.check_kinds()
    search = Search(request.GET, reader)
    context: dict[str, Any] = {"search": search, "counts": [], "cards": [], "map": None}
    if search.kind is not None:
        page = Paginator(search.neighbours().with_page_related_data(), A_PAGE).get_page(request.GET.get("page"))
        counts = search.counts()
        has_points = any(one.point for one in counts)
        context |= {
            "counts": counts,
            "page": page,
            "query": _query_without_page(request),
            "cards": _cards(page, liked, search.place, reader),
            "map": map_of_territory("Carte des voisins, quartier par quartier", search.communes)
            if has_points
            else None,
        }
    answer = render(request, "aid/nearby/neighbours.html", context)
    answer["X-Robots-Tag"] = NOINDEX
    return allow_tiles(answer, context["map"] and context["map"].tiles)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write to one of them: what, when, where, a few words; and who asks, unless they have signed in."""
    if request.mandate is not None:
        raise Http404
    reader, _ = liked_by_reader(request)
    profile, kinds = access.neighbour_of(uid, reader)
    writer = known(reader)
    journey = Journey(request.session)
    message_form = FirstMessageForm if writer is None else MessageForm
    status, limit = HTTPStatus.OK, ""
    if request.method == "POST":
        if journey.is_sent:
            return redirect(_after(journey, writer))
        journey.keep(MESSAGE, {})
        form = message_form(request.POST, kinds=kinds)
        if form.is_valid():
            try:
                _send(request, journey, profile, form, writer)
            except LimitReachedError as error:
                limit, status = str(error), HTTPStatus.TOO_MANY_REQUESTS
            except (ValidationError, NotAllowedError) as error:
                form.add_error(None, ValidationError(getattr(error, "messages", [str(error)])))
            else:
                return redirect(_after(journey, writer))
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else status
    else:
        journey.keep(MESSAGE, {})
        form = message_form(kinds=kinds, initial=_initial(request, reader, kinds))
    context = {
        "form": form,
        "name": shown_name(profile.person),
        "uid": uid,
        "is_known": writer is not None,
        "agreement": AGREEMENT,
        "limit": limit,
    }
    return render(request, "aid/nearby/write.html", context, status=status)


@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def messages(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody wrote to neighbours and what they answered; a POST writes the same to one more."""
    asked = access.messages_of(token)
    sent = services.written(asked)
    # What was written stays to be read where the town looks for somebody meanwhile.
    if asked.state not in LOOKING or not (asked.mode == Mode.DIRECT or sent.exists()):
        return redirect("help_requests:follow", token)
    told, status = "", HTTPStatus.OK
    others = still_to_write_to(asked)
    if request.method == "POST":
        chosen = others.filter(uid=_uuid(request.POST.get("voisin", ""))).first()
        if chosen is None:
            raise Http404
        try:
            write_to(asked, chosen.person.volunteer)
        except LimitReachedError as error:
            told, status = str(error), HTTPStatus.TOO_MANY_REQUESTS
        except (ValidationError, NotAllowedError) as error:
            told = " ".join(getattr(error, "messages", [str(error)]))
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            return redirect(f"{reverse('nearby:messages', args=[token])}?{SENT}")
    page = Paginator(others, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "may_write": asked.mode == Mode.DIRECT,
        "when": when_words(asked.day, asked.hour, asked.moment),
        "sent": [(one.volunteer.person.first_name, _news(one), masked(one.words_back)) for one in sent],
        "page": page,
        "query": "",
        "cards": _cards(page, set(), asked.district or asked.commune, None),
        "told": told,
        "is_sent": SENT in request.GET,
        "follow_url": reverse("help_requests:follow", args=[token]),
    }
    return render(request, "aid/nearby/messages.html", context, status=status)


@behind_a_link
@require_POST
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Have the town look for somebody instead. Who was written to may still answer."""
    asked = access.messages_of(token)
    if asked.mode == Mode.DIRECT:
        # Over meanwhile, the page that follows says so.
        with contextlib.suppress(NotAllowedError):
            change_mode(asked, Mode.COORDINATOR, by_person=asked.person)
    return redirect("help_requests:follow", token)


def _send(
    request: HttpRequest,
    journey: Journey,
    profile: Profile,
    form: MessageForm | FirstMessageForm,
    writer: Person | None,
) -> None:
    who = {} if writer else form.who() | {"internet_address": address_of(request)}
    services.write(
        profile.person.volunteer,
        need=form.wanted(),
        uid=journey.uid,
        by_person=writer,
        **who,
    )
    journey.send()


def _after(journey: Journey, writer: Person | None) -> str:
    """Where who has sent a message goes, once or twice: to their request; who is not known, to the code."""
    sent = HelpRequest.objects.filter(uid=journey.uid, person=writer).first() if writer else None
    return follow_path(sent) if sent else reverse("help_requests:code")


def _initial(request: HttpRequest, reader: Person | None, kinds: list[Any]) -> dict[str, Any]:
    """What is known beforehand: the help that was looked for, and who has signed in."""
    wanted = request.GET.get("aide", "")
    chosen = wanted if wanted in {kind.slug for kind in kinds} else (kinds[0].slug if len(kinds) == 1 else "")
    about = {"kind": chosen}
    if reader is None:
        return about
    lives = {"commune": reader.commune_id, "district": reader.district_id, "address": reader.address}
    return about | lives | {"first_name": reader.first_name, "last_name": reader.last_name, "phone": reader.phone}


def _cards(page: Any, liked: set[int], here: CoveredCommune | District | None, reader: Person | None) -> list[Any]:
    """Each neighbour of a page: what leads to them, how they are presented, how far they are."""
    return [
        (one.uid, presented(one, liked=liked, is_reader=one.person == reader), how_far(here, one.person))
        for one in page
    ]


def _news(proposal: Proposal) -> str:
    if proposal.is_held:
        return HELD
    if proposal.words_back and proposal.outcome is Outcome.TO_ANSWER:
        return ANSWERED
    return NEWS.get(proposal.outcome, NOT_NOW)


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _query_without_page(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()
