"""The verbs of recognition: certify what was given, write the letter of a year, have it sent."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from aid.help_requests.times import town_now
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.people.services import locked
from aid.recognition.giving import Given, by_year, in_all
from aid.recognition.jobs import send_letters
from aid.recognition.models import LONGEST_LETTER, Certificate, YearlyLetter
from aid.recognition.volunteers import HERE, NotAVolunteerError
from core.text import tidy_lines

NOTHING_GIVEN = "Aucun service n’est noté pour cette période : il n’y a rien à attester."
# Before this, no town of ours counted anything.
FIRST_YEAR = 2000


@transaction.atomic
def certify(person: Person, *, year: int | None = None, by_account: Account | None = None) -> Certificate:
    """Certify what somebody gave in a year, or in all; the same figures on the same day are the same certificate.

    Without `by_account` it is the volunteer who prints it: who left or is suspended asks an agent. Raises
    NotAVolunteerError, and ValidationError where there is nothing to certify.
    """
    # Pressed twice at once, the second waits here and finds the first one's row.
    known = locked(person)
    volunteer = Volunteer.objects.filter(person=known).first()
    if volunteer is None or not known.is_living or (by_account is None and volunteer.state not in HERE):
        raise NotAVolunteerError
    years = by_year(known)
    given = in_all(years.values()) if year is None else years.get(year, Given())
    if not given.services:
        raise ValidationError(NOTHING_GIVEN)
    certificate, _ = Certificate.objects.get_or_create(
        person=known,
        year=year,
        services=given.services,
        minutes=given.minutes,
        issued_on=town_now().date(),
        defaults={"by_account": by_account},
    )
    return certificate


@transaction.atomic
def write_letter(*, year: int, words: str, by_account: Account) -> YearlyLetter:
    """Keep the words of a year. Raises ValidationError by field: empty, too long, a year to come."""
    words = tidy_lines(words)
    if not FIRST_YEAR <= year <= town_now().year:
        raise ValidationError({"year": "Choisissez une année qui a commencé."})
    if not words:
        raise ValidationError({"words": "Écrivez quelques mots."})
    if len(words) > LONGEST_LETTER:
        raise ValidationError({"words": f"Écrivez {LONGEST_LETTER} signes au plus. Il y en a {len(words)}."})
    letter, _ = YearlyLetter.objects.update_or_create(year=year, defaults={"words": words, "changed_by": by_account})
    return letter


@transaction.atomic
def send_letter(*, year: int, by_account: Account) -> YearlyLetter:
    """Have the letter of a year sent to who reads e-mails, in batches; a second time reaches only who has none yet.

    Raises ValidationError for one that nobody has kept.
    """
    letter = YearlyLetter.objects.select_for_update(of=["self"]).filter(year=year).first()
    if letter is None:
        raise ValidationError("Relisez la lettre et enregistrez-la d’abord.")
    if letter.sent_at is None:
        letter.sent_at, letter.sent_by = timezone.now(), by_account
        letter.save(update_fields=["sent_at", "sent_by"])
    send_letters.defer(letter=letter.pk, after=0, queueing_lock=f"recognition.send_letters:{letter.pk}")
    return letter
