"""What becomes of offers when two cards of one person are made one (aid.privacy.merging)."""

from aid.offers.models import Offer, OneOffOffer
from aid.onboarding.merging import both_volunteers
from aid.people.models import Person


def merge_offers(gone: Person, kept: Person) -> None:
    """Keep all that both offer, wherever and whenever either comes; of their limits, the lower."""
    leaving, staying = both_volunteers(gone, kept)
    if leaving is None or staying is None:
        return
    other = Offer.objects.filter(volunteer=leaving).first()
    own = Offer.objects.filter(volunteer=staying).first()
    if other is None:
        return
    if own is None:
        other.volunteer = staying
        other.save(update_fields=["volunteer"])
        return
    comes_anywhere = any(one.radius_km is None and not one.communes.exists() for one in (own, other))
    own.kinds.add(*other.kinds.all())
    own.means.add(*other.means.all())
    if comes_anywhere:
        own.communes.clear()
        own.radius_km = own.centre = None
    else:
        own.communes.add(*other.communes.all())
        _widen(own, other)
    # Who is free at any time on one card is so.
    own.slots = sorted({*own.slots, *other.slots}) if own.slots and other.slots else []
    own.languages = sorted({*own.languages, *other.languages})
    for name in ("monthly_limit", "at_once_limit"):
        said = [limit for one in (own, other) if (limit := getattr(one, name)) is not None]
        setattr(own, name, min(said, default=None))
    own.limits = own.limits or other.limits
    own.save()
    said = own.absences.values("starts_on")
    other.absences.exclude(starts_on__in=said).update(offer=own)
    other.delete()


def merge_one_off_offers(gone: Person, kept: Person) -> None:
    """Keep what either offered for a day, beside the other's."""
    leaving, staying = both_volunteers(gone, kept)
    if leaving is not None and staying is not None:
        OneOffOffer.objects.filter(volunteer=leaving).update(volunteer=staying)


def _widen(own: Offer, other: Offer) -> None:
    """Keep the wider of two radii, round its own centre."""
    if other.radius_km is not None and (own.radius_km is None or own.radius_km < other.radius_km):
        own.radius_km, own.centre = other.radius_km, other.centre
