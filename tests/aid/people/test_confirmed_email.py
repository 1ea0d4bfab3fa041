"""An address that was proved opens the door; another address is yet to be."""

import pytest

from aid.people.merging import fingerprint
from aid.people.models import Person
from aid.people.services import confirm_email, leave_account, register_person, update_person
from aid.personal.services import knows_contact, open_door
from aid.privacy.merging import merge
from harness.desk import a_colleague

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
EMAIL, OTHER = "ines@exemple.example", "ines.roy@exemple.example"


@pytest.fixture
def ines():
    return register_person(first_name="Inès", email=EMAIL)


def test_an_address_opens_once_it_is_proved(ines):
    assert not knows_contact(email=EMAIL)
    confirm_email(ines)
    first = ines.email_confirmed_at
    confirm_email(ines)
    assert ines.email_confirmed_at == first
    assert knows_contact(email=EMAIL)
    assert open_door(email=EMAIL).persons.get() == ines


def test_another_address_is_to_be_proved_again(ines):
    confirm_email(ines)
    assert update_person(ines, first_name="Ines").email_confirmed_at
    assert update_person(ines, email=OTHER).email_confirmed_at is None
    assert not knows_contact(email=OTHER)


def test_who_leaves_an_account_and_the_address_has_proved_nothing(ines):
    confirm_email(ines)
    other = register_person(first_name="Max", email=EMAIL)
    confirm_email(other)
    open_door(email=EMAIL)
    leaving = leave_account(Person.objects.get(pk=ines.pk), no_longer_theirs=["email"])
    assert (leaving.email, leaving.email_confirmed_at) == ("", None)


@pytest.mark.parametrize(("take", "proved"), [([], True), (["email"], True)])
def test_the_same_address_on_two_cards_stays_proved(ines, take, proved):
    confirm_email(ines)
    kept = register_person(first_name="Inès", email=EMAIL if not take else OTHER)
    merge(kept, ines, take=take, seen=fingerprint(kept, ines), by_account=a_colleague())
    kept.refresh_from_db()
    assert (kept.email, bool(kept.email_confirmed_at)) == (EMAIL, proved)
    ines.refresh_from_db()
    assert ines.email_confirmed_at is None
