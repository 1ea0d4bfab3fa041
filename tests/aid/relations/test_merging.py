"""Two cards made one: ties, roofs and mandates lead to the card that stays; who acts for another is another."""

import pytest

from aid.people.merging import MergeRefusedError, fingerprint
from aid.people.models import Person
from aid.privacy.merging import merge, preview
from aid.relations import services
from aid.relations.enums import Consent, Deed, Kinship, Scope
from aid.relations.models import Household, Mandate, Relative
from harness.desk import make_account
from harness.loop import somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture
def kept():
    return somebody("Jeanne", "+33639980011")


@pytest.fixture
def gone():
    return somebody("Jane", "+33639980012")


@pytest.fixture
def claire():
    return somebody("Claire", "+33639980005")


@pytest.fixture
def unite(kept, gone):
    def united():
        administrator = make_account("maire@ccas.example", "Administrateurs")
        one, other = (Person.objects.get(pk=person.pk) for person in (kept, gone))
        return merge(one, other, take=[], seen=fingerprint(one, other), by_account=administrator)

    return united


def grant(representative, principal):
    return services.grant(
        representative=representative, principal=principal, scope=[Scope.REQUESTS], consent=Consent.ON_PAPER
    )


def test_ties_and_roofs_move_and_of_two_the_kept_card_s_stays(unite, kept, gone, claire):
    paul, max_ = somebody("Paul"), somebody("Max")
    services.note_relative(kept, claire, kind=Kinship.DAUGHTER)
    services.note_relative(claire, gone, kind=Kinship.FRIEND)
    services.note_relative(gone, paul, kind=Kinship.NEIGHBOUR)
    services.live_together(gone, max_)
    unite()
    assert services.relatives_of(kept) == [(claire, "sa fille"), (paul, "sa voisine ou son voisin")]
    assert services.shares_household_with(kept) == [max_]
    assert not Relative.objects.filter(person=gone).exists()


def test_one_lives_under_one_roof(unite, kept, gone, claire):
    services.live_together(kept, claire)
    services.live_together(gone, somebody("Max"))
    unite()
    assert services.shares_household_with(kept) == [claire]
    assert Household.objects.count() == 1


def test_mandates_move_on_either_side_and_of_two_between_the_same_one_goes_on(unite, kept, gone, claire):
    odette = somebody("Odette")
    stays, ends, hers = grant(claire, kept), grant(claire, gone), grant(gone, odette)
    deed = services.note_deed(Deed.ASKED, mandate=ends)
    unite()
    assert services.mandates_given(kept) == [stays]
    assert services.mandates_in_force(claire) == [stays]
    assert [one.pk for one in services.mandates_in_force(kept)] == [hers.pk]
    ends.refresh_from_db()
    assert (ends.principal, ends.revoked_at is not None) == (kept, True)
    assert services.deeds_for(kept) == [deed], "what is only added to keeps its number, and is read by both"
    assert services.deeds_for(kept)[0].whose == kept


@pytest.mark.parametrize("between", ["mandate", "tie"])
def test_who_acts_for_another_or_is_close_to_them_is_another(unite, kept, gone, between):
    if between == "mandate":
        services.revoke(grant(gone, kept), by_person=kept)
    else:
        services.note_relative(gone, kept, kind=Kinship.SIBLING)
    assert preview(kept, gone).refusal
    with pytest.raises(MergeRefusedError):
        unite()
    assert Person.objects.filter(merged_into=None).count() == 2


def test_a_mandate_ends_with_either_of_the_two(kept, claire):
    mandate = grant(claire, kept)
    Person.objects.filter(pk=kept.pk).update(deceased_on=mandate.starts_on)
    assert services.mandates_in_force(claire) == []
    with pytest.raises(services.NoMandateError):
        services.hold(mandate, Scope.REQUESTS)
    assert Mandate.objects.in_force().count() == 0
