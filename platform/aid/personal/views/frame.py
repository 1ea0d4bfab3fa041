"""What every page of « mon espace » has: who of the account is here, asked first where several enter."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.access import role_required
from accounts.roles import Role
from aid.people.models import Person
from aid.personal.access import called, chosen_among, persons_of

# In the session: the uid of whom they said to be.
WHO = "personal_who"
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Here:
    """Who is here, among who enters by the same account."""

    person: Person
    persons: list[Person]

    @property
    def name(self) -> str:
        """What this person is called here."""
        return called(self.persons)[self.person]

    @property
    def others(self) -> list[Person]:
        """Who else enters by this account."""
        return [person for person in self.persons if person != self.person]


def personal_page(view: View) -> View:
    """Give a view who is here; who has not said it yet is asked, and who is not of the account any more is again."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        here = here_of(request)
        return redirect("personal:who") if here is None else view(request, here, *args, **kwargs)

    return role_required(Role.RESIDENT)(guarded)


def here_of(request: HttpRequest) -> Here | None:
    """Who is here; None when it is to be asked. Looked up at each request: a session remembers, it gives no right."""
    persons = persons_of(request.user)
    person = chosen_among(persons, request.session.get(WHO))
    return None if person is None else Here(person, persons)
