"""A site says of its accessibility only what an audit proved."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from aid.configuration.enums import Conformity
from aid.configuration.models import AccessibilityStatement, Identity
from harness.databases import FIRST_TOWN, SECOND_TOWN
from tenants.context import town_context
from tenants.registry import registry

AUDIT = {
    "audited_on": datetime.date(2026, 1, 15),
    "auditor": "Cabinet d’exemple",
    "reference_name": "RGAA",
    "reference_version": "4.1.2",
}
TODAY = datetime.date(2026, 11, 23)


def statement(**fields: object) -> AccessibilityStatement:
    """The town's declaration, changed in memory."""
    ours = AccessibilityStatement.objects.get()
    for name, value in fields.items():
        setattr(ours, name, value)
    return ours


def test_a_new_town_is_not_conforming(town):
    assert statement().label(TODAY) == "non conforme"
    statement().full_clean()


@pytest.mark.parametrize("missing", list(AUDIT))
def test_a_rate_without_its_audit_is_refused_by_the_form_and_by_the_database(town, missing):
    empty = None if missing == "audited_on" else ""
    told = statement(status=Conformity.PARTIAL, rate=72, **AUDIT | {missing: empty})
    with pytest.raises(ValidationError) as refusal:
        told.full_clean()
    assert missing in refusal.value.message_dict
    with pytest.raises(IntegrityError), transaction.atomic():
        told.save()


@pytest.mark.parametrize(
    ("status", "rate", "is_right"),
    [
        (Conformity.NONE, None, True),
        (Conformity.NONE, 41, True),
        (Conformity.PARTIAL, None, False),
        (Conformity.PARTIAL, 49, False),
        (Conformity.PARTIAL, 50, True),
        (Conformity.FULL, 99, False),
        (Conformity.FULL, 100, True),
        (Conformity.NONE, 101, False),
    ],
)
def test_the_status_agrees_with_the_rate(town, status, rate, is_right):
    told = statement(status=status, rate=rate, **AUDIT)
    if is_right:
        told.full_clean()
        told.save()
        return
    with pytest.raises(ValidationError):
        told.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        told.save()


def test_an_audit_to_come_is_refused_and_an_old_one_proves_nothing(town):
    with pytest.raises(ValidationError, match="pas encore passée"):
        statement(audited_on=datetime.date(2999, 1, 1)).full_clean()
    told = statement(status=Conformity.FULL, rate=100, **AUDIT)
    assert told.label(datetime.date(2029, 1, 10)) == "totalement conforme"
    assert told.label(datetime.date(2029, 1, 20)) == "non conforme"


def test_every_page_and_the_declaration_follow_in_this_town_only(own_database, visit):
    town, _ = registry.find(FIRST_TOWN)
    before = visit(FIRST_TOWN).get("/accessibilite/").content.decode()
    assert "pas encore été contrôlé par un audit" in before
    assert "Défenseur des droits" in before
    with town_context(town):
        recent = timezone.localdate() - datetime.timedelta(days=30)
        statement(
            status=Conformity.PARTIAL,
            rate=72,
            not_conforming="Des PDF anciens\n\nUne vidéo",
            **AUDIT | {"audited_on": recent},
        ).save()
    page = BeautifulSoup(visit(FIRST_TOWN).get("/accessibilite/").content, "html.parser")
    text = " ".join(page.main.get_text(" ").split())
    assert "72 % des critères" in text.replace("\u00a0", " ")
    assert "Cabinet d’exemple" in text
    assert [item.get_text() for item in page.main.select("li")][:2] == ["Des PDF anciens", "Une vidéo"]
    assert "partiellement conforme" in visit(FIRST_TOWN).get("/").content.decode()
    assert "partiellement conforme" not in visit(SECOND_TOWN).get("/").content.decode()


def test_a_town_has_one_declaration(town):
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessibilityStatement.objects.create(identity=Identity.objects.get())
