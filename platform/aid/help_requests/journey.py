"""A request on its way, in the session of who asks."""

from core import journeys


class Journey(journeys.Journey):
    """One request, from the first question to the page that follows it."""

    key = "asking"
