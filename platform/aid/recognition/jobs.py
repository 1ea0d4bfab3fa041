"""What is done to thank out of anybody's way: birthdays each morning, the letter of a year in batches."""

from django.utils import timezone

from aid.recognition import birthdays
from aid.recognition.letters import send_batch
from aid.recognition.models import YearlyLetter
from tenants.jobs import town_job
from tenants.rounds import each_morning

TRIES = 3


@each_morning
@town_job(name="recognition.wish_birthdays", retry=TRIES)
def wish_birthdays() -> None:
    """Wish the birthdays of today."""
    birthdays.wish_birthdays(timezone.localdate())


@town_job(name="recognition.send_letters", retry=TRIES)
def send_letters(*, letter: int, after: int) -> None:
    """Write to the next readers of a letter, then have the rest written. Each is written to once."""
    found = YearlyLetter.objects.filter(pk=letter).first()
    then = send_batch(found, after=after) if found else None
    if then is not None:
        send_letters.defer(letter=letter, after=then)
