"""The verbs of matching: rank volunteers for a need, and say why."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import add

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from aid.matching.needs import Need
from aid.matching.terms import TERMS, TERMS_OF_ASKING
from aid.offers.enums import Language, PartOfDay, Weekday
from aid.onboarding.models import Volunteer
from aid.profiles.models import Interest
from core.french import listed


@dataclass(frozen=True)
class Fit:
    """How a volunteer fits a need: the points of each term, by its name, and the reasons in a sentence."""

    points: dict[str, int]
    why: str

    @property
    def score(self) -> int:
        """Out of a hundred."""
        return sum(self.points.values())


def rank(
    volunteers: QuerySet[Volunteer, Volunteer], need: Need, *, all_may_be_asked: bool = False
) -> QuerySet[Volunteer, Volunteer]:
    """The same volunteers, who fits best first, each with their `score`; at as many points, the first known first.

    `all_may_be_asked`: who does not offer this help, or said that they are not free then, was left out already: neither
    is asked of anybody again.
    """
    points = (term.points(need, all_reach=all_may_be_asked and term in TERMS_OF_ASKING) for term in TERMS)
    return volunteers.annotate(score=reduce(add, points)).order_by("-score", "pk")


def fits_of(volunteers: Iterable[Volunteer], need: Need) -> dict[int, Fit]:
    """How each of these, a page of them, fits a need: by their number, in one query. The terms are those of `rank`."""
    in_common = Interest.objects.filter(
        pk__in=need.interests, profiles__published_at__isnull=False, profiles__person=OuterRef("person")
    )
    rows = (
        Volunteer.objects.filter(pk__in=[one.pk for one in volunteers])
        .annotate(**{term.name: term.points(need) for term in TERMS})
        .annotate(in_common=ArraySubquery(in_common.values("name")))
        .values("pk", "in_common", "offer__languages", *(term.name for term in TERMS))
    )
    return {row["pk"]: _fit(row, need) for row in rows}


def _fit(row: dict, need: Need) -> Fit:
    points = {term.name: row[term.name] for term in TERMS}
    spoken = [one for one in need.languages if one in (row["offer__languages"] or ())]
    details = {
        "person": need.asker.first_name,
        "time": _time_words(need),
        "interests": listed(row["in_common"]) if row["in_common"] else "",
        "languages": listed([Language(one).label for one in spoken]) if spoken else "",
    }
    said = [words.format(**details) for term in TERMS if (words := term.words(points[term.name]))]
    why = ", ".join(said)
    return Fit(points, f"{why[:1].upper()}{why[1:]}." if why else "")


def _time_words(need: Need) -> str:
    """« mardi après-midi »; « mardi » where the part of the day does not matter."""
    day = Weekday(need.day.isoweekday()).label
    return f"{day} {PartOfDay(need.moment).label}" if need.moment else day
