"""Two cards of one volunteer made one; a volunteer who is forgotten; what is kept after they left."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from aid.followups.models import FollowUp
from aid.help_requests.enums import AGREE
from aid.help_requests.transitions import take as take_step
from aid.moderation import sanctions
from aid.moderation.enums import Reason, SanctionKind
from aid.onboarding import appointments
from aid.onboarding.enums import LEAVE, SUSPEND, Proof, StepKind
from aid.onboarding.models import Appointment, Attendance, MoveWords, StepRecord, Volunteer, VolunteerMove
from aid.onboarding.passing import attend, pass_step
from aid.onboarding.services import admit, take
from aid.people.models import Person, private_storage
from aid.privacy import forgetting, retention
from aid.privacy.merging import fingerprint, merge
from harness.desk import make_account
from harness.loop import jeanne, open_request, said_yes, somebody
from harness.steps import a_candidate, a_step, hour_in_days, in_days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"


def document():
    return ContentFile(PDF, name="x.pdf")


def joined(gone, kept):
    administrator = make_account(f"maire{kept.pk}@ccas.example", "Administrateurs")
    return merge(kept, gone, take=[], seen=fingerprint(kept, gone), by_account=administrator)


def test_all_that_both_passed_is_one_s(agent):
    kept, gone = a_candidate("Nadia", "+33639980002"), a_candidate("Nadia", "+33639980003")
    trial, interview = a_step(StepKind.TRIAL), a_step(StepKind.INTERVIEW)
    training, identity = a_step(StepKind.TRAINING), a_step(StepKind.IDENTITY)
    pass_step(volunteer=gone, step=identity, by_account=agent)
    for one in (kept, gone):
        attend(volunteer=one, step=training, on=in_days(-8), minutes=60, by_account=agent)
        appointments.plan(volunteer=one, step=interview, at=hour_in_days(2), place="", by_account=agent)
    attend(volunteer=gone, step=training, on=in_days(-1), minutes=60, by_account=agent)
    appointments.plan(volunteer=kept, step=trial, at=hour_in_days(3), place="", with_volunteer=gone, by_account=agent)
    joined(gone.person, kept.person)
    assert StepRecord.objects.get().volunteer == kept
    assert sorted(kept.attendances.values_list("on", flat=True)) == [in_days(-8), in_days(-1)]
    assert Attendance.objects.count() == 2
    planned = Appointment.objects.filter(state="planned")
    assert set(planned.values_list("volunteer", "step", "with_volunteer")) == {
        (kept.pk, interview.pk, None),
        (kept.pk, trial.pk, None),
    }
    assert Volunteer.objects.get(pk=gone.pk).state == "left"


def test_nobody_escapes_a_suspension_by_another_card(agent):
    kept, gone = admit(person=somebody("Alice", "+33639980002")), admit(person=somebody("Alice", "+33639980003"))
    take(gone, SUSPEND, by_account=agent, words="Une plainte.")
    visit = open_request(jeanne())
    said_yes(visit, kept)
    take_step(visit, AGREE, volunteer=kept)
    joined(gone.person, kept.person)
    assert Volunteer.objects.get(pk=kept.pk).state == "suspended"
    assert FollowUp.objects.open().get(kind="onboarding", subject_id=visit.pk).person == visit.person
    assert not Volunteer.objects.admitted().exists()
    assert VolunteerMove.objects.filter(volunteer=kept).latest("pk").name == "fiches réunies"


@pytest.mark.parametrize(
    ("kind", "state", "back"), [("suspension", "suspended", "admitted"), ("exclusion", "left", "left")]
)
def test_nobody_escapes_a_measure_by_another_card(agent, kind, state, back):
    """Odile and Alice each have two cards, a measure about the one that goes; Alice volunteers on both."""
    administrator = make_account("direction@ccas.example", "Administrateurs")
    kept, gone = admit(person=somebody("Alice", "+33639980002")), admit(person=somebody("Alice", "+33639980003"))
    odile, other = admit(person=somebody("Odile", "+33639980004")), somebody("Odile", "+33639980005")
    visit = open_request(jeanne())
    said_yes(visit, odile)
    take_step(visit, AGREE, volunteer=odile)
    told = {"kind": SanctionKind(kind), "reason": Reason.CHARTER, "words": "Non.", "by_account": agent}
    measures = [sanctions.take(person=one, **told) for one in (gone.person, other)]
    assert set(Volunteer.objects.admitted()) == {kept, odile}
    joined(gone.person, kept.person)
    joined(other, odile.person)
    places = Volunteer.objects.filter(pk__in=[kept.pk, odile.pk])
    assert set(places.values_list("state", flat=True)) == {state}
    assert FollowUp.objects.open().get(kind="onboarding", subject_id=visit.pk).person == visit.person
    for one in measures:
        sanctions.lift(one, by_account=administrator)
    assert set(places.values_list("state", flat=True)) == {back}


def test_a_card_without_a_measure_takes_none_with_it_and_a_volunteer_that_moves_takes_hers(agent):
    lucie, other = admit(person=somebody("Lucie", "+33639980002")), somebody("Lucie", "+33639980003")
    joined(other, lucie.person)
    alice, empty = admit(person=somebody("Alice", "+33639980004")), somebody("Alice", "+33639980005")
    told = {"kind": SanctionKind.SUSPENSION, "reason": Reason.CHARTER, "words": "Non.", "by_account": agent}
    sanctions.take(person=empty, **told)
    joined(alice.person, empty)
    assert Volunteer.objects.admitted().get() == lucie
    assert Volunteer.objects.get(person=empty).state == "suspended"


def test_a_suspension_that_a_measure_only_met_outlives_it_on_the_other_card(agent):
    kept, gone = admit(person=somebody("Alice", "+33639980002")), admit(person=somebody("Alice", "+33639980003"))
    take(gone, SUSPEND, by_account=agent, words="De l’argent a disparu.")
    told = {"kind": SanctionKind.SUSPENSION, "reason": Reason.CHARTER, "words": "Non.", "by_account": agent}
    taken = sanctions.take(person=gone.person, **told)
    joined(gone.person, kept.person)
    taken.refresh_from_db()
    sanctions.lift(taken, by_account=agent)
    assert Volunteer.objects.get(pk=kept.pk).state == "suspended"


def test_who_is_forgotten_leaves_dates_that_lead_to_nobody_and_no_document(agent, django_capture_on_commit_callbacks):
    nadia = a_candidate()
    kept = pass_step(
        volunteer=nadia, step=a_step(StepKind.IDENTITY, proof=Proof.KEPT), proof=document(), by_account=agent
    ).proof_file.name
    other = a_candidate("Paul", "+33639980003")
    trial = a_step(StepKind.TRIAL)
    appointments.plan(volunteer=other, step=trial, at=hour_in_days(2), place="", with_volunteer=nadia, by_account=agent)
    with pytest.raises(forgetting.StandsInTheWayError):
        forgetting.forget(nadia.person)
    take(nadia, LEAVE, by_account=agent, words="Déménage.")
    number = nadia.pk
    with django_capture_on_commit_callbacks(execute=True):
        forgetting.forget(nadia.person)
    assert not Person.objects.filter(pk=nadia.person_id).exists()
    assert not Volunteer.objects.filter(pk=number).exists()
    assert not private_storage().exists(kept)
    assert VolunteerMove.objects.filter(volunteer=number).count() == 2
    assert not MoveWords.objects.exists()
    assert Appointment.objects.get().with_volunteer is None


def test_papers_and_words_of_who_left_go_after_the_town_s_delay(agent, django_capture_on_commit_callbacks):
    step, training = a_step(StepKind.IDENTITY, proof=Proof.KEPT), a_step(StepKind.TRAINING)
    gone, here = a_candidate(), a_candidate("Paul", "+33639980003")
    names = {}
    for one in (gone, here):
        names[one] = pass_step(volunteer=one, step=step, proof=document(), by_account=agent).proof_file.name
        attend(volunteer=one, step=training, on=in_days(-8), minutes=60, by_account=agent)
    take(gone, LEAVE, by_account=agent, words="Déménage.")
    kind = next(one for one in retention.declared() if one.key == "steps")
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.purge(kind) == 0
    long_ago = timezone.now() + datetime.timedelta(days=400)
    with django_capture_on_commit_callbacks(execute=True):
        for part in kind.parts:
            part.act(list(part.rows(long_ago).values_list("pk", flat=True)))
            assert not part.rows(long_ago).exists()
    assert not private_storage().exists(names[gone])
    assert private_storage().exists(names[here])
    assert StepRecord.objects.get(volunteer=gone).proof_file.name == ""
    assert [one.volunteer for one in Attendance.objects.all()] == [here]
    assert not MoveWords.objects.exists()
    assert Volunteer.objects.get(pk=gone.pk).motivation == ""
    assert Volunteer.objects.get(pk=here.pk).motivation


def test_a_document_out_of_date_for_long_goes_though_the_volunteer_stays(agent):
    step = a_step(StepKind.IDENTITY, proof=Proof.KEPT)
    nadia = a_candidate()
    record = pass_step(volunteer=nadia, step=step, proof=document(), valid_until=in_days(3), by_account=agent)
    kind = next(one for one in retention.declared() if one.key == "steps")
    documents = kind.parts[0]
    assert not documents.rows(timezone.now()).exists()
    assert documents.rows(timezone.now() + datetime.timedelta(days=5)).get() == record
