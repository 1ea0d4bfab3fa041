"""Who goes and who offers to, as the page of a request shows them: the room above that knows says it, by `register`."""

from collections.abc import Callable
from dataclasses import dataclass

from aid.help_requests.models import HelpRequest
from aid.onboarding.models import Volunteer


@dataclass(frozen=True)
class Candidate:
    """A volunteer who puts themselves forward: what who asked reads before choosing, never how to reach them."""

    # What stands for them in addresses.
    token: str
    first_name: str
    place: str
    times_helped: int
    # Of a presentation that everybody may read: its words, and where it is; empty otherwise.
    words: str = ""
    url: str = ""


@dataclass(frozen=True)
class Company:
    """Who said yes, the first one first; who puts themselves forward; who was to go and cannot, by first name."""

    going: tuple[Volunteer, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    gone: str = ""
    # Whether who asked chooses among the candidates; else the team does.
    may_choose: bool = False
    # Whether a volunteer whom who asked chose has not answered their message, or not received it yet.
    is_written_to: bool = False


Finder = Callable[[HelpRequest], Company]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Have `finder` say it; the last to register does. For a room above, from `ready()`."""
    _finders[:] = [finder]


def company_of(request: HelpRequest) -> Company:
    """Who goes there, as things stand."""
    return next((finder(request) for finder in _finders), Company())
