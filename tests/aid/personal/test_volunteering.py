"""A volunteer's own page: what is left to do, the charter, what they offer, when they are away, stopping."""

import datetime
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.offers.models import Absence, Means
from aid.offers.services import go_away, offered_by
from aid.onboarding.appointments import cancel, plan
from aid.onboarding.enums import LEAVE, PAUSE, REFUSE, SUSPEND, How, Source, StepKind, VolunteerState
from aid.onboarding.models import StepRecord, Volunteer, VolunteerMove
from aid.onboarding.passing import pass_step, publish_charter, sign, waive
from aid.onboarding.services import apply, take
from aid.people.models import Person
from aid.people.services import confirm_phone
from aid.personal.services import open_door
from aid.territory.models import CoveredCommune
from harness import databases
from harness.desk import a_colleague
from harness.loop import jeanne, somebody, visits, volunteer
from harness.mandates import browser_of
from harness.steps import a_candidate, a_charter, a_step, hour_in_days, in_days, without_steps
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
OWN = "/mon-espace/benevole/"
MOST_QUERIES = 22
CHARTER, OFFER, AWAY, STOP = f"{OWN}charte/", f"{OWN}ce-que-je-propose/", f"{OWN}absences/", f"{OWN}arreter/"


def with_a_door(one: Volunteer) -> Volunteer:
    """The same, who may sign in."""
    confirm_phone(one.person)
    open_door(phone=one.person.phone)
    one.person.refresh_from_db()
    return one


@pytest.fixture
def agent():
    return a_colleague()


@pytest.fixture
def nadia():
    """Somebody who applied, in a town that asks for no step yet."""
    without_steps()
    return with_a_door(a_candidate())


@pytest.fixture
def alice():
    """An admitted volunteer."""
    without_steps()
    return with_a_door(volunteer("Alice", "+33639980003"))


def page(one: Volunteer, path: str = OWN, status: int = 200) -> str:
    """What they read, as people do."""
    answer = browser_of(one.person).get(path)
    assert answer.status_code == status, answer.get("Location")
    return words(answer)


def words(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def test_a_candidate_reads_what_is_left_step_by_step(nadia, agent):
    interview = a_step(StepKind.INTERVIEW, "Un entretien avec nous", words="Une heure, autour d’un café.")
    training = a_step(StepKind.TRAINING, "La formation")
    identity = a_step(StepKind.IDENTITY, "Votre pièce d’identité", validity_months=12)
    reference = a_step(StepKind.REFERENCE, "Une recommandation")
    driving = a_step(StepKind.OTHER, "Votre permis")
    driving.kinds.add(visits())
    plan(volunteer=nadia, step=interview, at=hour_in_days(3), place="Mairie, salle 2", by_account=agent)
    pass_step(volunteer=nadia, step=identity, passed_on=in_days(-350), by_account=agent)
    waive(volunteer=nadia, step=reference, words="Canari, on la connaît.", by_account=agent)
    read = page(nadia)
    assert "Votre candidature" in read
    assert read.index(interview.name) < read.index(training.name) < read.index(identity.name)
    for said in (
        "Rendez-vous pris", "Mairie, salle 2", "Une heure, autour d’un café.", "À refaire bientôt",
        "À refaire avant le", "Pas demandée", f"Seulement pour : {visits()}.",
    ):  # fmt: skip
        assert said in read, said
    # Why somebody was let off a step is for agents.
    assert "Canari" not in read


def test_everything_done_is_said(nadia, agent):
    step = a_step(StepKind.INTERVIEW)
    pass_step(volunteer=nadia, step=step, by_account=agent)
    assert "Tout est fait de votre côté" in page(nadia)


def test_a_lapsed_step_is_said_to_who_helps_already(alice, agent):
    step = a_step(StepKind.IDENTITY, "Votre pièce d’identité")
    pass_step(volunteer=alice, step=step, passed_on=in_days(-10), valid_until=in_days(-1), by_account=agent)
    read = page(alice)
    assert "il nous faut encore : Votre pièce d’identité" in read
    assert "C’était valable jusqu’au" in read


def test_a_meeting_goes_in_their_own_calendar_and_nobody_else_s(nadia, alice, agent):
    step = a_step(StepKind.INTERVIEW, "Un entretien, avec nous")
    planned = plan(volunteer=nadia, step=step, at=hour_in_days(3), place="Mairie", by_account=agent)
    path = f"{OWN}rendez-vous/{planned.uid}.ics"
    file = browser_of(nadia.person).get(path)
    assert file["Content-Type"].startswith("text/calendar")
    lines = file.content.decode().split("\r\n")
    assert f"DTSTART:{planned.at.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}" in lines
    assert "SUMMARY:Un entretien\\, avec nous" in lines
    assert "LOCATION:Mairie" in lines
    assert browser_of(alice.person).get(path).status_code == 404
    cancel(planned, by_account=agent)
    assert browser_of(nadia.person).get(path).status_code == 404


def test_the_charter_is_read_whole_and_signed_once(nadia):
    step = a_step(StepKind.CHARTER, "La charte")
    charter = a_charter("Nous venons les mains vides.\n\n<b>Nous nous taisons.</b>")
    client = browser_of(nadia.person)
    assert "Lire et signer la charte" in page(nadia)
    read = client.get(CHARTER)
    assert "&lt;b&gt;Nous nous taisons." in read.content.decode()
    sent = {"number": charter.number, "digest": charter.digest}
    for _ in range(2):
        assert client.post(CHARTER, sent)["Location"] == OWN
    record = StepRecord.objects.get(volunteer=nadia, step=step)
    assert (record.charter, record.how, record.noted_by) == (charter, How.ON_SCREEN, None)
    assert "Relire la charte" in page(nadia)
    assert "Vous l’avez signée le" in words(client.get(CHARTER))
    assert "J’ai lu et je signe" not in words(client.get(CHARTER))


@pytest.mark.parametrize(
    "forged", [{"digest": "x"}, {"number": "9"}, {"number": "un"}, {"number": "²"}, {"digest": ""}]
)
def test_what_was_not_read_is_not_signed(nadia, forged):
    a_step(StepKind.CHARTER)
    charter = a_charter()
    answer = browser_of(nadia.person).post(CHARTER, {"number": charter.number, "digest": charter.digest} | forged)
    assert answer.status_code == 409
    assert not StepRecord.objects.exists()


def test_a_charter_that_changed_between_reading_and_signing_is_read_again(nadia):
    a_step(StepKind.CHARTER)
    old = a_charter()
    client = browser_of(nadia.person)
    new = publish_charter(text="Une autre charte.", asked_from=in_days(0), by_account=None)
    answer = client.post(CHARTER, {"number": old.number, "digest": old.digest})
    assert (answer.status_code, "La charte a changé pendant que vous la lisiez" in words(answer)) == (409, True)
    assert "Une autre charte." in words(answer)
    assert not StepRecord.objects.exists()
    assert client.post(CHARTER, {"number": new.number, "digest": new.digest}).status_code == 302


def test_a_new_charter_is_asked_for_while_the_old_signature_holds(nadia):
    a_step(StepKind.CHARTER, "La charte")
    old = a_charter()
    sign(volunteer=nadia, charter_number=old.number, digest=old.digest, how=How.ON_SCREEN)
    publish_charter(text="Une autre charte.", asked_from=in_days(20), by_account=None)
    read = page(nadia)
    assert "À refaire bientôt" in read
    assert "Lire et signer la charte" in read


def test_what_they_offer_is_changed_whole(alice):
    client = browser_of(alice.person)
    car = Means.objects.get(name="Une voiture")
    sent = {
        "kinds": [visits().slug],
        "slots": ["2-afternoon"],
        "monthly_limit": "4",
        "at_once_limit": "2",
        "means": [car.pk],
        "languages": ["pt"],
        "limits": "Pas d’escaliers <b>",
    }
    assert client.post(OFFER, sent)["Location"] == OWN
    offered = offered_by(alice)
    assert (offered.slots, offered.monthly_limit, offered.at_once_limit) == (["2-afternoon"], 4, 2)
    assert (offered.means, offered.languages, offered.limits) == ([car], ["pt"], "Pas d’escaliers <b>")
    read = page(alice)
    for said in ("mardi après-midi", "4 fois, au plus", "Une voiture", "portugais", "Pas d’escaliers <b>"):
        assert said in read
    again = client.get(OFFER).content.decode()
    assert 'value="2-afternoon" id="id_slots_4" checked' in again
    assert 'name="monthly_limit" value="4"' in again


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"kinds": []}, "kinds", "Choisissez au moins une aide."),
        ({"monthly_limit": "0"}, "monthly_limit", "Écrivez un nombre entre 1 et 31."),
        ({"monthly_limit": "beaucoup"}, "monthly_limit", "Écrivez un nombre entre 1 et 31."),
        ({"at_once_limit": "9" * 400}, "at_once_limit", "Écrivez un nombre entre 1 et 10."),
        ({"limits": "é" * 10_000}, "limits", "Écrivez 300 caractères au plus."),
        ({"languages": ["xx"]}, "languages", "Choisissez des langues"),
        ({"slots": ["<script>"]}, "slots", "Choisissez des moments"),
    ],
)
def test_what_cannot_be_offered_is_told_beside_its_field(alice, typed, field, said):
    before = offered_by(alice)
    answer = browser_of(alice.person).post(OFFER, {"kinds": [visits().slug], "limits": "Canari"} | typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert said in words(answer)
    assert offered_by(alice) == before


def test_a_radius_is_counted_from_their_commune(alice):
    other = CoveredCommune.objects.create(commune_id="60154")
    client = browser_of(alice.person)
    assert 'value="near"' not in client.get(OFFER).content.decode()
    Person.objects.filter(pk=alice.person_id).update(commune=other)
    assert client.post(OFFER, {"kinds": [visits().slug], "where": "near", "radius_km": "5"}).status_code == 302
    offered = offered_by(alice)
    assert (offered.radius_km, offered.centre) == (5, other)
    assert f"à 5 km autour de {other}" in page(alice)


def test_who_is_away_says_so_and_takes_it_back(alice):
    client = browser_of(alice.person)
    first, last = in_days(10), in_days(20)
    sent = {"starts_on": first.strftime("%d/%m/%Y"), "ends_on": last.isoformat()}
    for _ in range(2):
        assert client.post(AWAY, sent)["Location"] == AWAY
    absence = Absence.objects.get()
    assert (absence.starts_on, absence.ends_on) == (first, last)
    assert client.post(AWAY, {"starts_on": in_days(40).isoformat()}).status_code == 302
    assert "sans date de retour" in page(alice)
    for _ in range(2):
        assert client.post(f"{AWAY}{absence.uid}/retirer/")["Location"] == AWAY
    assert Absence.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"starts_on": ""}, "starts_on"),
        ({"starts_on": "31/02/2027"}, "starts_on"),
        ({"starts_on": "01/01/2020", "ends_on": "02/01/2020"}, "ends_on"),
        ({"starts_on": "01/01/2200"}, "starts_on"),
        ({"starts_on": "20/01/2027", "ends_on": "10/01/2027"}, "ends_on"),
    ],
)
def test_days_that_cannot_be_are_told_beside_their_field(alice, typed, field):
    answer = browser_of(alice.person).post(AWAY, typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_nobody_takes_back_another_s_absence(alice, nadia):
    absence = go_away(nadia, starts_on=in_days(3), ends_on=None)
    browser_of(alice.person).post(f"{AWAY}{absence.uid}/retirer/")
    assert Absence.objects.filter(pk=absence.pk).exists()


def test_who_pauses_comes_back_by_themselves(alice):
    take(alice, PAUSE)
    assert "Vous êtes en pause" in page(alice)
    client = browser_of(alice.person)
    for _ in range(2):
        assert client.post(f"{OWN}reprendre/")["Location"] == OWN
    assert Volunteer.objects.get(pk=alice.pk).state == VolunteerState.ADMITTED
    assert "Merci d’être là" in page(alice)


def test_who_stops_is_thanked_and_the_town_is_told(alice):
    client = browser_of(alice.person)
    assert "Vous voulez arrêter" in page(alice, STOP)
    assert client.post(STOP, {"words": "x" * 301}).status_code == 422
    assert client.post(STOP, {"words": "Je déménage."})["Location"] == OWN
    assert Volunteer.objects.get(pk=alice.pk).state == VolunteerState.LEFT
    move = VolunteerMove.objects.filter(volunteer=alice).last()
    assert (move.to_state, move.by_account, move.said.words) == (VolunteerState.LEFT, None, "Je déménage.")
    told = FollowUp.objects.get(kind=FollowUpKind.ONBOARDING, person=alice.person)
    assert "Je déménage." in told.words
    assert "Merci pour tout" in page(alice)
    # Pressed again: nothing of hers is left to stop.
    assert client.post(STOP, {}).status_code == 404


def test_who_is_turned_down_reads_so_and_who_withdrew_is_thanked(nadia, agent):
    other = with_a_door(a_candidate("Odile", "+33639980003"))
    take(other, LEAVE)
    assert "Merci pour tout" in page(other)
    take(nadia, REFUSE, by_account=agent, words="Canari : nous cherchons d’autres profils.")
    read = page(nadia)
    assert "Votre candidature n’a pas été retenue. Pour en parler, appelez-nous." in read
    assert [words for words in ("Canari", "Vous avez arrêté", "Aider de nouveau") if words in read] == []
    # She applies again, then withdraws: it is not what she reads any more.
    apply(person=nadia.person, source=Source.SITE)
    take(nadia, LEAVE)
    assert "Vous avez arrêté" in page(nadia)


def test_who_is_suspended_reads_calm_words_and_nothing_else(alice):
    take(alice, SUSPEND, by_account=a_colleague(), words="Canari : plainte de la famille.")
    read = page(alice)
    assert "Parlons-en" in read
    assert "Canari" not in read
    for path in (CHARTER, OFFER, AWAY, STOP):
        page(alice, path, 404)
    client = browser_of(alice.person)
    for path in (f"{OWN}reprendre/", STOP, OFFER, CHARTER):
        assert client.post(path, {"kinds": [visits().slug]}).status_code == 404
    assert Volunteer.objects.get(pk=alice.pk).state == VolunteerState.SUSPENDED


def test_who_never_volunteered_is_led_to_the_application(alice):
    her = jeanne()
    confirm_phone(her)
    open_door(phone=her.phone)
    her.refresh_from_db()
    client = browser_of(her)
    assert client.get(OWN)["Location"] == "/devenir-benevole/candidature/"
    assert client.get(OFFER).status_code == 404
    assert "Bénévole :" not in words(client.get("/mon-espace/"))
    assert "Bénévole : ce que vous proposez" in page(alice, "/mon-espace/")
    take(alice, LEAVE)
    assert "Bénévole :" not in page(alice, "/mon-espace/")


def test_of_two_who_share_a_telephone_each_sees_their_own(alice):
    other = somebody("Max", alice.person.phone, account=alice.person.account)
    client = browser_of(alice.person)
    assert client.get(OWN)["Location"] == "/mon-espace/qui/"
    client.post("/mon-espace/qui/", {"personne": str(other.uid)})
    assert client.get(OWN)["Location"] == "/devenir-benevole/candidature/"
    client.post("/mon-espace/qui/", {"personne": str(alice.person.uid)})
    assert client.get(OWN).status_code == 200


def test_another_town_s_session_opens_nothing(alice, other_town, visit):
    client = browser_of(alice.person)
    elsewhere = visit(databases.SECOND_TOWN)
    elsewhere.cookies = client.cookies
    assert elsewhere.get(OWN)["Location"].startswith("/connexion/")
    with facing(other_town):
        assert not Volunteer.objects.filter(person__uid=alice.person.uid).exists()


def test_its_page_asks_as_much_however_many_steps_there_are(nadia, agent, django_assert_max_num_queries):
    client = browser_of(nadia.person)
    go_away(nadia, starts_on=in_days(1), ends_on=in_days(2))
    client.get(OWN)
    with CaptureQueriesContext(connection) as asked:
        client.get(OWN)
    assert len(asked) <= MOST_QUERIES
    for number in range(6):
        step = a_step(StepKind.INTERVIEW, f"Étape {number}")
        plan(volunteer=nadia, step=step, at=hour_in_days(3), place="Mairie", by_account=agent)
        go_away(nadia, starts_on=timezone.localdate() + datetime.timedelta(days=number * 9), ends_on=None)
    with django_assert_max_num_queries(len(asked)):
        client.get(OWN)
