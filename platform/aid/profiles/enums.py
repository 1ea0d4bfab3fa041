"""Where a presentation stands."""

from django.db import models


class ProfileState(models.TextChoices):
    """Only what is shown is on the site."""

    SHOWN = "shown", "montrée"
    # Somebody at the town reads it first.
    HELD = "held", "en relecture"
    # Somebody at the town took it off, and said why.
    HIDDEN = "hidden", "masquée"
