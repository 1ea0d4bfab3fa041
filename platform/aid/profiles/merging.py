"""What becomes of presentations when two cards of one person are made one (aid.privacy.merging)."""

from aid.people.models import Person
from aid.profiles.enums import ProfileState
from aid.profiles.models import Profile


def merge_profiles(gone: Person, kept: Person) -> None:
    """Keep one presentation: that of the card that stays, unless the other alone is wished.

    What the town took off of either stays so: two cards are no way round it.
    """
    found = {one.person_id: one for one in Profile.objects.select_for_update().filter(person__in=[gone, kept])}
    leaving, staying = found.get(gone.pk), found.get(kept.pk)
    if leaving is None:
        return
    if staying is None:
        leaving.person = kept
        leaving.save(update_fields=["person"])
        return
    if leaving.is_wished and not staying.is_wished:
        staying.words, staying.published_at = leaving.words, leaving.published_at
        staying.interests.set(leaving.interests.all())
        staying.shows_phone, staying.shows_email = leaving.shows_phone, leaving.shows_email
    if leaving.state == ProfileState.HIDDEN and staying.state != ProfileState.HIDDEN:
        staying.state, staying.reason = leaving.state, leaving.reason
    staying.save()
    leaving.delete()
