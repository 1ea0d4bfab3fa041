"""Asking volunteers, and what they answer."""

from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    """Listens to requests, and to what comes back by SMS."""

    name = "aid.proposals"
    label = "proposals"
    verbose_name = "propositions"

    def ready(self) -> None:
        """Register with the rooms below."""
        from aid.proposals import digests, forgetting, holdings, listeners, replies

        listeners.register()
        replies.register()
        digests.register()
        forgetting.register()
        holdings.register()
