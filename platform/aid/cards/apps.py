"""The volunteer's card, what anybody may ask of it, and the word said at the door."""

from django.apps import AppConfig


class CardsConfig(AppConfig):
    """Declares what it holds, and how long."""

    name = "aid.cards"
    label = "cards"
    verbose_name = "cartes de bénévole"

    def ready(self) -> None:
        """Declare it to the room of privacy."""
        from aid.cards import holdings, retained

        holdings.register()
        retained.register()
