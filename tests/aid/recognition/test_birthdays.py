"""Birthdays: told or not, never with a year; a word that morning, by the channel that each chose."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.roles import COORDINATORS
from aid.followups.models import FollowUp
from aid.notifications.models import Message
from aid.onboarding.enums import PAUSE, REINSTATE, SUSPEND
from aid.onboarding.services import leave, take
from aid.people.enums import Channel
from aid.people.models import Person
from aid.privacy import consents, rights
from aid.privacy.enums import Agreed, ConsentKind, RightKind, Via
from aid.privacy.holdings import known_of
from aid.privacy.merging import merge, preview
from aid.privacy.models import Consent
from aid.recognition.birthdays import _codes_of, coming_birthdays, forget_birthday, tell_birthday, wish_birthdays
from aid.recognition.jobs import wish_birthdays as wish_job
from aid.recognition.models import Birthday
from aid.recognition.texts import BIRTHDAY_AGREEMENT
from aid.recognition.volunteers import NotAVolunteerError
from aid.territory.models import CoveredCommune
from aid.territory.services import add_district, add_sector, bind_coordinator
from core.gsm import segments
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_volunteer

pytestmark = pytest.mark.django_db
GIVEN, MINE = "/mon-espace/ce-que-vous-avez-donne/", "/mon-espace/anniversaire/"
MARCH = datetime.date(2026, 3, 1)


def text_of(answer):
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


def test_she_tells_it_changes_it_and_takes_it_back(signed_in, alice, jeanne):
    browser = signed_in(alice.person)
    assert BIRTHDAY_AGREEMENT in text_of(browser.get(MINE))
    assert "Ce jour n’existe pas dans ce mois" in text_of(browser.post(MINE, {"day": "31", "month": "2"}))
    assert not Consent.objects.exists()
    assert browser.post(MINE, {"day": "1", "month": "3"})["Location"] == f"{GIVEN}#anniversaire"
    assert "le 1er mars" in text_of(browser.get(GIVEN))
    browser.post(MINE, {"day": "29", "month": "2"})
    (given_,) = consents.standing(alice.person)
    assert (given_.kind, given_.last.text.words) == (ConsentKind.BIRTHDAY, BIRTHDAY_AGREEMENT)
    assert Consent.objects.count() == 1
    browser.post("/mon-espace/anniversaire/effacer/")
    assert not Birthday.objects.exists()
    assert not consents.standing(alice.person)[0].last.is_given
    assert signed_in(jeanne).get(MINE).status_code == 404, "only volunteers are asked"


def test_by_the_page_of_what_is_known_too(signed_in, alice):
    tell_birthday(alice.person, day=1, month=3)
    browser = signed_in(alice.person)
    url = "/mon-espace/mes-accords/birthday/retirer/"
    assert "nous effaçons ce jour" in text_of(browser.get(url))
    browser.post(url)
    assert not Birthday.objects.exists()


def test_at_the_desk_for_who_phones(desk, alice):
    url = reverse("desk:person_birthday", args=[alice.person.uid])
    assert "Lisez-lui le texte" in text_of(desk.post(url, {"day": "1", "month": "3"}))
    assert not Birthday.objects.exists()
    desk.post(url, {"day": "1", "month": "3", "how": "on_paper"})
    kept = Consent.objects.get()
    assert (kept.how, kept.by_account.first_name) == (Agreed.ON_PAPER, "Nadia")
    desk.post(reverse("desk:forget_birthday", args=[alice.person.uid]))
    assert not Birthday.objects.exists()


@given(st.dates(datetime.date(2024, 1, 1), datetime.date(2031, 12, 31)))
def test_each_year_wishes_each_day_once(day):
    year = [datetime.date(day.year, 1, 1) + datetime.timedelta(days=ahead) for ahead in range(366)]
    told = [code for one in year if one.year == day.year for code in _codes_of(one)]
    assert len(told) == len(set(told)) == 366
    assert day.month * 100 + day.day in _codes_of(day)


@pytest.mark.parametrize(("day", "month"), [(31, 4), (30, 2), (0, 1), (1, 13)])
def test_a_day_that_no_year_has_is_refused_by_the_service_and_the_database(alice, day, month):
    with pytest.raises(ValidationError):
        tell_birthday(alice.person, day=day, month=month)
    with pytest.raises(IntegrityError), transaction.atomic():
        Birthday.objects.create(person=alice.person, day=day, month=month)


def test_each_is_wished_by_their_channel_once(town, alice):
    by_mail, by_phone = make_volunteer("Paul", phone="+33639981001"), make_volunteer("Rose", phone="+33199001001")
    Person.objects.filter(pk=by_mail.person_id).update(email="paul@exemple.example", channel=Channel.EMAIL)
    Person.objects.filter(pk=by_phone.person_id).update(channel=Channel.CALL)
    for one in (alice, by_mail, by_phone):
        one.person.refresh_from_db()
        tell_birthday(one.person, day=MARCH.day, month=MARCH.month)
    assert wish_birthdays(datetime.date(2026, 2, 28)) == 0
    for _ in range(2):
        assert wish_birthdays(MARCH) == 3
    messages = Message.objects.filter(kind="birthday")
    assert set(messages.values_list("person", "channel")) == {
        (alice.person_id, Channel.SMS),
        (by_mail.person_id, Channel.EMAIL),
    }
    sms = messages.get(channel=Channel.SMS).body
    assert segments(sms) == 1, sms
    assert "Paul" not in messages.get(channel=Channel.EMAIL).subject
    call = FollowUp.objects.get()
    assert (call.kind, call.person) == ("to_call", by_phone.person)
    assert "Bel anniversaire Rose" in call.words
    assert wish_birthdays(MARCH.replace(year=2027)) == 3
    assert messages.count() == 4, "next year comes another"


def test_who_left_is_suspended_died_or_objects_is_wished_nothing(alice):
    tell_birthday(alice.person, day=1, month=3)
    take(alice, PAUSE)
    assert wish_birthdays(MARCH) == 1, "on leave, one is still one of ours"
    take(alice, SUSPEND)
    assert wish_birthdays(MARCH) == 0
    with pytest.raises(NotAVolunteerError):
        tell_birthday(alice.person, day=2, month=3)
    take(alice, REINSTATE)
    asked = rights.ask(person=alice.person, kind=RightKind.OBJECT, via=Via.SITE)
    assert wish_birthdays(MARCH) == 0
    rights.withdraw(asked)
    leave(alice)
    assert wish_birthdays(MARCH) == 0


def test_the_desk_sees_the_coming_thirty_days_of_those_who_told_theirs(desk, alice, django_assert_max_num_queries):
    today = timezone.localdate()
    for ahead, name in ((0, "Ondine"), (30, "Trente"), (31, "Tardif")):
        day = today + datetime.timedelta(days=ahead)
        tell_birthday(make_volunteer(name).person, day=day.day, month=day.month)
    desk.get("/bureau/benevoles/anniversaires/")
    with django_assert_max_num_queries(12):
        page = text_of(desk.get("/bureau/benevoles/anniversaires/"))
    assert "Ondine" in page
    assert "aujourd’hui" in page
    assert "Trente" in page
    assert "Tardif" not in page
    assert "Alice" not in page


def test_the_29th_of_february_falls_on_the_28th_where_there_is_none(alice):
    tell_birthday(alice.person, day=29, month=2)
    there = Birthday.objects.to_wish()
    (coming,) = coming_birthdays(there, today=datetime.date(2027, 2, 1))
    assert coming.on == datetime.date(2027, 2, 28)
    (coming,) = coming_birthdays(there, today=datetime.date(2028, 2, 1))
    assert coming.on == datetime.date(2028, 2, 29)
    (coming,) = coming_birthdays(there, today=datetime.date(2026, 2, 28))
    assert coming.on == datetime.date(2026, 2, 28)


def test_a_coordinator_sees_those_of_their_sectors_only(visit, alice):
    tell_birthday(alice.person, day=timezone.localdate().day, month=timezone.localdate().month)
    north = add_district(name="Nord", commune=CoveredCommune.objects.first())
    for sector, is_seen in (
        (add_sector(name="Ici", communes=[CoveredCommune.objects.first()]), True),
        (add_sector(name="Ailleurs", districts=[north]), False),
    ):
        account = make_account(f"{sector.name}@ccas.example", COORDINATORS)
        bind_coordinator(account, sectors=[sector], by_account=account)
        browser = visit(FIRST_TOWN)
        browser.force_login(account)
        assert ("Alice" in text_of(browser.get("/bureau/benevoles/anniversaires/"))) == is_seen


def test_it_is_told_never_with_a_year_and_follows_a_merge(alice, jeanne):
    tell_birthday(alice.person, day=1, month=3)
    (told,) = [one for one in known_of(alice.person) if one.holding.model is Birthday]
    assert {"Jour": "1", "Mois": "3"}.items() <= dict(told.rows[0]).items()
    chief = make_account("maire@ccas.example", "Administrateurs")
    merge(jeanne, alice.person, take=[], seen=preview(jeanne, alice.person).seen, by_account=chief)
    assert Birthday.objects.get().person == jeanne
    with pytest.raises(consents.NotGivenError):
        forget_birthday(make_volunteer("Lucie").person)


def test_the_morning_s_job_wishes_today_s(alice):
    today = timezone.localdate()
    tell_birthday(alice.person, day=today.day, month=today.month)
    wish_job()
    assert Message.objects.get(kind="birthday").person == alice.person
