"""What a flag says of somebody, as it is sealed and as it is read."""

import json
from dataclasses import asdict, dataclass, field

from django.utils.timezone import localtime

from aid.partners import grids
from aid.partners.models import Flag
from core.french import day_words
from themes.brand import format_telephone

NOBODY = "sans nom"


@dataclass(frozen=True)
class Content:
    """Who, why nobody asked them (or which relative says yes), answers to the grid by question, and words."""

    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    birth_year: int | None = None
    address: str = ""
    relative: str = ""
    why_not_asked: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    words: str = ""

    @property
    def full_name(self) -> str:
        """First and last name; empty where nobody was named."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initials(self) -> str:
        """« J. M. »: all that the partner reads again."""
        letters = [name[0].upper() for name in (self.first_name, self.last_name) if name]
        return " ".join(f"{letter}." for letter in letters) or NOBODY

    def answered(self, grid: grids.Grid) -> list[tuple[str, str, int]]:
        """Each question that was answered, its answer and its points."""
        told = []
        for number, question in enumerate(grid.questions, 1):
            answer = self.answers.get(grids.key_of(number), "")
            if answer:
                points = next((option.weight for option in question.options if option.label == answer), 0)
                told.append((question.text, answer, points))
        return told

    def as_text(self, flag: Flag) -> str:
        """All of it, in lines that the person reads: what was said of them, and when."""
        told = [
            (f"Le {day_words(localtime(flag.sent_at))}", flag.partner.name),
            ("Nom", self.full_name),
            ("Téléphone", format_telephone(self.phone) if self.phone else ""),
            ("Année de naissance", str(self.birth_year or "")),
            ("Adresse", self.address),
            ("Proche qui confirme l’accord", self.relative),
            ("Accord pas encore demandé", self.why_not_asked),
            *((question, answer) for question, answer, _ in self.answered(grids.grid_of(flag.grid))),
            ("En plus", self.words),
        ]
        return "\n".join(f"{label} : {words}" for label, words in told if words)


def seal(flag: Flag, content: Content) -> None:
    """Seal what a flag says; saving is the caller's. Raises SealError."""
    flag.seal(json.dumps(asdict(content), ensure_ascii=False))


def read(flag: Flag) -> Content | None:
    """What a flag says; None once that is gone. Raises SealError."""
    return None if flag.sealed is None else Content(**json.loads(flag.unsealed()))
