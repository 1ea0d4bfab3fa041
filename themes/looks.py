"""The looks of a site beyond its colour: shapes, header, hero, rhythm, drawing. A closed list, each held to AA.

A look is a small stylesheet made of tokens only, and the drawing of its hero. Pages are the same HTML in all of them.
"""

from django.db import models


class Look(models.TextChoices):
    """What a town may choose."""

    STREET = "street", "La rue : des maisons, un bandeau de couleur"
    VILLAGE = "village", "Le village : des collines, tout au centre"
    CITY = "city", "La ville : des toits, de grands aplats, des angles droits"
    COAST = "coast", "La côte : un grand paysage, des lignes fines"
    GARDEN = "garden", "La maison : un jardin, des formes rondes"


DRAWINGS = {
    Look.STREET: "components/drawings/street.html",
    Look.VILLAGE: "components/drawings/village.html",
    Look.CITY: "components/drawings/city.html",
    Look.COAST: "components/drawings/coast.html",
    Look.GARDEN: "components/drawings/garden.html",
}


def drawing_of(look: str) -> str:
    """The template of the hero's drawing."""
    return DRAWINGS[Look(look)]


def stylesheet_of(look: str) -> str:
    """The static file of a look: pages link that one only."""
    return f"themes/looks/{Look(look).value}.css"
