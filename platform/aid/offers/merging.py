"""What becomes of offers when two cards of one person are made one (aid.privacy.merging)."""

from aid.offers.models import Offer
from aid.onboarding.merging import both_volunteers
from aid.people.models import Person


def merge_offers(gone: Person, kept: Person) -> None:
    """Keep all that both offer, everywhere that both come. Without a commune, that is the whole territory."""
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
    own.kinds.add(*other.kinds.all())
    communes = list(other.communes.all())
    if communes and own.communes.exists():
        own.communes.add(*communes)
    else:
        own.communes.clear()
    other.delete()
