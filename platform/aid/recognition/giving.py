"""What a volunteer gave: one definition, for every screen, certificate and letter (texts.DEFINITION tells it).

A service counts once it is done, for its minutes, in the year of the day when it was: as the facts of the town do
(help_requests.services.finish), so that what each gave adds up to what the town shows.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum, Window
from django.db.models.functions import Coalesce, ExtractYear, Least, RowNumber, TruncDate

from aid.help_requests.enums import FINISH
from aid.help_requests.models import HelpRequest, RequestStep
from aid.help_requests.times import town_zone
from aid.people.models import Person
from aid.proposals.models import Proposal, ProposalQuerySet
from core.french import duration_words

SOMEBODY = "Quelqu’un"
# Of several who came, each may say how long.
MINUTES = Coalesce("minutes", "request__minutes")


@dataclass(frozen=True)
class Given:
    """What was given: how many services, how many minutes in all."""

    services: int = 0
    minutes: int = 0

    def __add__(self, other: "Given") -> "Given":
        return Given(self.services + other.services, self.minutes + other.minutes)

    @property
    def duration(self) -> str:
        """« 45 minutes », « 3 h 15 »: to the minute, nothing is rounded."""
        return duration_words(self.minutes)


def by_year(person: Person) -> dict[int, Given]:
    """What somebody gave, year by year, the last first; empty for who gave nothing yet."""
    return {year: given for (_, year), given in given_by([person.pk]).items()}


def in_all(years: Iterable[Given]) -> Given:
    """The sum of some years."""
    return sum(years, Given())


def given_by(persons: Collection[int] | QuerySet, *, year: int | None = None) -> dict[tuple[int, int], Given]:
    """What each of these persons gave in each year, or in one: by number and year, the last year first; one query."""
    done = services_done().filter(volunteer__person__in=persons).annotate(year=ExtractYear("given_on"))
    if year is not None:
        done = done.filter(year=year)
    sums = done.values_list("volunteer__person", "year").annotate(services=Count("pk"), time=Sum(MINUTES))
    return {
        (number, of_year): Given(services, minutes)
        for number, of_year, services, minutes in sums.order_by("-year", "volunteer__person")
    }


def services_done() -> ProposalQuerySet:
    """Services given, one for each who came, each with the day that it counts for, on the town's own clock.

    That is its day, or the one when it was said to be done, where a visit was paid before its day.
    """
    said = RequestStep.objects.filter(request=OuterRef("request"), name=FINISH.name).order_by("-pk").values("at")[:1]
    given_on = Least(F("request__day"), TruncDate(Subquery(said), tzinfo=town_zone()))
    return Proposal.objects.given().annotate(given_on=given_on)


@dataclass(frozen=True)
class Thanks:
    """A thank-you that a volunteer received: never the surname of who says it."""

    words: str
    on: date
    kind: str
    first_name: str


def thanks_to(person: Person) -> QuerySet[HelpRequest]:
    """The services that somebody was thanked for, the last first."""
    came = Proposal.objects.given().filter(volunteer__person=person).values("request")
    thanked = HelpRequest.objects.filter(pk__in=came, thanked_at__isnull=False)
    return thanked.select_related("kind", "person").order_by("-thanked_at", "-pk")


def told(request: HelpRequest) -> Thanks:
    """A thank-you as its reader sees it."""
    at: datetime = request.thanked_at
    first_name = request.person.first_name if request.person else SOMEBODY
    return Thanks(request.thanks, at.astimezone(town_zone()).date(), request.kind.name, first_name)


def words_of_thanks(persons: Collection[int], *, year: int, most: int) -> dict[int, list[str]]:
    """The last words of thanks that each of these persons received for services of a year, `most` each; one query."""
    rank = Window(RowNumber(), partition_by=F("volunteer__person"), order_by=["-request__thanked_at", "-pk"])
    theirs = services_done().filter(volunteer__person__in=persons, request__thanked_at__isnull=False)
    thanked = theirs.exclude(request__thanks="")
    found = thanked.annotate(year=ExtractYear("given_on")).filter(year=year).annotate(rank=rank).filter(rank__lte=most)
    words: dict[int, list[str]] = defaultdict(list)
    for number, thanks in found.order_by("rank").values_list("volunteer__person", "request__thanks"):
        words[number].append(thanks)
    return words
