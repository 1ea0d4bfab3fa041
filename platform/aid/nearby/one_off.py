"""Offers of one day: propose one, read those of neighbours, answer one, call one off.

An answer is a message to who offers, as any of this room: a request of mode « direct » whose help, day and hour are
those of the offer. No lock is held on the offer meanwhile: a yes beyond its places, or after it was called off, is none
(aid.proposals.offer_places).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Account
from aid.configuration.enums import ASKING_ON_SITE, Helping, Mode
from aid.configuration.kinds import KindOfHelpQuerySet
from aid.configuration.models import KindOfHelp
from aid.help_requests import times
from aid.help_requests.enums import OVER, Moment
from aid.help_requests.models import HelpRequest
from aid.help_requests.needs import Need
from aid.moderation import services as moderation
from aid.nearby.moderating import KIND
from aid.offers.models import OneOffOffer
from aid.offers.one_off import LONGEST_WORDS, MOST_PLACES, OneOffOfferQuerySet
from aid.offers.services import may_come
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer, lacking
from aid.people.models import Person
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_writing
from aid.proposals import direct, jobs
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from aid.proposals.offer_places import next_place
from aid.territory.models import CoveredCommune, District
from core.text import tidy, tidy_lines

MOST_TO_COME = 5
TOO_MANY = f"Il y a déjà {MOST_TO_COME} propositions à venir. Retirez-en une d’abord."
NOT_THEIRS = "Cette aide ne peut pas être proposée ce jour-là. Choisissez-en une autre, ou un autre jour."
CLOSED = "Cette proposition n’attend plus de réponse : ses places sont prises, ou son heure est passée."
ANSWERED = "Vous avez déjà répondu à cette proposition."
PROPOSED = "Vous l’avez déjà proposé. Retirez-le d’abord pour le changer."


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """What is offered for a day, where, to how many."""

    kind: KindOfHelp
    day: date
    commune: CoveredCommune
    hour: time | None = None
    moment: Moment | str = Moment.ANY
    district: District | None = None
    places: int = 1
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """Where who answers is to be helped, and their words."""

    commune: CoveredCommune
    district: District | None = None
    address: str = ""
    details: str = ""


@dataclass(frozen=True)
class Line:
    """An offer, as neighbours read it: a first name, a district, words without contacts."""

    offer: OneOffOffer

    @property
    def first_name(self) -> str:
        """Of who offers."""
        return moderation.masked(self.offer.volunteer.person.first_name)

    @property
    def when(self) -> str:
        """« samedi 28 novembre, le matin »."""
        return times.when_words(self.offer.day, self.offer.hour, self.offer.moment or Moment.ANY)

    @property
    def words(self) -> str:
        """What they wrote; contacts are masked."""
        return moderation.masked(self.offer.words)

    @property
    def left(self) -> int:
        """How many places are left."""
        return self.offer.places - self.offer.taken


@transaction.atomic
def propose(volunteer: Volunteer, proposed: Proposed, *, by_account: Account | None = None) -> OneOffOffer:
    """Have neighbours read what a volunteer offers for one day; the same, said again while it is to come, is one.

    What the town's rules hold waits for somebody to read it (`hidden_because`). Raises ValidationError, by field, for
    a day or an hour that is over, a help that they may not give, what they offer at that hour already in other words or
    another place, too many offers, or words that the town refuses.
    """
    known = Volunteer.objects.select_for_update(of=["self"], no_key=True).select_related("person").get(pk=volunteer.pk)
    moment = Moment.ANY if proposed.hour else Moment(proposed.moment)
    when = {"day": proposed.day, "hour": proposed.hour, "moment": "" if moment == Moment.ANY else moment.value}
    to_come = OneOffOffer.objects.to_come().filter(volunteer=known)
    words = tidy_lines(proposed.words)
    rest = {"commune": proposed.commune, "district": proposed.district, "places": proposed.places, "words": words}
    same = to_come.filter(kind=proposed.kind, **when).first()
    if same is not None:
        if any(getattr(same, name) != value for name, value in rest.items()):
            raise ValidationError(PROPOSED)
        return same
    _check(known, proposed, words)
    if to_come.count() >= MOST_TO_COME:
        raise ValidationError(TOO_MANY)
    offer = OneOffOffer.objects.create(
        volunteer=known,
        kind=proposed.kind,
        **when,
        **rest,
        until=times.end_of(day=proposed.day, hour=proposed.hour, moment=moment, minutes=0),
    )
    if by_account is not None:
        note_writing(known.person, screen=SeenOn.ONE_OFF, by_account=by_account)
    try:
        moderation.submit(subject=(KIND, offer.pk), author=known.person, text=words)
    except ValidationError as error:
        raise ValidationError({"words": error.messages}) from error
    offer.refresh_from_db(fields=["hidden_because"])
    return offer


@transaction.atomic
def answer(offer: OneOffOffer, answered: Answered, *, person: Person, ask: Callable[[Need], HelpRequest]) -> Proposal:
    """« Ça m’intéresse »: have who offers asked by this person, who is told of their yes or no; the message.

    `ask` writes the need down, as who asks does: by themselves, under a mandate, by an agent. Words that the town's
    rules hold wait for somebody to read them (`is_held`). Raises ValidationError for an offer that waits for nobody any
    more, or that they answered already, be it that the answer was no, and what `ask` and a message raise; then nothing
    is kept.
    """
    known = OneOffOffer.objects.with_page_related_data().get(pk=offer.pk)
    if not known.may_be_answered or next_place(known) is None:
        raise ValidationError(CLOSED)
    request = ask(
        Need(
            kind=known.kind,
            day=known.day,
            hour=known.hour,
            moment=Moment(known.moment or Moment.ANY),
            commune=answered.commune,
            district=answered.district,
            address=tidy(answered.address),
            details=answered.details,
            people_needed=1,
            in_own_words=True,
            mode=Mode.DIRECT,
        )
    )
    # From here on this person is locked: of two answers at once, the second finds the first.
    if _answers_of(person).filter(offer=known).exclude(request=request).exists():
        raise ValidationError(ANSWERED)
    return direct.write_to(request, known.volunteer, offer=known)


@transaction.atomic
def call_off(offer: OneOffOffer, *, by_account: Account | None = None) -> OneOffOffer:
    """It does not take place: nobody answers any more, and those who did are told (a job). Twice is once.

    An agent who notes it for who phones is kept.
    """
    # Whoever decides of its words holds what moderation keeps first, then the offer.
    moderation.withdraw(subject=(KIND, offer.pk))
    known = OneOffOffer.objects.with_page_related_data().select_for_update(of=["self"]).get(pk=offer.pk)
    if known.called_off_at is None and known.until > timezone.now():
        known.called_off_at = timezone.now()
        known.save(update_fields=["called_off_at"])
        jobs.settle_offer.defer(offer=known.pk)
        if by_account is not None:
            note_writing(known.volunteer.person, screen=SeenOn.ONE_OFF, by_account=by_account)
    return known


def kinds_to_propose(volunteer: Volunteer) -> KindOfHelpQuerySet:
    """The kinds of help that neighbours ask for by themselves, and that this volunteer may give."""
    helper = Helping.ASSOCIATION if volunteer.speaks_for_id else Helping.VOLUNTEER
    asked = KindOfHelp.objects.offered().asked_by(ASKING_ON_SITE).filter(helpers__contains=[helper])
    return asked.exclude(Exists(lacking(volunteer, kinds=OuterRef("pk"))))


def offers_of(volunteer: Volunteer) -> OneOffOfferQuerySet:
    """What a volunteer offers, to come, the soonest first, each with how many places are `taken`."""
    return with_taken(OneOffOffer.objects.to_come().filter(volunteer=volunteer))


def offers_for(reader: Person, *, by: Person | None = None) -> OneOffOfferQuerySet:
    """What neighbours offer to this one, who has not answered it, where a place is left, the soonest first.

    `by`: who reads for them, under a mandate.
    """
    answered = _answers_of(reader).filter(offer=OuterRef("pk"))
    shown = OneOffOffer.objects.shown_to(reader, by=by).exclude(Exists(answered))
    return with_taken(shown).filter(taken__lt=F("places"))


def with_taken(offers: OneOffOfferQuerySet) -> OneOffOfferQuerySet:
    """The same, the soonest first, each with how many places are `taken`, and what a page shows."""
    taken = Count("proposals", filter=Q(proposals__place__isnull=False))
    return offers.with_page_related_data().annotate(taken=taken).order_by("until", "pk")


def lines(offers: Iterable[OneOffOffer]) -> list[Line]:
    """Each as a list shows it."""
    return [Line(one) for one in offers]


def _answers_of(person: Person) -> QuerySet[Proposal, Proposal]:
    """The answers of a person that stand: those that wait or are agreed, and those whose volunteer said no, or left."""
    stands = Q(answer__in=[Answer.ASKED, Answer.YES]) & ~Q(request__state__in=OVER)
    return Proposal.objects.filter(stands | Q(answer__in=[Answer.NO, Answer.WITHDREW]), request__person=person)


def _check(volunteer: Volunteer, proposed: Proposed, words: str) -> None:
    if volunteer.state != VolunteerState.ADMITTED:
        raise ValidationError(NOT_THEIRS)
    times.check_day(proposed.day)
    times.check_hour(proposed.day, proposed.hour, proposed.moment)
    proposed.kind.check_day(proposed.day)
    if not may_come(kind=proposed.kind, day=proposed.day).filter(pk=volunteer.pk).exists():
        raise ValidationError({"kind": NOT_THEIRS})
    if proposed.district is not None and proposed.district.commune_id != proposed.commune.pk:
        raise ValidationError({"district": f"Ce quartier n’est pas à {proposed.commune}. Choisissez-en un autre."})
    if not 1 <= proposed.places <= MOST_PLACES:
        raise ValidationError({"places": f"Écrivez un nombre de places entre 1 et {MOST_PLACES}."})
    if len(words) > LONGEST_WORDS:
        raise ValidationError({"words": f"Écrivez {LONGEST_WORDS} caractères au plus."})
