"""Where the numbers of a document come from, in its payload: it is read again in ten years, without our rows."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Prefetch

from billing.enums import CountBasis
from billing.models import CountLine, CountSnapshot
from core.french import day_words, grouped

# Of figures that nobody counted: said on each screen and document (issue 7).
EXAMPLE_WORDS = "Chiffres d’exemple : personne ne les a comptés."


def counts_of(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The counts that lines come from, in order of days: source, vintage, hash, seniors by commune. Two queries."""
    numbers = {number for line in lines for number in line["evidence"]}
    if not numbers:
        return []
    by_commune = CountLine.objects.select_related("commune").order_by("commune__search_name")
    counts = CountSnapshot.objects.filter(pk__in=numbers).prefetch_related(Prefetch("lines", queryset=by_commune))
    return [_said(one) for one in counts]


def _said(count: CountSnapshot) -> dict[str, Any]:
    return {
        "snapshot": count.pk,
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
            {"code": line.commune_id, "name": line.commune.name, "count": line.count} for line in count.lines.all()
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
