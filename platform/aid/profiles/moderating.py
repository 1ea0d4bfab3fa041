"""How presentations are read, reported, hidden and shown again (aid.moderation.subjects)."""

from django.urls import reverse

from aid.moderation import subjects
from aid.people.models import Person
from aid.profiles.enums import ProfileState
from aid.profiles.models import LONGEST_REASON, Profile

KIND = "presentation"


def register() -> None:
    """Called when the app is ready."""
    subjects.register(
        subjects.Subject(
            kind=KIND,
            label="présentation",
            text_of=text_of,
            url_of=url_of,
            author_of=author_of,
            hide=hide,
            restore=restore,
        )
    )


def text_of(number: int) -> str:
    """What is read of it, as it was written; "" once nobody is presented any more."""
    profile = Profile.objects.select_related("person").filter(pk=number, published_at__isnull=False).first()
    return public_text(profile.person, profile.words) if profile else ""


def public_text(person: Person, words: str) -> str:
    """All that neighbours read of somebody that people wrote, as moderation reads it: a name, then words; never empty.

    The rest are choices in the town's lists.
    """
    return "\n".join(filter(None, [person.public_name, words]))


def url_of(number: int) -> str:
    """Its page; "" while nobody may see it."""
    profile = Profile.objects.shown_to(is_insider=True).filter(pk=number).first()
    return reverse("profiles:neighbour", args=[profile.uid]) if profile else ""


def author_of(number: int) -> Person | None:
    """Who is presented: in their own words, whoever typed them."""
    profile = Profile.objects.select_related("person").filter(pk=number).first()
    return profile.person if profile else None


def hide(number: int, reason: str) -> None:
    """Take a presentation off the site, for a reason that its person reads. Twice keeps the last reason."""
    _stand(number, ProfileState.HIDDEN, reason[:LONGEST_REASON])


def restore(number: int) -> None:
    """Show it again."""
    _stand(number, ProfileState.SHOWN, "")


def _stand(number: int, state: ProfileState, reason: str) -> None:
    for profile in Profile.objects.select_for_update().filter(pk=number):
        profile.state, profile.reason = state, reason
        profile.save(update_fields=["state", "reason", "changed_at"])
