"""Which views open to whom: sign-in for strangers, and the same 404 for what is forbidden as for what is not there."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from accounts.abilities import get_abilities, roles_with
from accounts.roles import Role, roles_of
from accounts.second_step import ask_for_it, has_passed

# Who comes in in two steps.
STAFF = {Role.AGENT, Role.COORDINATOR, Role.ADMINISTRATOR, Role.OPERATOR, Role.BILLING}
View = Callable[..., HttpResponse]


def role_required(*roles: Role) -> Callable[[View], View]:
    """Open a view to accounts that have one of these roles.

    Who is not signed in is asked to, and comes back here; who is, without the right, sees a page that does not exist.
    The town's own people and operators are asked for the second step of their sign-in, once a session. Nothing of the
    answer is kept by a browser or a proxy.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            opening = roles_of(request.user).intersection(roles)
            if not opening:
                raise Http404
            if opening <= STAFF and not has_passed(request):
                return ask_for_it(request)
            return view(request, *args, **kwargs)

        guarded.guard = ", ".join(roles)
        return never_cache(guarded)

    return decorate


def ability_required(name: str) -> Callable[[View], View]:
    """Open a view to accounts that have an ability (accounts.abilities), as `role_required` does.

    Rooms say their abilities when they are ready, which may be after a view was read: so it is looked up at each visit.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def able(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not get_abilities(request.user)[name]:
                raise Http404
            return view(request, *args, **kwargs)

        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            return role_required(*roles_with(name))(able)(request, *args, **kwargs)

        guarded.guard = name
        return never_cache(guarded)

    return decorate


def changes_nothing(view: View) -> View:
    """Mark a view that only reads, though it is sent by POST: what is searched stays out of the address."""
    view.changes_nothing = True
    return view


def operator_required(view: View) -> View:
    """Open a view of the platform's own site to its operators: what enters a town, or changes one."""
    return role_required(Role.OPERATOR)(view)


def billing_required(view: View) -> View:
    """Open a view of the platform's own site to who bills. It never shows a senior's name, nor enters a town."""
    return role_required(Role.BILLING)(view)


def staff_of_platform_required(view: View) -> View:
    """Open a view of the platform's own site to operators and to who bills: figures, contracts, never a name."""
    return role_required(Role.OPERATOR, Role.BILLING)(view)
