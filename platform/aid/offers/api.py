"""What volunteers are ready to do, as everybody may read it: counts by kind and place."""

from typing import ClassVar

from django.db.models import QuerySet
from rest_framework.mixins import ListModelMixin

from accounts.endpoints import Endpoint
from aid.offers.counts import ready_by_place
from aid.offers.models import Offer
from aid.territory.api import CountSerializer


class Offers(ListModelMixin, Endpoint):
    """How many would help, with what, where."""

    is_open = True
    serializer_class = CountSerializer
    ordering = ("slug", "code", "part")
    told: ClassVar = {"list": "Combien de bénévoles sont prêts à aider, par aide et par lieu"}

    def get_queryset(self) -> QuerySet[Offer]:
        """Counts."""
        return ready_by_place()
