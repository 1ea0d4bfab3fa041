"""The kinds that the official geography tells apart, under the codes of their source."""

from django.db.models import TextChoices


class IntercommunalityKind(TextChoices):
    """The legal forms of an intercommunality with a tax of its own (EPCI à fiscalité propre)."""

    COMMUNITY = "CC", "communauté de communes"
    URBAN_AREA = "CA", "communauté d’agglomération"
    URBAN_COMMUNITY = "CU", "communauté urbaine"
    METROPOLIS = "METRO", "métropole"
    LYON = "MET69", "métropole à statut particulier"


class FormerKind(TextChoices):
    """Why a code that was a commune's is so no more."""

    MERGED = "merged", "ancienne commune"
    DELEGATED = "delegated", "commune déléguée"
    ASSOCIATED = "associated", "commune associée"
    ARRONDISSEMENT = "arrondissement", "arrondissement municipal"
