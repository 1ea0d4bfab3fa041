"""Proposals over the API, as their volunteer reads them: before a yes nothing of whom it is for."""

from rest_framework import serializers

from aid.proposals.access import word_at_the_door
from aid.proposals.enums import Outcome
from aid.proposals.models import Proposal


class ProposalSerializer(serializers.ModelSerializer):
    """A need in large, and where it stands for its volunteer."""

    uid = serializers.UUIDField(source="request.uid")
    kind = serializers.CharField(source="request.kind.slug")
    day = serializers.DateField(source="request.day")
    hour = serializers.TimeField(source="request.hour", allow_null=True)
    moment = serializers.CharField(source="request.moment")
    place = serializers.CharField(source="request.place")
    outcome = serializers.ChoiceField([(one.value, one.value) for one in Outcome])

    class Meta:
        model = Proposal
        fields = ("uid", "kind", "day", "hour", "moment", "place", "outcome", "asked_at", "answered_at")
        read_only_fields = fields


class WhomSerializer(serializers.Serializer):
    """To whom a volunteer goes, who said yes."""

    first_name = serializers.CharField(source="request.person.first_name")
    phone = serializers.CharField(source="request.person.phone")
    email = serializers.SerializerMethodField(help_text="Là où il n’y a pas de numéro.")
    address = serializers.CharField(source="request.address")
    details = serializers.CharField(source="request.details")
    word = serializers.SerializerMethodField(help_text="Le mot à dire à la porte, s’il y en a un.")

    def get_email(self, proposal: Proposal) -> str:
        """Only where there is no number, as the page of the rendezvous."""
        who = proposal.request.person
        return "" if who.phone else who.email

    def get_word(self, proposal: Proposal) -> str:
        """As the page of the rendezvous says it."""
        return word_at_the_door(proposal)


class MissionSerializer(ProposalSerializer):
    """The same, with whom they go to between the yes and the end. Who shows it notes the reading."""

    whom = serializers.SerializerMethodField()

    class Meta(ProposalSerializer.Meta):
        fields = (*ProposalSerializer.Meta.fields, "whom")
        read_only_fields = fields

    def get_whom(self, proposal: Proposal) -> WhomSerializer(allow_null=True):
        """Nobody before a yes, nor after the end, nor some days later where nobody said how it was."""
        return WhomSerializer(proposal).data if proposal.shows_whom else None
