import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aid.configuration.models import KindOfHelp
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests.enums import AGREE
from aid.help_requests.services import cancel
from aid.help_requests.transitions import take as take_step
from aid.notifications.models import Message
from aid.offers.services import note_offer
from aid.onboarding import appointments, expiry, lapses
from aid.onboarding.enums import LEAVE, PAUSE, REINSTATE, SUSPEND, StepKind
from aid.onboarding.models import Appointment, Step, StepRecord, Volunteer
from aid.onboarding.passing import attend, forget_session, pass_step, publish_charter, sign, take_back
from aid.onboarding.services import admit, take
from aid.people.enums import Channel
from harness.loop import jeanne, open_request, said_yes, somebody, visits
from harness.steps import a_candidate, a_charter, a_step, hour_in_days, in_days
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
NUMBERS = itertools.count(1)


@pytest.fixture
def step(town):
    return a_step(StepKind.RECORD, "Casier")


@pytest.fixture
def helping(step, agent):
    """Admits somebody whose step is good until some days from today."""

    def admitted(first_name, days, **fields):
        person = somebody(first_name, f"+33639980{next(NUMBERS):03}", **fields)
        volunteer = Volunteer.objects.create(person=person, state="admitted", admitted_on=in_days(-100))
        ends = {"passed_on": in_days(-100), "valid_until": in_days(days)}
        StepRecord.objects.create(volunteer=volunteer, step=step, **ends)
        return volunteer

    return admitted


def told(kind="step"):
    """Who was written to, with the subject and the key."""
    rows = Message.objects.filter(kind=kind).order_by("pk")
    return [(one.person.first_name, one.key.split(":")[-1] if one.key.startswith("ends") else "lapse") for one in rows]


def onboarding():
    return FollowUp.objects.open().filter(kind=FollowUpKind.ONBOARDING)


@pytest.mark.parametrize(
    ("days", "stages"),
    [(61, []), (60, ["60"]), (16, ["60"]), (15, ["15"]), (0, ["15"]), (-1, ["lapse"]), (-90, ["lapse"])],
)
def test_a_volunteer_is_reminded_at_each_stage_once(helping, days, stages):
    helping("Alice", days)
    for _ in range(2):
        expiry.remind()
    assert told() == [("Alice", stage) for stage in stages]


def test_who_is_phoned_is_to_be_called_once(helping):
    helping("Simone", 40, channel=Channel.CALL)
    for _ in range(2):
        expiry.remind()
    assert told() == []
    assert FollowUp.objects.get(kind=FollowUpKind.TO_CALL).words.startswith(
        "«\u00a0Casier\u00a0» est à renouveler avant le"
    )


def test_a_lapsed_step_is_told_to_the_town_once_and_closed_when_it_is_renewed(helping, step, agent):
    alice = helping("Alice", -1)
    helping("Lucie", 0)
    assert expiry.notice_lapses() == 1
    assert expiry.notice_lapses() == 0
    followup = onboarding().get()
    assert followup.person == alice.person
    assert "«\u00a0Casier\u00a0» n’est plus à jour depuis le" in followup.words
    pass_step(volunteer=alice, step=step, by_account=agent)
    assert not onboarding().exists()
    assert FollowUp.objects.get(pk=followup.pk).outcome == "Étape refaite."
    assert expiry.notice_lapses() == 0


def test_a_renewal_that_was_an_error_is_told_again_each_time_and_its_visit_reviewed(helping, step, agent):
    alice = helping("Alice", -1)
    request = open_request(jeanne())
    said_yes(request, alice)
    take_step(request, AGREE, volunteer=alice)
    expiry.notice_lapses()
    for _ in range(2):
        wrong = pass_step(volunteer=alice, step=step, by_account=agent)
        assert not onboarding().filter(person=alice.person).exists()
        onboarding().update(done_at=timezone.now())  # her visit was looked at
        take_back(wrong, by_account=agent)
        assert expiry.notice_lapses() == 0, "it was told at once"
        assert {one.subject_id for one in onboarding()} == {None, request.pk}
    # One of two that hold, or one that did not: nothing changes.
    pass_step(volunteer=alice, step=step, by_account=agent)
    onboarding().update(done_at=timezone.now())
    twice = pass_step(volunteer=alice, step=step, passed_on=in_days(-2), by_account=agent)
    for one in (twice, alice.records.get(valid_until=in_days(-1))):
        take_back(one, by_account=agent)
    assert not onboarding().exists()


def test_an_error_taken_back_of_a_step_never_told_of_is_told_once(helping, agent):
    alice = helping("Alice", 300)
    training = a_step(StepKind.TRAINING, "Formation")
    session = attend(volunteer=alice, step=training, on=in_days(-1), minutes=300, by_account=agent)
    assert expiry.notice_lapses() == 0
    forget_session(session, by_account=agent)
    assert expiry.notice_lapses() == 0
    assert onboarding().get().person == alice.person
    attend(volunteer=alice, step=training, on=in_days(-1), minutes=300, by_account=agent)
    assert not onboarding().exists()


def test_who_is_away_suspended_or_gone_is_told_nothing(helping):
    for name, move in (("Alice", PAUSE), ("Lucie", SUSPEND), ("Zoé", LEAVE)):
        take(helping(name, -1), move)
    helping("Simone", -1)
    Volunteer.objects.filter(person__first_name="Simone").update(state="candidate")
    assert (expiry.notice_lapses(), expiry.remind()) == (0, 0)


def test_a_step_asked_from_a_day_is_reminded_of_then_lacks(helping, agent):
    helping("Alice", 300)
    new = a_step(StepKind.TRAINING, "Formation", asked_from=in_days(10))
    expiry.remind()
    assert told() == [("Alice", "15")]
    assert expiry.notice_lapses() == 0
    Step.objects.filter(pk=new.pk).update(asked_from=in_days(0))
    assert expiry.notice_lapses() == 1
    assert expiry.notice_lapses() == 0
    assert "Formation" in onboarding().get().words


def test_a_new_charter_asks_again_until_its_day(agent):
    a_step(StepKind.CHARTER, "La charte")
    nadia = a_candidate()
    charter = a_charter()
    sign(volunteer=nadia, charter_number=charter.number, digest=charter.digest, how="on_screen")
    admit(person=nadia.person)
    publish_charter(text="Autre texte.", asked_from=in_days(30), by_account=agent)
    expiry.remind()
    words = Message.objects.get(kind="step").body
    assert "relire et " in words
    assert "://" in words
    # Her day came: she still signs by herself; another step is talked about.
    StepRecord.objects.update(passed_on=in_days(-30), valid_until=in_days(-1))
    a_step(StepKind.OTHER, "Permis")
    expiry.remind()
    lapsed, other = Message.objects.filter(kind="step").order_by("pk")[1:]
    assert "relire et " in lapsed.body
    assert "://" in lapsed.body
    assert "Permis" in other.body
    assert "://" not in other.body


def test_running_engagements_are_reviewed_at_a_lapse_and_at_a_suspension(helping, agent):
    alice, lucie = helping("Alice", -1), helping("Lucie", 300)
    first, second = open_request(jeanne()), open_request(somebody("Odette", "+33639985555"), days=5)
    for request, goes in ((first, alice), (second, lucie)):
        said_yes(request, goes)
        take_step(request, AGREE, volunteer=goes)
    for _ in range(2):
        expiry.notice_lapses()
    review = onboarding().get(person=first.person)
    assert (review.subject_id, "n’est plus à jour\u00a0: «\u00a0Casier\u00a0»" in review.words) == (first.pk, True)
    take(lucie, SUSPEND, by_account=agent, words="Une plainte.")
    again = onboarding().get(person=second.person)
    assert "est suspendu" in again.words
    # Decided: nothing is left to review.
    cancel(second, by_account=agent, words="Une autre vient.")
    assert not onboarding().filter(person=second.person).exists()
    take(lucie, REINSTATE, by_account=agent)


def test_a_step_of_one_kind_reviews_the_visits_of_that_kind_only(helping, agent):
    other = KindOfHelp.objects.exclude(pk=visits().pk)[0]
    driving = a_step(StepKind.OTHER, "Permis")
    driving.kinds.set([other])
    alice = helping("Alice", 300)
    StepRecord.objects.create(volunteer=alice, step=driving, passed_on=in_days(-9), valid_until=in_days(-1))
    concerned, apart = open_request(jeanne(), kind=other), open_request(somebody("Odette", "+33639985555"))
    for request in (concerned, apart):
        said_yes(request, alice)
        take_step(request, AGREE, volunteer=alice)
    expiry.notice_lapses()
    assert {one.subject_id for one in onboarding()} == {None, concerned.pk}
    assert other.name in onboarding().get(subject_id=None).words


def test_a_step_of_one_kind_is_asked_of_who_offers_that_kind_as_something_new(helping):
    other = KindOfHelp.objects.exclude(pk=visits().pk)[0]
    driver, visitor = helping("Alice", 300), helping("Lucie", 300)
    helping("Zoé", 300)  # says nothing of what she offers
    for one, kinds in ((driver, [other, visits()]), (visitor, [visits()])):
        note_offer(one, kinds=kinds, communes=[])
    driving = a_step(StepKind.OTHER, "Permis", asked_from=in_days(10))
    driving.kinds.set([other, KindOfHelp.objects.exclude(pk__in=[other.pk, visits().pk])[0]])
    expiry.remind()
    Step.objects.filter(pk=driving.pk).update(asked_from=in_days(0))
    assert expiry.notice_lapses() == 1
    expiry.remind()
    letters = Message.objects.filter(kind="step").order_by("pk")
    assert [one.person for one in letters] == [driver.person, driver.person]
    for one in letters:
        assert "Nous demandons maintenant" in one.body
    followup = onboarding().get()
    assert followup.person == driver.person
    assert "pas faite" in followup.words
    told = " ".join([followup.words, *(one.body for one in letters)])
    assert [words for words in ("renouveler", "plus à jour", "refai") if words in told] == []


def test_killed_in_the_middle_it_goes_on(helping, monkeypatch):
    for number in range(6):
        helping(f"Voisine {number}", -1)
    monkeypatch.setattr(expiry, "BATCH", 2)
    heard = []

    def dies(batch):
        heard.extend(one.key for one in batch)
        if len(heard) == 4:
            raise KeyboardInterrupt

    lapses.on(dies)
    try:
        with pytest.raises(KeyboardInterrupt):
            expiry.notice_lapses()
        assert onboarding().count() == 2
        assert expiry.notice_lapses() == 4
    finally:
        lapses._handlers.remove(dies)
    assert onboarding().count() == 6


def test_it_costs_as_many_statements_for_many_as_for_few(helping):
    a_step(StepKind.OTHER, "Permis").kinds.set([visits()])
    expiry.remind()  # what the town says of itself is in memory from here
    counts = []
    for number in (3, 3, 30):
        for _ in range(number):
            helping("Voisine", -1)
            helping("Voisin", 40)
        for one in Volunteer.objects.filter(offer=None):
            note_offer(one, kinds=[visits()], communes=[])
        with CaptureQueriesContext(connection) as log:
            expiry.notice_lapses()
            expiry.remind()
        counts.append(len(log))
    assert counts[1] == counts[2], counts


def test_who_is_awaited_tomorrow_is_reminded_once_with_who_goes_along(agent):
    nadia, odile = a_candidate(), admit(person=somebody("Odile", "+33639980009"))
    trial = a_step(StepKind.TRIAL)
    appointments.plan(
        volunteer=nadia, step=trial, at=hour_in_days(1), place="Mairie", with_volunteer=odile, by_account=agent
    )
    later = appointments.plan(
        volunteer=nadia, step=a_step(StepKind.INTERVIEW), at=hour_in_days(2), place="Mairie", by_account=agent
    )
    letters = Message.objects.filter(kind__in=["appointment", "eve"]).order_by("pk")
    before = letters.count()
    for _ in range(2):
        expiry.remind()
    eve = letters[before:]
    assert [one.person.first_name for one in eve] == ["Nadia", "Odile"]
    assert "C’est demain." in eve[0].body.replace("'", "’")
    Appointment.objects.filter(pk=later.pk).update(at=hour_in_days(1, 9))
    appointments.cancel(later, by_account=agent)
    expiry.remind()
    assert letters.count() == before + 3, "the word of the cancelling, no reminder"


def test_another_town_is_told_nothing(helping, other_town):
    helping("Alice", -1)
    with facing(other_town):
        assert (expiry.notice_lapses(), expiry.remind()) == (0, 0)
