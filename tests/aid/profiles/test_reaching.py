"""A volunteer's own number, shown to neighbours whom the town knows, and to nobody else."""

import pytest
from django.core.exceptions import ValidationError

from aid.moderation.blocks import block
from aid.onboarding.enums import SUSPEND
from aid.onboarding.services import take
from aid.people.services import confirm_phone
from aid.privacy import consents
from aid.privacy.enums import Agreed, ConsentKind
from aid.privacy.models import Access
from aid.profiles import reaching
from aid.profiles.models import Profile
from aid.profiles.services import present, withdraw
from core.phones import normalise_phone
from themes.brand import format_telephone

pytestmark = pytest.mark.django_db
MINE = "/mon-espace/me-joindre/"


@pytest.fixture
def shown(alice):
    """Alice is presented, and shows her number."""
    present(person=alice.person, words="Bonjour.", interests=[])
    reaching.show(alice.person, phone=True, email=False)
    return Profile.objects.get()


@pytest.fixture
def known(jeanne):
    """Jeanne's number is confirmed."""
    confirm_phone(jeanne)
    return jeanne


def contact_of(profile):
    return f"/voisins/{profile.uid}/coordonnees/"


def test_a_neighbour_whom_the_town_knows_reads_the_number_and_it_is_kept(shown, known, signed_in, alice):
    browser = signed_in(known)
    number = format_telephone(normalise_phone(alice.person.phone))
    page = browser.get(f"/voisins/{shown.uid}/").content.decode()
    assert "Voir ses coordonnées" in page
    assert number not in page
    assert not Access.objects.filter(screen="contact").exists()
    assert number in browser.post(contact_of(shown)).content.decode()
    read = Access.objects.get(screen="contact")
    assert (read.person_id, read.by_person_id) == (alice.person.pk, known.pk)
    assert browser.get(contact_of(shown)).status_code == 405


def test_nobody_else_reads_it(shown, jeanne, signed_in, stranger, alice):
    number = format_telephone(normalise_phone(alice.person.phone))
    for browser in (stranger, signed_in(jeanne)):
        page = browser.get(f"/voisins/{shown.uid}/").content.decode()
        assert (number in page, alice.person.phone in page, "Voir ses coordonnées" in page) == (False, False, False)
        assert browser.post(contact_of(shown)).status_code == 404
    confirm_phone(jeanne)
    block(blocker=alice.person, blocked=jeanne)
    assert browser.post(contact_of(shown)).status_code == 404
    assert not Access.objects.filter(screen="contact").exists()


@pytest.mark.parametrize("end", ["here", "everywhere", "agreement", "suspended"])
def test_what_was_shown_is_gone_at_once(shown, known, signed_in, alice, end):
    browser = signed_in(known)
    assert browser.post(contact_of(shown)).status_code == 200
    if end == "here":
        reaching.show(alice.person, phone=False, email=False)
    elif end == "everywhere":
        withdraw(alice.person)
    elif end == "agreement":
        consents.withdraw(alice.person, kind=ConsentKind.SHOW_PHONE, how=Agreed.ON_SCREEN)
    else:
        take(alice, SUSPEND)
    assert browser.post(contact_of(shown)).status_code == 404
    given = {one.kind: one.last.is_given for one in consents.standing(alice.person)}
    assert given[ConsentKind.SHOW_PHONE] == (end == "suspended")


def test_a_person_reads_so_many_a_day(shown, known, signed_in):
    browser = signed_in(known)
    for _ in range(reaching.READ_A_DAY):
        assert browser.post(contact_of(shown)).status_code == 200
    assert browser.post(contact_of(shown)).status_code == 429


def test_a_volunteer_chooses_it_on_their_own_page(alice, jeanne, signed_in):
    alice.person.email = "alice@exemple.example"
    alice.person.save()
    hers = signed_in(alice.person)
    assert hers.get(MINE).status_code == 404, "she is not presented yet"
    present(person=alice.person, words="Bonjour.", interests=[])
    assert "Montrer mon téléphone" in hers.get(MINE).content.decode()
    hers.post(MINE, {"email": "on"})
    profile = Profile.objects.get()
    assert (profile.shows_phone, profile.shows_email) == (False, True)
    hers.post(MINE, {"phone": "on"})
    profile.refresh_from_db()
    assert (profile.shows_phone, profile.shows_email) == (True, False)
    present(person=jeanne, words="Bonjour.", interests=[])
    assert signed_in(jeanne).get(MINE).status_code == 404, "she is no volunteer"
    with pytest.raises(ValidationError):
        reaching.show(jeanne, phone=True, email=False)
