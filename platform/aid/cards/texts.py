"""What is written about cards. The room below puts the town's name and telephone round each message."""

import datetime
from collections.abc import Callable

from aid.notifications.words import Words, letter
from aid.people.models import Person
from core.french import day_words


def ends_soon(until: datetime.date) -> Callable[[Person], Words]:
    """To volunteers whose card ends that day; the same words for all but their first name."""
    said = f"Votre carte de bénévole est valable jusqu’au {day_words(until)}."
    after = letter(said, "Appelez-nous, ou passez nous voir : nous en ferons une autre.", "Merci d’être là.")
    return lambda person: Words(
        subject="Votre carte de bénévole est à refaire",
        body=f"Bonjour {person.first_name},\n\n{after}",
        sms=f"{said} Appelez-nous : nous en ferons une autre.",
    )
