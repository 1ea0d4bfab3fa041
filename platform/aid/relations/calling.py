"""Whom the town may call about somebody who has no telephone."""

from collections.abc import Collection

from django.db.models import Q

from aid.people.models import Person
from aid.relations.models import Mandate, Relative


def called_for(persons: Collection[int]) -> dict[int, Person]:
    """Whom an agent may call in the place of each of these persons, by their numbers: who holds a mandate, else who is
    noted as close; living, and with a telephone. Two queries.
    """
    ties = Relative.objects.filter(Q(person__in=persons) | Q(relative__in=persons)).select_related("person", "relative")
    close = [pair for tie in ties for pair in ((tie.person_id, tie.relative), (tie.relative_id, tie.person))]
    mandates = Mandate.objects.in_force().filter(principal__in=persons).select_related("representative")
    acting = [(one.principal_id, one.representative) for one in mandates.order_by("starts_on", "pk")]
    # The first one told counts: it is written last.
    return {
        number: other
        for number, other in reversed(acting + close)
        if number in persons and other.phone and other.is_living
    }
