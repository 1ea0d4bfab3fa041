"""Codes of channels: told in French with their source, kept when unknown, and never taken for money."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from billing import sending
from billing.enums import Standing
from billing.models import TransmissionStatus
from billing.statuses import ONWARD, STATUSES, STOPPED, progress, words_of
from harness.billing import OPERATOR, TODAY, an_invoice

PONT = "60509"
# billing.md, 1.4.
CHORUS = [
    "DEPOSEE",
    "EN_COURS_ACHEMINEMENT",
    "MISE_A_DISPOSITION",
    "A_RECYCLER",
    "SUSPENDUE",
    "REJETEE",
    "SERVICE_FAIT",
    "MANDATEE",
    "MISE_A_DISPOSITION_COMPTABLE",
    "COMPTABILISEE",
    "MISE_EN_PAIEMENT",
    "COMPLETEE",
]
LIFE_CYCLE = [*map(str, range(200, 214)), "221", "501"]


def after(days):
    return TODAY + datetime.timedelta(days=days)


def told(*said):
    """Where a deposit of today stands, after codes that come a day apart."""
    return progress(TODAY, [(after(day), code) for day, code in enumerate(said, start=1)])


@pytest.mark.parametrize("code", [*CHORUS, *LIFE_CYCLE])
def test_each_known_code_is_told_in_french(code):
    assert words_of(code) != code
    assert not words_of(code).isupper()


def test_each_has_its_source_and_none_is_written_twice():
    assert all("billing.md" in one.source for one in STATUSES)
    assert len({one.code for one in STATUSES}) == len(STATUSES)
    assert {one.standing for one in STATUSES} == {*ONWARD, *STOPPED, None}


def test_no_status_means_paid():
    assert not {"paid", "payée"} & {*Standing.values, *Standing.labels}


@pytest.mark.parametrize(
    ("said", "standing", "runs_from"),
    [
        ([], Standing.DEPOSITED, 0),
        (["DEPOSEE", "EN_COURS_ACHEMINEMENT"], Standing.DEPOSITED, 0),
        (["DEPOSEE", "MISE_A_DISPOSITION"], Standing.AVAILABLE, 2),
        (["MISE_A_DISPOSITION", "SERVICE_FAIT", "MANDATEE"], Standing.ORDERED, 1),
        # Hélios writes some of its own, in any order.
        (["MISE_A_DISPOSITION", "MISE_EN_PAIEMENT", "MANDATEE", "MISE_A_DISPOSITION"], Standing.ORDERED, 1),
        (["MANDATEE", "DEPOSEE"], Standing.ORDERED, 1),
        (["MISE_A_DISPOSITION", "SUSPENDUE"], Standing.HELD, 1),
        # A new delay of thirty days (CCP, R2192-29).
        (["MISE_A_DISPOSITION", "SUSPENDUE", "COMPLETEE"], Standing.AVAILABLE, 3),
        (["MISE_A_DISPOSITION", "SUSPENDUE", "MANDATEE", "COMPLETEE"], Standing.ORDERED, 3),
        (["203", "207"], Standing.DISPUTED, 1),
        (["203", "207", "205"], Standing.APPROVED, 3),
        (["203", "SUSPENDUE", "207"], Standing.DISPUTED, 1),
        (["MISE_A_DISPOSITION", "REJETEE"], Standing.REJECTED, 1),
        (["A_RECYCLER", "MISE_A_DISPOSITION"], Standing.AVAILABLE, 2),
        (["MISE_A_DISPOSITION", "VU_A_LA_MAIRIE", "999"], Standing.AVAILABLE, 1),
        (["IN_INTEGRE_PARTIEL"], Standing.DEPOSITED, 0),
    ],
)
def test_where_an_invoice_stands_and_since_when_it_runs(said, standing, runs_from):
    found = told(*said)
    assert (found.standing, found.sent_on, found.runs_from) == (standing, TODAY, after(runs_from))
    assert found.due_on == (None if standing in STOPPED else after(runs_from + 30))


@pytest.fixture
def deposit(books):
    return sending.deposit(an_invoice(books, {PONT: 640}), flow_number="CPP-1", on=TODAY, by=OPERATOR)


def test_history_is_kept_as_it_came(deposit):
    for day, code in ((2, "MANDATEE"), (1, "MISE_A_DISPOSITION"), (1, "EN_COURS_DE_LECTURE"), (2, "MANDATEE")):
        sending.note_status(deposit, code=code, said_on=after(day), by=OPERATOR, words="  Vu  au guichet ")
    assert list(deposit.statuses.values_list("code", "words")) == [
        ("MANDATEE", "Vu au guichet"),
        ("MISE_A_DISPOSITION", "Vu au guichet"),
        ("EN_COURS_DE_LECTURE", "Vu au guichet"),
        ("MANDATEE", "Vu au guichet"),
    ]
    assert words_of("EN_COURS_DE_LECTURE") == "EN_COURS_DE_LECTURE"
    found = sending.progress_of(deposit.invoice)
    assert (found.standing, found.runs_from) == (Standing.ORDERED, after(1))


@pytest.mark.parametrize(
    ("code", "day", "told"),
    [("", 1, "vide"), ("mise à disposition", 1, "s’écrit comme Chorus"), ("MANDATEE", -1, "avant le dépôt")],
)
def test_what_is_no_status_is_refused(deposit, code, day, told):
    with pytest.raises(ValidationError, match=told):
        sending.note_status(deposit, code=code, said_on=after(day), by=OPERATOR)
    assert not TransmissionStatus.objects.exists()
