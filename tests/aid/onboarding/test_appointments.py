import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from aid.notifications.models import Message
from aid.onboarding import appointments, texts
from aid.onboarding.enums import LEAVE, AppointmentState, StepKind
from aid.onboarding.models import Appointment, Attendance, VolunteerMove
from aid.onboarding.place import NotAllowedError
from aid.onboarding.services import take
from harness.loop import somebody, volunteer
from harness.steps import a_candidate, a_step, hour_in_days, in_days
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture
def nadia(town):
    return a_candidate()


@pytest.fixture
def meet(nadia, agent):
    """Plans a meeting for a step, the day after tomorrow at 14 h."""

    def plan(step=None, **more):
        usual = {"at": hour_in_days(2), "place": "12 rue des Lilas", "by_account": agent}
        return appointments.plan(
            volunteer=nadia, step=step or a_step(StepKind.INTERVIEW, "Un entretien"), **usual | more
        )

    return plan


def written(person):
    return list(Message.objects.filter(person=person, kind="appointment").order_by("pk").values_list("body", flat=True))


def let_it_come(appointment):
    Appointment.objects.filter(pk=appointment.pk).update(at=timezone.now() - datetime.timedelta(hours=2))
    return appointment


def test_the_volunteer_is_told_when_and_where_and_who_receives(meet, nadia):
    planned = meet()
    when = texts.day_and_hour(planned.at)
    assert when.endswith(" à 14 h")
    assert len(written(nadia.person)) == 1
    assert f"Nous vous attendons {when}, 12 rue des Lilas avec Inès." in written(nadia.person)[0]


def test_a_meeting_moved_is_told_once_even_back_and_forth(meet, nadia, agent):
    planned = meet()
    for at in (hour_in_days(3), hour_in_days(3), hour_in_days(2)):
        appointments.move(planned, at=at, place="12 rue des Lilas", by_account=agent)
    assert len(written(nadia.person)) == 3
    assert Appointment.objects.get().at == hour_in_days(2)


def test_who_goes_along_is_told_too_and_when_somebody_else_does(meet, agent):
    odile, rene = volunteer("Odile", "+33639980003"), volunteer("René", "+33639980004")
    planned = meet(a_step(StepKind.TRIAL, "Une visite accompagnée"), with_volunteer=odile)
    assert "Merci d’accompagner Nadia" in written(odile.person)[0].replace("'", "’")
    appointments.move(planned, at=planned.at, place=planned.place, with_volunteer=rene, by_account=agent)
    assert "plus Nadia" in written(odile.person)[1]
    assert len(written(rene.person)) == 1
    appointments.cancel(planned, by_account=agent)
    appointments.cancel(planned, by_account=agent)
    assert "plus Nadia" in written(rene.person)[1]
    assert "annul" in written(planned.volunteer.person)[-1]
    with pytest.raises(NotAllowedError, match="annulé"):
        appointments.move(planned, at=hour_in_days(5), place="", by_account=agent)


def test_the_journal_says_who_moved_cancelled_or_missed_it_and_once(meet, nadia, agent):
    step = a_step(StepKind.INTERVIEW, "Un entretien")
    planned = meet(step)
    for _ in range(2):
        appointments.move(planned, at=hour_in_days(3), place="Au CCAS", by_account=agent)
        planned.refresh_from_db()
    for _ in range(2):
        appointments.cancel(planned, by_account=agent)
    late, seen = let_it_come(meet(step)), let_it_come(meet(a_step(StepKind.TRIAL, "Une visite")))
    for _ in range(2):
        appointments.missed(late, by_account=agent)
        appointments.held(seen, passed=False, by_account=agent)
    lines = VolunteerMove.objects.filter(volunteer=nadia, by_account=agent)
    names = ["rendez-vous déplacé", "rendez-vous annulé", "rendez-vous manqué", "rendez-vous tenu"]
    assert [line.name for line in lines] == names
    assert all(line.from_state == line.to_state == "candidate" for line in lines)
    assert lines[0].said.words == f"Un entretien, {texts.day_and_hour(hour_in_days(3))}"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"at": hour_in_days(-1)}, "passée"),
        ({"at": hour_in_days(400)}, "trop loin"),
        ({"place": "a" * 161}, "160"),
    ],
)
def test_what_cannot_be_planned_is_refused(meet, change, words):
    with pytest.raises(ValidationError, match=words):
        meet(**change)
    assert not Appointment.objects.exists()


def test_one_meeting_a_step_never_for_the_charter_nor_with_oneself_nor_who_left(meet, nadia, agent):
    step = a_step(StepKind.TRIAL, "Visite")
    with pytest.raises(ValidationError, match="quelqu’un d’autre"):
        meet(step, with_volunteer=nadia)
    meet(step)
    with pytest.raises(ValidationError, match="déjà prévu"):
        meet(step)
    with pytest.raises(ValidationError, match="se signe"):
        meet(a_step(StepKind.CHARTER))
    take(nadia, LEAVE, by_account=agent, words="Déménage.")
    assert set(Appointment.objects.values_list("state", flat=True)) == {AppointmentState.CANCELLED}
    with pytest.raises(ValidationError, match="parti"):
        meet(step)


def test_a_meeting_held_passes_the_step_or_not(meet, nadia, agent):
    planned = meet()
    with pytest.raises(ValidationError, match="à venir"):
        appointments.held(planned, passed=True, by_account=agent)
    let_it_come(planned)
    for _ in range(2):
        assert appointments.held(planned, passed=True, by_account=agent).state == AppointmentState.HELD
    assert nadia.records.get().passed_on <= in_days(0)
    with pytest.raises(NotAllowedError, match="a eu lieu"):
        appointments.missed(planned, by_account=agent)
    again = let_it_come(meet(a_step(StepKind.TRIAL)))
    appointments.held(again, passed=False, by_account=agent)
    assert nadia.records.count() == 1


def test_a_training_held_counts_its_minutes(meet, nadia, agent):
    planned = let_it_come(meet(a_step(StepKind.TRAINING)))
    with pytest.raises(ValidationError, match="minutes"):
        appointments.held(planned, passed=True, by_account=agent)
    assert Appointment.objects.get().state == AppointmentState.PLANNED
    appointments.held(planned, passed=True, minutes=150, by_account=agent)
    assert (Attendance.objects.get().minutes, nadia.records.count()) == (150, 0)


def test_a_meeting_missed_may_be_planned_again(meet, nadia, agent):
    step = a_step(StepKind.INTERVIEW)
    planned = meet(step)
    with pytest.raises(ValidationError, match="à venir"):
        appointments.missed(planned, by_account=agent)
    let_it_come(planned)
    assert appointments.missed(planned, by_account=agent).state == AppointmentState.MISSED
    assert meet(step).pk != planned.pk


def test_another_town_knows_nothing_of_it(meet, other_town):
    meet()
    with facing(other_town):
        assert (Appointment.objects.count(), Message.objects.filter(kind="appointment").count()) == (0, 0)
        somebody("Paul")
