import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from PIL import Image

from aid.configuration.models import KindOfHelp
from aid.onboarding.enums import Passing, Proof, Source, StepKind
from aid.onboarding.models import Attendance, Step, StepRecord, Volunteer, VolunteerMove, lacking
from aid.onboarding.passing import attend, forget_session, pass_step, take_back, waive
from aid.onboarding.progress import progress_of
from aid.onboarding.services import admit, apply
from aid.people.models import private_storage
from core.dates import months_after
from harness.desk import make_account
from harness.loop import somebody, visits
from harness.steps import a_candidate, a_step, in_days
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
EVENING = 150


def photo(kind="PNG", size=(60, 40), **more):
    buffer = io.BytesIO()
    Image.new("RGB", size, "teal").save(buffer, kind, **more)
    return ContentFile(buffer.getvalue(), name="casier-de-nadia.png")


def names(steps):
    return [step.name for step in steps]


def test_a_step_is_passed_once_and_is_good_as_long_as_it_says(agent):
    record = a_step(StepKind.RECORD, "Casier", validity_months=36, proof=Proof.SEEN)
    nadia = a_candidate()
    noted = pass_step(volunteer=nadia, step=record, passed_on=in_days(-3), by_account=agent)
    assert (noted.valid_until, noted.noted_by, noted.passing) == (months_after(in_days(-3), 36), agent, Passing.PASSED)
    assert pass_step(volunteer=nadia, step=record, passed_on=in_days(-3), by_account=agent) == noted
    told = pass_step(volunteer=nadia, step=record, valid_until=in_days(20), by_account=agent)
    assert told.valid_until == in_days(20)
    assert nadia.records.count() == 2


@pytest.mark.parametrize(
    ("kind", "fields", "field", "words"),
    [
        (StepKind.INTERVIEW, {"passed_on": 1}, "passed_on", "à venir"),
        (StepKind.INTERVIEW, {"valid_until": -1}, "valid_until", "avant le jour"),
        (StepKind.CHARTER, {}, None, "se signe"),
        (StepKind.TRAINING, {}, None, "séances"),
    ],
)
def test_what_cannot_be_noted_is_refused_next_to_its_field(agent, kind, fields, field, words):
    days = {name: in_days(days) for name, days in fields.items()}
    with pytest.raises(ValidationError, match=words) as refusal:
        pass_step(volunteer=a_candidate(), step=a_step(kind), by_account=agent, **days)
    assert field is None or set(refusal.value.message_dict) == {field}
    assert not StepRecord.objects.exists()


def test_somebody_is_let_off_a_step_for_a_reason_as_long_as_it_would_be_good(agent):
    step = a_step(StepKind.REFERENCE, validity_months=12)
    nadia = a_candidate()
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        waive(volunteer=nadia, step=step, words=" ", by_account=agent)
    waived = waive(volunteer=nadia, step=step, words="Infirmière retraitée.", by_account=agent)
    assert waive(volunteer=nadia, step=step, words="Encore.", by_account=agent) == waived
    assert (waived.valid_until, waived.words) == (months_after(in_days(0), 12), "Infirmière retraitée.")
    assert admit(person=nadia.person).pk == nadia.pk


def test_a_step_for_administrators_is_noted_by_them_only(agent):
    step = a_step(StepKind.RECORD, "Casier", is_reserved=True)
    nadia = a_candidate()
    for verb in (pass_step, lambda **who: waive(words="Non.", **who)):
        with pytest.raises(ValidationError, match="Seul un administrateur"):
            verb(volunteer=nadia, step=step, by_account=agent)
    mayor = make_account("maire@ccas.example", "Administrateurs")
    noted = pass_step(volunteer=nadia, step=step, by_account=mayor)
    with pytest.raises(ValidationError, match="Seul un administrateur"):
        take_back(noted, by_account=agent)
    course = a_step(StepKind.TRAINING, "Formation", is_reserved=True)
    session = attend(volunteer=nadia, step=course, on=in_days(-1), minutes=EVENING, by_account=mayor)
    with pytest.raises(ValidationError, match="Seul un administrateur"):
        forget_session(session, by_account=agent)


def minutes_of(volunteer, step):
    return next(line.minutes for line in progress_of(volunteer) if line.step == step)


def test_training_is_passed_once_its_minutes_add_up(agent):
    step = a_step(StepKind.TRAINING, "Formation", validity_months=24)
    nadia = a_candidate()
    first = attend(volunteer=nadia, step=step, on=in_days(-8), minutes=EVENING, by_account=agent)
    assert (nadia.records.count(), minutes_of(nadia, step)) == (0, EVENING)
    assert attend(volunteer=nadia, step=step, on=in_days(-8), minutes=EVENING, by_account=agent) == first
    with pytest.raises(ValidationError, match=r"déjà notée.*2\\xa0h\\xa030"):
        attend(volunteer=nadia, step=step, on=in_days(-8), minutes=EVENING + 1, by_account=agent)
    with pytest.raises(ValidationError, match="à venir"):
        attend(volunteer=nadia, step=step, on=in_days(1), minutes=EVENING, by_account=agent)
    attend(volunteer=nadia, step=step, on=in_days(-1), minutes=EVENING, by_account=agent)
    passed = nadia.records.get()
    assert (passed.passed_on, passed.valid_until) == (in_days(-1), months_after(in_days(-1), 24))
    # What comes next counts towards the next time.
    attend(volunteer=nadia, step=step, on=in_days(0), minutes=EVENING, by_account=agent)
    assert (nadia.records.count(), minutes_of(nadia, step)) == (1, EVENING)


def test_a_session_noted_by_mistake_takes_back_what_it_completed(agent):
    step = a_step(StepKind.TRAINING, "Formation")
    nadia = a_candidate()
    attend(volunteer=nadia, step=step, on=in_days(-8), minutes=EVENING, by_account=agent)
    wrong = attend(volunteer=nadia, step=step, on=in_days(-1), minutes=EVENING, by_account=agent)
    other = attend(volunteer=nadia, step=step, on=in_days(0), minutes=60, by_account=agent)
    forget_session(other, by_account=agent)
    assert nadia.records.count() == 1
    forget_session(wrong, by_account=agent)
    forget_session(wrong, by_account=agent)
    assert (nadia.records.count(), minutes_of(nadia, step)) == (0, EVENING)
    assert VolunteerMove.objects.filter(name="étape annulée").count() == 2
    assert VolunteerMove.objects.latest("pk").said.words.startswith("Formation, ")


def test_an_error_is_taken_back_with_its_document_and_journalled(agent, django_capture_on_commit_callbacks):
    step = a_step(StepKind.IDENTITY, "Pièce d’identité", proof=Proof.KEPT)
    nadia = a_candidate()
    noted = pass_step(volunteer=nadia, step=step, proof=photo(), by_account=agent)
    kept = noted.proof_file.name
    assert private_storage().exists(kept)
    with django_capture_on_commit_callbacks(execute=True):
        take_back(noted, by_account=agent)
        take_back(noted, by_account=agent)
    assert not private_storage().exists(kept)
    line = VolunteerMove.objects.get(name="étape annulée")
    assert (line.from_state, line.to_state, line.by_account) == ("candidate", "candidate", agent)
    assert names(lacking(nadia, is_admitting=True)) == ["Pièce d’identité"]


def test_a_photo_is_drawn_anew_under_a_name_that_says_nothing(agent):
    step = a_step(StepKind.IDENTITY, proof=Proof.KEPT)
    where = Image.Exif()
    where[0x010E] = "CANARI chez Nadia"
    noted = pass_step(volunteer=a_candidate(), step=step, proof=photo("JPEG", exif=where), by_account=agent)
    with private_storage().open(noted.proof_file.name) as file:
        content = file.read()
    assert b"CANARI" not in content
    assert "nadia" not in noted.proof_file.name
    with Image.open(io.BytesIO(content)) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (60, 40), {})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "PDF, ou une photo"),
        (b"GIF89a" + b"\0" * 40, "PDF, ou une photo"),
        (b"", "PDF, ou une photo"),
        (b"%PDF-1.7 coup" + b"x" * 3000, "incomplet"),
        (b"%PDF-1.7" + b"x" * (5 * 1024 * 1024), "5 Mo"),
    ],
)
def test_what_is_no_document_is_refused(agent, content, words):
    step = a_step(StepKind.IDENTITY, proof=Proof.KEPT)
    with pytest.raises(ValidationError, match=words) as refusal:
        pass_step(volunteer=a_candidate(), step=step, proof=ContentFile(content, name="a.png"), by_account=agent)
    assert set(refusal.value.message_dict) == {"proof"}
    assert not StepRecord.objects.exists()


def test_a_photo_of_too_many_pixels_is_refused(agent):
    step = a_step(StepKind.IDENTITY, proof=Proof.KEPT)
    huge = io.BytesIO()
    Image.new("1", (7000, 6000)).save(huge, "PNG")
    with pytest.raises(ValidationError, match="trop grande"):
        pass_step(volunteer=a_candidate(), step=step, proof=ContentFile(huge.getvalue()), by_account=agent)


def test_a_criminal_record_is_never_kept(agent):
    seen = a_step(StepKind.RECORD, proof=Proof.SEEN)
    with pytest.raises(ValidationError, match="ne se garde pas"):
        pass_step(volunteer=a_candidate(), step=seen, proof=photo(), by_account=agent)
    with pytest.raises(IntegrityError, match="never_kept"), transaction.atomic():
        Step.objects.filter(pk=seen.pk).update(proof=Proof.KEPT)


def test_a_kept_document_lacks_or_is_there(agent):
    step = a_step(StepKind.IDENTITY, proof=Proof.KEPT)
    with pytest.raises(ValidationError, match="Joignez"):
        pass_step(volunteer=a_candidate(), step=step, by_account=agent)
    pdf = ContentFile(b"%PDF-1.7\n1 0 obj\n%%EOF\n", name="x")
    noted = pass_step(volunteer=Volunteer.objects.get(), step=step, proof=pdf, by_account=agent)
    assert noted.proof_file.name.endswith(".pdf")


def test_who_is_admitted_goes_on_until_the_day_from_which_a_new_step_is_asked(agent):
    alice = admit(person=somebody("Alice"))
    step = a_step(StepKind.TRAINING, "Formation", asked_from=in_days(10))
    assert Volunteer.objects.admitted().filter(pk=alice.pk).exists()
    with pytest.raises(ValidationError, match="Formation"):
        admit(person=apply(person=somebody("Nadia"), source=Source.SITE).person)
    Step.objects.filter(pk=step.pk).update(asked_from=in_days(0))
    assert not Volunteer.objects.admitted().filter(pk=alice.pk).exists()


def test_a_lapsed_step_stops_proposals_on_the_day_and_renewing_asks_again(agent):
    step = a_step(StepKind.RECORD, "Casier")
    nadia = a_candidate()
    pass_step(volunteer=nadia, step=step, passed_on=in_days(-30), valid_until=in_days(0), by_account=agent)
    admit(person=nadia.person)
    assert Volunteer.objects.admitted().get() == nadia
    StepRecord.objects.update(valid_until=in_days(-1))
    assert not Volunteer.objects.admitted().exists()
    pass_step(volunteer=nadia, step=step, by_account=agent)
    assert Volunteer.objects.admitted().get() == nadia


def test_a_step_for_one_kind_of_help_closes_that_one_only(agent):
    other = KindOfHelp.objects.exclude(pk=visits().pk)[0]
    step = a_step(StepKind.OTHER, "Permis de conduire")
    step.kinds.set([other])
    alice = admit(person=somebody("Alice"))
    assert Volunteer.objects.admitted().cleared_for(visits()).get() == alice
    assert not Volunteer.objects.admitted().cleared_for(other).exists()
    pass_step(volunteer=alice, step=step, by_account=agent)
    assert Volunteer.objects.admitted().cleared_for(other).get() == alice


def test_another_town_has_its_own_steps(agent, other_town):
    nadia = a_candidate()
    attend(volunteer=nadia, step=a_step(StepKind.TRAINING), on=in_days(0), minutes=300, by_account=agent)
    with facing(other_town):
        assert (StepRecord.objects.count(), Attendance.objects.count()) == (0, 0)
