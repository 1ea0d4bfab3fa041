"""The verbs of steps: pass one, be let off it, come to a training, sign the charter, take back an error.

A record is written once and never changed; a step passed again makes another. Only publishing a charter brings the end
of older signatures forward.
"""

import datetime

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import Case, DateField, F, Q, Sum, Value, When
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from accounts.models import Account
from aid.onboarding import proofs
from aid.onboarding.access import check_may_note
from aid.onboarding.enums import TAKEN_BACK, How, Passing, Proof, StepKind
from aid.onboarding.expiry import notice_taken_back, settle_lapses
from aid.onboarding.models import Attendance, Charter, Step, StepRecord, Volunteer
from aid.onboarding.models.charters import LONGEST_CHARTER
from aid.onboarding.place import end_of, hold, journal
from core.french import day_words, duration_words
from core.text import tidy, tidy_lines

A_DAY = datetime.timedelta(days=1)


class CharterChangedError(Exception):
    """What was read is not the town's charter any more."""


@transaction.atomic
def pass_step(
    *,
    volunteer: Volunteer,
    step: Step,
    passed_on: datetime.date | None = None,
    valid_until: datetime.date | None = None,
    words: str = "",
    proof: File | None = None,
    by_account: Account,
) -> StepRecord:
    """Note that a volunteer passed a step, today unless told otherwise; noted twice, it is the same record.

    Without `valid_until`, it is good as long as the step says. Raises ValidationError, by field: for a day to come, an
    end before it, a document that lacks or that is not to be kept, a step for administrators only, and for a training
    or a charter, which have verbs of their own (`attend`, `sign`).
    """
    if step.kind == StepKind.CHARTER:
        raise ValidationError("La charte se signe : notez sa signature, sur le site ou sur papier.")
    if step.kind == StepKind.TRAINING:
        raise ValidationError("Notez ses séances : la formation est faite quand les heures y sont.")
    check_may_note(by_account, step)
    known = hold(volunteer)
    passed_on = passed_on or timezone.localdate()
    check_past(passed_on, "passed_on")
    record = StepRecord(
        volunteer=known,
        step=step,
        passed_on=passed_on,
        valid_until=valid_until or end_of(step, passed_on),
        words=tidy(words),
        noted_by=by_account,
    )
    _check(record)
    same = _same_as(record)
    if same is not None:
        return same
    kept = _proof_of(step, proof)
    if kept is not None:
        record.proof_file.save(kept.name, kept, save=False)
    return _keep(record)


@transaction.atomic
def waive(*, volunteer: Volunteer, step: Step, words: str, by_account: Account) -> StepRecord:
    """Let a volunteer off a step, for a reason, as long as the step would be good. Twice, it is the same record.

    Raises ValidationError (« words ») without a reason.
    """
    check_may_note(by_account, step)
    known, today = hold(volunteer), timezone.localdate()
    record = StepRecord(
        volunteer=known,
        step=step,
        passing=Passing.WAIVED,
        passed_on=today,
        valid_until=end_of(step, today),
        words=tidy(words),
        noted_by=by_account,
    )
    if not record.words:
        raise ValidationError({"words": "Dites pourquoi cette étape n’est pas demandée."})
    _check(record)
    return _same_as(record) or _keep(record)


@transaction.atomic
def attend(
    *,
    volunteer: Volunteer,
    step: Step,
    on: datetime.date,
    minutes: int,
    title: str = "",
    by_account: Account,
) -> Attendance:
    """Note some time in training; once the minutes add up, the step is passed that day. Twice, it is the same session.

    What came before the step was last passed counts no more: it is renewed by new sessions. Raises ValidationError, by
    field: for a day to come, a session noted already with other minutes, a step that is no training.
    """
    if step.kind != StepKind.TRAINING:
        raise ValidationError("Cette étape n’est pas une formation.")
    check_may_note(by_account, step)
    check_past(on, "on")
    known = hold(volunteer)
    asked = Attendance(volunteer=known, step=step, on=on, minutes=minutes, title=tidy(title), noted_by=by_account)
    asked.clean_fields()
    session = Attendance.objects.filter(volunteer=known, step=step, on=on, title=asked.title).first()
    if session is None:
        asked.validate_constraints()
        asked.save()
        _pass_training(known, step, by_account)
        return asked
    if session.minutes != minutes:
        raise ValidationError({"minutes": f"Cette séance est déjà notée : {duration_words(session.minutes)}."})
    return session


@transaction.atomic
def forget_session(attendance: Attendance, *, by_account: Account) -> None:
    """Take back a session noted by mistake; the training that it completed is not passed any more. Twice is once."""
    known = hold(attendance.volunteer)
    session = Attendance.objects.select_related("step").filter(pk=attendance.pk).first()
    if session is None:
        return
    step = session.step
    check_may_note(by_account, step)
    held = _holds(known, step)
    session.delete()
    last = StepRecord.objects.filter(volunteer=known, step=step, passing=Passing.PASSED).first()
    if last is not None and session.on <= last.passed_on:
        before = StepRecord.objects.filter(
            volunteer=known, step=step, passing=Passing.PASSED, passed_on__lt=last.passed_on
        ).first()
        counted = Attendance.objects.filter(volunteer=known, step=step, on__lte=last.passed_on)
        if before is not None:
            counted = counted.filter(on__gt=before.passed_on)
        if _minutes(counted) < step.minutes:
            last.delete()
    said = f"{step.name}, {day_words(session.on)} : {duration_words(session.minutes)}"
    _note_taken_back(known, step, held=held, by_account=by_account, words=said)


@transaction.atomic
def take_back(record: StepRecord, *, by_account: Account) -> None:
    """Take away a record that was an error, with its document; the journal says which, and by whom. Twice is once."""
    known = hold(record.volunteer)
    found = StepRecord.objects.select_related("step").filter(pk=record.pk).first()
    if found is None:
        return
    check_may_note(by_account, found.step)
    name, held = found.proof_file.name, _holds(known, found.step)
    said = f"{found.step.name}, {day_words(found.passed_on)}"
    found.delete()
    proofs.forget([name])
    _note_taken_back(known, found.step, held=held, by_account=by_account, words=said)


def current_charter() -> Charter | None:
    """The town's charter of today."""
    return Charter.objects.first()


@transaction.atomic
def sign(
    *,
    volunteer: Volunteer,
    charter_number: int,
    digest: str,
    how: How,
    by_account: Account | None = None,
    on: datetime.date | None = None,
) -> StepRecord:
    """Keep that a volunteer signed the charter that they read, by its number and digest. Twice, it is the same record.

    `by_account` is the agent who holds the paper, None where they sign themselves. Raises CharterChangedError where the
    town's charter of today is another one, ValidationError where the town asks for none or the day is to come.
    """
    known = hold(volunteer)
    step = _charter_step()
    if step is None:
        raise ValidationError("La ville ne demande pas de signer une charte.")
    check_may_note(by_account, step)
    charter = current_charter()
    if charter is None or (charter.number, charter.digest) != (charter_number, digest):
        raise CharterChangedError
    on = on or timezone.localdate()
    check_past(on, "on")
    if on < timezone.localdate(charter.published_at):
        raise ValidationError({"on": "Ce jour-là, cette version de la charte n’était pas publiée."})
    signed = StepRecord.objects.filter(volunteer=known, step=step, charter=charter).holding().first()
    if signed is not None:
        return signed
    record = StepRecord(
        volunteer=known,
        step=step,
        passed_on=on,
        valid_until=end_of(step, on),
        charter=charter,
        how=how,
        noted_by=by_account,
    )
    _check(record)
    return _keep(record)


@transaction.atomic
def publish_charter(*, text: str, asked_from: datetime.date, by_account: Account | None) -> Charter:
    """Make a text the town's charter: who signed an older one goes on until the day before `asked_from`.

    The same text again changes nothing. Raises ValidationError, by field, without a text, or for a day that is past.
    """
    text = tidy_lines(text)
    # Without a step to lock, of two who publish at once the second is told that this version exists.
    _charter_step()
    last = current_charter()
    if last is not None and last.text == text:
        return last
    if asked_from < timezone.localdate():
        raise ValidationError({"asked_from": "Choisissez aujourd’hui ou un jour à venir."})
    if len(text) > LONGEST_CHARTER:
        raise ValidationError({"text": f"Écrivez {LONGEST_CHARTER} caractères au plus."})
    charter = Charter(number=last.number + 1 if last else 1, text=text, asked_from=asked_from, published_by=by_account)
    charter.full_clean()
    charter.save()
    # Who was let off signing stays so.
    older = StepRecord.objects.filter(step__kind=StepKind.CHARTER, charter__isnull=False).holding()
    ends = Greatest(F("passed_on"), Value(asked_from - A_DAY, output_field=DateField()))
    older.update(valid_until=Case(When(valid_until=None, then=ends), default=Least(F("valid_until"), ends)))
    return charter


def check_past(day: datetime.date, field: str) -> None:
    """Raise ValidationError, by field, for a day to come."""
    if day > timezone.localdate():
        raise ValidationError({field: "Ce jour est à venir : notez l’étape quand elle est faite."})


def _charter_step() -> Step | None:
    """The step by which the charter is signed, locked: nobody signs an old version while another is published."""
    return Step.objects.select_for_update(no_key=True).asked().filter(kind=StepKind.CHARTER).first()


def _pass_training(volunteer: Volunteer, step: Step, by_account: Account) -> None:
    counted = Attendance.objects.filter(volunteer=volunteer, step=step).counted()
    if _minutes(counted) < step.minutes:
        return
    passed_on = counted.order_by("-on").values_list("on", flat=True)[0]
    until = end_of(step, passed_on)
    _keep(StepRecord(volunteer=volunteer, step=step, passed_on=passed_on, valid_until=until, noted_by=by_account))


def _keep(record: StepRecord) -> StepRecord:
    """Write it down; the town need not be told any more that the last one lapsed."""
    record.save()
    if record.valid_until is None or record.valid_until >= timezone.localdate():
        settle_lapses(record.volunteer, record.step)
    return record


def _holds(volunteer: Volunteer, step: Step) -> bool:
    return StepRecord.objects.filter(volunteer=volunteer, step=step).holding().exists()


def _note_taken_back(volunteer: Volunteer, step: Step, *, held: bool, by_account: Account, words: str) -> None:
    """Journal an error taken back; who held the step until then (`held`), and lacks it now, is told of at once."""
    line = journal(volunteer, TAKEN_BACK, before=volunteer.state, by_account=by_account, words=words)
    if held:
        notice_taken_back(volunteer, step, line)


def _minutes(attendances: object) -> int:
    return attendances.aggregate(minutes=Sum("minutes"))["minutes"] or 0


def _check(record: StepRecord) -> None:
    """Raise ValidationError, by field, for what cannot be kept."""
    if record.valid_until is not None and record.valid_until < record.passed_on:
        raise ValidationError({"valid_until": "Cette date vient avant le jour où l’étape a été faite."})
    record.clean_fields(exclude={"uid", "proof_file"})


def _same_as(record: StepRecord) -> StepRecord | None:
    """The record that says the same already: a form was sent twice."""
    return StepRecord.objects.filter(
        Q(valid_until=record.valid_until),
        volunteer=record.volunteer,
        step=record.step,
        passing=record.passing,
        passed_on=record.passed_on,
    ).first()


def _proof_of(step: Step, proof: File | None) -> File | None:
    if step.proof == Proof.KEPT and step.kind != StepKind.RECORD:
        if proof is None:
            raise ValidationError({"proof": "Joignez le document : cette étape le garde."})
        return proofs.checked(proof)
    if proof is not None:
        raise ValidationError({"proof": "Ce document se regarde, il ne se garde pas."})
    return None
