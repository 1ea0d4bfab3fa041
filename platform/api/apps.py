"""The API of a town: for its other sites, and for partners' software."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Gives new towns the right to make applications; keeps the schema in French."""

    name = "api"
    verbose_name = "logiciels reliés"

    def ready(self) -> None:
        """Register with openings, with retention, and with what draws the schema."""
        from django.db.models import Q

        from aid.privacy.retained import keep_accounts
        from api import blueprint, schema  # noqa: F401 (its extension registers itself)

        blueprint.register()
        # What it filed was filed by something, for as long as its row is there.
        keep_accounts(Q(application__isnull=False))
