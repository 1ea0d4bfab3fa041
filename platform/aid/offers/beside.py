"""All that somebody offers, beside their card: read in the query of the card itself, by names."""

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject

from aid.configuration.models import KindOfHelp
from aid.offers.models import Absence, Means, Offer
from aid.offers.services import Offered
from aid.people.models import Person, PersonQuerySet
from aid.territory.models import CoveredCommune

_KEPT = ("radius_km", "slots", "monthly_limit", "at_once_limit", "languages", "limits")


def with_offer(persons: PersonQuerySet, day: date) -> PersonQuerySet:
    """The same persons, each with what they offer that day (`offer_told`, or None), in the same query."""
    return persons.annotate(offer_told=_told(day))


def _told(day: date) -> Subquery:
    """What a person offers that day."""
    here = OuterRef("pk")
    parts = {
        "kinds": KindOfHelp.objects.filter(offers=here).order_by("position", "name").values("name"),
        "communes": CoveredCommune.objects.filter(offers=here).order_by("commune__name").values("commune__name"),
        "means": Means.objects.filter(offers=here).order_by("position", "name").values("name"),
        "absences": Absence.objects.to_come(day)
        .filter(offer=here)
        .order_by("starts_on", "pk")
        .values(days=JSONObject(starts_on="starts_on", ends_on="ends_on")),
    }
    told = JSONObject(
        centre=F("centre__commune__name"),
        **{name: F(name) for name in _KEPT},
        **{name: ArraySubquery(rows) for name, rows in parts.items()},
    )
    offers = Offer.objects.filter(volunteer__person=here).values(told=told)
    return Subquery(offers[:1])


def offered_beside(person: Person) -> Offered | None:
    """What was brought along of what they offer, by names; None where they have said nothing."""
    told: dict[str, Any] | None = person.offer_told
    if told is None:
        return None
    return Offered(**{name: value for name, value in told.items() if name != "absences"})


def absences_beside(person: Person) -> list[Absence]:
    """When they are away, today or later: rows to show, not to keep."""
    told = (person.offer_told or {}).get("absences", [])
    return [Absence(**{name: day and date.fromisoformat(day) for name, day in one.items()}) for one in told]
