"""The score, written once: what each fact about a volunteer is worth, as conditions of SQL, and how it is said.

The best level that somebody reaches counts, in each term. Nothing else ranks anybody: neither age, nor origin, nor
what others think of them (docs/decisions/2026-11-26-matching.md).
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.utils import timezone

from aid.matching.needs import Need
from aid.offers.models import Offer
from aid.offers.slots import slots_of
from aid.profiles.models import Profile
from aid.territory.models import CoveredCommune
from geography.services import kilometres_between

MONTH, WEEK = datetime.timedelta(days=30), datetime.timedelta(days=7)


@dataclass(frozen=True)
class Level:
    """One level of a term: its points, which volunteers reach it, and how that is said of one; "" is no reason.

    `reached` answers a condition on volunteers, or None where nobody can. Each condition reads a list once, which rows
    are looked for in: asked of each volunteer, it would be twenty thousand look-ups.
    """

    points: int
    reached: Callable[[Need], Q | None]
    words: str = ""


@dataclass(frozen=True)
class Term:
    """One line of the score: its levels, the best first; what is said of who reaches none."""

    name: str
    label: str
    levels: tuple[Level, ...]
    otherwise: str = ""

    @property
    def most(self) -> int:
        """What it is worth at best."""
        return self.levels[0].points

    def points(self, need: Need, *, all_reach: bool = False) -> Case:
        """What it is worth for each volunteer, as SQL.

        `all_reach`: each of them reaches one level, and one only: the best is of who reaches none of the others.
        """
        asked, otherwise = (self.levels[1:], self.most) if all_reach else (self.levels, 0)
        known = ((level.points, level.reached(need)) for level in asked)
        reached = [When(condition, then=Value(points)) for points, condition in known if condition is not None]
        return Case(*reached, default=Value(otherwise), output_field=IntegerField())

    def words(self, points: int) -> str:
        """How so many points are said, with names of details between braces."""
        return next((level.words for level in self.levels if level.points == points), self.otherwise)


def _same_district(need: Need) -> Q | None:
    return Q(person__district=need.district) if need.district else None


def _same_commune(need: Need) -> Q:
    return Q(person__commune=need.commune)


def _within(kilometres: int) -> Callable[[Need], Q | None]:
    """From the centre of their commune to the centre of the other: never from where anybody lives."""

    def reached(need: Need) -> Q | None:
        if need.commune.commune.latitude is None:
            return None
        distance = kilometres_between(need.commune.commune, "commune")
        near = CoveredCommune.objects.annotate(kilometres=distance).filter(kilometres__lt=kilometres)
        return Q(person__commune__in=near.values("pk"))

    return reached


def _met(need: Need) -> Q:
    return Q(pk__in=need.history.met)


def _free(need: Need) -> Q:
    return Q(offer__slots__overlap=slots_of(need.day, need.moment))


def _said_nothing_of_their_week(_: Need) -> Q:
    return Q(offer__slots=[])


def _offers_it(need: Need) -> Q:
    return Q(offer__in=Offer.kinds.through.objects.filter(kindofhelp=need.kind).values("offer"))


def _likes(at_least: int) -> Callable[[Need], Q | None]:
    """Who likes so many of the same things, and wished it known."""

    def reached(need: Need) -> Q | None:
        if len(need.interests) < at_least:
            return None
        liked = Profile.interests.through.objects.filter(interest__in=need.interests).order_by()
        if at_least > 1:
            # By what is counted, the index of the list holds all that is read.
            liked = liked.values("profile").annotate(times=Count("interest")).filter(times__gte=at_least)
        return Q(person__profile__published_at__isnull=False, person__profile__in=liked.values("profile"))

    return reached


def _speaks(need: Need) -> Q | None:
    return Q(offer__languages__overlap=list(need.languages)) if need.languages else None


def _not_asked_for(time: datetime.timedelta) -> Callable[[Need], Q]:
    return lambda need: ~Q(pk__in=need.history.asked_since(timezone.now() - time))


def _expected_less_than(times: int) -> Callable[[Need], Q]:
    return lambda need: ~Q(pk__in=need.history.engaged(times))


OFFERING = Term("kind", "Proposer cette aide", (Level(10, _offers_it),), otherwise="n’a pas proposé cette aide")
TIME = Term(
    "time",
    "Être libre à ce moment",
    (Level(15, _free, "libre le {time}"), Level(5, _said_nothing_of_their_week)),
    otherwise="n’a pas dit être libre le {time}",
)
# What decides already who may be asked (aid.offers.services.volunteers_for).
TERMS_OF_ASKING = (OFFERING, TIME)
# The table of weights: a hundred points in all.
TERMS = (
    Term(
        "place",
        "La proximité",
        (
            Level(25, _same_district, "habite le même quartier"),
            Level(20, _same_commune, "habite la même commune"),
            Level(15, _within(5), "habite à moins de 5\xa0km"),
            Level(10, _within(10), "habite à moins de 10\xa0km"),
            Level(5, _within(20), "habite à moins de 20\xa0km"),
        ),
    ),
    Term("met", "Se connaître déjà", (Level(20, _met, "connaît déjà {person}"),)),
    TIME,
    OFFERING,
    Term(
        "interests",
        "Aimer les mêmes choses",
        (Level(10, _likes(2), "aime aussi {interests}"), Level(6, _likes(1), "aime aussi {interests}")),
    ),
    Term("languages", "Parler la même langue", (Level(5, _speaks, "parle aussi {languages}"),)),
    Term(
        "rest",
        "Ne pas avoir été sollicité récemment",
        (
            Level(8, _not_asked_for(MONTH), "rien ne lui a été proposé depuis un mois"),
            Level(4, _not_asked_for(WEEK), "rien ne lui a été proposé depuis une semaine"),
        ),
    ),
    Term(
        "load",
        "Avoir peu de rendez-vous prévus",
        (Level(7, _expected_less_than(1), "n’a pas d’autre rendez-vous prévu"), Level(3, _expected_less_than(2))),
    ),
)
MOST = sum(term.most for term in TERMS)
