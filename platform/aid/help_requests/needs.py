"""What is needed, when and where, whoever asks; and whether it can be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from django.core.exceptions import ValidationError

from aid.configuration.enums import Mode
from aid.configuration.kinds import MOST_PEOPLE, KindOfHelp
from aid.configuration.questions import Question, check_answers
from aid.help_requests import times
from aid.help_requests.enums import Moment, Urgency
from aid.help_requests.urgency import UNKNOWN
from aid.territory.models import CoveredCommune, District

LONGEST_DETAILS = 1000


@dataclass(frozen=True, kw_only=True)
class Need:
    """What is needed, when and where, whoever asks."""

    kind: KindOfHelp
    day: date
    commune: CoveredCommune
    hour: time | None = None
    moment: Moment | str = Moment.ANY
    district: District | None = None
    address: str = ""
    details: str = ""
    # To the town's own questions for this kind, by their words.
    answers: Mapping[str, str] = field(default_factory=dict)
    # Where another number than usual is needed.
    people_needed: int | None = None
    # It answers what a volunteer offers for a day: their words say it all.
    in_own_words: bool = False
    # How somebody is found, where it is not as for others of its kind.
    mode: Mode | None = None
    # Where nothing is said: the usual one; of what is changed, as it was.
    urgency: Urgency | str | None = None

    @property
    def questions(self) -> list[Question]:
        """What the town asks of it."""
        return [] if self.in_own_words else self.kind.asked


def check_need(need: Need) -> None:
    """Raise ValidationError, by field, for what the town does not offer, a day that cannot be, or too many words."""
    check_when_and_where(need)
    if not KindOfHelp.objects.offered().filter(pk=need.kind.pk).exists():
        raise ValidationError({"kind": "Cette aide n’est plus proposée. Choisissez-en une autre."})
    if need.people_needed is not None and not 1 <= need.people_needed <= MOST_PEOPLE:
        raise ValidationError({"people_needed": f"Écrivez un nombre entre 1 et {MOST_PEOPLE}."})
    check_answers(need.questions, need.answers)


def check_when_and_where(need: Need) -> None:
    """The same of the day, the place and the words alone: the town may have stopped to offer this kind since."""
    times.check_day(need.day)
    if not CoveredCommune.objects.filter(pk=need.commune.pk).exists():
        raise ValidationError({"commune": "Cette commune n’est pas sur notre territoire. Choisissez-en une autre."})
    if need.district is not None and need.district.commune_id != need.commune.pk:
        raise ValidationError({"district": f"Ce quartier n’est pas à {need.commune}. Choisissez-en un autre."})
    if len(need.details) > LONGEST_DETAILS:
        raise ValidationError({"details": f"Écrivez {LONGEST_DETAILS} caractères au plus."})
    if need.urgency is not None and need.urgency not in Urgency.values:
        raise ValidationError({"urgency": UNKNOWN})
    need.kind.check_day(need.day)
