"""What has been kept long enough goes, in small batches, with the town's own durations; people are told before."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from aid.facts.services import figures
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest, RequestStep, StepWords
from aid.help_requests.services import cancel
from aid.notifications.models import Message, Reply
from aid.people.enums import Channel
from aid.people.models import Person
from aid.people.services import update_person
from aid.privacy import leaving, retention
from aid.privacy.jobs import purge, tell_silent
from aid.privacy.models import ChangedValue, Leaving, Purge, RetentionPeriod
from aid.privacy.retained import PERSONS
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person, make_request, make_volunteer
from harness.loop import JEANNE_PHONE, jeanne, open_request
from tenants.postgresql.base import PUBLIC

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
LONG_AGO = timezone.now() - timedelta(days=3 * 366)
PAGE = "/bureau/conservation/"


@pytest.fixture
def agent():
    return make_account("nadia@ccas.example", "Agents")


@pytest.fixture
def chief(visit):
    client = visit(FIRST_TOWN)
    client.force_login(make_account("maire@ccas.example", "Administrateurs"))
    return client


def of(key):
    return next(one for one in retention.declared() if one.key == key)


def message(number=1, at=LONG_AGO, **fields):
    usual = {"channel": Channel.SMS, "recipient": JEANNE_PHONE, "body": "Bonjour", "state": "sent", "sent_at": at}
    made = Message.objects.create(kind="x", key=f"x:{number}", **usual | fields)
    Message.objects.filter(pk=made.pk).update(created_at=at)
    return made


def grown_old(person, at=LONG_AGO):
    Person.objects.filter(pk=person.pk).update(created_at=at)
    return Person.objects.get(pk=person.pk)


@pytest.mark.parametrize("kind", retention.declared(), ids=lambda one: one.key)
def test_each_kind_of_data_is_told_in_french_and_has_bounds(kind):
    assert kind.least <= kind.months <= kind.most
    assert kind.outcome.endswith(".")
    assert kind.because.endswith(".")
    assert not kind.counted_from[0].isupper()
    if not kind.parts and kind.journal is None:
        assert kind.key == PERSONS


def test_messages_lose_their_text_and_number_and_stay_counted():
    old, new, waiting = message(1), message(2, timezone.now()), message(3, state="queued", sent_at=None)
    Reply.objects.create(sender=JEANNE_PHONE, message=old, text="Merci")
    assert retention.purge(of("messages")) == 1
    for one in (old, new, waiting):
        one.refresh_from_db()
    assert (old.recipient, old.body, old.state) == ("", "", "sent")
    assert (new.recipient, new.body) == (JEANNE_PHONE, "Bonjour")
    assert waiting.body == "Bonjour", "what has not left is not taken away"
    assert not Reply.objects.exists()
    assert retention.purge(of("messages")) == 0


def test_the_words_of_old_requests_go_and_figures_stay(agent):
    person = jeanne()
    request = open_request(person)
    cancel(request, words="Partie chez sa fille", by_account=agent)
    still = open_request(person)
    HelpRequest.objects.update(ends_at=LONG_AGO)
    before, steps = figures(), RequestStep.objects.count()
    assert retention.purge(of("requests")) == 1
    request, still = HelpRequest.objects.get(pk=request.pk), HelpRequest.objects.get(pk=still.pk)
    assert (request.details, request.address, request.closing_words) == ("", "", "")
    assert (request.person, request.state) == (person, RequestState.CANCELLED)
    assert still.address, "a request that is not over keeps its words"
    assert not StepWords.objects.exists()
    assert (figures(), RequestStep.objects.count()) == (before, steps)


def test_other_kinds_go_too(agent):
    person = jeanne()
    update_person(person, by_account=agent, address="Ailleurs")
    FollowUp.objects.create(kind=FollowUpKind.TO_CALL, person=person, due_at=LONG_AGO, done_at=LONG_AGO)
    FollowUp.objects.create(kind=FollowUpKind.TO_CALL, person=person, due_at=LONG_AGO)
    Account.objects.create_account(phone="+33639980055", date_joined=LONG_AGO)
    Account.objects.create_account(phone="+33639980056")
    assert {key: retention.purge(of(key)) for key in ("followups", "accounts", "changes")} == {
        "followups": 1, "accounts": 1, "changes": 0,
    }  # fmt: skip
    assert FollowUp.objects.get().done_at is None
    assert ChangedValue.objects.count() == 1
    assert set(Account.objects.values_list("phone", flat=True)) == {None, "+33639980056"}


def test_batches_are_small_and_locked_rows_are_left_for_the_next_night(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 3)
    for number in range(8):
        message(number)
    with CaptureQueriesContext(connection) as log:
        assert retention.purge(of("messages")) == 8
    locks = [query["sql"] for query in log.captured_queries if "SKIP LOCKED" in query["sql"]]
    assert len(locks) == 3 + 1 + 1, "three batches, one that finds nothing, and one of replies"
    assert all("LIMIT 3" in sql for sql in locks)
    updates = [query["sql"] for query in log.captured_queries if query["sql"].startswith('UPDATE "notifications_mess')]
    assert [sql.count(",", sql.index(" IN ")) + 1 for sql in updates] == [3, 3, 2]


def test_a_night_does_not_pass_over_the_messages_that_earlier_ones_did():
    """A message is never taken away: in some years, all of them would be read to find the first that is due."""
    for number in range(3):
        message(number)
    with CaptureQueriesContext(connection) as log:
        assert retention.purge(of("messages")) == 3
    first = next(query["sql"] for query in log.captured_queries if "SKIP LOCKED" in query["sql"])
    with connection.cursor() as cursor:
        # Of three rows, PostgreSQL would read and sort them all.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {first}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "message_to_forget" in plan, plan
    assert "Sort" not in plan, plan


def test_a_batch_holds_few_rows():
    assert retention.BATCH <= 1000


def test_administrators_choose_within_bounds_and_nothing_typed_is_lost(chief, visit):
    form = {one.retention.key: one.months for one in retention.chosen()}
    page = chief.get(PAGE).content.decode()
    assert "Le texte et le numéro d’un message, en mois" in page
    for wrong in ("0", "25", "deux", ""):
        refused = chief.post(PAGE, form | {"messages": wrong})
        assert "de 1 à 24" in refused.content.decode().replace("\u00a0", " ")
        assert not RetentionPeriod.objects.exists()
    assert chief.post(PAGE, form | {"messages": "3", "requests": "60"})["Location"] == PAGE
    assert retention.months_of("messages") == 3
    public = visit(FIRST_TOWN).get("/donnees-personnelles/").content.decode().replace("\u00a0", " ")
    assert "Le texte et le numéro d’un message : 3 mois après son envoi" in public
    assert "5 ans après le jour de la demande" in public
    with pytest.raises(ValidationError):
        retention.choose({"messages": 99}, by_account=None)


def test_agents_do_not_choose(visit, agent):
    client = visit(FIRST_TOWN)
    client.force_login(agent)
    for path in (PAGE, "/bureau/registre/", "/bureau/registre.pdf"):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404


def test_the_choice_is_what_is_applied_and_the_report_says_it(chief):
    recent = timezone.now() - timedelta(days=100)
    message(1, recent)
    assert retention.purge(of("messages")) == 0
    retention.choose({"messages": 3}, by_account=None)
    assert retention.purge(of("messages")) == 1
    message(2, recent)
    retention.purge(of("messages"))
    assert Purge.objects.get(key="messages").rows == 2
    page = chief.get(PAGE).content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")
    assert "Le texte et le numéro d’un message : 2 effacements" in page


def test_who_is_silent_is_told_then_forgotten_and_figures_stay():
    person, before = grown_old(jeanne()), figures()
    leaving.tell_silent()
    told = Leaving.objects.get()
    assert told.goes_on == timezone.localdate() + timedelta(days=30)
    sent = Message.objects.get(person=person, kind="leaving")
    assert "/rester/" in sent.body
    leaving.tell_silent()
    assert leaving.forget_silent() == 0, "not before the day that was said"
    assert Message.objects.filter(kind="leaving").count() == 1, "told once"
    Leaving.objects.update(goes_on=timezone.localdate())
    assert leaving.forget_silent() == 1
    assert not Person.objects.filter(pk=person.pk).exists()
    assert figures() == before
    assert Purge.objects.get(key=PERSONS).rows == 1


def test_one_gesture_and_she_stays(visit):
    grown_old(jeanne())
    leaving.tell_silent()
    link = re.search(r"/rester/[\w-]+/", Message.objects.get(kind="leaving").body)[0]
    stranger = visit(FIRST_TOWN)
    assert "Oui, je reste" in stranger.get(link).content.decode()
    assert Leaving.objects.get().stayed_at is None, "looking changes nothing"
    for _ in range(2):
        stranger.post(link)
    assert "vous restez" in stranger.get(link).content.decode()
    Leaving.objects.update(goes_on=timezone.localdate())
    assert leaving.forget_silent() == 0
    leaving.tell_silent()
    assert Message.objects.filter(kind="leaving").count() == 1
    assert stranger.get("/rester/1-aaaaaaaaaaaaaaaa/").status_code == 404


def test_who_phones_stays_too_and_who_is_to_be_called_waits_for_it(visit, agent):
    person = grown_old(make_person())
    leaving.tell_silent()
    Leaving.objects.update(goes_on=timezone.localdate())
    assert FollowUp.objects.open().get(person=person).kind == FollowUpKind.TO_CALL
    assert leaving.forget_silent() == 0, "nobody called her yet"
    assert Leaving.objects.exists()
    client = visit(FIRST_TOWN)
    client.force_login(agent)
    card = reverse("desk:person", args=(person.uid,))
    assert "Elle veut rester" in client.get(card).content.decode()
    client.post(reverse("desk:keep_person", args=(person.uid,)))
    assert "Elle veut rester" not in client.get(card).content.decode()
    FollowUp.objects.update(done_at=timezone.now())
    assert leaving.forget_silent() == 0
    assert Person.objects.filter(pk=person.pk).exists()


def test_signs_of_life_keep_somebody(agent):
    asked, helps, seen, changed, staff, new = (make_person(name) for name in ("A", "B", "C", "D", "E", "F"))
    make_request(asked)
    volunteer = make_volunteer()
    make_request(make_person("G"), RequestState.DONE, volunteer=volunteer, minutes=30)
    seen.account = Account.objects.create_account(phone="+33639980057", last_login=timezone.now())
    staff.account = agent
    for one in (seen, staff):
        one.save()
    update_person(changed, by_account=agent, address="Ailleurs")
    Person.objects.exclude(pk=new.pk).update(created_at=LONG_AGO)
    silent = {person.first_name for person in leaving.silent(retention.limit_of(PERSONS))}
    assert silent == {"B"}
    assert helps.first_name == "B"


def test_somebody_heard_of_after_being_told_stays():
    person = grown_old(jeanne())
    leaving.tell_silent()
    Leaving.objects.update(goes_on=timezone.localdate())
    open_request(person)
    assert leaving.forget_silent() == 0
    assert not Leaving.objects.exists()


def test_who_died_as_long_ago_is_forgotten_too_and_nobody_is_told():
    old, recent = make_person("Irma"), make_person("Odile")
    Person.objects.filter(pk=old.pk).update(deceased_on=LONG_AGO.date())
    Person.objects.filter(pk=recent.pk).update(deceased_on=timezone.localdate())
    assert leaving.forget_dead() == 1
    assert list(Person.objects.all()) == [recent]
    assert not Message.objects.exists()


def test_jobs_take_no_argument_and_are_the_town_s():
    assert purge.task.name == "privacy.purge"
    assert tell_silent.task.name == "privacy.tell_silent"
    assert connection.schema_name != PUBLIC
