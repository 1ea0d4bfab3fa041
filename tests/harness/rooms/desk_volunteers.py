"""The desk's screens of volunteers: their steps, decisions on their place, trainings, the poster."""

import io
import uuid
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import Account
from accounts.roles import AGENTS
from aid.onboarding.appointments import plan
from aid.onboarding.enums import SUSPEND, Proof, Source, StepKind, VolunteerState
from aid.onboarding.models import Step, StepRecord, Volunteer
from aid.onboarding.passing import attend, pass_step, waive
from aid.onboarding.services import apply, take
from aid.people.models import Person
from harness.desk import make_account, make_person
from harness.loop import somebody
from harness.permissions import Line, at_the_desk, for_administrators, posted_at_the_desk
from harness.seen import NOT_A_PAGE, Seen, both, each
from harness.steps import a_charter, a_step, hour_in_days, in_days

if TYPE_CHECKING:
    from harness.scene import Scene


def a_paper(name: str = "piece.png") -> SimpleUploadedFile:
    """A photo of a document, as an agent sends it."""
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "#ffffff").save(drawn, "PNG")
    return SimpleUploadedFile(name, drawn.getvalue(), content_type="image/png")


def who_applied() -> Volunteer:
    """Somebody of the first commune who would like to help."""
    return apply(person=make_person("Bernard"), source=Source.PAPER)


def a_gesture() -> dict[str, Any]:
    """The address of a gesture on a step of a candidate."""
    step = a_step(StepKind.INTERVIEW, is_required=False)
    return {"uid": who_applied().person.uid, "step": step.uid, "slug": "faite"}


def a_kept_paper() -> dict[str, Any]:
    """The address of a document that is kept."""
    step = a_step(StepKind.IDENTITY, is_required=False, proof=Proof.KEPT)
    volunteer = who_applied()
    record = pass_step(
        volunteer=volunteer,
        step=step,
        proof=a_paper(),
        by_account=make_account("qui.range.les.papiers@exemple.example", AGENTS),
    )
    return {"uid": volunteer.person.uid, "record": record.uid}


def who_may_sign() -> dict[str, Any]:
    """The address of the charter of a town that has one, for somebody to sign."""
    a_charter("Nous venons les mains vides, toujours.")
    return {"uid": who_applied().person.uid}


ADDRESSES: dict[str, Line] = {
    "desk:volunteer_steps": at_the_desk(kwargs=lambda: {"uid": who_applied().person.uid}),
    "desk:step_gesture": at_the_desk(kwargs=a_gesture),
    "desk:volunteer_decision": at_the_desk(kwargs=lambda: {"uid": who_applied().person.uid, "slug": "admettre"}),
    "desk:association": at_the_desk(kwargs=lambda: {"uid": who_applied().person.uid}),
    "desk:offer": at_the_desk(kwargs=lambda: {"uid": who_applied().person.uid}),
    "desk:absences": at_the_desk(kwargs=lambda: {"uid": who_applied().person.uid}),
    "desk:forget_absence": posted_at_the_desk(
        kwargs=lambda: {"uid": who_applied().person.uid, "absence": uuid.uuid4()}
    ),
    "desk:step_proof": at_the_desk(kwargs=a_kept_paper),
    "desk:export_volunteers": for_administrators(),
    "desk:poster": at_the_desk(),
    "desk:confirm_contact": posted_at_the_desk(kwargs=lambda: {"uid": who_applied().person.uid}),
    "desk:charter": at_the_desk(kwargs=who_may_sign),
    "desk:training": at_the_desk(),
}

STEPS = "/bureau/benevole/{candidate}/etapes/"
DECISIONS = "/bureau/benevole/{candidate}/decision/"
PAGES: dict[str, list[Seen]] = {
    "desk:volunteer_steps": [
        Seen(STEPS, "agent"),
        *each("/bureau/benevole/{person_*}/etapes/", ("alice", "nadia"), "agent"),
        Seen("/bureau/benevole/{suspended}/etapes/", "administrator"),
    ],
    "desk:step_gesture": [
        # Filled in already: pressed, they are done.
        Seen(STEPS + "{step_interview}/rendez-vous/", "agent"),
        Seen(STEPS + "{step_identity}/faite/", "agent"),
        *both(STEPS + "{step_training}/seance/", "agent", "Enregistrer"),
        *both(STEPS + "{step_trial}/rendez-vous/", "agent", "Enregistrer"),
        *both(STEPS + "{step_charter}/signee/", "agent", "Enregistrer"),
        *both(STEPS + "{step_charter}/dispenser/", "agent", "Enregistrer"),
        *each(STEPS + "{step_*}/annuler/", ("interview",), "agent"),
        Seen(STEPS + "{step_training}/retirer-seance/", "agent"),
        Seen(STEPS + "{step_reference}/erreur/", "agent"),
    ],
    "desk:volunteer_decision": [
        Seen(DECISIONS + "admettre/", "agent"),
        *both(DECISIONS + "refus/", "agent", "Ne pas retenir"),
        *both("/bureau/benevole/{person_alice}/decision/suspension/", "agent", "Suspendre"),
    ],
    "desk:association": [Seen("/bureau/benevole/{candidate}/association/", "agent")],
    "desk:offer": [
        Seen("/bureau/benevole/{person_alice}/aides/", "agent"),
        # Filled in already: pressed, it is done.
        Seen(
            "/bureau/benevole/{person_alice}/aides/",
            "agent",
            press="Enregistrer",
            typed={"Combien de fois par mois": "0"},
        ),
    ],
    "desk:absences": both("/bureau/benevole/{person_alice}/absences/", "agent", "Noter cette absence"),
    "desk:forget_absence": NOT_A_PAGE,  # leads back to the same
    "desk:training": both("/bureau/formation/", "agent", "Noter la séance"),
    "desk:step_proof": NOT_A_PAGE,  # a file
    "desk:export_volunteers": NOT_A_PAGE,  # a file
    "desk:confirm_contact": NOT_A_PAGE,  # leads back to the card
    "desk:poster": NOT_A_PAGE,  # a file
    "desk:charter": NOT_A_PAGE,  # a file
}


def play(scene: "Scene") -> None:
    """A candidate at every stage, somebody suspended; nothing that is asked of those who help already."""
    agent = Account.objects.get(email="agent.de.la.scene@exemple.example")
    steps = {kind.value: _a_step(kind) for kind in StepKind}
    if not steps["charter"].records.exists():
        a_charter()
    bernard = _applies("Bernard", motivation="J’ai du temps le jeudi, et une voiture.")
    plan(volunteer=bernard, step=steps["interview"], at=hour_in_days(3), place="À la mairie", by_account=agent)
    attend(volunteer=bernard, step=steps["training"], on=in_days(-3), minutes=150, title="Écouter", by_account=agent)
    waive(volunteer=bernard, step=steps["reference"], words="Connu de tous", by_account=agent)
    StepRecord.objects.create(
        volunteer=bernard, step=steps["record"], passed_on=in_days(-400), valid_until=in_days(-35)
    )
    StepRecord.objects.create(volunteer=bernard, step=steps["other"], passed_on=in_days(-10), valid_until=in_days(20))
    yvonne = _applies("Yvonne")
    Volunteer.objects.filter(pk=yvonne.pk).update(state=VolunteerState.ADMITTED, admitted_on=in_days(-100))
    take(yvonne, SUSPEND, by_account=agent, words="Une plainte est à l’étude.")
    scene.tokens |= {"candidate": bernard.person.uid, "suspended": yvonne.person.uid}
    scene.tokens |= {f"step_{kind}": step.uid for kind, step in steps.items()}


def _applies(first_name: str, motivation: str = "") -> Volunteer:
    person: Person = somebody(first_name, "+33199004777", last_name="Vidal")
    return apply(person=person, source=Source.EVENT, motivation=motivation)


def _a_step(kind: StepKind) -> Step:
    """The town's own, or one of that kind; its blueprint may ask for some."""
    known = Step.objects.asked().filter(kind=kind, kinds=None).first()
    return known or a_step(kind, is_required=False)
