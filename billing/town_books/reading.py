"""What the pages of the books share: what is not a town's is absent, names of communes, who acts."""

from collections.abc import Iterable
from datetime import date

from core.french import grouped, listed
from core.text import tidy
from geography.models import Commune

_MOST_NAMED = 4
_LONGEST_BY = 200


class NotHereError(LookupError):
    """No such row in the books of this town, whether or not another has it."""


class NotPossibleError(ValueError):
    """What a town asks for may not be done as things stand; the message says so in French."""


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """The name of each commune, by its code, in the order of the alphabet. One query."""
    found = Commune.objects.filter(code__in=set(codes)).order_by("search_name", "code")
    return dict(found.values_list("code", "name"))


def seniors(count: int) -> str:
    """« 640 seniors »."""
    return f"{grouped(count)}\u00a0senior{'s' if count > 1 else ''}"


def places(names: list[str]) -> str:
    """« à Creil », « à Creil, Nogent et Pont », « dans 52 communes »."""
    if len(names) > _MOST_NAMED:
        return f"dans {len(names)} communes"
    return f"à {listed(names)}"


def who_acts(name: str) -> str:
    """Somebody's name as the books keep it."""
    return tidy(name)[:_LONGEST_BY]


def is_in(day: date, start: date, end: date | None) -> bool:
    """Whether a day is from one to the eve of another."""
    return start <= day and (end is None or day < end)
