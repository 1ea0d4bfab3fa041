"""Asking volunteers, and what they answer."""

from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    """Listens to requests, and to what comes back by SMS."""

    name = "aid.proposals"
    label = "proposals"
    verbose_name = "propositions"

    def ready(self) -> None:
        """Register with the rooms below."""
        from aid.privacy import merging
        from aid.proposals import (
            amended,
            choosing,
            commitments,
            digests,
            direct,
            forgetting,
            holdings,
            listeners,
            load,
            one_off,
            parting,
            replies,
            retained,
            reviewing,
        )
        from aid.proposals.merging import why_two_persons

        listeners.register()
        direct.register()
        one_off.register()
        amended.register()
        choosing.register()
        commitments.register()
        load.register()
        reviewing.register()
        parting.register()
        retained.register()
        merging.check(why_two_persons)
        replies.register()
        digests.register()
        forgetting.register()
        holdings.register()
