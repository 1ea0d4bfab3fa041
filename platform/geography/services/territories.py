"""From what the operator names (communes, an EPCI, a département) to communes of today."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from geography.enums import FormerKind
from geography.models import Commune, Department, FormerCommune


class UnknownTerritoryError(ValidationError):
    """A territory that cannot be resolved; `messages` says why in French, and what to type instead."""


def resolve_communes(
    *, codes: Iterable[str] = (), epci: str | None = None, departement: str | None = None
) -> list[Commune]:
    """Return the communes of these INSEE codes, this EPCI (SIREN) and this département, sorted by name.

    Their department comes along. Raises UnknownTerritoryError with one sentence a problem: a code that no
    commune of today bears (with the code to use if it was merged, is a part of one, or is a postal code), an
    unknown EPCI or département, nothing named, or a whole territory where nobody lives.
    """
    codes = list(dict.fromkeys(code.strip().upper() for code in codes if code.strip()))
    epci, departement = "".join((epci or "").split()), (departement or "").strip().upper()
    if not (codes or epci or departement):
        raise UnknownTerritoryError("Indiquez au moins une commune, une intercommunalité ou un département.")

    current = Commune.objects.current().select_related("department")
    communes = {commune.code: commune for commune in current.filter(code__in=codes)}
    problems = _explain_unknown([code for code in codes if code not in communes])
    if epci:
        members = current.filter(intercommunality=epci)
        communes |= {commune.code: commune for commune in members}
        if not members:
            problems.append(f"Aucune intercommunalité d’aujourd’hui ne porte le numéro SIREN {epci}.")
    if departement:
        members = current.filter(department=departement)
        communes |= {commune.code: commune for commune in members}
        if not members:
            problems.append(f"Aucun département ne porte le code {departement}.")
    if problems:
        raise UnknownTerritoryError(problems)

    resolved = sorted(communes.values(), key=lambda commune: (commune.search_name, commune.code))
    if not any(commune.population for commune in resolved):
        raise UnknownTerritoryError([f"{commune.name} est une commune sans habitants." for commune in resolved])
    return resolved


def time_zone_of(department: Department) -> ZoneInfo:
    """Return the time zone of a département; in French Polynesia, that of Tahiti."""
    return ZoneInfo(department.time_zone)


def _explain_unknown(codes: list[str]) -> list[str]:
    if not codes:
        return []
    former = FormerCommune.objects.select_related("commune").in_bulk(codes)
    return [_explain_former(former[code]) if code in former else _explain_strange(code) for code in codes]


def _explain_former(former: FormerCommune) -> str:
    today = f"{former.commune.name} : utilisez le code {former.commune_id}"
    if former.kind == FormerKind.MERGED or not former.name:
        return f"Le code {former.code} n’existe plus. Cette commune fait aujourd’hui partie de {today}."
    return f"{former.name} ({former.code}) fait aujourd’hui partie de {today}."


def _explain_strange(code: str) -> str:
    neighbours = Commune.objects.current().filter(postal_codes__contains=[code]).order_by("search_name")
    if neighbours:
        names = ", ".join(f"{commune.name} ({commune.code})" for commune in neighbours)
        return f"{code} est un code postal. Utilisez le code INSEE de la commune : {names}."
    return f"Aucune commune ne porte le code INSEE {code}."
