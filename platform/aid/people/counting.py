"""How many older people a town knows: numbers by commune and a seal on who was counted. No card leaves the town."""

import datetime
import hashlib
from collections import Counter
from dataclasses import dataclass

from django.db.models import Q
from django.utils.crypto import salted_hmac

from aid.people.models import Person

# What is counted, in words; another rule is another version.
RULE = "personnes connues de la ville ce jour-là, en vie, de l’âge dit dans l’année (règle 1)"


@dataclass(frozen=True)
class SeniorCount:
    """Seniors by INSEE code of commune; those of no commune, and how many have no year of birth, who are not counted.

    `seal`: SHA-256 of who was counted, under keys of the town; it tells whether two counts are of the same people.
    """

    by_commune: dict[str, int]
    of_no_commune: int
    without_a_year: int
    seal: str


def count_seniors(*, age: int, on: datetime.date) -> SeniorCount:
    """Count who was known on a day, of an age that year: what happens later changes nothing. Two queries."""
    known = Person.objects.filter(
        Q(deceased_on=None) | Q(deceased_on__gt=on), merged_into=None, created_at__date__lte=on
    )
    counted = known.filter(birth_year__lte=on.year - age).values_list("uid", "commune__commune")
    by_commune: Counter[str | None] = Counter()
    keyed = []
    for uid, code in counted.iterator():
        by_commune[code] += 1
        keyed.append(salted_hmac("aid.people.counting", str(uid), algorithm="sha256").hexdigest())
    return SeniorCount(
        by_commune={code: count for code, count in sorted(by_commune.items(), key=str) if code is not None},
        of_no_commune=by_commune[None],
        without_a_year=known.filter(birth_year=None).count(),
        seal=hashlib.sha256("\n".join(sorted(keyed)).encode()).hexdigest(),
    )
