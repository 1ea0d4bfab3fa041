"""Make `france-2026.json.xz` from the package of Etalab. Run by hand, once a year, never by the product.

    npm pack @etalab/decoupage-administratif@6.0.0 && tar xzf etalab-decoupage-administratif-6.0.0.tgz
    python platform/geography/data/convert.py package/data

The same source gives the same bytes. See README.md beside this file for what is kept and why.
"""

import json
import lzma
import sys
from pathlib import Path

EDITION = "2026"
TARGET = Path(__file__).with_name(f"france-{EDITION}.json.xz")
METROPOLE = "Europe/Paris"
# The source has no time zones: these are the zones of the tz database. French Southern Lands keep the hour of
# the Kerguelen district; nobody lives on Clipperton, whose hour follows its longitude.
OVERSEAS_TIME_ZONES = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "984": "Indian/Kerguelen",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
    "989": "Etc/GMT+8",
}
FORMER_KINDS = {
    "commune-deleguee": "delegated",
    "commune-associee": "associated",
    "arrondissement-municipal": "arrondissement",
}


def convert(source: Path) -> dict[str, object]:
    """Return what the product keeps of the folder `source`: one list of rows a table, each sorted by code."""
    communes = _read(source / "communes.json")
    intercommunalities = _read(source / "epci.json")
    membership = {member["code"]: group["code"] for group in intercommunalities for member in group["membres"]}
    current = [row for row in communes if row["type"] == "commune-actuelle"]
    return {
        "edition": EDITION,
        "regions": sorted([row["code"], _name(row)] for row in _read(source / "regions.json")),
        "departments": sorted(
            [row["code"], _name(row), row["region"], OVERSEAS_TIME_ZONES.get(row["code"], METROPOLE)]
            for row in _read(source / "departements.json")
        ),
        "intercommunalities": sorted(
            [row["code"], _name(row), row["type"], row["populationMunicipale"]] for row in intercommunalities
        ),
        "communes": sorted(
            [
                row["code"],
                _name(row),
                row["departement"],
                row.get("siren", ""),
                row.get("population"),
                sorted(row.get("codesPostaux", [])),
                membership.get(row["code"]),
            ]
            for row in current
        ),
        "former_communes": _former_communes(communes, current),
    }


def _former_communes(communes: list[dict], current: list[dict]) -> list[list[str]]:
    """Return [code, name or "", kind, code of today's commune] for each code that no commune bears now."""
    codes_in_use = {row["code"] for row in current}
    former = {
        old_code: [old_code, "", "merged", row["code"]] for row in current for old_code in row.get("anciensCodes", [])
    }
    for row in communes:
        if row["type"] in FORMER_KINDS and row["code"] not in codes_in_use:
            today = row.get("chefLieu") or row["commune"]
            former[row["code"]] = [row["code"], _name(row), FORMER_KINDS[row["type"]], today]
    return [former[code] for code in sorted(former)]


def _name(row: dict) -> str:
    return row["nom"].replace("'", "’")


def _read(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    text = json.dumps(convert(Path(sys.argv[1])), ensure_ascii=False, separators=(",", ":"))
    TARGET.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
