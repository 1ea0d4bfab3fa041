"""Private pages: few towns have any, so whether one exists is asked once, not at each page."""

from django.db.models import QuerySet
from wagtail.models import PageViewRestriction

from cms.shown import shown


class Restrictable:
    """A page that looks for its restrictions, two queries of Wagtail's, only where the town has any."""

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """As Wagtail's."""
        return super().get_view_restrictions() if shown().has_private_pages else PageViewRestriction.objects.none()
