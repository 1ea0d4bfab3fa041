"""Where a presentation stands."""

from django.db import models


class ProfileState(models.TextChoices):
    """Only what is shown is on the site."""

    SHOWN = "shown", "montrée"
    # It waits for somebody at the town to read it, or somebody took it off: the reason says which.
    HIDDEN = "hidden", "masquée"
