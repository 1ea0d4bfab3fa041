"""What is said in public, and what becomes of it: checks, reports, decisions, measures, blocks."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """Declares what it holds about persons, and what a blueprint may set."""

    name = "aid.moderation"
    label = "moderation"
    verbose_name = "modération"

    def ready(self) -> None:
        """Register with privacy, blueprints and follow-ups."""
        from aid.moderation import blueprint, holdings, retained

        holdings.register()
        retained.register()
        blueprint.register()
