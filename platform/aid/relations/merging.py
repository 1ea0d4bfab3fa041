"""What becomes of ties, roofs and mandates when two cards of one person are made one (aid.privacy.merging)."""

from django.db.models import Q
from django.utils import timezone

from aid.people.models import Person
from aid.relations.models import HouseholdMember, Mandate, Relative
from aid.relations.services import leave_household


def why_two_persons(kept: Person, gone: Person) -> str:
    """Who acts for another, or is somebody to them, is not the same person; "" for no reason."""
    if _between(Mandate, "representative", "principal", kept, gone):
        return "L’une de ces personnes agit, ou a agi, pour l’autre : ce sont deux personnes."
    if _between(Relative, "person", "relative", kept, gone):
        return "Ces deux fiches sont notées proches l’une de l’autre. Si c’est une erreur, enlevez d’abord ce lien."
    return ""


def merge_relatives(gone: Person, kept: Person) -> None:
    """Move ties; of two with the same person, the kept card's stays. Called for either end, it moves both."""
    known = {_other(tie, kept) for tie in _ties(kept)}
    for tie in _ties(gone):
        if _other(tie, gone) in known:
            tie.delete()
            continue
        end = "person" if tie.person_id == gone.pk else "relative"
        setattr(tie, end, kept)
        tie.save(update_fields=[end])


def merge_household(gone: Person, kept: Person) -> None:
    """Bring the roof along; who has one already stays under it."""
    if HouseholdMember.objects.filter(person=kept).exists():
        leave_household(gone)
    else:
        HouseholdMember.objects.filter(person=gone).update(person=kept)


def merge_mandates(gone: Person, kept: Person) -> None:
    """Move mandates, on either side. Of two that run between the same persons, the kept card's goes on."""
    for side, other_side in (("principal", "representative"), ("representative", "principal")):
        running = Mandate.objects.filter(revoked_at=None)
        for mandate in running.filter(**{side: gone}):
            other = {other_side: getattr(mandate, f"{other_side}_id")}
            same_days = {"starts_on__lte": mandate.ends_on, "ends_on__gte": mandate.starts_on}
            if running.filter(**{side: kept}, **other, **same_days).exists():
                Mandate.objects.filter(pk=mandate.pk).update(revoked_at=timezone.now())
        Mandate.objects.filter(**{side: gone}).update(**{side: kept})


def _ties(person: Person) -> list[Relative]:
    return list(Relative.objects.filter(Q(person=person) | Q(relative=person)))


def _other(tie: Relative, person: Person) -> int:
    return tie.relative_id if tie.person_id == person.pk else tie.person_id


def _between(model: type[Mandate | Relative], one_end: str, other_end: str, kept: Person, gone: Person) -> bool:
    either_way = Q(**{one_end: kept, other_end: gone}) | Q(**{one_end: gone, other_end: kept})
    return model.objects.filter(either_way).exists()
