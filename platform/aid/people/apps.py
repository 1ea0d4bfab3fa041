"""Persons: somebody, whether or not they have an account."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Says who of its persons are the town's own people."""

    name = "aid.people"
    label = "people"
    verbose_name = "personnes"

    def ready(self) -> None:
        """Tell the roles that accounts hold."""
        from aid.people import roles

        roles.register_staff()
