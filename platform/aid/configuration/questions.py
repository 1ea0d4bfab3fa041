"""The town's own questions about a need: what they may be, and what may be answered.

No question asks for health (design: no health data is kept of who asks): the back-office says so beside them, and what
obviously does is refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from aid.configuration.enums import QuestionType
from core.text import fold

MOST_QUESTIONS, LONGEST_LABEL = 6, 120
MIN_CHOICES, MOST_CHOICES, LONGEST_CHOICE = 2, 12, 80
LONGEST_ANSWER = 300
YES, NO = "oui", "non"
# How a word of health begins, folded.
HEALTH_STEMS = (
    "sante", "malad", "patholog", "diagnos", "symptom", "medical", "medicament", "medecin", "traitement", "ordonnance",
    "hopital", "hospital", "chirurg", "kine", "infirm", "handicap", "invalid", "allerg", "diabet", "cancer",
    "alzheimer", "parkinson", "demence", "depress", "psych", "epilep", "asthm", "cardia", "incontinen", "vaccin",
    "contagi", "grossesse", "addict", "groupe sanguin", "mutuelle", "securite sociale", "mdph",
)  # fmt: skip
_HEALTH = re.compile(rf"\b(?:{'|'.join(HEALTH_STEMS)})")


@dataclass(frozen=True)
class Question:
    """One question, in the town's words."""

    label: str
    type: QuestionType
    choices: tuple[str, ...] = ()
    is_required: bool = False

    @property
    def offered(self) -> tuple[str, ...]:
        """What may be answered; empty for free words."""
        return (YES, NO) if self.type == QuestionType.YES_NO else self.choices


def as_questions(kept: list[dict[str, Any]]) -> list[Question]:
    """Questions as they are kept, each as one."""
    return [
        Question(
            label=one["label"],
            type=QuestionType(one["type"]),
            choices=tuple(one.get("choices", ())),
            is_required=bool(one.get("is_required", False)),
        )
        for one in kept
    ]


def check_questions(kept: object) -> None:
    """Raise ValidationError, in French, for what is no list of questions; blueprints and forms pass here."""
    if not isinstance(kept, list) or not all(isinstance(one, dict) for one in kept):
        raise ValidationError("Les questions sont une liste.")
    if len(kept) > MOST_QUESTIONS:
        raise ValidationError(f"Posez {MOST_QUESTIONS} questions au plus\xa0: au-delà, on renonce à demander.")
    labels = [_checked(one) for one in kept]
    if len(set(labels)) < len(labels):
        raise ValidationError("Deux questions sont les mêmes.")


def _checked(one: dict[str, Any]) -> str:
    label = one.get("label")
    if set(one) - {"label", "type", "choices", "is_required"} or not isinstance(label, str) or not label.strip():
        raise ValidationError("Une question a des mots, et une façon d’y répondre.")
    if len(label) > LONGEST_LABEL:
        raise ValidationError(f"Écrivez chaque question en {LONGEST_LABEL} caractères au plus.")
    if one.get("type") not in QuestionType.values:
        raise ValidationError(f"«\xa0{label}\xa0»\xa0: choisissez comment on y répond.")
    choices = one.get("choices", [])
    are_words = isinstance(choices, list) and all(isinstance(word, str) and word.strip() for word in choices)
    if not are_words or len(choices) > MOST_CHOICES or any(len(word) > LONGEST_CHOICE for word in choices):
        raise ValidationError(
            f"«\xa0{label}\xa0»\xa0: écrivez {MOST_CHOICES} choix au plus, de {LONGEST_CHOICE} caractères."
        )
    if one["type"] != QuestionType.CHOICE and choices:
        raise ValidationError(f"«\xa0{label}\xa0»\xa0: seul un choix a des réponses à choisir.")
    if one["type"] == QuestionType.CHOICE and (len(choices) < MIN_CHOICES or len(set(choices)) < len(choices)):
        raise ValidationError(
            f"«\xa0{label}\xa0»\xa0: un choix se fait entre deux réponses au moins, toutes différentes."
        )
    if any(_HEALTH.search(fold(words)) for words in [label, *choices]):
        raise ValidationError(
            f"«\xa0{label}\xa0»\xa0: ne posez pas de question sur la santé. Demandez ce qu’il faut faire, ou apporter."
        )
    return label


def check_answers(questions: list[Question], answers: Mapping[str, str]) -> dict[str, str]:
    """What was answered to these questions, by their words; what was asked of nobody is left out.

    Raises ValidationError (« answers ») for a question that must be answered, and an answer that cannot be.
    """
    kept: dict[str, str] = {}
    wrong: list[str] = []
    for question in questions:
        answer = str(answers.get(question.label, "")).strip()
        if not answer:
            if question.is_required:
                wrong.append(f"Répondez à «\xa0{question.label}\xa0».")
        elif len(answer) > LONGEST_ANSWER:
            wrong.append(f"«\xa0{question.label}\xa0»\xa0: écrivez {LONGEST_ANSWER} caractères au plus.")
        elif question.offered and answer not in question.offered:
            wrong.append(f"«\xa0{question.label}\xa0»\xa0: cette réponse n’est pas possible.")
        else:
            kept[question.label] = answer
    if wrong:
        raise ValidationError({"answers": wrong})
    return kept
