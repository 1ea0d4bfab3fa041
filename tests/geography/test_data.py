"""The file that ships says what its README says."""

import csv
import json
import lzma
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from stdnum.fr import siren as siren_number

from geography.enums import FormerKind, IntercommunalityKind
from geography.services.reference import COORDINATES, REFERENCE


@pytest.fixture(scope="module")
def france():
    return json.loads(lzma.decompress(REFERENCE.read_bytes()))


@pytest.fixture(scope="module")
def communes(france):
    return {row[0]: row for row in france["communes"]}


def test_counts(france):
    counts = {name: len(rows) for name, rows in france.items() if name != "edition"}
    assert counts == {
        "regions": 26,
        "departments": 109,
        "intercommunalities": 1255,
        "communes": 34969,
        "former_communes": 4285,
    }


def test_every_code_is_unique(france):
    for name in counts_of(france):
        codes = [row[0] for row in france[name]]
        assert len(codes) == len(set(codes)), name


def counts_of(france):
    return [name for name in france if name != "edition"]


def test_populations(communes):
    populations = {code: row[4] for code, row in communes.items()}
    assert sum(population or 0 for population in populations.values()) == 68_952_941
    assert sum(population == 0 for population in populations.values()) == 6
    assert sum(population is None for population in populations.values()) == 6


def test_every_commune_belongs_to_what_exists(france, communes):
    departments = {row[0]: row[2] for row in france["departments"]}
    assert {row[2] for row in communes.values()} == departments.keys()
    assert set(departments.values()) == {row[0] for row in france["regions"]}
    members = Counter(row[6] for row in communes.values())
    assert members.pop(None) == 98
    assert members.keys() == {row[0] for row in france["intercommunalities"]}


def test_former_codes_lead_to_a_commune_of_today(france, communes):
    for code, _, kind, today in france["former_communes"]:
        assert code not in communes
        assert today in communes
        assert kind in FormerKind.values


def test_sirens_are_right_and_unique(france, communes):
    sirens = [row[3] for row in communes.values() if row[3]]
    sirens += [row[0] for row in france["intercommunalities"]]
    assert len(sirens) == 34_875 + 1_255 == len(set(sirens))
    assert all(siren_number.is_valid(number) for number in sirens)


def test_kinds_of_intercommunalities(france):
    assert Counter(row[2] for row in france["intercommunalities"]) == {
        IntercommunalityKind.COMMUNITY: 989,
        IntercommunalityKind.URBAN_AREA: 230,
        IntercommunalityKind.METROPOLIS: 21,
        IntercommunalityKind.URBAN_COMMUNITY: 14,
        IntercommunalityKind.LYON: 1,
    }


def test_time_zones_exist_and_only_overseas_differ(france):
    zones = {row[0]: row[3] for row in france["departments"]}
    assert all(ZoneInfo(zone) for zone in zones.values())
    elsewhere = {code for code, zone in zones.items() if zone != "Europe/Paris"}
    assert elsewhere == {code for code in zones if len(code) == 3}


def test_coordinates_of_the_demo_lie_in_metropolitan_france(communes):
    rows = list(csv.DictReader(COORDINATES.read_text(encoding="utf-8").splitlines()))
    codes = {row["code"] for row in rows}
    assert len(codes) == len(rows) == 369
    assert codes <= communes.keys()
    assert codes >= {"60509", "58145", "58083", "38185", "44109", "44184", "59350", "59481"}
    assert all(41 < float(row["latitude"]) < 52 and -6 < float(row["longitude"]) < 10 for row in rows)


def test_apostrophes_are_typographic(france):
    assert not any("'" in row[1] for name in counts_of(france) for row in france[name])
