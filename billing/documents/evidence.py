"""Where the numbers of a document come from, in its payload: it is read again in ten years, without our rows."""

import datetime
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg

from billing.enums import CountBasis
from billing.models import CountSnapshot
from core.french import day_words, grouped
from core.written import Question, one_of

# Of figures that nobody counted: said on each screen and document (issue 7).
EXAMPLE_WORDS = "Chiffres d’exemple : personne ne les a comptés."


class _Count(NamedTuple):
    """A row of `_counts`."""

    snapshot: int
    as_of: datetime.date
    basis: str
    age: int
    total: int
    source: str
    vintage: int | None
    sha256: str
    is_example: bool
    codes: list[str]
    names: list[str]
    seniors: list[int]


def counts_of(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The counts that lines come from, in order of days: source, vintage, hash, seniors by commune. One query."""
    numbers = sorted({number for line in lines for number in line["evidence"]})
    return [_said(_Count(*row)) for row in _counts().all(numbers)] if numbers else []


# Whoever issues holds the number of the next one: it is written once.
@cache
def _counts() -> Question:
    """Counts, by their numbers; what each says of its communes, in the order of their names."""
    of_lines = {"codes": "commune", "names": "commune__name", "seniors": "count"}
    order = ("lines__commune__search_name", "lines__commune")
    lists = {name: ArrayAgg(f"lines__{column}", order_by=order) for name, column in of_lines.items()}
    rows = CountSnapshot.objects.filter(one_of("pk")).annotate(**lists)
    return Question.of(rows.values_list("pk", *_Count._fields[1:]))


def _said(count: _Count) -> dict[str, Any]:
    return {
        "snapshot": count.snapshot,
        "as_of": count.as_of.isoformat(),
        "basis": count.basis,
        "age": count.age,
        "total": count.total,
        "source": count.source,
        "vintage": count.vintage,
        "sha256": count.sha256,
        "is_example": count.is_example,
        "words": told(
            basis=CountBasis(count.basis),
            age=count.age,
            total=count.total,
            on=count.as_of,
            source=count.source,
            vintage=count.vintage,
            is_example=count.is_example,
        ),
        "communes": [
            {"code": code, "name": name, "count": seniors}
            for code, name, seniors in zip(count.codes, count.names, count.seniors, strict=True)
            if code is not None
        ],
    }


def told(
    *, basis: CountBasis, age: int, total: int, on: datetime.date, source: str, vintage: int | None, is_example: bool
) -> str:
    """What was counted, from what, how it was rounded: in a few sentences, for a reader who was not there."""
    who = f"{grouped(total)} personne{'s' if total > 1 else ''} de {age} ans et plus le {day_words(on)}"
    if vintage is not None:
        said = (
            f"{who}, d’après le fichier « {source} » de l’INSEE, millésime {vintage}. Ses valeurs ont des décimales : "
            "elles sont additionnées, puis arrondies une seule fois."
        )
    elif basis == CountBasis.REGISTERED:
        said = f"{who}, inscrites dans l’outil : un nombre, sans aucun nom."
    else:
        said = f"{who}, nombre convenu par écrit : {source}."
    return f"{said} {EXAMPLE_WORDS}" if is_example else said
