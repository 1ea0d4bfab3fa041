"""Who calls: an application by its token, or somebody by the session of this site."""

from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts.models import Account
from accounts.roles import is_staff
from accounts.second_step import has_passed
from api.models import Application
from api.services import application_of

# The same for a token that never was, one that ended, one that was stopped, and another town's.
WRONG = "Ce jeton n’ouvre rien ici. Demandez-en un autre à l’administrateur du territoire."
WITHOUT_FORM = "Il manque le jeton CSRF de cette session, dans l’en-tête X-CSRFToken."


class BearerAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer …`."""

    def authenticate(self, request: Request) -> tuple[Account, Application] | None:
        """The account of an application, and itself; None without such a header. Raises AuthenticationFailed."""
        scheme, _, token = authentication.get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        application = application_of(token.strip().decode("latin-1"))
        if application is None:
            raise AuthenticationFailed(WRONG)
        return application.account, application

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return "Bearer"


class SessionAuthentication(authentication.SessionAuthentication):
    """Who signed in on the site: with the form's token for what changes something, and all the steps of staff."""

    def authenticate(self, request: Request) -> tuple[Account, None] | None:
        """The account; None for nobody, and for who is half-way through signing in."""
        found = super().authenticate(request)
        if found is not None and is_staff(found[0]) and not has_passed(request):
            return None
        return found

    def enforce_csrf(self, request: Request) -> None:
        """Raises PermissionDenied, in French."""
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:
            raise PermissionDenied(WITHOUT_FORM) from error
