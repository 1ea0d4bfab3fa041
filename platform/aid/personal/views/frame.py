"""What every page of « mon espace » has: who of the account is here, asked first where several enter."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.access import role_required
from accounts.roles import Role
from aid.moderation.sanctions import is_excluded
from aid.people.models import Person
from aid.personal.access import called, chosen_among, persons_of
from aid.personal.acting import WHO
from aid.relations.enums import Scope
from aid.relations.models import Mandate

View = Callable[..., HttpResponse]
# What stays open to who is excluded: to read why and answer, and their rights on what is known of them.
OPEN_TO_EXCLUDED = frozenset(
    {
        "measures", "appeal", "known", "known_file", "known_pdf", "right", "withdraw_consent", "think_again", "door",
        "leave",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Here:
    """Who is here, among who enters by the same account."""

    person: Person
    persons: list[Person]
    # Under which they act for somebody else.
    mandate: Mandate | None = None

    @property
    def subject(self) -> Person:
        """Whose things are shown: theirs, or those of whom they act for."""
        return self.person if self.mandate is None else self.mandate.principal

    def may(self, scope: Scope) -> bool:
        """Whether they may do this for whose things are shown: all for themselves."""
        return self.mandate is None or self.mandate.allows(scope)

    @property
    def name(self) -> str:
        """What this person is called here."""
        return called(self.persons)[self.person]

    @property
    def others(self) -> list[Person]:
        """Who else enters by this account."""
        return [person for person in self.persons if person != self.person]


def personal_page(view: View) -> View:
    """Give a view who is here; who has not said it yet is asked, and who is not of the account any more is again.

    It is one's own: it does not exist while one acts for somebody else.
    """
    return _page(view, lambda here: here.mandate is None)


def page_under_mandate(*scopes: Scope) -> Callable[[View], View]:
    """The same for a page that a mandate of all these scopes opens too: it shows the things of `here.subject`."""

    def decorate(view: View) -> View:
        return _page(view, lambda here: all(here.may(scope) for scope in scopes))

    return decorate


def _page(view: View, is_open: Callable[[Here], bool]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        here = here_of(request)
        if here is None:
            return redirect("personal:who")
        if not is_open(here):
            raise Http404
        if request.resolver_match.url_name not in OPEN_TO_EXCLUDED and is_excluded(here.person):
            return redirect("personal:measures")
        return view(request, here, *args, **kwargs)

    return role_required(Role.RESIDENT)(guarded)


def here_of(request: HttpRequest) -> Here | None:
    """Who is here; None when it is to be asked. Looked up at each request: a session remembers, it gives no right."""
    persons = persons_of(request.user)
    person = chosen_among(persons, request.session.get(WHO))
    return None if person is None else Here(person, persons, request.mandate)
