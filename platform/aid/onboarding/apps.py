"""Volunteers: who is admitted to help."""

from django.apps import AppConfig
from django.db.models import Exists, OuterRef


class OnboardingConfig(AppConfig):
    """Declares what it holds about persons."""

    name = "aid.onboarding"
    label = "onboarding"
    verbose_name = "bénévoles"

    def ready(self) -> None:
        """Register with privacy, and say who volunteers."""
        from aid.onboarding import blueprint, forgetting, holdings, measures, retained
        from aid.onboarding.enums import VolunteerState
        from aid.onboarding.models import Volunteer
        from aid.people import roles
        from aid.privacy import leaving

        blueprint.register()
        forgetting.register()
        leaving.activity(forgetting.not_left)
        retained.register()
        holdings.register()
        measures.register()
        candidates = Volunteer.objects.filter(state=VolunteerState.CANDIDATE, person=OuterRef("pk"))
        helping = Volunteer.objects.exclude(state__in=[VolunteerState.CANDIDATE, VolunteerState.LEFT])
        roles.register(roles.PersonRole(20, "volunteer", "bénévole", Exists(helping.filter(person=OuterRef("pk")))))
        roles.register(roles.PersonRole(21, "candidate", "voudrait être bénévole", Exists(candidates)))
