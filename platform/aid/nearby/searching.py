"""Who may help near a place: how many in each district, and those who agreed to be shown, the nearest first.

Where people are is told by counts only, of a district or a commune; how far somebody is, in bands between the centres
of two of these. Nobody has a point of their own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.http import QueryDict

from aid.configuration.enums import ASKING_ON_SITE, Asking, Mode
from aid.configuration.models import KindOfHelp
from aid.configuration.services import kinds_of_help
from aid.help_requests.models import HelpRequest
from aid.offers.services import volunteers_for
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.profiles.models import Profile, ProfileQuerySet
from aid.proposals.models import Proposal
from aid.proposals.services import may_be_asked
from aid.territory.models import CoveredCommune, District
from aid.territory.services import distance_between, distance_label, point_of
from core.french import at_least, at_least_words
from geography.services import distance_km
from themes.maps import Point

COMMUNE, DISTRICT = "commune", "quartier"
UNKNOWN = 1_000_000
# Within one commune, where a district is not known: further than the next district, nearer than another commune.
SAME_COMMUNE = 2.0
Place = CoveredCommune | District


def known(reader: Person | None) -> Person | None:
    """The same, where the town has confirmed their number: they write without saying who they are."""
    return reader if reader is not None and reader.phone_confirmed_at else None


def direct_kinds(reader: Person | None) -> list[KindOfHelp]:
    """The kinds of help for which this reader may choose whom to write to, in the town's order.

    Who is known asks for themselves; anybody else says on the page whether it is for somebody close.
    """
    askers = ASKING_ON_SITE if known(reader) is None else (Asking.RESIDENT,)
    return [kind for kind in kinds_of_help() if kind.mode == Mode.DIRECT and kind.is_asked_by(askers)]


@dataclass(frozen=True)
class Counted:
    """How many may help in one place."""

    key: str
    name: str
    people: int
    point: Point | None

    @property
    def told(self) -> int:
        """What everybody may read of them; 0 under three."""
        return at_least(self.people) or 0

    @property
    def words(self) -> str:
        """« au moins 12 voisins », « quelques-uns »."""
        words = at_least_words(self.people)
        return f"{words} voisins" if self.told else words

    @property
    def latitude(self) -> str:
        """Of the place's centre, as attributes of HTML hold it; empty where nobody knows it."""
        return self.point.written[0] if self.point else ""

    @property
    def longitude(self) -> str:
        """The same."""
        return self.point.written[1] if self.point else ""


class Search:
    """What an address asks for: a kind of help, a place. What makes no sense in it is left out."""

    def __init__(self, asked: QueryDict, reader: Person | None) -> None:
        self.reader = reader
        self.kinds = direct_kinds(reader)
        self.communes = list(CoveredCommune.objects.all())
        self.districts = list(District.objects.select_related("commune__commune"))
        by_slug = {kind.slug: kind for kind in self.kinds}
        self.kind = by_slug.get(asked.get("aide", ""))
        self.key = asked.get("lieu", "") if asked.get("lieu", "") in self._places else ""

    @cached_property
    def _places(self) -> dict[str, Place]:
        communes = self.communes if len(self.communes) > 1 else []
        return {key_of(place): place for place in (*communes, *self.districts)}

    @property
    def place(self) -> Place | None:
        """From where somebody is looked for; None for anywhere in the territory."""
        return self._places.get(self.key)

    @property
    def kind_slug(self) -> str:
        """The kind that was chosen, as an address names it."""
        return self.kind.slug if self.kind else ""

    @property
    def kind_options(self) -> list[tuple[str, str]]:
        """Kinds that may be chosen."""
        return [(kind.slug, kind.name) for kind in self.kinds]

    @property
    def place_options(self) -> list[tuple[str, str]]:
        """Places that may be chosen: a district with its commune where there are several."""
        several = len(self.communes) > 1
        return [
            (key, f"{place} ({place.commune})" if several and isinstance(place, District) else str(place))
            for key, place in self._places.items()
        ]

    def counts(self) -> list[Counted]:
        """How many may help with this kind, place by place, the most first. One query, however many they are.

        They are the same whoever reads: a count that left out who blocked the reader would tell of it.
        """
        lives = ("person__commune", "person__district")
        found = self._volunteers(None).order_by().values(*lives).annotate(people=Count("pk", distinct=True))
        communes, districts = {one.pk: one for one in self.communes}, {one.pk: one for one in self.districts}
        counted: dict[str, Counted] = {}
        for commune, district, people in found.values_list(*lives, "people"):
            place = districts.get(district) or communes.get(commune)
            if place is not None:
                key = key_of(place)
                before = counted[key].people if key in counted else 0
                counted[key] = Counted(key, str(place), before + people, point_of(place))
        return sorted(counted.values(), key=lambda one: (-one.told, one.name))

    def neighbours(self) -> ProfileQuerySet:
        """Who may help with this kind and agreed to be shown to everybody: from the place, the nearest first."""
        shown = Profile.objects.shown_to(is_insider=False, reader=self.reader)
        found = shown.filter(person__volunteer__in=self._volunteers(self.reader).order_by())
        return nearest_first(found, self.place, (*self.districts, *self.communes))

    def _volunteers(self, reader: Person | None) -> QuerySet[Volunteer, Volunteer]:
        commune = commune_of(self.place) if self.place else None
        return volunteers_for(kind=self.kind, commune=commune, asker=reader)


def still_to_write_to(asked: HelpRequest) -> ProfileQuerySet:
    """Who may still be written to about a request, of those who are shown, the nearest first; nobody in other modes."""
    shown = Profile.objects.shown_to(is_insider=False, reader=asked.person)
    if asked.mode != Mode.DIRECT:
        return shown.none()
    known_already = Proposal.objects.filter(request=asked).values("volunteer")
    may = may_be_asked(asked).exclude(pk__in=known_already).order_by()
    found = shown.filter(person__volunteer__in=may).with_page_related_data()
    places = (*District.objects.select_related("commune__commune"), *CoveredCommune.objects.all())
    return nearest_first(found, asked.district or asked.commune, places)


def nearest_first(profiles: ProfileQuerySet, here: Place | None, places: Iterable[Place]) -> ProfileQuerySet:
    """Those who live nearest to `here` first, by the centres of `places`; then by first name."""
    if here is None:
        return profiles.order_by("person__search_name", "pk")
    far = sorted(places, key=lambda there: _rank(here, there))
    whens = [When(_lives_in(place), then=Value(number)) for number, place in enumerate(far)]
    rank = Case(*whens, default=Value(len(far)), output_field=IntegerField())
    return profiles.annotate(rank=rank).order_by("rank", "person__search_name", "pk")


def how_far(here: Place | None, person: Person) -> str:
    """« 1 à 3 km », « dans votre commune »; empty where nobody knows. In bands, between centres of districts."""
    there = person.district or person.commune
    if here is None or there is None:
        return ""
    kilometres = _kilometres(here, there)
    if kilometres is not None:
        return distance_label(kilometres)
    return "dans votre commune" if commune_of(here) == commune_of(there) else ""


def commune_of(place: Place) -> CoveredCommune:
    """A place's commune."""
    return place.commune if isinstance(place, District) else place


def key_of(place: Place) -> str:
    """A place, as an address names it."""
    return f"{DISTRICT if isinstance(place, District) else COMMUNE}-{place.pk}"


def _kilometres(here: Place, there: Place) -> float | None:
    if isinstance(here, District) and isinstance(there, District):
        return distance_between(here, there)
    a, b = point_of(here), point_of(there)
    return None if a is None or b is None or commune_of(here) == commune_of(there) else distance_km(a, b)


def _rank(here: Place, there: Place) -> float:
    kilometres = _kilometres(here, there)
    if kilometres is not None:
        return kilometres
    return SAME_COMMUNE if commune_of(here) == commune_of(there) else UNKNOWN


def _lives_in(place: Place) -> Q:
    if isinstance(place, District):
        return Q(person__district=place)
    return Q(person__district=None, person__commune=place)
