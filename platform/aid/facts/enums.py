"""What may be counted."""

from django.db import models


class FactKind(models.TextChoices):
    """Kinds of facts. Each figure of the product is a sum over one of them."""

    SERVICE_DONE = "service_done", "service rendu"
    VOLUNTEER_ADMITTED = "volunteer_admitted", "bénévole admis"
    PERSON_HELPED = "person_helped", "personne aidée pour la première fois"
