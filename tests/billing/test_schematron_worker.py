"""The program apart fails closed: who does not answer, or not to that, has not agreed (requirement 11)."""

import os
import subprocess
import sys
import time

import pytest

from billing.documents import schematron, validation
from billing.documents.cii import EN16931, xml_of
from billing.documents.validation import UNANSWERED, schematron_findings
from billing.drafting import prepare_yearly
from billing.issuing import dry_run
from harness.billing import OPERATOR, TODAY, a_seller, ready
from harness.documents import an_invoice

GOOD = (EN16931, xml_of(an_invoice()))


def program(code):
    return [sys.executable, "-I", "-c", code]


BROKEN = {
    "absent": ["/nowhere/palier-schematron"],
    "a failure": program("import sys; print('{\"findings\": [[]]}'); sys.exit(3)"),
    "killed": program("import os; os.kill(os.getpid(), 9)"),
    "no JSON": program("print('all is well')"),
    "nothing": program(""),
    "another JSON": program("print('[]')"),
    "a document too few": program("print('{\"findings\": []}')"),
    "a document too many": program("print('{\"findings\": [[], []]}')"),
    "an answer of another shape": program("print('{\"findings\": [[1]]}')"),
    "no list": program("print('{\"findings\": [null]}')"),
}


@pytest.mark.parametrize("command", BROKEN.values(), ids=BROKEN)
def test_no_answer_is_a_refusal(monkeypatch, command):
    monkeypatch.setattr(validation, "PROGRAM", command)
    assert schematron_findings([GOOD]) == [[UNANSWERED]]


def test_a_slow_one_is_stopped(monkeypatch):
    monkeypatch.setattr(validation, "PROGRAM", program("import time; time.sleep(60)"))
    monkeypatch.setattr(validation, "LONGEST", 1)
    started = time.monotonic()
    assert schematron_findings([GOOD]) == [[UNANSWERED]]
    assert time.monotonic() - started < 10


def test_the_limit_is_that_of_the_design():
    assert validation.LONGEST == 20


def test_a_missing_program_stops_every_draft(books, monkeypatch):
    monkeypatch.setattr(validation, "PROGRAM", BROKEN["absent"])
    draft = prepare_yearly(ready(books, {"60509": 640}), a_seller(), on=TODAY, by=OPERATOR)
    assert dry_run([draft], on=TODAY) == [[UNANSWERED]]


def test_what_cannot_be_read_is_a_refusal_of_its_batch():
    assert schematron_findings([(EN16931, b"<no")]) == [[UNANSWERED]]
    # No rule was asked of it: nothing found is not all is well.
    assert schematron_findings([(EN16931, b"<other/>")]) == [[UNANSWERED]]


def test_nobody_waits_for_nothing():
    assert schematron_findings([]) == []


def test_batches_are_answered_in_order(monkeypatch):
    monkeypatch.setattr(schematron, "MOST_DOCUMENTS", 2)
    bad = (EN16931, GOOD[1].replace(b"<ram:ID>S1<", b"<ram:ID>A1<"))
    found = schematron_findings([GOOD, bad, GOOD, GOOD, bad])
    assert [[one.rule for one in of_one] for of_one in found] == [[], ["BR-FR-08"], [], [], ["BR-FR-08"]]


def test_the_program_takes_two_hundred_and_no_more():
    asked = b'{"folder": "", "documents": [%s]}' % b",".join([b"{}"] * 201)
    answer = subprocess.run(validation.PROGRAM, input=asked, capture_output=True, check=False, timeout=30)
    assert (answer.returncode, answer.stdout) == (1, b"")


def test_the_program_is_given_no_secret(monkeypatch):
    monkeypatch.setitem(os.environ, "PALIER_MASTER_KEY", "secret")
    code = "import json, os, sys; json.dump({'findings': [[[str(dict(os.environ)), '']]]}, sys.stdout)"
    monkeypatch.setattr(validation, "PROGRAM", program(code))
    [[told]] = schematron_findings([GOOD])
    assert "PALIER" not in told.rule
