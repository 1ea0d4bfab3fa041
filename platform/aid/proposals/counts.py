"""How many volunteers may be asked in particular about a request, and how that is said."""

from aid.help_requests.models import HelpRequest


def most_picked(request: HelpRequest) -> int:
    """How many it may be proposed to at once: one more than it needs. More are a round, which has its own mode."""
    return request.people_needed + 1


def so_many(request: HelpRequest) -> str:
    """The same, in words that agree with « personnes »."""
    return f"une à {most_picked(request)}" if request.people_needed > 1 else "une ou deux"
