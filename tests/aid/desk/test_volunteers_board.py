"""The board of volunteers: counters, filters, order, pages, export; candidates taken down; trainings; the poster."""

import csv
import datetime
import io
import shutil
import subprocess
from itertools import count

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import ADMINISTRATORS, COORDINATORS
from aid.cards.models import Card
from aid.cards.services import issue
from aid.configuration.models import KindOfHelp
from aid.offers.services import note_offer
from aid.onboarding.enums import Source, StepKind, VolunteerState
from aid.onboarding.models import Appointment, Attendance, Step, StepRecord, Volunteer
from aid.onboarding.passing import pass_step
from aid.onboarding.services import apply
from aid.people.models import Person
from aid.privacy.models import Access
from aid.territory.models import CoveredCommune
from aid.territory.services import add_district, add_sector, bind_coordinator
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person, make_volunteer
from harness.statements import joins_of
from harness.steps import a_step, hour_in_days, in_days, without_steps
from tenants.context import town_context

pytestmark = pytest.mark.django_db
BOARD = "/bureau/benevoles/"
MOST_QUERIES = 12


@pytest.fixture
def interview(town) -> Step:
    """The only step that the town asks for, unless a test adds some."""
    without_steps()
    return a_step(StepKind.INTERVIEW, "Entretien")


@pytest.fixture
def paper(interview) -> Step:
    """A step that ends after a year."""
    return a_step(StepKind.RECORD, "Casier", validity_months=12)


def a_candidate(name: str, **fields) -> Volunteer:
    return apply(person=make_person(name, **fields), source=Source.PAPER)


_phones = (f"+3363998{number:04}" for number in count(5000))


def a_volunteer(name: str, state: VolunteerState = VolunteerState.ADMITTED) -> Volunteer:
    return make_volunteer(name, phone=next(_phones), state=state)


def admitted(name: str, steps: list[Step], *, ends_in: int | None = None) -> Volunteer:
    """A volunteer who passed these; the last ends in some days."""
    volunteer = a_volunteer(name)
    for step in steps:
        ends = in_days(ends_in) if ends_in is not None and step == steps[-1] else None
        StepRecord.objects.create(volunteer=volunteer, step=step, passed_on=in_days(-300), valid_until=ends)
    return volunteer


@pytest.fixture
def everybody(interview, paper, agent) -> dict[str, Volunteer]:
    """Somebody in each case."""
    known = {"Bernard": a_candidate("Bernard"), "Chantal": a_candidate("Chantal")}
    pass_step(volunteer=known["Chantal"], step=interview, by_account=agent)
    known["Denis"] = admitted("Denis", [interview, paper])
    known["Elise"] = admitted("Elise", [interview, paper], ends_in=30)
    known["Farid"] = admitted("Farid", [interview, paper], ends_in=-1)
    issue(known["Denis"], by_account=agent)
    Card.objects.update(expires_on=in_days(60))
    issue(known["Elise"], by_account=agent)
    for name, state in (("Gaspard", "suspended"), ("Huguette", "on_leave"), ("Ines", "left")):
        known[name] = a_volunteer(name, state)
    return known


def counters(answer) -> dict[str, int]:
    return {counter.label: counter.count for counter in answer.context["counters"]}


def asked(log: CaptureQueriesContext) -> list[str]:
    """What a page asks of the town, but for entering it."""
    statements = [one["sql"] for one in log.captured_queries]
    return [sql for sql in statements if sql.startswith("SELECT") and "set_config" not in sql]


def named(answer) -> set[str]:
    """Who is in the list that is shown."""
    return {one.person.first_name for one in answer.context["page"]}


def test_counters_tell_what_waits_and_lead_to_those_whom_they_count(desk, everybody):
    answer = desk.get(BOARD)
    assert counters(answer) == {
        "à rencontrer": 2,
        "sans «\xa0Entretien\xa0»": 1,
        "sans «\xa0Casier\xa0»": 2,
        "admis, étape à refaire": 1,
        "dont une étape expire sous 60\xa0jours": 1,
        "dont la carte se termine sous 60\xa0jours": 1,
        "suspendu": 1,
        "en pause": 1,
    }
    expected = [
        {"Bernard", "Chantal"}, {"Bernard"}, {"Bernard", "Chantal"}, {"Farid"}, {"Elise"}, {"Denis"}, {"Gaspard"},
        {"Huguette"},
    ]  # fmt: skip
    for counter, names in zip(answer.context["counters"], expected, strict=True):
        assert named(desk.get(f"{BOARD}?{counter.query}")) == names, counter.label
    shown = answer.content.decode()
    assert '<span class="ds-sr-only">0</span>' not in shown
    assert "Entretien, Casier" in shown


def test_what_waits_for_nobody_is_a_tick(desk, interview):
    make_volunteer()
    shown = desk.get(BOARD)
    assert counters(shown)["à rencontrer"] == 0
    assert shown.content.decode().count('<span class="ds-sr-only">0</span>') == len(shown.context["counters"]) - 1
    # Alice has no interview, and it is asked of her: nothing is proposed to her.
    assert counters(shown)["admis, étape à refaire"] == 1


def test_filters_are_in_the_address_and_add_up(desk, everybody, interview):
    assert named(desk.get(BOARD, {"etape": str(interview.uid)})) == {"Bernard", "Gaspard", "Huguette"}
    only = desk.get(BOARD, {"etape": str(interview.uid), "etat": "candidate"})
    assert named(only) == {"Bernard"}
    kind = KindOfHelp.objects.first()
    note_offer(everybody["Denis"], kinds=[kind], communes=CoveredCommune.objects.all())
    assert named(desk.get(BOARD, {"aide": kind.slug})) == {"Denis"}
    assert named(desk.get(BOARD, {"commune": "60509", "etat": "admitted"})) == {"Denis"}
    for strange in ({"etape": "' OR 1=1"}, {"echeance": "jamais"}, {"tri": "-pk"}, {"etat": "roi"}, {"page": "x"}):
        assert len(named(desk.get(BOARD, strange))) == 8, strange


def test_the_order_is_in_the_address(desk, everybody):
    Volunteer.objects.filter(pk=everybody["Chantal"].pk).update(applied_at=hour_in_days(-9))
    waiting = [one.person.first_name for one in desk.get(BOARD, {"tri": "attente"}).context["page"]]
    assert waiting[:2] == ["Chantal", "Bernard"]
    ending = [one.person.first_name for one in desk.get(BOARD, {"tri": "echeance"}).context["page"]]
    assert ending[0] == "Elise"


def test_a_name_is_looked_for_outside_the_address(desk, everybody):
    make_person("Bernardette", "Vidal")  # no volunteer
    found = desk.post(BOARD, {"texte": "bernar"})
    assert named(found) == {"Bernard"}
    assert "Écrivez un nom" in desk.post(BOARD, {"texte": " "}).content.decode()
    assert named(desk.post(BOARD, {"texte": "Personne d’ici"})) == set()


def test_the_list_has_pages(desk, interview):
    for number in range(27):
        a_candidate(f"Zoé{number}", phone="")
    shown = desk.get(BOARD, {"etat": "candidate", "page": "2"})
    assert len(shown.context["page"]) == 2
    assert "?etat=candidate&amp;page=1" in shown.content.decode()
    assert desk.get(BOARD, {"etat": "candidate", "page": "9"}).context["page"].number == 2


def test_a_page_reads_the_numbers_of_its_own_lines(desk, everybody):
    """Of five thousand volunteers, twenty-five."""
    desk.get(BOARD)
    with CaptureQueriesContext(connection) as log:
        desk.get(BOARD)
    numbers = [sql for sql in asked(log) if sql.startswith('SELECT "onboarding_volunteer"."id" AS "pk" FROM')]
    assert [" LIMIT " in sql for sql in numbers] == [True]
    assert not [sql for sql in asked(log) if sql.startswith('SELECT "configuration_kindofhelp"')], "kept in memory"
    assert not [sql for sql in asked(log) if sql.startswith("SELECT COUNT(*)")], "counters tell how many they are"


@pytest.mark.parametrize("state", ["", "candidate", "admitted", "left"])
def test_pages_are_as_many_as_what_is_listed(desk, everybody, state):
    page = desk.get(BOARD, {"etat": state}).context["page"]
    assert page.paginator.count == len(page.object_list) > 0


def test_the_board_asks_few_questions_whatever_it_holds(desk, everybody, interview):
    def cost() -> list[str]:
        desk.get(BOARD)
        with CaptureQueriesContext(connection) as log:
            assert desk.get(BOARD).status_code == 200
        return asked(log)

    note_offer(everybody["Denis"], kinds=KindOfHelp.objects.all()[:1])
    few = cost()
    for number in range(12):
        note_offer(a_candidate(f"Zoé{number}", phone=""), kinds=KindOfHelp.objects.all()[:2])
        a_step(StepKind.OTHER, f"Étape {number}")
    assert len(cost()) <= len(few), "\n".join(few)
    assert len(few) <= MOST_QUERIES, "\n".join(few)
    # A line names no home: where they live is for who takes the list away.
    assert max(joins_of(sql) for sql in few if "missing" in sql) == 1


def test_administrators_take_the_list_away_and_each_card_counts_as_read(town, desk, everybody):
    Person.objects.filter(pk=everybody["Bernard"].person.pk).update(last_name="=CMD|calc")
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(make_account("maire@ccas.example", ADMINISTRATORS))
    answer = client.get(reverse("desk:export_volunteers"), {"etat": "candidate"})
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in rows[1:]] == ["Bernard", "Chantal"]
    assert not rows[1][1].startswith("=")
    assert "Entretien, Casier" in rows[1]
    read = Access.objects.filter(screen="volunteers")
    assert {one.person_id for one in read} == {everybody[name].person.pk for name in ("Bernard", "Chantal")}
    assert desk.get(reverse("desk:export_volunteers")).status_code == 404


def test_a_coordinator_sees_the_volunteers_of_their_sectors_only(desk, everybody, interview):
    north = add_district(name="Nord", commune=CoveredCommune.objects.get())
    Person.objects.filter(first_name__in=["Bernard", "Elise"]).update(district=north)
    camille = make_account("camille@ccas.example", COORDINATORS)
    bind_coordinator(camille, sectors=[add_sector(name="Le nord", districts=[north])], by_account=camille)
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(camille)
    shown = client.get(BOARD)
    assert named(shown) == {"Bernard", "Elise"}
    assert (counters(shown)["à rencontrer"], counters(shown)["suspendu"]) == (1, 0)
    assert named(client.post(BOARD, {"texte": "Chantal"})) == set()
    a_step(StepKind.TRAINING, "Formation")
    training = client.get(reverse("desk:training")).content.decode()
    assert "Bernard" in training
    assert "Chantal" not in training
    refused = client.post(reverse("desk:training"), session_of([everybody["Chantal"]]))
    assert refused.context["form"].errors["came"]
    assert not Attendance.objects.exists()


def test_another_town_shows_nobody(town, other_town, desk, interview):
    with town_context(other_town):
        a_candidate("Canari")
    assert "Canari" not in desk.get(BOARD).content.decode()


def test_the_desk_s_first_page_shows_who_waits_and_nothing_where_nobody_does(desk, interview, paper):
    assert "Bénévoles à rencontrer" not in desk.get("/bureau/").content.decode()
    late = [a_candidate(f"Zoé{number}", phone=f"+336399805{number:02}") for number in range(10)]
    admitted("Farid", [interview, paper], ends_in=-1)
    desk.get("/bureau/")
    with CaptureQueriesContext(connection) as log:
        answer = desk.get("/bureau/")
    assert len(asked(log)) <= MOST_QUERIES
    shown = answer.content.decode()
    assert "Tout voir (10)" in shown
    assert reverse("desk:volunteer_steps", args=(late[0].person.uid,)) in shown
    assert "Étapes de bénévoles à refaire" in shown
    assert "Farid" in shown


# ---- somebody who would like to help ----


def taken_down(desk, **sent):
    kinds = [str(KindOfHelp.objects.first().pk)]
    usual = {
        "first_name": "Bernard", "last_name": "Vidal", "phone": "06 39 98 12 34", "channel": "sms", "kinds": kinds,
        "commune": CoveredCommune.objects.first().pk, "source": "event", "motivation": "J’ai du temps.",
    }  # fmt: skip
    return desk.post("/bureau/benevole/nouveau/", usual | sent)


def test_an_application_on_paper_leads_to_the_steps(desk, agent, interview):
    page = desk.get("/bureau/benevole/nouveau/").content.decode()
    assert "Enregistrer la candidature" in page
    assert 'value="admettre"' not in page
    answer = taken_down(desk)
    bernard = Volunteer.objects.get()
    assert answer["Location"] == reverse("desk:volunteer_steps", args=(bernard.person.uid,))
    assert (bernard.state, bernard.source, bernard.motivation) == ("candidate", "event", "J’ai du temps.")
    assert bernard.offer.kinds.get() == KindOfHelp.objects.first()
    # Pressed twice, it is one person and one candidate.
    assert taken_down(desk).status_code == 302
    assert (Person.objects.count(), Volunteer.objects.count()) == (1, 1)
    refused = taken_down(desk, geste="admettre", motivation="<b>Oui</b>").content.decode()
    assert "Il manque encore" in refused
    assert "&lt;b&gt;Oui&lt;/b&gt;" in refused


def test_where_nothing_is_required_one_gesture_admits_or_keeps_a_candidate(desk, town):
    without_steps()
    page = desk.get("/bureau/benevole/nouveau/").content.decode()
    assert 'value="admettre"' in page
    assert taken_down(desk)["Location"].startswith("/bureau/personne/")
    bernard = Volunteer.objects.get()
    assert (bernard.state, bernard.source, bernard.motivation) == ("admitted", "event", "J’ai du temps.")
    taken_down(desk, first_name="Zoé", phone="06 39 98 12 35", geste="candidature")
    assert Volunteer.objects.get(person__first_name="Zoé").state == VolunteerState.CANDIDATE


def test_who_helps_already_only_changes_what_they_offer(desk, interview):
    gaspard = make_volunteer("Gaspard", state=VolunteerState.SUSPENDED)
    offer = f"/bureau/benevole/{gaspard.person.uid}/aides/"
    assert desk.get("/bureau/benevole/nouveau/", {"personne": gaspard.person.uid})["Location"] == offer
    assert taken_down(desk, personne=str(gaspard.person.uid))["Location"] == offer
    gaspard.refresh_from_db()
    assert gaspard.state == VolunteerState.SUSPENDED


# ---- trainings ----


def session_of(came: list[Volunteer], **more) -> dict[str, object]:
    return {
        "step": Step.objects.get(kind=StepKind.TRAINING).pk, "on": "2026-11-20", "minutes": "2 h 30",
        "title": "Écouter", "came": [str(one.person.uid) for one in came],
    } | more  # fmt: skip


@pytest.fixture
def training(interview) -> Step:
    return a_step(StepKind.TRAINING, "Formation", minutes=300)


def test_a_session_is_noted_for_all_who_came(desk, everybody, training):
    page = desk.get("/bureau/formation/")
    assert "Bernard" in page.content.decode()
    assert "Denis" not in page.content.decode(), "nobody expects him"
    came = [everybody["Bernard"], everybody["Chantal"]]
    answer = desk.post("/bureau/formation/", session_of(came), follow=True)
    assert "La séance est notée pour 2 bénévoles." in answer.content.decode()
    # Pressed twice, it is one session.
    desk.post("/bureau/formation/", session_of(came))
    assert [one.minutes for one in Attendance.objects.all()] == [150, 150]
    desk.post("/bureau/formation/", session_of(came, on="2026-11-21"))
    assert StepRecord.objects.filter(step=training).count() == 2


def test_who_had_an_appointment_was_there(desk, agent, everybody, training):
    at = hour_in_days(-2)
    Appointment.objects.create(volunteer=everybody["Denis"], step=training, at=at, with_account=agent)
    assert "Denis" in desk.get("/bureau/formation/").content.decode()
    morning = session_of([everybody["Denis"]], on=in_days(-2).isoformat())
    for _ in range(2):
        desk.post("/bureau/formation/", morning)
    assert Appointment.objects.get().state == "held"
    noted = Attendance.objects.get()
    assert (noted.minutes, noted.title) == (150, "Écouter")
    # Another session of that day is another.
    desk.post("/bureau/formation/", morning | {"title": "Se taire"})
    assert Attendance.objects.count() == 2


def test_a_session_without_title_is_noted_once_for_who_had_an_appointment(desk, agent, everybody, training):
    at = hour_in_days(-2)
    Appointment.objects.create(volunteer=everybody["Denis"], step=training, at=at, place="Mairie", with_account=agent)
    for _ in range(2):
        desk.post("/bureau/formation/", session_of([everybody["Denis"]], on=in_days(-2).isoformat(), title=""))
    assert Attendance.objects.get().title == "Mairie"


def test_somebody_is_looked_for_and_what_was_ticked_stays(desk, everybody, training):
    typed = session_of([everybody["Bernard"]], minutes="3 h", texte="Denis", chercher="1")
    answer = desk.post("/bureau/formation/", typed)
    shown = answer.content.decode()
    assert "Denis" in shown
    assert 'value="3 h"' in shown
    uid = everybody["Bernard"].person.uid
    assert f'value="{uid}" id="id_came_0" checked' in shown
    assert not Attendance.objects.exists()
    nobody = desk.post("/bureau/formation/", typed | {"texte": "Zorro"}).content.decode()
    assert "Aucun bénévole de ce nom" in nobody


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"came": []}, "Cochez au moins une personne"),
        ({"came": ["x"]}, "Cochez au moins une personne"),
        ({"minutes": "0"}, "Écrivez une durée"),
        ({"minutes": "25 h"}, "Écrivez une durée"),
        ({"on": "2099-01-01"}, "n’est pas encore venu"),
        ({"step": "999999"}, "Choisissez une formation"),
        ({"title": "x" * 121}, "Écrivez 120\xa0signes"),
    ],
)
def test_what_is_wrong_of_a_session_is_said_and_nothing_is_noted(desk, everybody, training, wrong, error):
    answer = desk.post("/bureau/formation/", session_of([everybody["Bernard"]]) | wrong)
    assert answer.status_code == 200
    assert error in answer.content.decode()
    assert not Attendance.objects.exists()


def test_all_of_them_or_nobody(desk, agent, everybody, training):
    day = datetime.date(2026, 11, 20)
    other = {"step": training, "on": day, "title": "Écouter", "noted_by": agent}
    Attendance.objects.create(volunteer=everybody["Chantal"], minutes=60, **other)
    came = [everybody["Bernard"], everybody["Chantal"]]
    answer = desk.post("/bureau/formation/", session_of(came))
    assert "Chantal Martin\xa0: Cette séance est déjà notée" in answer.content.decode()
    assert Attendance.objects.count() == 1


def test_a_town_without_training_says_so(desk, interview):
    assert "aucune formation" in desk.get("/bureau/formation/").content.decode()
    assert desk.post("/bureau/formation/", {}).status_code == 200


# ---- the poster ----


def test_the_poster_leads_to_the_application_page(desk, town, tmp_path):
    answer = desk.get(reverse("desk:poster"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    if shutil.which("pdftoppm") is None or shutil.which("zbarimg") is None:
        pytest.skip("no reader of square codes here")
    poster = tmp_path / "affiche.pdf"
    poster.write_bytes(answer.content)
    subprocess.run(["pdftoppm", "-r", "100", "-png", str(poster), str(tmp_path / "page")], check=True)
    pages = sorted(tmp_path.glob("page*.png"))
    assert len(pages) == 1
    read = subprocess.run(["zbarimg", "--raw", "-q", str(pages[0])], check=True, capture_output=True, text=True)
    assert read.stdout.strip() == f"https://{FIRST_TOWN}/devenir-benevole/candidature/?par=evenement"
