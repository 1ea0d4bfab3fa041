"""« Qui peut m’aider près de chez moi ? »: neighbours whom people choose and write to by themselves."""

from django.apps import AppConfig


class NearbyConfig(AppConfig):
    """Shows the way there in menus, where the town has such a kind of help; has what is offered for a day read."""

    name = "aid.nearby"
    label = "nearby"
    verbose_name = "près de chez moi"

    def ready(self) -> None:
        """Register with the themes and with moderation."""
        from aid.nearby import menus, moderating

        menus.register()
        moderating.register()
