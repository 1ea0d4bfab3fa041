"""What this room holds about a person.

Of a worry about somebody, nothing is told by a page or a file: its words may show who told it, and whoever reads over
that person's shoulder may be whom it speaks of. They are told at the desk, after review
(docs/decisions/2026-11-26-worries.md).
"""

from aid.privacy import register as processing
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Delete, Empty, Holding, Keep, declare
from aid.worries.models import Worry, WorryStep, WorryWords

ON_REQUEST = ()


def register() -> None:
    """Declare it."""
    processing.declare(
        processing.Processing(
            app="worries",
            title="Entendre une inquiétude, et y répondre",
            persons="Les personnes pour qui l’on s’inquiète. Les bénévoles qui le disent.",
            recipients="L’agent à qui elle est confiée, les agents de la ville et les coordinateurs du secteur. Le "
            "bénévole lit seulement qu’elle est prise en charge. Les mots sont scellés avec la clé de la ville.",
            kept=("worries",),
        )
    )
    declare(
        Holding(
            model=Worry,
            path="person",
            title="Les inquiétudes qui nous ont été dites pour vous",
            purpose="Réagir quand quelqu’un craint pour vous. Nous vous les disons sur demande, après relecture.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=ON_REQUEST,
            forgets=Empty(
                (),
                "On garde que la ville a été prévenue, quand, et ce qu’elle a répondu. Plus rien ne dit pour qui.",
                dated="emptied_on",
            ),
        ),
        Holding(
            model=WorryStep,
            path="worry__person",
            title="Le suivi de ces inquiétudes",
            purpose="Savoir qui a fait quoi, et quand.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=ON_REQUEST,
            forgets=Keep("On garde les dates, sans aucun mot."),
        ),
        Holding(
            model=WorryWords,
            path="step__worry__person",
            title="Les mots de ces inquiétudes",
            purpose="Comprendre ce qui se passe, sans faire répéter.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=ON_REQUEST,
            forgets=Delete(),
        ),
        Holding(
            model=Worry,
            path="told_by",
            title="Les inquiétudes que vous nous avez dites",
            purpose="Vous répondre qu’elles sont prises en charge.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("told_at", "grade", "taken_at"),
            forgets=Empty((), "On garde l’inquiétude, pour protéger l’autre personne. Plus rien ne dit qui l’a dite."),
        ),
    )
