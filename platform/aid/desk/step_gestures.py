"""What an agent may do about a volunteer's step: what each gesture asks first, and when it is offered."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Account
from aid.desk.forms.steps import (
    AppointmentForm,
    ForgetSessionForm,
    HeldForm,
    HeldTrainingForm,
    PaperCharterForm,
    PassForm,
    SessionForm,
    StepForm,
    WaiveForm,
)
from aid.onboarding import appointments, passing
from aid.onboarding.access import check_may_note
from aid.onboarding.enums import How, Passing, StepKind
from aid.onboarding.models import Step
from aid.onboarding.progress import Standing, StepProgress

Line = StepProgress
PASSED = "C’est noté : l’étape est faite."


@dataclass(frozen=True)
class StepGesture:
    """One thing that an agent does about a step, on a page that asks what it needs; `act` answers what it says."""

    slug: str
    label: str
    question: str
    form: type[StepForm]
    act: Callable[[StepForm], str]
    # Whether it may be done where the step stands.
    is_open: Callable[[Line], bool]
    suits: Callable[[Step], bool] = lambda step: True
    warning: str = ""
    tone: str = ""
    asks_proof: bool = False
    # Whether it says that the step is done, or not; the others are about meeting.
    notes: bool = True


def gestures_for(line: Line, account: Account) -> list[StepGesture]:
    """Those that are offered to somebody for a step where it stands."""
    offered = [one for one in GESTURES.values() if one.suits(line.step) and one.is_open(line)]
    if is_for_others(line.step, account):
        return [one for one in offered if not one.notes]
    return offered


def is_for_others(step: Step, account: Account) -> bool:
    """Whether somebody may plan a step, and not note it."""
    try:
        check_may_note(account, step)
    except ValidationError:
        return True
    return False


def _by(form: StepForm) -> dict[str, object]:
    return {"volunteer": form.volunteer, "step": form.step, "by_account": form.by_account}


def _plan(form: AppointmentForm) -> str:
    if form.line.appointment is None:
        appointments.plan(**_by(form), **form.what())
        return "Le rendez-vous est pris. Le bénévole en est prévenu."
    appointments.move(form.line.appointment, **form.what(), by_account=form.by_account)
    return "Le rendez-vous est changé. Le bénévole en est prévenu."


def _cancel(form: StepForm) -> str:
    appointments.cancel(form.line.appointment, by_account=form.by_account)
    return "Le rendez-vous est annulé. Le bénévole en est prévenu."


def _held(form: HeldForm) -> str:
    appointments.held(form.line.appointment, passed=form.is_passed, by_account=form.by_account, **form.proof_given())
    return PASSED if form.is_passed else "C’est noté : il faudra se revoir."


def _held_training(form: HeldTrainingForm) -> str:
    minutes = form.cleaned_data["minutes"]
    appointments.held(form.line.appointment, passed=False, minutes=minutes, by_account=form.by_account)
    return "La séance est notée."


def _missed(form: StepForm) -> str:
    appointments.missed(form.line.appointment, by_account=form.by_account)
    return "C’est noté : le rendez-vous est manqué. Pensez à en proposer un autre."


def _pass(form: PassForm) -> str:
    passing.pass_step(**_by(form), **form.what())
    return PASSED


def _note_session(form: SessionForm) -> str:
    passing.attend(**_by(form), **form.cleaned_data)
    return "La séance est notée."


def _sign(form: PaperCharterForm) -> str:
    chosen = form.cleaned_data
    passing.sign(
        volunteer=form.volunteer,
        charter_number=chosen["charter_number"],
        digest=chosen["digest"],
        how=How.ON_PAPER,
        on=chosen["on"],
        by_account=form.by_account,
    )
    return "C’est noté : la charte est signée."


def _waive(form: WaiveForm) -> str:
    passing.waive(**_by(form), words=form.cleaned_data["words"])
    return "C’est noté : cette étape ne lui est pas demandée."


def _take_back(form: StepForm) -> str:
    passing.take_back(form.line.record, by_account=form.by_account)
    return "C’est corrigé : l’étape n’est plus notée comme faite."


def _forget_session(form: ForgetSessionForm) -> str:
    passing.forget_session(form.cleaned_data["session"], by_account=form.by_account)
    return "La séance est retirée."


def _is_met(step: Step) -> bool:
    """Whether people meet for it."""
    return step.kind != StepKind.CHARTER


def _is_training(step: Step) -> bool:
    return step.kind == StepKind.TRAINING


def _is_noted(step: Step) -> bool:
    """Whether an agent notes it as done; a charter is signed, a training adds up."""
    return step.kind not in {StepKind.CHARTER, StepKind.TRAINING}


def _is_planned(line: Line) -> bool:
    return line.appointment is not None


def _is_come(line: Line) -> bool:
    """Whether the day of an appointment has come."""
    return _is_planned(line) and timezone.localtime(line.appointment.at).date() <= timezone.localdate()


def _is_past(line: Line) -> bool:
    return _is_planned(line) and line.appointment.at <= timezone.now()


def _is_noted_by_hand(line: Line) -> bool:
    """Whether an agent noted it: not who signed themselves, nor hours that add up."""
    if line.record is None or line.record.how == How.ON_SCREEN:
        return False
    return not _is_training(line.step) or line.record.passing == Passing.WAIVED


def _is_wanting(line: Line) -> bool:
    """Whether it is to be done, or done again soon."""
    return line.state != Standing.HELD


GESTURES = {
    gesture.slug: gesture
    for gesture in (
        StepGesture(
            slug="a-eu-lieu",
            label="Il a eu lieu",
            question="Le rendez-vous a eu lieu ?",
            form=HeldForm,
            act=_held,
            is_open=_is_come,
            suits=_is_noted,
            asks_proof=True,
        ),
        StepGesture(
            slug="venu",
            label="Le bénévole est venu",
            question="Le bénévole est venu à la séance ?",
            form=HeldTrainingForm,
            act=_held_training,
            is_open=_is_come,
            suits=_is_training,
        ),
        StepGesture(
            slug="manque",
            label="Manqué",
            question="Le rendez-vous est manqué ?",
            warning="Le bénévole n’est pas venu, ou le rendez-vous n’a pas pu se tenir.",
            form=StepForm,
            act=_missed,
            is_open=_is_past,
            suits=_is_met,
            notes=False,
        ),
        StepGesture(
            slug="rendez-vous",
            label="Rendez-vous",
            question="Quand se voit-on ?",
            warning="Le bénévole en est prévenu tout de suite, et de nouveau la veille.",
            form=AppointmentForm,
            act=_plan,
            is_open=lambda line: _is_planned(line) or _is_wanting(line),
            suits=_is_met,
            notes=False,
        ),
        StepGesture(
            slug="annuler",
            label="Annuler le rendez-vous",
            question="Annuler ce rendez-vous ?",
            warning="Le bénévole en est prévenu.",
            form=StepForm,
            act=_cancel,
            is_open=_is_planned,
            suits=_is_met,
            notes=False,
        ),
        StepGesture(
            slug="faite",
            label="Noter comme faite",
            question="Cette étape est faite ?",
            form=PassForm,
            act=_pass,
            is_open=_is_wanting,
            suits=_is_noted,
            asks_proof=True,
        ),
        StepGesture(
            slug="seance",
            label="Noter une séance",
            question="Quelle séance a-t-il suivie ?",
            warning="Quand les heures y sont, l’étape est faite d’elle-même.",
            form=SessionForm,
            act=_note_session,
            is_open=_is_wanting,
            suits=_is_training,
        ),
        StepGesture(
            slug="signee",
            label="Signée sur papier",
            question="La charte est signée sur papier ?",
            form=PaperCharterForm,
            act=_sign,
            is_open=_is_wanting,
            suits=lambda step: step.kind == StepKind.CHARTER,
        ),
        StepGesture(
            slug="dispenser",
            label="Dispenser de cette étape",
            question="Dispenser de cette étape ?",
            warning="Cela reste écrit, avec votre nom et votre raison.",
            form=WaiveForm,
            act=_waive,
            is_open=_is_wanting,
        ),
        StepGesture(
            slug="erreur",
            label="C’est une erreur",
            question="Cette étape est notée par erreur ?",
            warning="Elle ne sera plus notée comme faite, et son document sera effacé. L’histoire garde ce geste.",
            form=StepForm,
            act=_take_back,
            is_open=_is_noted_by_hand,
            tone="danger",
        ),
        StepGesture(
            slug="retirer-seance",
            label="Retirer une séance",
            question="Quelle séance est notée par erreur ?",
            warning="Les heures sont recomptées. L’histoire garde ce geste.",
            form=ForgetSessionForm,
            act=_forget_session,
            is_open=lambda line: line.minutes > 0 or line.record is not None,
            suits=_is_training,
            tone="danger",
        ),
    )
}
