"""The centres of communes, from a file that the operator fetched."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from geography.models import Commune
from geography.services.files import ImportRefusedError, check_fingerprint, rows_of_csv, to_decimal

CODE_COLUMNS = ("code", "code_insee", "codgeo", "code_commune_insee")
LATITUDE_COLUMNS = ("latitude", "lat")
LONGITUDE_COLUMNS = ("longitude", "lon", "lng")
EXACT_TO = Decimal("0.00001")  # about one metre
MAX_LATITUDE, MAX_LONGITUDE = 90, 180


@dataclass(frozen=True)
class CoordinatesImport:
    """What an import of coordinates did: communes placed, and codes that no commune of today bears."""

    placed: int
    unknown_codes: list[str]


def import_coordinates(path: Path, sha256: str) -> CoordinatesImport:
    """Place communes from a file whose SHA-256 the operator typed; all of it or nothing.

    Reads what geo.api.gouv.fr answers (GeoJSON with points, or JSON with `centre`), or a CSV with the columns
    code, latitude, longitude. Codes of former communes are reported, since a part does not tell the centre of
    the whole. Raises ImportRefusedError.
    """
    check_fingerprint(path, sha256)
    problems, centres = [], {}
    for place, code, latitude, longitude in _read(path):
        centre = _centre(latitude, longitude)
        if not code:
            problems.append(f"{place} : le code INSEE manque.")
        elif code in centres:
            problems.append(f"{place} : le code {code} est donné deux fois.")
        elif centre is None:
            problems.append(f"{place} : la latitude et la longitude de {code} ne sont pas des degrés.")
        else:
            centres[code] = centre
    if not centres and not problems:
        problems.append("Ce fichier ne contient aucune commune.")
    if problems:
        raise ImportRefusedError(problems)
    with transaction.atomic():
        communes = list(Commune.objects.current().filter(code__in=centres))
        for commune in communes:
            commune.latitude, commune.longitude = centres[commune.code]
        Commune.objects.bulk_update(communes, ["latitude", "longitude"], batch_size=2_000)
    return CoordinatesImport(len(communes), sorted(centres.keys() - {commune.code for commune in communes}))


def _read(path: Path) -> Iterator[tuple[str, str, object, object]]:
    """Yield (where in the file, code, latitude, longitude), whatever the format."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportRefusedError(["Ce fichier n’est pas du texte en UTF-8."]) from error
    if text.lstrip()[:1] in ("{", "["):
        yield from _read_json(text)
    else:
        yield from _read_csv(text)


def _read_csv(text: str) -> Iterator[tuple[str, str, object, object]]:
    for number, row in rows_of_csv(text.splitlines()):
        cells = [
            next((row[column] for column in columns if column in row), None)
            for columns in (CODE_COLUMNS, LATITUDE_COLUMNS, LONGITUDE_COLUMNS)
        ]
        if None in cells:
            raise ImportRefusedError(["L’en-tête doit nommer les colonnes code, latitude et longitude."])
        code, latitude, longitude = cells
        yield f"Ligne {number}", code.strip().upper(), latitude, longitude


def _read_json(text: str) -> Iterator[tuple[str, str, object, object]]:
    try:
        content = json.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise ImportRefusedError(["Ce fichier n’est pas du JSON lisible."]) from error
    for number, item in enumerate(_items(content), start=1):
        place = f"Élément {number}"
        try:
            properties = item.get("properties", item)
            point = item.get("geometry") or properties["centre"]
            longitude, latitude = point["coordinates"]
            yield place, str(properties["code"]).upper(), latitude, longitude
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ImportRefusedError([f"{place} : il faut un code et un point (« centre »)."]) from error


def _items(content: object) -> list:
    items = content.get("features") if isinstance(content, dict) else content
    if not isinstance(items, list):
        raise ImportRefusedError(["Ce fichier n’est ni un GeoJSON ni une liste de communes."])
    return items


def _centre(latitude: object, longitude: object) -> tuple[Decimal, Decimal] | None:
    north, east = to_decimal(latitude), to_decimal(longitude)
    if north is None or east is None or abs(north) > MAX_LATITUDE or abs(east) > MAX_LONGITUDE:
        return None
    return north.quantize(EXACT_TO), east.quantize(EXACT_TO)
