import pytest

from aid.onboarding import appointments
from aid.onboarding.enums import StepKind
from aid.onboarding.models import Volunteer
from aid.onboarding.passing import attend, pass_step
from aid.onboarding.progress import Standing, board, progress_of
from aid.onboarding.services import admit
from harness.loop import somebody, visits
from harness.steps import a_candidate, a_step, hour_in_days, in_days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def test_each_step_stands_somewhere_by_three_queries(agent, django_assert_num_queries):
    nadia = a_candidate()
    interview, trial = a_step(StepKind.INTERVIEW, "Entretien"), a_step(StepKind.TRIAL, "Visite")
    training, identity = a_step(StepKind.TRAINING, "Formation"), a_step(StepKind.IDENTITY, "Identité")
    record, lapsed = a_step(StepKind.RECORD, "Casier"), a_step(StepKind.REFERENCE, "Référence")
    driving = a_step(StepKind.OTHER, "Permis")
    driving.kinds.set([visits()])
    a_step(StepKind.OTHER, "Plus demandée", is_asked=False)
    appointments.plan(volunteer=nadia, step=interview, at=hour_in_days(2), place="", by_account=agent)
    attend(volunteer=nadia, step=training, on=in_days(0), minutes=150, by_account=agent)
    pass_step(volunteer=nadia, step=identity, by_account=agent)
    pass_step(volunteer=nadia, step=record, passed_on=in_days(-9), valid_until=in_days(60), by_account=agent)
    pass_step(volunteer=nadia, step=lapsed, passed_on=in_days(-9), valid_until=in_days(-1), by_account=agent)
    with django_assert_num_queries(3):
        told = {one.step.name: one for one in progress_of(nadia)}
    assert {name: one.state for name, one in told.items()} == {
        "Entretien": Standing.PLANNED,
        "Visite": Standing.MISSING,
        "Formation": Standing.MISSING,
        "Identité": Standing.HELD,
        "Casier": Standing.EXPIRING,
        "Référence": Standing.LAPSED,
        "Permis": Standing.MISSING,
    }
    assert told["Entretien"].appointment.with_account == agent
    assert (told["Formation"].minutes, told["Formation"].minutes_asked) == (150, 300)
    assert told["Casier"].until == in_days(60)
    assert told["Permis"].kinds == (visits().name,)
    assert [one.step for one in told.values() if one.is_blocking] == [interview, trial, training, lapsed]
    # Renewed: the record that is good for longer tells.
    pass_step(volunteer=nadia, step=record, valid_until=in_days(61), by_account=agent)
    assert {one.step.name: one.state for one in progress_of(nadia)}["Casier"] == Standing.HELD


def test_a_board_tells_what_lacks_and_what_ends_first_in_one_query(agent, django_assert_num_queries):
    record, training = a_step(StepKind.RECORD, "Casier"), a_step(StepKind.TRAINING, "Formation", asked_from=in_days(9))
    nadia, alice, paul, zoe = (
        a_candidate(),
        a_candidate("Alice", "+33639980003"),
        a_candidate("Paul", "+33639980004"),
        somebody("Zoé"),
    )
    for one, ends in ((alice, 20), (alice, 30), (paul, 61)):
        pass_step(volunteer=one, step=record, valid_until=in_days(ends), by_account=agent)
    for one in (alice, paul):
        Volunteer.objects.filter(pk=one.pk).update(state="admitted", admitted_on=in_days(0))
    admit(person=zoe, despite="Connue de nous.", by_account=agent)
    with django_assert_num_queries(1):
        told = {one.person.first_name: one for one in board(Volunteer.objects.select_related("person"))}
    assert told["Nadia"].missing == ["Casier", "Formation"]
    assert told["Nadia"].expires_on is None
    assert (told["Alice"].missing, told["Alice"].expires_on) == ([], in_days(30))
    assert (told["Paul"].missing, told["Paul"].expires_on) == ([], None)
    assert told["Zoé"].missing == []
    assert (nadia.pk, training.asked_from) == (told["Nadia"].pk, in_days(9))
