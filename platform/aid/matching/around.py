"""How many neighbours offer what, and where, for anybody: never who, never a point of somebody's own.

A number stands for three at least: what is counted is rounded down by threes, and under three it is « quelques-uns ».
So no two answers, of two places or of two days, differ by one known person. Everybody is in one place only, and no sum
is told that cells could be taken from.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from aid.configuration.models import KindOfHelp
from aid.offers.models import Offer
from aid.onboarding.models import Step, Volunteer
from aid.privacy.models import RightsRequest

STEP = 3
SOME = "quelques-uns"


@dataclass(frozen=True)
class Around:
    """Somewhere, who offers one kind of help: at least so many; None for fewer than three."""

    commune: str
    # Its INSEE code.
    commune_code: str
    # The number and the name of a district; None and "" for who told only their commune.
    district_id: int | None
    district: str
    kind: str
    kind_slug: str
    at_least: int | None

    @property
    def words(self) -> str:
        """« quelques-uns », « au moins 6 »."""
        return told(self.at_least)


def around() -> list[Around]:
    """Who offers what by district, and by commune for who told no more: of those who may be asked now.

    One query counts them; the steps of the town are read before, those of its kinds of help too. Somebody who lives
    nowhere that the town knows is in no place.
    """
    offered = Offer.kinds.through.objects.filter(
        offer__volunteer__in=Volunteer.objects.admitted(),
        offer__volunteer__person__commune__isnull=False,
        kindofhelp__is_offered=True,
    ).exclude(Exists(RightsRequest.objects.objecting().filter(person=OuterRef("offer__volunteer__person"))))
    for kind in _kinds_with_steps():
        cleared = Volunteer.objects.cleared_for(kind)
        offered = offered.filter(~Q(kindofhelp=kind) | Q(offer__volunteer__in=cleared))
    home = "offer__volunteer__person"
    columns = (
        f"{home}__commune__commune__name",
        f"{home}__commune__commune",
        f"{home}__district",
        f"{home}__district__name",
        "kindofhelp__name",
        "kindofhelp__slug",
    )
    counted = offered.values_list(*columns).annotate(number=Count("pk"))
    return [_masked(row) for row in counted.order_by(columns[0], columns[3], "kindofhelp__position", columns[4])]


def at_least(number: int) -> int | None:
    """What may be told of a number that is not zero: rounded down by threes, None under three."""
    return number // STEP * STEP or None


def told(number: int | None) -> str:
    """The same in words."""
    return SOME if number is None else f"au moins {number}"


def _masked(row: tuple[Any, ...]) -> Around:
    commune, code, district_id, district, kind, slug, number = row
    return Around(commune, code, district_id, district or "", kind, slug, at_least(number))


def _kinds_with_steps() -> Iterable[KindOfHelp]:
    return KindOfHelp.objects.offered().filter(
        pk__in=Step.objects.asked().filter(is_required=True, kinds__isnull=False).order_by().values("kinds")
    )
