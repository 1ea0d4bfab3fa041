"""Write `exemple-insee.csv`: figures that nobody counted, in the form of the INSEE's file, for demos and tests.

By hand: `python platform/geography/data/make_example_ages.py`, from anywhere. The same communes give the same bytes.
"""

import csv
import hashlib
import json
import lzma
from decimal import Decimal
from pathlib import Path

from demo_area import DEMO_COMMUNES, DEMO_DEPARTMENTS

HERE = Path(__file__).parent
CODE, DEPARTMENT, POPULATION, GROUP = 0, 2, 4, 6
# Shares of a commune's people: from 60 to 74 years, and 75 or more. About those of France, moved by a hash of its code.
LEAST = {"P22_POP6074": 150, "P22_POP75P": 80}  # thousandths
SPREAD = 60  # thousandths more, at most


def share(code: str, column: str) -> Decimal:
    """A share of a commune's people, the same each time."""
    drawn = int.from_bytes(hashlib.sha256(f"{code} {column}".encode()).digest()[:4]) % (SPREAD * 1000)
    return Decimal(LEAST[column] * 1000 + drawn) / 1_000_000


def main() -> None:
    """Write the communes of the demonstration and their neighbours."""
    with lzma.open(HERE / "france-2026.json.xz", "rt", encoding="utf-8") as file:
        communes = json.load(file)["communes"]
    groups = {row[GROUP] for row in communes if row[CODE] in DEMO_COMMUNES}
    shown = [row for row in communes if row[GROUP] in groups or row[DEPARTMENT] in DEMO_DEPARTMENTS]
    with (HERE / "exemple-insee.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(["CODGEO", "P22_POP", *LEAST])
        for code, population in sorted((row[CODE], row[POPULATION]) for row in shown):
            writer.writerow([code, population, *(population * share(code, column) for column in LEAST)])


if __name__ == "__main__":
    main()
