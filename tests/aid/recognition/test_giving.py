"""What a volunteer gave: one definition, that adds up to the town's figures."""

import datetime
import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.db.models import Sum
from django.db.models.functions import ExtractYear
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aid.facts.enums import FactKind
from aid.facts.models import Fact
from aid.help_requests.enums import RequestState
from aid.help_requests.services import confirm, finish, thank
from aid.onboarding.enums import SUSPEND
from aid.onboarding.services import take as move
from aid.privacy.forgetting import forget
from aid.recognition.giving import Given, by_year, given_by, in_all, thanks_to, told, words_of_thanks
from aid.recognition.texts import DEFINITION
from core.french import duration_words
from harness.desk import make_person, make_request, make_volunteer
from harness.giving import gave
from harness.loop import agree, request_of
from tenants.context import facing

pytestmark = pytest.mark.django_db
PAGE = "/mon-espace/ce-que-vous-avez-donne/"
JUNE = datetime.date(2025, 6, 3)


def text_of(answer):
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


@given(st.integers(min_value=1, max_value=2_000_000))
def test_a_duration_says_every_minute(minutes):
    words = duration_words(minutes).replace("\u00a0", " ")
    hours, rest = re.fullmatch(r"(?:(\d+) h)? ?(?:(\d+)(?: minutes?)?)?", words).groups(default="0")
    assert int(hours) * 60 + int(rest) == minutes


def test_durations_are_said_as_people_do():
    said = [duration_words(minutes).replace("\u00a0", " ") for minutes in (1, 45, 60, 195)]
    assert said == ["1 minute", "45 minutes", "1 h", "3 h 15"]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    services=st.lists(
        st.tuples(
            st.integers(1, 24 * 60),
            st.dates(datetime.date(2024, 1, 1), datetime.date(2026, 12, 31)),
            # Said some hours before or after: a visit may be paid before its day.
            st.integers(-72, 72),
        ),
        max_size=12,
    )
)
def test_what_each_gave_adds_up_to_the_facts_of_the_town_year_by_year(town, services):
    volunteer, helped = make_volunteer("Alice"), make_person()
    before = facts_by_year()
    for minutes, day, hours in services:
        noon = timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
        gave(volunteer, minutes, to=helped, day=day, said_at=noon + datetime.timedelta(hours=hours))
    years = by_year(volunteer.person)
    facts = {year: minutes - before.get(year, 0) for year, minutes in facts_by_year().items()}
    assert {year: one.minutes for year, one in years.items()} == {year: one for year, one in facts.items() if one}
    total = in_all(years.values())
    assert total == Given(len(services), sum(minutes for minutes, *_ in services))
    assert list(years) == sorted(years, reverse=True)


def facts_by_year():
    done = Fact.objects.filter(kind=FactKind.SERVICE_DONE).annotate(year=ExtractYear("happened_on"))
    return dict(done.values_list("year").annotate(sum=Sum("minutes")))


def test_only_what_was_done_counts(alice, jeanne):
    gave(alice, 60, to=jeanne, day=JUNE)
    for state in (RequestState.AGREED, RequestState.CANCELLED, RequestState.UNMET):
        make_request(jeanne, state, volunteer=alice, minutes=30)
    assert by_year(alice.person) == {2025: Given(1, 60)}
    assert by_year(make_volunteer("Lucie").person) == {}


def test_a_year_is_the_town_s_own(town, alice, jeanne):
    """In Cayenne it is still the 31st of December, when Paris drinks to the new year."""
    last = datetime.date(2025, 12, 31)
    new_year_in_paris = datetime.datetime(2026, 1, 1, 2, tzinfo=ZoneInfo("Europe/Paris"))
    gave(alice, 60, to=jeanne, day=datetime.date(2026, 1, 2), said_at=new_year_in_paris)
    assert by_year(alice.person) == {2026: Given(1, 60)}
    gave(alice, 30, to=jeanne, day=last)
    with facing(replace(town, time_zone="America/Cayenne")):
        assert by_year(alice.person) == {2025: Given(2, 90)}


def test_by_the_services_that_everybody_uses(alice, jeanne):
    request = agree(confirm(request_of(jeanne, days=1)), alice)
    thank(finish(request, minutes=75), words="Merci du fond du cœur. Écrivez à jeanne@exemple.example")
    today = timezone.localdate()
    assert by_year(alice.person) == {today.year: Given(1, 75)}
    (one,) = map(told, thanks_to(alice.person))
    assert (one.words.startswith("Merci du fond du cœur."), "jeanne@" in one.words) == (True, False)
    assert words_of_thanks([alice.person.pk], year=today.year, most=3) == {alice.person.pk: [one.words]}
    assert (one.on, one.first_name) == (today, "Jeanne")


def test_her_page_says_what_she_gave_and_nothing_of_anybody_s_surname(signed_in, alice, jeanne):
    gave(alice, 75, to=jeanne, day=JUNE, thanks="Merci pour le pain.")
    gave(alice, 120, to=jeanne, day=datetime.date(2026, 2, 1), thanks="")
    gave(make_volunteer("Lucie"), 600, to=jeanne, day=JUNE)
    page = text_of(signed_in(alice.person).get(PAGE))
    for words in (
        "3 h 15",
        "2 services",
        "2025",
        "1 h 15",
        "« Merci pour le pain. »",
        "Jeanne, le 3 juin 2025",
        DEFINITION,
    ):
        assert words in page, words
    for hidden in ("Canari", "10 h", "Lucie", "classement"):
        assert hidden not in page, hidden


def test_thanks_are_read_page_by_page_in_as_many_questions(signed_in, alice, jeanne):
    browser, counts = signed_in(alice.person), []
    for _ in range(2):
        gave(alice, 30, to=jeanne, day=JUNE, thanks="Merci.")
        browser.get(PAGE)
        with CaptureQueriesContext(connection) as log:
            browser.get(PAGE)
        counts.append(len(log))
        for day in range(1, 13):
            gave(alice, 30, to=jeanne, day=datetime.date(2025, day, 2), thanks=f"Merci {day}")
    assert counts[0] == counts[1]
    assert counts[0] <= 17, counts
    assert "Page 1 sur 3" in text_of(browser.get(PAGE))
    assert browser.get(f"{PAGE}?page=zz").status_code == 200


def test_who_was_forgotten_still_thanks_without_a_name(alice, jeanne):
    gave(alice, 75, to=jeanne, day=JUNE, thanks="Merci pour le pain.")
    forget(jeanne)
    assert by_year(alice.person) == {2025: Given(1, 75)}
    (one,) = map(told, thanks_to(alice.person))
    assert (one.words, one.first_name) == ("", "Quelqu’un")


def test_what_was_given_outlives_a_suspension_and_is_nobody_else_s(signed_in, alice, jeanne):
    gave(alice, 75, to=jeanne, day=JUNE)
    move(alice, SUSPEND)
    page = text_of(signed_in(alice.person).get(PAGE))
    assert "1 h 15" in page
    assert "Votre attestation" not in page
    assert signed_in(jeanne).get(PAGE).status_code == 404


def test_many_are_summed_in_one_question(alice, jeanne, django_assert_num_queries):
    others = [make_volunteer(f"Paul{number}") for number in range(5)]
    for one in [alice, *others]:
        gave(one, 45, to=jeanne, day=JUNE)
    with django_assert_num_queries(1):
        assert set(given_by([one.person_id for one in others]).values()) == {Given(1, 45)}
