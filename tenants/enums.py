"""What a town is, and where it stands."""

from django.db import models


class TownKind(models.TextChoices):
    """The kinds of bodies that may run a site."""

    COMMUNE = "commune", "commune"
    CCAS = "ccas", "CCAS"
    CIAS = "cias", "CIAS"
    INTERCOMMUNALITY = "intercommunality", "intercommunalité"
    DEPARTMENT = "department", "département"
    SOCIAL_CENTRE = "social_centre", "centre social"
    ASSOCIATION = "association", "association"


class TownState(models.TextChoices):
    """The life of a town on the platform."""

    OPENING = "opening", "en ouverture"
    OPEN = "open", "ouverte"
    SUSPENDED = "suspended", "suspendue"
    LEAVING = "leaving", "en départ"
    ARCHIVED = "archived", "archivée"


# name of the act: (states it may start from, state it leads to)
TOWN_TRANSITIONS: dict[str, tuple[frozenset[TownState], TownState]] = {
    "open": (frozenset({TownState.OPENING, TownState.SUSPENDED}), TownState.OPEN),
    "suspend": (frozenset({TownState.OPEN, TownState.LEAVING}), TownState.SUSPENDED),
    "leave": (frozenset({TownState.OPEN, TownState.SUSPENDED}), TownState.LEAVING),
    "archive": (frozenset({TownState.LEAVING}), TownState.ARCHIVED),
}
# A leaving town still answers: its inhabitants use it until the last day.
ANSWERING_STATES = frozenset({TownState.OPEN, TownState.LEAVING})
