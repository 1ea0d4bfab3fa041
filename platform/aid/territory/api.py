"""Communes and districts, by the names that other endpoints take; and how counts are told of them."""

from typing import ClassVar

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin

from accounts.endpoints import Endpoint, Named
from aid.territory.models import CoveredCommune, District
from core.french import at_least, at_least_words
from core.text import fold


class PlaceSerializer(serializers.ModelSerializer):
    """A commune and its districts."""

    code = serializers.CharField(source="commune_id", help_text="Code officiel géographique (INSEE).")
    name = serializers.CharField(source="commune.name")
    districts = serializers.SlugRelatedField("name", many=True, read_only=True)

    class Meta:
        model = CoveredCommune
        fields = ("code", "name", "districts")


class Places(ListModelMixin, Endpoint):
    """What the town covers."""

    is_open = True
    serializer_class = PlaceSerializer
    told: ClassVar = {"list": "Les communes du territoire, et leurs quartiers"}

    def get_queryset(self) -> QuerySet[CoveredCommune]:
        """All of it."""
        return CoveredCommune.objects.prefetch_related("districts")


class WhereSerializer(serializers.Serializer):
    """A place that is sent: a commune by its code, and a district of it by its name."""

    commune = Named("commune_id", queryset=CoveredCommune.objects.all(), help_text="Code INSEE, parmi « lieux ».")
    district = serializers.CharField(
        required=False, allow_blank=True, max_length=80, help_text="Nom d’un quartier de cette commune."
    )

    def validate(self, attrs: dict) -> dict:
        """A district is one of its commune's."""
        name, commune = attrs.get("district", ""), attrs["commune"]
        attrs["district"] = District.objects.filter(commune=commune, folded_name=fold(name)).first() if name else None
        if name and attrs["district"] is None:
            raise serializers.ValidationError({"district": [f"Ce quartier n’est pas à {commune}."]})
        return attrs


class CountSerializer(serializers.Serializer):
    """How many there are of a kind in a place, told as pages tell it: no difference of two counts is one person."""

    kind = serializers.CharField(source="slug", help_text="Une aide, par son « slug ».")
    commune = serializers.CharField(source="code", allow_null=True, help_text="Code INSEE, si on le connaît.")
    district = serializers.CharField(source="part", allow_null=True, help_text="Nom d’un quartier, si on le connaît.")
    count = serializers.SerializerMethodField(help_text="Combien au moins, de trois en trois ; vide sous trois.")
    words = serializers.SerializerMethodField(help_text="« quelques-uns » sous trois, puis « au moins 6 ».")

    def get_count(self, row: dict) -> int | None:
        """Rounded down by threes; nothing under three."""
        return at_least(row["count"])

    def get_words(self, row: dict) -> str:
        """As the site says it."""
        return at_least_words(row["count"])
