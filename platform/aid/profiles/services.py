"""The verbs of presentations: present somebody, take it off, see it before it is shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef
from django.utils import timezone

from accounts.models import Account
from aid.configuration.enums import Mode
from aid.moderation import services as moderation
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.people.models import Person, PersonQuerySet
from aid.people.services import locked
from aid.privacy import consents
from aid.privacy.enums import Agreed, ConsentKind, SeenOn
from aid.privacy.services import note_writing
from aid.profiles.enums import ProfileState
from aid.profiles.models import LONGEST_WORDS, Interest, Profile
from aid.profiles.moderating import KIND, public_text, restore
from core.text import tidy_lines

NOTHING_SAID = "Dites au moins une chose que vous aimez, ou écrivez quelques mots."
# Whom the town does not send to anybody is not presented by it either.
NOT_PRESENTED = {
    VolunteerState.ON_LEAVE: "Vous êtes en pause : votre présentation reviendra avec vous.",
    VolunteerState.SUSPENDED: "Votre place de bénévole est suspendue. Appelez-nous pour en parler.",
    VolunteerState.LEFT: "Vous n’êtes plus bénévole ici. Appelez-nous pour en parler.",
}


@transaction.atomic
def present(
    *,
    person: Person,
    words: str,
    interests: Iterable[Interest],
    how: Agreed = Agreed.ON_SCREEN,
    by_account: Account | None = None,
) -> Profile:
    """Show somebody to their neighbours, in their own words; or change what is shown of them.

    The one door of public words: what the town's rules hold, and what it took off before, waits for somebody to read
    it. The first time, that they agreed is kept, with the words that were read to them and how; an agent who does it
    for who phones is kept too. Raises ValidationError by field for what the town refuses, and for who died, may publish
    nothing, or is a volunteer whom nobody sends now.
    """
    known = locked(person)
    words, chosen = checked_words(words), list(interests)
    why_not = why_not_presented(known)
    if why_not:
        raise ValidationError(why_not)
    if not words and not chosen:
        raise ValidationError(NOTHING_SAID)
    profile, _ = Profile.objects.get_or_create(person=known)
    _have_read(profile, words)
    if profile.published_at is None:
        profile.published_at = timezone.now()
        consents.give(known, kind=ConsentKind.PROFILE, how=how, by_account=by_account)
    profile.words = words
    profile.save(update_fields=["words", "published_at", "changed_at"])
    profile.interests.set(chosen)
    if by_account is not None:
        note_writing(known, screen=SeenOn.PROFILE, by_account=by_account)
    return profile


def _have_read(profile: Profile, words: str) -> None:
    """Have the town's rules read the name and the words; leave `profile` as they say. Raises ValidationError, by field.

    Before they are written: whoever decides of them holds what moderation keeps first, then the presentation.
    """
    text = public_text(profile.person, words)
    try:
        verdict = moderation.submit(subject=(KIND, profile.pk), author=profile.person, text=text, words=words)
    except ValidationError as error:
        raise ValidationError({"words": error.messages}) from error
    if not verdict.is_held and profile.state == ProfileState.HIDDEN:
        restore(profile.pk)
    profile.refresh_from_db(fields=["state", "reason"])


def checked_words(words: str) -> str:
    """A few words, tidied line by line. Raises ValidationError for too many."""
    tidied = tidy_lines(words)
    if len(tidied) > LONGEST_WORDS:
        raise ValidationError({"words": f"Écrivez {LONGEST_WORDS} signes au plus. Il y en a {len(tidied)}."})
    return tidied


def why_not_presented(person: Person) -> str:
    """Why somebody is not to be presented now; "" for no reason."""
    if not person.is_living:
        return "Cette personne est décédée."
    state = Volunteer.objects.filter(person=person).values_list("state", flat=True).first()
    return NOT_PRESENTED.get(state, "")


def withdraw(person: Person, *, how: Agreed = Agreed.ON_SCREEN, by_account: Account | None = None) -> None:
    """Take somebody off the site, in one gesture: nothing of it is kept. Raises consents.NotGivenError."""
    consents.withdraw(person, kind=ConsentKind.PROFILE, how=how, by_account=by_account)


def profile_of(person: Person) -> Profile | None:
    """The presentation that somebody wishes, be it shown or not, with what they like; None for who wishes none."""
    wished = Profile.objects.filter(person=person, published_at__isnull=False)
    return wished.with_page_related_data().first()


def has_masked(profile: Profile) -> bool:
    """Whether something of what they wrote is masked on the site: its person is told."""
    written = (profile.person.public_name, profile.words)
    return any(moderation.masked(one) != one for one in written)


def shown_name(person: Person) -> str:
    """First name and initial, as neighbours read them: a name is typed by whoever it is of."""
    return moderation.masked(person.public_name)


def is_public(person: Person) -> bool:
    """Whether somebody is on the site now, for those who may see them."""
    return Profile.objects.shown_to(is_insider=True).filter(person=person).exists()


@dataclass(frozen=True)
class Presented:
    """One neighbour, as a page shows them."""

    name: str
    place: str
    # Whom the town vouches for; else a neighbour.
    is_volunteer: bool
    kinds: list[str]
    interests: list[str]
    # Without a telephone, an address or a link: those are masked.
    words: str
    # What they and who reads both like.
    in_common: list[str]


def is_written_to(profile: Profile) -> bool:
    """Whether neighbours choose by themselves to write to who is presented, from one `with_page_related_data`."""
    volunteer = getattr(profile.person, "volunteer", None)
    offer = getattr(volunteer, "offer", None) if volunteer else None
    return offer is not None and any(one.is_offered and one.mode == Mode.DIRECT for one in offer.kinds.all())


def preview(person: Person, *, words: str, interests: Iterable[Interest]) -> Presented:
    """What neighbours would read of somebody, in these words; nothing is kept."""
    shown = Volunteer.objects.filter(person=person).select_related("offer").prefetch_related("offer__kinds").first()
    return _presented(person, shown, words=words, interests=list(interests), in_common=[])


def presented(profile: Profile, *, liked: set[int], is_reader: bool = False) -> Presented:
    """What may be read of somebody, from a profile `with_page_related_data`; never an address, a number, a surname."""
    interests = list(profile.interests.all())
    in_common = [] if is_reader else [one.name for one in interests if one.pk in liked]
    volunteer = getattr(profile.person, "volunteer", None)
    return _presented(profile.person, volunteer, words=profile.words, interests=interests, in_common=in_common)


def _presented(
    person: Person, volunteer: Volunteer | None, *, words: str, interests: list[Interest], in_common: list[str]
) -> Presented:
    is_volunteer = volunteer is not None and volunteer.state == VolunteerState.ADMITTED
    offer = getattr(volunteer, "offer", None) if is_volunteer else None
    return Presented(
        name=shown_name(person),
        place=person.place,
        is_volunteer=is_volunteer,
        kinds=[kind.name for kind in offer.kinds.all() if kind.is_offered] if offer else [],
        interests=[one.name for one in interests],
        words=moderation.masked(words),
        in_common=in_common,
    )


def with_interests(persons: PersonQuerySet) -> PersonQuerySet:
    """The same persons, each with the names of what they said that they like, in the same query."""
    theirs = Interest.objects.filter(profiles__person=OuterRef("pk")).values("name")
    return persons.annotate(interests=ArraySubquery(theirs))
