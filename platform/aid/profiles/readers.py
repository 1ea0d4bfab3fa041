"""Who reads a page of the site, where they have signed in: « mon espace », above, knows how to tell (`register`)."""

from collections.abc import Callable

from django.http import HttpRequest

from accounts.roles import roles_of
from aid.people.models import Person
from aid.profiles.models import Interest

Finder = Callable[[HttpRequest], Person | None]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Have `finder` asked who reads; the last to register is. For rooms above, from `ready()`."""
    _finders[:] = [finder]


def is_insider(request: HttpRequest) -> bool:
    """Whether who reads has signed in, and is somebody of this town: a resident, a volunteer, its people."""
    return bool(roles_of(request.user))


def liked_by_reader(request: HttpRequest) -> tuple[Person | None, set[int]]:
    """Who reads, and the numbers of what they said that they like: on a presentation that they still wish."""
    person = next((finder(request) for finder in _finders), None) if request.user.is_authenticated else None
    if person is None:
        return None, set()
    theirs = Interest.objects.filter(profiles__person=person, profiles__published_at__isnull=False)
    return person, set(theirs.values_list("pk", flat=True))
