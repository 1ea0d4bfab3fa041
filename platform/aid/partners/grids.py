"""The town's screening grid: questions with points, written as drafts, published as versions; neither ever changes.

A partner answers the version that they were shown, be it replaced meanwhile: its flag is read with it for ever.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404

from accounts.models import Account
from aid.partners.enums import Level, QuestionKind
from aid.partners.models import GridVersion
from core.text import tidy

DEFAULT = Path(__file__).parent / "default_grid.toml"
# Always offered: who does not know must not invent. Worth nothing.
UNKNOWN, UNKNOWN_LABEL = "?", "Je ne sais pas"
MOST_QUESTIONS, MOST_OPTIONS, MOST_POINTS = 30, 8, 20
LONGEST_QUESTION = 160


@dataclass(frozen=True)
class Option:
    """One answer, and its points."""

    label: str
    weight: int


@dataclass(frozen=True)
class Question:
    """One question of a grid."""

    text: str
    kind: str
    options: tuple[Option, ...] = ()
    help: str = ""


@dataclass(frozen=True)
class Grid:
    """Questions, and from how many points on isolation is said to be medium, then high."""

    questions: tuple[Question, ...]
    medium_from: int
    high_from: int


def read(content: Mapping[str, Any]) -> Grid:
    """A grid as a file or a row writes it. Raises KeyError or TypeError for what is no grid."""
    questions = tuple(
        Question(**{**one, "options": tuple(Option(**option) for option in one.get("options", ()))})
        for one in content["questions"]
    )
    return Grid(questions=questions, medium_from=content["medium_from"], high_from=content["high_from"])


def grid_of(row: GridVersion) -> Grid:
    """The grid that a version or a draft keeps."""
    return read({"questions": row.questions, "medium_from": row.medium_from, "high_from": row.high_from})


def key_of(number: int) -> str:
    """The name of a question's answer in a form, by its place in its version."""
    return f"q{number}"


def check(grid: Grid) -> None:
    """Refuse a grid that cannot be answered or read. Raises ValidationError, in French."""
    most = sum(max((option.weight for option in one.options), default=0) for one in grid.questions)
    if not grid.questions:
        raise ValidationError("Écrivez au moins une question.")
    if len(grid.questions) > MOST_QUESTIONS:
        raise ValidationError(f"Une grille a {MOST_QUESTIONS} questions au plus : on la remplit en cinq minutes.")
    for one in grid.questions:
        _check_question(one)
    if not 1 <= grid.medium_from < grid.high_from:
        raise ValidationError({"high_from": "Le niveau fort commence après le niveau moyen."})
    if grid.high_from > most:
        raise ValidationError({"high_from": f"Avec ces questions, on ne dépasse pas {most} points."})


def _check_question(question: Question) -> None:
    if question.kind == QuestionKind.TEXT:
        if question.options:
            raise ValidationError(f"« {question.text} » se répond en quelques mots : elle n’a pas de choix.")
        return
    labels = [option.label for option in question.options]
    if not 2 <= len(labels) <= MOST_OPTIONS or len(set(labels)) < len(labels):  # noqa: PLR2004 (a choice is of two)
        raise ValidationError(f"« {question.text} » demande de 2 à {MOST_OPTIONS} choix, tous différents.")
    if any(
        not label or not 0 <= option.weight <= MOST_POINTS
        for label, option in zip(labels, question.options, strict=True)
    ):
        raise ValidationError(f"« {question.text} » : chaque choix vaut de 0 à {MOST_POINTS} points.")


def current() -> GridVersion:
    """The last published version; a town that has none yet gets the first, which is everybody's."""
    while True:
        last = GridVersion.objects.published().order_by("-number").first()
        if last is not None:
            return last
        first = read(tomllib.loads(DEFAULT.read_text(encoding="utf-8")))
        # Of two who are the first to look, one writes it.
        GridVersion.objects.bulk_create([_version(1, first, None)], ignore_conflicts=True)


def version_or_404(number: str | int) -> GridVersion:
    """A version by its number, published lately or long ago. Raises Http404."""
    digits = str(number)
    found = None
    if digits.isascii() and digits.isdigit() and len(digits) < len(str(2**31)):
        found = GridVersion.objects.filter(number=int(digits)).first()
    if found is None:
        raise Http404
    return found


def score_of(grid: Grid, answers: Mapping[str, str]) -> tuple[int, Level]:
    """The points of these answers (labels, by question), and what they come to."""
    score = 0
    for number, question in enumerate(grid.questions, 1):
        given = answers.get(key_of(number))
        score += next((option.weight for option in question.options if option.label == given), 0)
    if score >= grid.high_from:
        return score, Level.HIGH
    return score, Level.MEDIUM if score >= grid.medium_from else Level.LOW


def save_draft(grid: Grid) -> GridVersion:
    """Keep the next version while it is written. Raises ValidationError for a grid that could not be published."""
    tidied = Grid(
        questions=tuple(
            Question(
                text=tidy(one.text)[:LONGEST_QUESTION],
                kind=one.kind,
                help=tidy(one.help),
                options=tuple(Option(tidy(option.label), option.weight) for option in one.options),
            )
            for one in grid.questions
        ),
        medium_from=grid.medium_from,
        high_from=grid.high_from,
    )
    check(tidied)
    written = _version(None, tidied, None)
    written.save()
    return written


@transaction.atomic
def publish(*, by_account: Account | None) -> GridVersion:
    """Make the draft the version that is shown from now on. Without a draft, the one in use is answered.

    Of two who publish at once, one does: the number is taken when the second comes.
    """
    last, written = current(), _draft()
    if written is not None:
        next_one = _version(last.number + 1, grid_of(written), by_account)
        GridVersion.objects.bulk_create([next_one], ignore_conflicts=True)
    return current()


def publish_first(content: Mapping[str, Any]) -> GridVersion:
    """Publish the grid of a blueprint, as the first. Raises ValidationError, KeyError or TypeError for a wrong one."""
    grid = read(content)
    check(grid)
    first = _version(1, grid, None)
    first.save()
    return first


def draft() -> Grid:
    """The next version as it is written by now: the one in use, as long as nobody has changed anything."""
    return grid_of(_draft() or current())


def has_draft() -> bool:
    """Whether somebody wrote a next version that is not published."""
    return _draft() is not None


def _draft() -> GridVersion | None:
    """What was written last, unless it is a version that was published."""
    last = GridVersion.objects.order_by("-pk").first()
    return last if last is not None and last.number is None else None


def _version(number: int | None, grid: Grid, by_account: Account | None) -> GridVersion:
    return GridVersion(number=number, published_by=by_account, **asdict(grid))
