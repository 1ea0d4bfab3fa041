"""What towns owe, and the documents that say so."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """The operator's books, in the public schema."""

    name = "billing"
    verbose_name = "Facturation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what of it a town may see, and where its administrators do."""
        from aid.desk.views.frame import register_apart
        from billing import abilities
        from billing.access import BILLING
        from tenants import windows

        windows.register(BILLING)
        abilities.register()
        register_apart("books", "Contrat", "books:contract", "see_books")
