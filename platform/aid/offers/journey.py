"""An application on its way, in the session of who applies."""

from core import journeys


class Journey(journeys.Journey):
    """One application, from the first question to the page that thanks for it."""

    key = "applying"
