"""The directory: themes, referents, whom they welcome; and the professionals, who are paid and stand apart."""

from aid.directory.models.professionals import LONGEST_REASON, Professional, ProfessionalQuerySet
from aid.directory.models.referents import Referent, ReferentQuerySet, Remit, Theme
from aid.directory.models.welcomes import Welcome, WelcomeQuerySet
from aid.directory.models.words import LONGEST_WORDS

__all__ = [
    "LONGEST_REASON",
    "LONGEST_WORDS",
    "Professional",
    "ProfessionalQuerySet",
    "Referent",
    "ReferentQuerySet",
    "Remit",
    "Theme",
    "Welcome",
    "WelcomeQuerySet",
]
