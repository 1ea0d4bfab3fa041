"""`manage.py makemigrations`: Django's, which reads the applied migrations before it writes new ones."""

from contextlib import nullcontext
from typing import Any

from django.core.management.commands import makemigrations

from tenants import walls


class Command(makemigrations.Command):
    """The bare login may not read them: the owner does, where there is one already."""

    def handle(self, *args: Any, **options: Any) -> None:
        """As Django's."""
        with walls.provisioning() as connection:
            with connection.bare():
                is_prepared = walls.role_exists("owner")
            with nullcontext() if is_prepared else connection.bare():
                super().handle(*args, **options)
