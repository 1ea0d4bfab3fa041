"""The drawings of `icons.svg` that a town may choose for its kinds of help."""

from django.db import models


class Icon(models.TextChoices):
    """The drawings of `components/kinds.html`."""

    VISIT = "visit", "visite"
    BASKET = "basket", "panier"
    CAR = "car", "voiture"
    PAPER = "paper", "papiers"
    TABLET = "tablet", "tablette"
    TOOLS = "tools", "outils"
    WALK = "walk", "promenade"
    HEART = "heart", "cœur"
    PEOPLE = "people", "groupe"
    CALENDAR = "calendar", "agenda"
    TALK = "talk", "parole"
    HOME = "home", "maison"
    SHIELD = "shield", "protection"
