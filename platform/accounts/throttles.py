"""How often the API is called: counted in tables (accounts.limits), by application, else by address."""

from datetime import timedelta

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts import limits

WINDOW = timedelta(minutes=1)
BY_APPLICATION, BY_ADDRESS = 120, 60


class Throttle(BaseThrottle):
    """So many calls a minute. An application has its own count, wherever it calls from."""

    def allow_request(self, request: Request, view: object) -> bool:
        """Whether this one more is within."""
        if request.auth is not None:
            return limits.hit(kind="api.application", subject=str(request.auth.pk), most=BY_APPLICATION, within=WINDOW)
        address = limits.address_of(request)
        return limits.hit(kind="api.address", subject=address, most=BY_ADDRESS, within=WINDOW)

    def wait(self) -> float:
        """Seconds, at most, before the next window."""
        return WINDOW.total_seconds()
