"""The page of a card's QR: valid now or not, and nothing else of anybody."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from aid.cards import services, views
from aid.cards.enums import Outcome
from aid.cards.models import Card, CardScan
from aid.cards.services import void
from aid.configuration.models import Identity
from aid.onboarding.enums import LEAVE, PAUSE, SUSPEND, StepKind
from aid.onboarding.models import StepRecord
from aid.onboarding.services import take
from aid.people.models import Person
from harness.cards import a_card, a_photo, page_of, token_of
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.desk import make_volunteer
from harness.steps import a_step, in_days
from tenants.context import facing

pytestmark = pytest.mark.django_db
# What is written once, or once a day.
WRITTEN = (services._holding, services._standing, services._keeping)
SURNAME, PHONE = "Morelcanari", "+33639985566"
VALID, NOT_VALID = "Cette carte est valable", "Cette carte n’est pas valable"


@pytest.fixture
def alice(town):
    return make_volunteer("Alice", SURNAME, PHONE)


@pytest.fixture
def card(alice):
    return a_card(alice)


@pytest.fixture
def visitor():
    return Client(headers={"host": FIRST_TOWN})


def page(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_valid_card_says_who_and_nothing_more(visitor, alice, card):
    a_photo(alice.person)
    content = page(visitor, page_of(card))
    assert VALID in content
    assert "Alice M." in content
    assert f"{token_of(card)}/photo.jpg" in content
    for hidden in (SURNAME, PHONE, "06 39", str(alice.person.uid), card.number, str(card.uid)):
        assert hidden not in content
    picture = visitor.get(page_of(card) + "photo.jpg")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")
    assert "no-store" in picture["Cache-Control"]
    assert picture["X-Content-Type-Options"] == "nosniff"


def test_a_card_without_a_photo_says_so(visitor, card):
    content = page(visitor, page_of(card))
    assert "Cette carte est sans photo" in content
    assert "photo.jpg" not in content
    assert visitor.get(page_of(card) + "photo.jpg").status_code == 204


def spoil_void(card):
    void(card, reason="stolen", by_account=None)


def spoil_date(card):
    Card.objects.update(expires_on="2020-01-01")


def spoil_life(card):
    Person.objects.filter(pk=card.volunteer.person_id).update(deceased_on=timezone.localdate())


SPOILED = {
    "void": spoil_void,
    "expired": spoil_date,
    "dead": spoil_life,
    "suspended": lambda card: take(card.volunteer, SUSPEND),
    "on_leave": lambda card: take(card.volunteer, PAUSE),
    "left": lambda card: take(card.volunteer, LEAVE),
}


def said(content):
    """What is read, without what each page has for itself only (where the text-size links lead back to)."""
    return re.sub(r"suite=[^\"]*", "", content)


@pytest.mark.parametrize("how", SPOILED)
def test_every_card_that_is_not_valid_gives_one_same_page(visitor, alice, card, how):
    a_photo(alice.person)
    invented = page(visitor, reverse("cards:check", args=["0" * 40]))
    assert NOT_VALID in invented
    SPOILED[how](card)
    content = page(visitor, page_of(card))
    assert said(content) == said(invented)
    assert "Alice" not in content
    assert visitor.get(page_of(card) + "photo.jpg").status_code == 204
    assert CardScan.objects.get().card == card, "the town sees that it was tried"


def test_the_qr_of_another_town_is_not_valid_here(visitor, card, other_town):
    with facing(other_town):
        theirs = page_of(a_card(make_volunteer("Benoît")))
    assert NOT_VALID in page(visitor, theirs)
    there = Client(headers={"host": SECOND_TOWN})
    assert VALID in page(there, theirs)
    assert NOT_VALID in page(there, page_of(card))


def test_nothing_keeps_the_page_nor_tells_its_address(visitor, card):
    for url in (page_of(card), reverse("cards:check", args=["invente"]), page_of(card) + "photo.jpg"):
        answer = visitor.get(url)
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer.status_code < 400, "what answers an error is logged with its address"
        assert not answer.cookies
    assert visitor.post(page_of(card)).status_code == 405


def test_the_telephone_of_the_town_is_there_and_the_page_stands_without(visitor, card):
    Identity.objects.update(telephone="+33344720000")
    assert "03\u00a044\u00a072\u00a000\u00a000" in page(visitor, reverse("cards:check", args=["invente"]))
    Identity.objects.update(telephone="")
    cache.clear()
    assert "Parlez-nous-en" in page(visitor, reverse("cards:check", args=["autre"]))


def test_checking_takes_few_questions(visitor, alice, card):
    a_photo(alice.person)
    page(visitor, page_of(card))
    with CaptureQueriesContext(connection) as valid:
        page(visitor, page_of(card))
    ours = [
        one["sql"]
        for one in valid
        if not re.match(r"SAVEPOINT|RELEASE|SELECT set_config|SELECT schema_name", one["sql"])
    ]
    assert len(ours) == 3, ours  # how often, hold, read and write


def test_what_makes_a_card_valid_is_written_once_and_read_each_time(visitor, alice, card):
    assert VALID in page(visitor, page_of(card))
    written = [one.cache_info().misses for one in WRITTEN]
    step = a_step(StepKind.RECORD, "Casier")
    assert NOT_VALID in page(visitor, page_of(card))
    record = StepRecord.objects.create(volunteer=alice, step=step, passed_on=in_days(-90), valid_until=in_days(0))
    assert VALID in page(visitor, page_of(card))
    StepRecord.objects.filter(pk=record.pk).update(valid_until=in_days(-1))
    assert NOT_VALID in page(visitor, page_of(card))
    assert [one.cache_info().misses for one in WRITTEN] == written
    # Another day is another condition.
    _, outcome, *_ = services._standing(in_days(-1)).first(card.fingerprint)
    assert outcome == Outcome.VALID


def test_who_tries_many_is_told_to_call_and_learns_nothing(visitor, card, monkeypatch):
    monkeypatch.setattr(views, "MOST_CHECKS", 2)
    for _ in range(2):
        assert NOT_VALID in page(visitor, reverse("cards:check", args=["invente"]))
    refused = visitor.get(page_of(card))
    assert "Attendez une heure" in refused.content.decode()
    assert VALID not in refused.content.decode()
    assert NOT_VALID not in refused.content.decode()
    assert not CardScan.objects.exists()
    elsewhere = Client(headers={"host": FIRST_TOWN}, REMOTE_ADDR="192.0.2.7")
    assert VALID in page(elsewhere, page_of(card))


def test_it_is_the_photo_of_now(visitor, alice, card):
    a_photo(alice.person)
    first = visitor.get(page_of(card) + "photo.jpg").content
    assert first[:3] == b"\xff\xd8\xff"
    alice.person.photo.file.storage.delete(alice.person.photo.file.name)
    assert visitor.get(page_of(card) + "photo.jpg").status_code == 204, "a file that is gone breaks nothing"
