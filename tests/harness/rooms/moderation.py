"""Moderation's part of the lists that walk everything. Public texts are those of a board of the tests."""

import datetime
import uuid
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.roles import AGENTS
from aid.moderation import blocks, queue, sanctions, services, subjects
from aid.moderation.access import report_path
from aid.moderation.enums import Outcome, Reason, ReportReason, SanctionKind, Via
from aid.moderation.models import Case, Sanction
from aid.people.models import Person
from harness.desk import make_account, make_person
from harness.permissions import ABSENT, DOOR, Line, at_the_desk, posted_at_the_desk, posted_by_residents
from harness.public_texts import KIND, Board
from harness.seen import NOT_A_PAGE, Seen, both

if TYPE_CHECKING:
    from harness.scene import Scene

_BOARD = Board()
ADVERT = "Ménage et jardin, devis gratuit, 45 € de l’heure, 06 39 98 00 02."
KIND_WORDS = "J’aime cuisiner et marcher le matin avec des voisins."


def a_case(author: Person | None = None, words: str = ADVERT) -> Case:
    """A public text that waits to be read."""
    subjects.register(_BOARD.subject())
    text, _ = _BOARD.put(author or make_person(), words)
    if not Case.objects.about(*text.subject).exists():
        services.report(subject=text.subject, reason=ReportReason.INSULT, words="Ces mots sont <b>blessants</b>.")
    return Case.objects.about(*text.subject).get()


def a_measure(person: Person | None = None) -> Sanction:
    """Somebody who may publish nothing for a week."""
    return sanctions.take(
        person=person or make_person(),
        kind=SanctionKind.MUTE,
        reason=Reason.COMMERCE,
        words="Le site est fait pour l’entraide.",
        by_account=make_account(f"{uuid.uuid4()}@exemple.example", AGENTS),
        ends_at=timezone.now() + datetime.timedelta(days=7),
    )


def a_block() -> dict[str, uuid.UUID]:
    """Where a block is ended at the desk."""
    one, other = make_person("Irma"), make_person("Odile")
    blocks.block(blocker=one, blocked=other)
    return {"uid": one.uid, "other": other.uid}


def report_link() -> dict[str, str]:
    """Where a text that is seen is reported."""
    subjects.register(_BOARD.subject())
    text, _ = _BOARD.put(make_person(), KIND_WORDS)
    _, kind, token, _ = report_path(*text.subject).rsplit("/", 3)
    return {"kind": kind, "token": token}


PAGES = {
    "moderation:report": both("{report_text}", "anonymous", "Envoyer"),
    "moderation:thanks": [Seen("{report_text}merci/", role) for role in ("anonymous", "resident")],
    "desk:moderation": [Seen(f"/bureau/moderation/{query}", "agent") for query in ("", "?etat=lus")],
    "desk:case": [
        *both("/bureau/moderation/{case_held}/", "agent", "Décider"),
        Seen("/bureau/moderation/{case_reported}/", "agent"),
        Seen("/bureau/moderation/{case_taken}/", "agent"),
        Seen("/bureau/moderation/{case_decided}/", "agent"),
    ],
    "desk:take_case": NOT_A_PAGE,  # leads back to the text
    "desk:release_case": NOT_A_PAGE,  # the same
    "desk:person_measures": both("/bureau/personne/{person_lucie}/mesures/", "agent", "Prendre cette mesure"),
    "desk:person_blocks": [
        Seen("/bureau/personne/{person_jeanne}/ne-plus-voir/", "agent"),
        Seen("/bureau/personne/{person_lucie}/ne-plus-voir/?personne={person_zoe}", "agent"),
    ],
    "desk:end_block": NOT_A_PAGE,  # leads back to the list
    "desk:measure": [Seen(f"/bureau/mesure/{{measure_{name}}}/", "agent") for name in ("appealed", "warning")],
    "desk:measure_gesture": [
        *both("/bureau/mesure/{measure_appealed}/repondre/", "agent", "Répondre au recours"),
        *both("/bureau/mesure/{measure_warning}/recours/", "agent", "Noter un recours"),
        Seen("/bureau/mesure/{measure_warning}/lever/", "agent"),
    ],
    "personal:measures": [Seen("/mon-espace/mesures/", "resident")],
    "personal:appeal": both("/mon-espace/mesures/{measure_warning}/repondre/", "resident", "Envoyer ma réponse"),
    "personal:blocked": [Seen("/mon-espace/tranquillite/", "resident")],
    "personal:see_again": NOT_A_PAGE,  # leads back to the list
    "personal:block": [Seen("{block_text}", "resident")],
}

ADDRESSES = {
    # Whoever reads a public text may report it.
    "moderation:report": Line(200, kwargs=report_link),
    "moderation:thanks": Line(200, kwargs=report_link),
    "desk:moderation": at_the_desk(),
    "desk:case": at_the_desk(kwargs=lambda: {"uid": a_case().uid}),
    "desk:take_case": posted_at_the_desk(kwargs=lambda: {"uid": a_case().uid}),
    "desk:release_case": posted_at_the_desk(kwargs=lambda: {"uid": a_case().uid}),
    "desk:person_measures": at_the_desk(kwargs=lambda: {"uid": make_person().uid}),
    "desk:person_blocks": at_the_desk(kwargs=lambda: {"uid": make_person().uid}),
    "desk:end_block": posted_at_the_desk(kwargs=a_block),
    "desk:measure": at_the_desk(kwargs=lambda: {"uid": a_measure().uid}),
    "desk:measure_gesture": at_the_desk(kwargs=lambda: {"uid": a_measure().uid, "slug": "recours"}),
    "personal:measures": Line(ABSENT, anonymous=DOOR, resident=200, volunteer=200),
    # Somebody else's measure.
    "personal:appeal": Line(ABSENT, anonymous=DOOR, kwargs=lambda: {"uid": a_measure().uid}),
    "personal:blocked": Line(ABSENT, anonymous=DOOR, resident=200, volunteer=200),
    "personal:see_again": posted_by_residents(kwargs=lambda: {"uid": uuid.uuid4()}),
    "personal:block": Line(ABSENT, anonymous=DOOR, resident=200, volunteer=200, kwargs=report_link),
}

OPEN_TO_ALL = {
    "moderation:report": "who reads a public text (moderation.access)",
    "moderation:thanks": "who reported a public text (moderation.access)",
}


def play(scene: "Scene") -> None:
    """Texts to read in every state; measures, one that is appealed; somebody who is blocked."""
    agent, boss = scene.accounts["agent"], scene.accounts["administrator"]
    lucie, jeanne, alice = (scene.people[name] for name in ("lucie", "jeanne", "alice"))
    held, reported, taken, decided = (a_case(lucie, words) for words in (ADVERT, KIND_WORDS, ADVERT, ADVERT))
    queue.take(taken, by_account=boss)
    queue.decide(decided, outcome=Outcome.REMOVED, reason=Reason.COMMERCE, words="Merci.", revision=1, by_account=agent)
    for name, case in {"held": held, "reported": reported, "taken": taken, "decided": decided}.items():
        scene.tokens[f"case_{name}"] = case.uid
    muted = sanctions.take(
        person=lucie,
        kind=SanctionKind.MUTE,
        reason=Reason.COMMERCE,
        words="Le site est fait pour l’entraide.",
        by_account=boss,
        ends_at=timezone.now() + datetime.timedelta(days=7),
    )
    sanctions.appeal(muted, words="Je ne savais pas. Je ne le ferai plus.", via=Via.SCREEN)
    warned = sanctions.take(
        person=jeanne, kind=SanctionKind.WARNING, reason=Reason.INSULT, words="Restons aimables.", by_account=boss
    )
    scene.tokens |= {"measure_appealed": muted.uid, "measure_warning": warned.uid}
    text, _ = _BOARD.put(alice, KIND_WORDS)
    path = report_path(KIND, text.number)
    scene.tokens |= {"report_text": path, "block_text": path.replace("/signaler/", "/mon-espace/ne-plus-voir/")}
    blocks.block(blocker=jeanne, blocked=scene.people["zoe"])
