"""Who is whose relative, who lives with whom, and who may act for somebody."""

from django.apps import AppConfig


class RelationsConfig(AppConfig):
    """Declares what it holds about persons."""

    name = "aid.relations"
    label = "relations"
    verbose_name = "entourage"

    def ready(self) -> None:
        """Register with privacy, say when two cards are two persons, and who reads for whom."""
        from aid.notifications.channels import register_relay
        from aid.privacy import merging
        from aid.relations import holdings
        from aid.relations.merging import why_two_persons
        from aid.relations.services import reads_for

        holdings.register()
        merging.check(why_two_persons)
        register_relay(reads_for)
