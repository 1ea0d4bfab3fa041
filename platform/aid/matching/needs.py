"""What volunteers are ranked for: a need, and what they did already."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from aid.configuration.models import KindOfHelp
from aid.help_requests.models import HelpRequest
from aid.offers.enums import Language, PartOfDay
from aid.offers.models import Offer
from aid.people.models import Person
from aid.profiles.models import Profile
from aid.territory.models import CoveredCommune, District
from core.text import fold

_LANGUAGES = {fold(one.label): one for one in Language}


@dataclass(frozen=True)
class History:
    """What volunteers did already, each a query that answers their numbers; the room that keeps it tells it."""

    met: QuerySet
    asked_since: Callable[[datetime.datetime], QuerySet]
    # Who is expected somewhere at least so many times.
    engaged: Callable[[int], QuerySet]


@dataclass(frozen=True, kw_only=True)
class Need:
    """Who needs what, where and when; what they like and speak, as numbers and codes; and what was done already."""

    asker: Person
    kind: KindOfHelp
    commune: CoveredCommune
    district: District | None
    day: datetime.date
    moment: PartOfDay | None
    interests: tuple[int, ...]
    languages: tuple[str, ...]
    history: History


def need_of(request: HelpRequest, *, moment: PartOfDay | None, history: History) -> Need:
    """The need that a request tells, in two queries; `moment` is the part of its day, where it matters."""
    shown = Profile.objects.published().filter(person=request.person, interests__isnull=False)
    return Need(
        asker=request.person,
        kind=request.kind,
        commune=request.commune,
        district=request.district,
        day=request.day,
        moment=moment,
        interests=tuple(shown.order_by("interests").values_list("interests", flat=True)),
        languages=_languages_of(request),
        history=history,
    )


def _languages_of(request: HelpRequest) -> tuple[str, ...]:
    """What is spoken besides French: as who asks said of what they offer, or answered a question of the town's own."""
    offered = Offer.objects.filter(volunteer__person=request.person).values_list("languages", flat=True).first() or ()
    answered = (_LANGUAGES.get(fold(str(answer))) for answer in request.answers.values())
    return tuple(sorted({*offered, *filter(None, answered)}))
