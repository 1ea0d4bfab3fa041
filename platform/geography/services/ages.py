"""The older residents of each commune, from the census file of the INSEE."""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TextIO

from django.db import transaction

from geography.enums import FormerKind
from geography.models import AgeCount, Census, Commune, FormerCommune
from geography.services.files import ImportRefusedError, check_fingerprint, rows_of_csv, to_decimal

_AGED_60_TO_74 = re.compile(r"p([0-9]{2})_pop6074")
# A census file of communes holds about 35,000 lines; more than this is no such file.
LARGEST_FILE = 500 * 1024 * 1024

Ages = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class AgesImport:
    """What an import of ages did.

    `unknown_codes`: in the file, but no commune's of today or before. `without_figures`: names of inhabited
    communes of today whose figures the file does not give whole.
    """

    vintage: int
    communes: int
    unknown_codes: list[str]
    without_figures: list[str]


def import_ages(path: Path, sha256: str) -> AgesImport:
    """Read the INSEE file « évolution et structure de la population » (CSV, or the zip that holds it).

    `sha256` is typed by the operator. The vintage is that of the latest columns (P22_POP6074: 2022). Lines of
    communes merged since are added up under today's commune; an arrondissement counts only where its city has
    no line. A commune of which a cell is empty gets no figure: what is unknown stays unknown. The whole
    vintage is replaced, or nothing is; raises ImportRefusedError with line numbers.
    """
    fingerprint = check_fingerprint(path, sha256)
    with _open_csv(path) as lines:
        vintage, rows = _read(lines)
    parts, unknown_codes = _by_commune_of_today(rows)
    counts = {code: ages for code, given in parts.items() if (ages := _total(given)) is not None}
    with transaction.atomic():
        census, _ = Census.objects.update_or_create(
            vintage=vintage, defaults={"file_name": path.name, "sha256": fingerprint}
        )
        census.age_counts.all().delete()
        AgeCount.objects.bulk_create(
            (
                AgeCount(commune_id=code, census=census, aged_60_to_74=younger, aged_75_or_more=older)
                for code, (younger, older) in counts.items()
            ),
            batch_size=5_000,
        )
    inhabited = Commune.objects.current().filter(population__gt=0).order_by("code")
    missing = [name for code, name in inhabited.values_list("code", "name") if code not in counts]
    return AgesImport(vintage, len(counts), unknown_codes, missing)


@contextmanager
def _open_csv(path: Path) -> Iterator[TextIO]:
    """Open the CSV itself, or the one of the zip that is not its list of variables (« meta_… »)."""
    if not zipfile.is_zipfile(path):
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file
        return
    with zipfile.ZipFile(path) as archive:
        members = [
            member
            for member in archive.infolist()
            if member.filename.lower().endswith(".csv") and not Path(member.filename).name.lower().startswith("meta")
        ]
        if len(members) != 1 or members[0].file_size > LARGEST_FILE:
            raise ImportRefusedError(["L’archive doit contenir un seul fichier CSV de communes."])
        with archive.open(members[0]) as file:
            yield io.TextIOWrapper(file, encoding="utf-8-sig", newline="")


def _read(lines: TextIO) -> tuple[int, dict[str, Ages | None]]:
    """Return the vintage and, by code, the two counts of each line, None where a cell is empty."""
    vintage, younger_column, older_column = 0, "", ""
    problems, rows = [], {}
    for number, row in rows_of_csv(lines):
        if not vintage:
            vintage, younger_column, older_column = _columns(row)
        code = row["codgeo"].strip().upper()
        cells = row[younger_column].strip(), row[older_column].strip()
        younger, older = (to_decimal(cell) for cell in cells)
        if code in rows:
            problems.append(f"Ligne {number} : le code {code} est donné deux fois.")
        elif not code:
            problems.append(f"Ligne {number} : le code de la commune manque.")
        elif "" in cells:
            rows[code] = None
        elif younger is None or older is None or younger < 0 or older < 0:
            problems.append(f"Ligne {number} : « {' ; '.join(cells)} » ne sont pas des nombres d’habitants.")
        else:
            rows[code] = younger, older
    if not rows and not problems:
        problems.append("Ce fichier ne contient aucune commune.")
    if problems:
        raise ImportRefusedError(problems)
    return vintage, rows


def _columns(row: dict[str, str]) -> tuple[int, str, str]:
    """Return the latest vintage of the header, and its columns for 60-74 and for 75 and over."""
    years = sorted(match[1] for column in row if (match := _AGED_60_TO_74.fullmatch(column)))
    years = [year for year in years if f"p{year}_pop75p" in row]
    if "codgeo" not in row or not years:
        raise ImportRefusedError(["L’en-tête doit nommer les colonnes CODGEO, P…_POP6074 et P…_POP75P."])
    return 2000 + int(years[-1]), f"p{years[-1]}_pop6074", f"p{years[-1]}_pop75p"


def _by_commune_of_today(rows: dict[str, Ages | None]) -> tuple[dict[str, list[Ages | None]], list[str]]:
    current = set(Commune.objects.current().values_list("code", flat=True))
    former = {row.code: row for row in FormerCommune.objects.all()}
    parts, unknown = defaultdict(list), []
    for code, ages in rows.items():
        if code in current:
            parts[code].append(ages)
        elif code not in former:
            unknown.append(code)
        elif former[code].kind != FormerKind.ARRONDISSEMENT or former[code].commune_id not in rows:
            parts[former[code].commune_id].append(ages)
    return parts, unknown


def _total(parts: list[Ages | None]) -> Ages | None:
    if None in parts:
        return None
    return sum(younger for younger, _ in parts), sum(older for _, older in parts)
