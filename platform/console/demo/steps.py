"""Volunteers of a demonstration town at each of its steps, by the services that everybody uses."""

import datetime

from django.utils import timezone

from accounts.models import Account
from aid.onboarding import appointments, expiry, passing
from aid.onboarding.enums import SUSPEND, How, Proof, Source, StepKind
from aid.onboarding.models import Step, Volunteer
from aid.onboarding.passing import current_charter
from aid.onboarding.services import apply, take
from aid.people.models import Person
from aid.people.services import confirm_phone, register_person

SESSION = 150
AFTERNOON = datetime.time(14, 30)
# Mobiles kept for fiction, far from those that are drawn (console.demo.people).
FICTION_MOBILE, FIRST_OF_THEM = "063998", 9800
# First names, and how far each has come: how many of the town's steps are done.
NEWCOMERS = (("Nadia", 0), ("Karim", 0), ("Élise", 1), ("Bruno", 1), ("Inès", 2), ("Marc", 3))
MOTIVATIONS = (
    "J’ai aidé ma mère pendant six ans. J’aimerais rendre ce que l’on m’a donné.",
    "J’ai du temps le jeudi, et j’aime écouter.",
    "Je suis étudiante infirmière. Je voudrais être utile près de chez moi.",
)


def pass_required(person: Person, *, on: datetime.date, agent: Account) -> None:
    """Have somebody pass what the town asks for before it admits, so that they may be welcomed."""
    required = list(Step.objects.required())
    if required:
        volunteer = apply(person=person, source=Source.TOWN, by_account=agent, on=on)
        for step in required:
            _pass(volunteer, step, on=on, agent=agent)


def tell_the_steps(*, volunteers: list[Volunteer], agent: Account, today: datetime.date) -> None:
    """Where the town asks for steps: candidates at each of them, one that ends soon, one that ended, one suspended.

    It also asks for a step of its own, that is good for three years.
    """
    steps = list(Step.objects.required())
    if not steps:
        return
    record = Step.objects.create(
        kind=StepKind.RECORD,
        name="Votre casier",
        words="Vous nous montrez le bulletin que l’État vous envoie. Nous le regardons, nous ne le gardons pas.",
        position=steps[-1].position + 10,
        proof=Proof.SEEN,
        validity_months=36,
        asked_from=today,
    )
    ends = {0: 400, 1: 40, 2: 12, 3: -3}
    for number, volunteer in enumerate(volunteers):
        passed_on = today - datetime.timedelta(days=15)
        until = today + datetime.timedelta(days=ends.get(number, 700 + 10 * number))
        passing.pass_step(
            volunteer=volunteer,
            step=record,
            passed_on=min(passed_on, until),
            valid_until=until,
            by_account=agent,
        )
    take(
        volunteers[4],
        SUSPEND,
        by_account=agent,
        words="Une famille nous a parlé d’argent. Nous attendons de comprendre ce qui s’est passé.",
    )
    for number, (first_name, done) in enumerate(NEWCOMERS):
        _newcomer(first_name, number, done, steps, agent=agent, today=today)
    expiry.notice_lapses()


def _newcomer(
    first_name: str, number: int, done: int, steps: list[Step], *, agent: Account, today: datetime.date
) -> None:
    applied = today - datetime.timedelta(days=2 + 9 * done + number)
    person = register_person(
        first_name=first_name, last_name="Delattre", phone=f"{FICTION_MOBILE}{FIRST_OF_THEM + number}", created_by=agent
    )
    confirm_phone(person)
    volunteer = apply(
        person=person,
        source=Source.PAPER if number % 2 else Source.SITE,
        motivation=MOTIVATIONS[number % len(MOTIVATIONS)],
        by_account=agent,
        on=applied,
    )
    for rank, step in enumerate(steps[:done]):
        _pass(volunteer, step, on=applied + datetime.timedelta(days=5 + 4 * rank), agent=agent)
    if done == len(steps):
        return
    waiting = steps[done]
    if waiting.kind == StepKind.TRAINING and number % 2:
        first = today - datetime.timedelta(days=3)
        passing.attend(
            volunteer=volunteer, step=waiting, on=first, minutes=SESSION, title="Première rencontre", by_account=agent
        )
    if waiting.kind != StepKind.CHARTER and number:
        day = today + datetime.timedelta(days=1 + number)
        at = timezone.make_aware(datetime.datetime.combine(day, AFTERNOON))
        appointments.plan(volunteer=volunteer, step=waiting, at=at, place="Au CCAS, salle du jardin", by_account=agent)


def _pass(volunteer: Volunteer, step: Step, *, on: datetime.date, agent: Account) -> None:
    if step.kind == StepKind.CHARTER:
        charter = current_charter()
        # It is published the day the town opens: it is signed from that day on.
        passing.sign(
            volunteer=volunteer,
            charter_number=charter.number,
            digest=charter.digest,
            how=How.ON_PAPER,
            by_account=agent,
        )
    elif step.kind == StepKind.TRAINING:
        half = step.minutes // 2
        for days, title in ((7, "Première rencontre"), (0, "Deuxième rencontre")):
            passing.attend(
                volunteer=volunteer,
                step=step,
                on=on - datetime.timedelta(days=days),
                minutes=half,
                title=title,
                by_account=agent,
            )
    else:
        passing.pass_step(volunteer=volunteer, step=step, passed_on=on, by_account=agent)
