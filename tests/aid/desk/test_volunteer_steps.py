"""A volunteer's steps at the desk: seen, planned, passed, taken back; decisions; two agents who cross each other."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import COORDINATORS
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.onboarding.enums import AppointmentState, How, Passing, Proof, Source, StepKind, VolunteerState
from aid.onboarding.models import Appointment, Attendance, Step, StepRecord, Volunteer, VolunteerMove
from aid.onboarding.passing import pass_step
from aid.onboarding.services import apply
from aid.privacy.models import Access
from aid.territory.models import CoveredCommune
from aid.territory.services import add_district, add_sector, bind_coordinator
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.desk import make_account, make_person, make_volunteer
from harness.rooms.desk_volunteers import a_paper
from harness.steps import a_charter, a_step, hour_in_days, in_days, without_steps
from tenants.context import town_context

pytestmark = pytest.mark.django_db
MOST_QUERIES = 14


@pytest.fixture
def interview(town) -> Step:
    """The only step that the town asks for, unless a test adds some."""
    without_steps()
    return a_step(StepKind.INTERVIEW, "Un entretien avec nous")


@pytest.fixture
def bernard(interview) -> Volunteer:
    """A candidate."""
    return apply(person=make_person("Bernard", "Vidal"), source=Source.PAPER, motivation="J’ai du temps le jeudi.")


def page(volunteer: Volunteer) -> str:
    return reverse("desk:volunteer_steps", args=(volunteer.person.uid,))


def gesture(volunteer: Volunteer, step: Step, slug: str) -> str:
    return reverse("desk:step_gesture", args=(volunteer.person.uid, step.uid, slug))


def decision(volunteer: Volunteer, slug: str) -> str:
    return reverse("desk:volunteer_decision", args=(volunteer.person.uid, slug))


def send(client: Client, url: str, follow: bool = True, **typed: object):
    """Fill a form as it is shown, and send it."""
    shown = client.get(url)
    assert shown.status_code == 200, url
    return client.post(url, {"vu": shown.context["mark"]} | typed, follow=follow)


def colleague(name: str = "Omar") -> Client:
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(make_account(f"{name.lower()}@ccas.example", "Agents", first_name=name, last_name="Diaz"))
    return client


def test_the_page_says_where_each_step_stands_and_is_noted_as_read(desk, agent, bernard, interview):
    a_step(StepKind.IDENTITY, "Votre pièce d’identité", proof=Proof.SEEN)
    pass_step(volunteer=bernard, step=interview, words="Très à l’écoute", by_account=agent)
    shown = desk.get(page(bernard)).content.decode()
    for words in (
        "Les étapes de Bernard Vidal", "J’ai du temps le jeudi.", "sur papier", "Un entretien avec nous",
        "notée par Nadia Benali", "Très à l’écoute", "Il manque encore\xa0: Votre pièce d’identité",
        "Admettre quand même", "Candidature",
    ):  # fmt: skip
        assert words in shown, words
    assert Access.objects.filter(person=bernard.person, screen="steps").exists()
    assert page(bernard) in desk.get(f"/bureau/personne/{bernard.person.uid}/").content.decode()


def test_the_page_costs_the_same_whatever_it_holds(desk, agent, bernard, interview):
    def cost() -> int:
        desk.get(page(bernard))
        with CaptureQueriesContext(connection) as log:
            desk.get(page(bernard))
        return len([one for one in log.captured_queries if one["sql"].startswith("SELECT")])

    few = cost()
    for number in range(6):
        step = a_step(StepKind.OTHER, f"Étape {number}")
        pass_step(volunteer=bernard, step=step, by_account=agent)
    many = cost()
    assert many <= few <= MOST_QUERIES


def test_an_interview_is_planned_moved_held_and_notes_are_a_step_away(desk, agent, bernard, interview):
    day = in_days(3)
    planned = send(desk, gesture(bernard, interview, "rendez-vous"), day=day, hour="14:30", place="Bureau 4")
    assert "Le rendez-vous est pris" in planned.content.decode()
    assert "Bureau 4" in planned.content.decode()
    appointment = Appointment.objects.get()
    assert (timezone.localtime(appointment.at).hour, appointment.with_account) == (14, agent)
    moved = send(desk, gesture(bernard, interview, "rendez-vous"), day=day, hour="16:00", place="Bureau 4")
    assert "Le rendez-vous est changé" in moved.content.decode()
    assert "a-eu-lieu" not in moved.content.decode(), "its day has not come"
    Appointment.objects.update(at=timezone.now() - datetime.timedelta(hours=1))
    done = send(desk, gesture(bernard, interview, "a-eu-lieu"), passed="oui", words="Sur la place")
    assert "l’étape est faite" in done.content.decode()
    record = StepRecord.objects.get()
    assert (record.noted_by, record.words, Appointment.objects.get().state) == (agent, "Sur la place", "held")
    assert f"/bureau/personne/{bernard.person.uid}/notes/" in done.content.decode()


def test_a_missed_or_cancelled_meeting_leaves_the_step_to_do(desk, agent, bernard, interview):
    for slug, state in (("manque", AppointmentState.MISSED), ("annuler", AppointmentState.CANCELLED)):
        send(desk, gesture(bernard, interview, "rendez-vous"), day=in_days(1), hour="10:00")
        if slug == "manque":
            Appointment.objects.filter(state="planned").update(at=timezone.now() - datetime.timedelta(hours=1))
        assert "C’est noté" in send(desk, gesture(bernard, interview, slug)).content.decode() or slug == "annuler"
        assert Appointment.objects.latest("pk").state == state
    assert not StepRecord.objects.exists()


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"day": "", "hour": "10:00"}, "Choisissez un jour"),
        ({"day": "demain", "hour": "10:00"}, "Écrivez un jour"),
        ({"day": "2020-01-01", "hour": "10:00"}, "Choisissez aujourd’hui ou un jour à venir"),
        ({"day": "2099-01-01", "hour": "10:00"}, "dans l’année qui vient"),
        ({"hour": ""}, "Choisissez une heure"),
        ({"hour": "25:00"}, "Écrivez une heure"),
        ({"with_account": "999999"}, "Choisissez quelqu’un de la liste"),
        ({"place": "x" * 161}, "Écrivez 160\xa0signes au plus"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(desk, bernard, interview, typed, error):
    sent = {"day": in_days(2).isoformat(), "hour": "10:00", "place": "<b>Chez nous</b>"} | typed
    answer = send(desk, gesture(bernard, interview, "rendez-vous"), follow=False, **sent)
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert error in shown
    assert ("&lt;b&gt;Chez nous&lt;/b&gt;" in shown) or "place" in typed
    assert not Appointment.objects.exists()


def test_a_trial_visit_goes_with_a_volunteer_whom_the_town_vouches_for(desk, bernard, interview):
    trial = a_step(StepKind.TRIAL, "Une première visite")
    Step.objects.update(asked_from=in_days(30))
    alice, bruno = make_volunteer("Alice", "Morel"), make_volunteer("Alice", "Morin", phone="+33639980777")
    url = gesture(bernard, trial, "rendez-vous")
    typed = {"day": in_days(2).isoformat(), "hour": "10:00"}
    assert "Aucun bénévole admis n’a ce nom" in send(desk, url, companion="Zorro", **typed).content.decode()
    which = send(desk, url, companion="Alice", **typed)
    assert "Lequel" in which.content.decode()
    assert which.content.decode().count("Alice Mor") >= 2
    send(desk, url, companion="Alice", same_as=str(bruno.person.uid), **typed)
    assert Appointment.objects.get().with_volunteer == bruno
    # One name is enough where nobody else bears it.
    send(desk, url, companion="Alice Morel", **typed)
    assert Appointment.objects.get().with_volunteer == alice


def test_a_step_is_passed_with_its_end_and_its_paper(desk, agent, bernard):
    seen = a_step(StepKind.RECORD, "Casier judiciaire", proof=Proof.SEEN, validity_months=36)
    kept = a_step(StepKind.IDENTITY, "Pièce d’identité", proof=Proof.KEPT)
    refused = send(desk, gesture(bernard, seen, "faite"), passed_on=in_days(0), words="Vu hier")
    assert "Cochez cette case" in refused.content.decode()
    assert "Vu hier" in refused.content.decode()
    send(desk, gesture(bernard, seen, "faite"), passed_on="2026-11-01", seen="on")
    assert StepRecord.objects.get(step=seen).valid_until == datetime.date(2029, 11, 1)
    assert (
        "Choisissez un fichier" in send(desk, gesture(bernard, kept, "faite"), passed_on="2026-11-01").content.decode()
    )
    send(desk, gesture(bernard, kept, "faite"), passed_on="2026-11-01", valid_until="2027-01-31", proof=a_paper())
    record = StepRecord.objects.get(step=kept)
    assert record.valid_until == datetime.date(2027, 1, 31)
    file = desk.get(reverse("desk:step_proof", args=(bernard.person.uid, record.uid)))
    assert file.status_code == 200
    assert file.content.startswith(b"\xff\xd8")
    assert "attachment" in file["Content-Disposition"]
    assert "no-store" in file["Cache-Control"]
    assert Access.objects.filter(person=bernard.person, screen="proof", by_account=agent).count() == 1


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"passed_on": ""}, "Choisissez un jour"),
        ({"passed_on": "2099-01-01"}, "n’est pas encore venu"),
        ({"valid_until": "2020-01-01"}, "avant le jour"),
        ({"words": "x" * 301}, "Écrivez 300\xa0signes"),
    ],
)
def test_a_step_that_cannot_be_noted_so_is_refused_beside_its_field(desk, bernard, interview, typed, error):
    sent = {"passed_on": in_days(0).isoformat()} | typed
    assert error in send(desk, gesture(bernard, interview, "faite"), **sent).content.decode()
    assert not StepRecord.objects.exists()


def test_a_file_that_is_no_document_is_refused(desk, bernard):
    from django.core.files.uploadedfile import SimpleUploadedFile

    kept = a_step(StepKind.IDENTITY, proof=Proof.KEPT)
    for content in (b"<svg onload=alert(1)>", b"", b"MZ" * 20):
        wrong = SimpleUploadedFile("piece.jpg", content)
        answer = send(desk, gesture(bernard, kept, "faite"), passed_on=in_days(0), proof=wrong)
        assert answer.context["form"].errors["proof"]
    assert not StepRecord.objects.exists()


def test_sessions_add_up_and_one_is_taken_back(desk, bernard):
    training = a_step(StepKind.TRAINING, "Formation", minutes=300)
    url = gesture(bernard, training, "seance")
    first = send(desk, url, on="2026-11-02", minutes="2 h 30", title="Écouter")
    assert "2\u00a0h\u00a030 sur 5\u00a0h" in first.content.decode()
    assert "Écrivez une durée" in send(desk, url, on="2026-11-03", minutes="longtemps").content.decode()
    send(desk, url, on="2026-11-09", minutes="150", title="Se taire")
    assert StepRecord.objects.get(step=training).passed_on == datetime.date(2026, 11, 9)
    session = Attendance.objects.latest("pk")
    send(desk, gesture(bernard, training, "retirer-seance"), session=str(session.pk))
    assert not StepRecord.objects.filter(step=training).exists()
    assert Attendance.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "minutes"), [("2 h 30", 150), ("2h30", 150), ("2:05", 125), ("1 h", 60), ("45", 45), ("45 min", 45)]
)
def test_a_duration_is_read_as_people_say_it(typed, minutes):
    from aid.desk.forms.steps import MinutesField

    assert MinutesField().clean(typed) == minutes


def test_a_charter_on_paper_is_the_one_that_the_agent_reads(desk, agent, bernard):
    charter = a_step(StepKind.CHARTER, "La charte")
    first = a_charter("Nous venons les mains vides.")
    shown = desk.get(gesture(bernard, charter, "signee"))
    assert "Nous venons les mains vides." in shown.content.decode()
    printed = desk.get(reverse("desk:charter", args=(bernard.person.uid,)))
    assert printed.content.startswith(b"%PDF")
    assert "Vidal" not in printed["Content-Disposition"]
    typed = {
        "vu": shown.context["mark"], "charter_number": first.number, "digest": first.digest,
        "on": in_days(0).isoformat(), "signed": "on",
    }  # fmt: skip
    a_charter("Une autre.", asked_in=5)
    late = desk.post(gesture(bernard, charter, "signee"), typed)
    assert "La charte a changé entre-temps" in late.content.decode()
    assert "Une autre." in late.content.decode()
    assert not StepRecord.objects.exists()
    again = desk.get(gesture(bernard, charter, "signee")).context["form"].initial
    now = typed | {"charter_number": again["charter_number"], "digest": again["digest"]}
    assert desk.post(gesture(bernard, charter, "signee"), now).status_code == 302
    record = StepRecord.objects.get()
    assert (record.how, record.noted_by, record.charter.text) == (How.ON_PAPER, agent, "Une autre.")


def test_who_is_let_off_and_what_was_an_error(desk, agent, bernard, interview):
    assert "Dites pourquoi" in send(desk, gesture(bernard, interview, "dispenser")).content.decode()
    send(desk, gesture(bernard, interview, "dispenser"), words="Connu depuis vingt ans")
    assert StepRecord.objects.get().passing == Passing.WAIVED
    assert "Connu depuis vingt ans" in desk.get(page(bernard)).content.decode()
    send(desk, gesture(bernard, interview, "erreur"))
    assert not StepRecord.objects.exists()
    assert "étape annulée" in desk.get(page(bernard)).content.decode().lower()


def test_the_second_agent_reads_what_the_first_did_and_keeps_what_they_typed(desk, bernard, interview):
    url = gesture(bernard, interview, "rendez-vous")
    mark = desk.get(url).context["mark"]
    send(colleague(), url, day=in_days(2), hour="09:00", place="Chez Omar")
    typed = {"vu": mark, "day": in_days(4).isoformat(), "hour": "11:00", "place": "Chez Nadia"}
    late = desk.post(url, typed)
    shown = late.content.decode()
    assert late.status_code == 200
    assert "Un collègue est passé avant vous" in shown
    assert "Un rendez-vous est prévu le" in shown
    assert "Chez Nadia" in shown
    assert Appointment.objects.get().place == "Chez Omar"
    # Having read it, they may go on.
    assert desk.post(url, typed | {"vu": late.context["mark"]}).status_code == 302
    assert Appointment.objects.get().place == "Chez Nadia"


def test_a_step_noted_by_two_is_noted_once(desk, bernard, interview):
    mark = desk.get(gesture(bernard, interview, "faite")).context["mark"]
    send(colleague(), gesture(bernard, interview, "faite"), passed_on=in_days(0))
    late = desk.post(gesture(bernard, interview, "faite"), {"vu": mark, "passed_on": in_days(-1), "words": "Bien"})
    shown = late.content.decode()
    assert "notée par Omar Diaz" in shown
    assert "Bien" in shown
    assert StepRecord.objects.count() == 1
    gone = desk.get(gesture(bernard, interview, "faite"), follow=True).content.decode()
    assert "Rien n’a changé" in gone


def test_somebody_is_admitted_despite_what_lacks_for_a_reason(desk, agent, bernard, interview):
    url = decision(bernard, "admettre")
    assert "Un entretien avec nous" in desk.get(url).content.decode()
    assert "Dites pourquoi" in send(desk, url).content.decode()
    done = send(desk, url, words="Élue de la commune")
    assert "ce bénévole est admis" in done.content.decode()
    bernard.refresh_from_db()
    assert bernard.state == VolunteerState.ADMITTED
    waived = StepRecord.objects.get()
    assert (waived.passing, waived.words, waived.noted_by) == (Passing.WAIVED, "Élue de la commune", agent)
    assert "Élue de la commune" in done.content.decode()


def test_every_decision_is_asked_traced_and_said(desk, agent, bernard, interview):
    pass_step(volunteer=bernard, step=interview, by_account=agent)
    for slug, words, state in (
        ("admettre", "", "admitted"), ("pause", "En voyage", "on_leave"), ("reprise", "", "admitted"),
        ("suspension", "Une plainte", "suspended"), ("retour", "", "admitted"), ("depart", "Déménage", "left"),
        ("admettre", "", "admitted"),
    ):  # fmt: skip
        if slug in {"suspension", "depart"}:
            refused = send(desk, decision(bernard, slug))
            assert "Dites pourquoi" in refused.content.decode(), slug
        assert send(desk, decision(bernard, slug), words=words, follow=False).status_code == 302, slug
        bernard.refresh_from_db()
        assert bernard.state == state
    shown = desk.get(page(bernard)).content.decode()
    for words in ("Une plainte", "Déménage", "En voyage", "par Nadia Benali"):
        assert words in shown, words
    assert VolunteerMove.objects.filter(volunteer=bernard, by_account=agent).count() == 7


def test_a_candidate_is_turned_down_for_a_reason(desk, bernard):
    assert "Dites pourquoi" in send(desk, decision(bernard, "refus")).content.decode()
    send(desk, decision(bernard, "refus"), words="Cherche un emploi")
    bernard.refresh_from_db()
    assert bernard.state == VolunteerState.LEFT
    assert "Rien n’a changé" in desk.get(decision(bernard, "refus"), follow=True).content.decode()


def test_of_two_who_decide_the_second_reads_the_first(desk, bernard):
    url = decision(bernard, "refus")
    mark = desk.get(url).context["mark"]
    send(colleague(), decision(bernard, "admettre"), words="Connu")
    late = desk.post(url, {"vu": mark, "words": "Pas disponible"}, follow=True).content.decode()
    assert "Rien n’a changé. Ce bénévole est admis, noté par Omar Diaz." in late
    bernard.refresh_from_db()
    assert bernard.state == VolunteerState.ADMITTED
    # A decision that is still open is asked again, with what was typed.
    mark = desk.get(decision(bernard, "depart")).context["mark"]
    send(colleague("Lina"), decision(bernard, "pause"))
    again = desk.post(decision(bernard, "depart"), {"vu": mark, "words": "Déménage"})
    assert "en pause, noté par Lina Diaz" in again.content.decode()
    assert "Déménage" in again.content.decode()


def test_what_does_not_exist_is_absent(desk, bernard, interview):
    nobody = make_person("Paul")
    charter = a_step(StepKind.CHARTER)
    for url in (
        reverse("desk:volunteer_steps", args=(nobody.uid,)),
        gesture(bernard, interview, "voler"),
        gesture(bernard, interview, "signee"),
        gesture(bernard, charter, "faite"),
        decision(bernard, "couronner"),
        reverse("desk:step_proof", args=(bernard.person.uid, interview.uid)),
    ):
        assert desk.get(url).status_code == 404, url
        assert desk.post(url).status_code in {404, 405}, url
    # A move that does not start where they stand says so.
    assert "Rien n’a changé" in desk.get(decision(bernard, "reprise"), follow=True).content.decode()


def test_nothing_is_noted_for_who_died(desk, bernard, interview):
    type(bernard.person).objects.filter(pk=bernard.person.pk).update(deceased_on=in_days(0))
    assert "décédée" in desk.get(decision(bernard, "admettre"), follow=True).content.decode()
    assert "décédée" in desk.get(gesture(bernard, interview, "faite"), follow=True).content.decode()


def test_a_coordinator_follows_the_volunteers_of_their_sectors_only(desk, bernard, interview):
    north = add_district(name="Nord", commune=CoveredCommune.objects.get())
    camille = make_account("camille@ccas.example", COORDINATORS)
    bind_coordinator(camille, sectors=[add_sector(name="Le nord", districts=[north])], by_account=camille)
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(camille)
    before = Access.objects.count()
    urls = (page(bernard), gesture(bernard, interview, "faite"), decision(bernard, "admettre"))
    for url in urls:
        assert client.get(url).status_code == 404
        assert client.post(url, {"words": "x", "vu": ""}).status_code in {404, 405}
    assert Access.objects.count() == before
    bernard.person.district = north
    bernard.person.save()
    for url in urls:
        assert client.get(url).status_code == 200


def test_a_volunteer_of_another_town_is_absent(desk, interview, other_town):
    with town_context(other_town):
        theirs = apply(person=make_person("Canari"), source=Source.SITE)
        step = a_step(StepKind.INTERVIEW)
    for url in (page(theirs), gesture(theirs, step, "faite"), decision(theirs, "admettre")):
        assert desk.get(url).status_code == 404
    elsewhere = Client(headers={"host": SECOND_TOWN})
    elsewhere.cookies = desk.cookies
    assert elsewhere.get(page(theirs)).status_code == 302


def test_a_follow_up_of_onboarding_leads_to_the_steps(desk, bernard):
    told = FollowUp.objects.get(kind=FollowUpKind.ONBOARDING, person=bernard.person)
    shown = desk.get(f"/bureau/suite/{told.uid}/").content.decode()
    assert page(bernard) in shown
    assert "Ouvrir ses étapes" in shown


def test_from_the_card_what_needs_a_word_is_asked_on_a_page(desk, alice):
    move = reverse("desk:move_volunteer", args=(alice.person.uid,))
    asked = desk.post(move, {"geste": "suspension"})
    assert asked["Location"] == decision(alice, "suspension")
    alice.refresh_from_db()
    assert alice.state == VolunteerState.ADMITTED
    assert hour_in_days(0)
