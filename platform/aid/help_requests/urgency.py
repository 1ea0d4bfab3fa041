"""What each level of urgency changes of how somebody is looked for: all of it, in one table."""

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Value, When

from aid.help_requests.enums import Urgency

UNKNOWN = "Cette urgence n’existe pas. Choisissez-en une de la liste."


@dataclass(frozen=True, kw_only=True)
class Haste:
    """What one level changes."""

    # Its answer to « Est-ce pressé ? ».
    answer: str
    # Without a yes, the town and then its coordinator look into it after their usual delay, times this…
    patience: int = 1
    # … and after so many hours at most.
    most_hours: int | None = None
    # What volunteers read first, where they are asked.
    opening: str = ""
    # Whether a volunteer is asked at night too, where it is for the hours to come.
    rings_at_night: bool = False

    def hours(self, usual: int) -> int:
        """How long to wait for a yes, where so many hours are usual."""
        patient = usual * self.patience
        return patient if self.most_hours is None else min(patient, self.most_hours)


HASTE = {
    Urgency.NOW: Haste(answer="Oui, tout de suite", most_hours=1, opening="Très urgent. ", rings_at_night=True),
    Urgency.TODAY: Haste(answer="Oui, il faut une réponse aujourd’hui", most_hours=4, opening="Urgent. "),
    Urgency.USUAL: Haste(answer="Non, une réponse à temps suffit"),
    Urgency.LATER: Haste(answer="Non, quand vous pourrez", patience=2),
}


def rank() -> Case:
    """How urgent a request is, as a number: the lower, the more urgent."""
    return Case(
        *(When(urgency=one, then=Value(place)) for place, one in enumerate(Urgency)), output_field=IntegerField()
    )
