"""« Ma photo » and « Ma carte »: one's own, and nobody else's of the same account."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from aid.onboarding.enums import SUSPEND
from aid.onboarding.services import take
from aid.photos.models import Photo
from aid.privacy.consents import standing
from aid.privacy.enums import Agreed
from harness.cards import a_card, a_photo, token_of
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person, make_volunteer
from harness.pictures import REFUSED, sent

pytestmark = pytest.mark.django_db
PHOTO, FILE, CARD = "personal:photo", "personal:photo_file", "personal:card"


def browser_of(*persons):
    account = make_account(f"compte{persons[0].pk}@exemple.example")
    for one in persons:
        one.account = account
        one.save()
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(account)
    return client


@pytest.fixture
def alice(town):
    return make_volunteer()


@pytest.fixture
def hers(alice):
    return browser_of(alice.person)


def test_she_puts_changes_and_takes_away_her_photo(hers, alice):
    assert hers.get(reverse(FILE)).status_code == 404
    assert hers.post(reverse(PHOTO), {"file": sent(), "agreed": "on"}).status_code == 302
    first = Photo.objects.get()
    assert first.put_by is None
    assert hers.get(reverse(FILE))["Content-Type"] == "image/jpeg"
    hers.post(reverse(PHOTO), {"file": sent(), "agreed": "on"})
    assert Photo.objects.get() != first
    (given,) = standing(alice.person)
    assert (given.last.how, given.last.is_given) == (Agreed.ON_SCREEN, True)
    hers.post(reverse(PHOTO), {"geste": "enlever"})
    assert not Photo.objects.exists()
    assert not standing(alice.person)[0].last.is_given


def test_without_agreeing_nothing_is_kept(hers):
    page = hers.post(reverse(PHOTO), {"file": sent()}).content.decode()
    assert "Cochez la case" in page
    assert not Photo.objects.exists()


@pytest.mark.parametrize("name", ["svg", "bomb", "heavy", "gif"])
def test_what_is_no_photo_is_refused_next_to_its_field(hers, name):
    content, says = REFUSED[name]
    page = hers.post(reverse(PHOTO), {"file": sent(content), "agreed": "on"}).content.decode()
    (error,) = re.findall(r'id="id_file-erreur">([^<]*)', page)
    assert says in error
    assert re.search(r'name="agreed"[^>]* checked', page)


def test_taking_back_the_agreement_erases_the_photo(hers, alice):
    a_photo(alice.person)
    url = reverse("personal:withdraw_consent", args=["photo"])
    assert "votre photo est effacée" in hers.get(url).content.decode()
    assert hers.post(url).status_code == 302
    assert not Photo.objects.exists()


def test_her_card_is_on_her_telephone_while_it_is_valid(hers, alice):
    assert "pas de carte valable" in hers.get(reverse(CARD)).content.decode()
    card = a_card(alice)
    page = hers.get(reverse(CARD))
    assert card.number in page.content.decode()
    assert 'class="card-qr"' in page.content.decode()
    assert token_of(card) not in page.content.decode(), "only a camera reads it"
    assert "no-store" in page["Cache-Control"]
    take(alice, SUSPEND)
    assert card.number not in hers.get(reverse(CARD)).content.decode()


def test_without_the_key_the_page_stands(hers, alice, settings):
    a_card(alice)
    settings.MASTER_KEYS = []
    assert "pas de carte valable" in hers.get(reverse(CARD)).content.decode()


def test_of_a_couple_each_has_their_own(alice):
    bob = make_person("Bob", phone="+33199007777")
    client = browser_of(alice.person, bob)
    a_photo(alice.person)
    a_card(alice)
    client.post(reverse("personal:who"), {"personne": str(bob.uid)})
    assert client.get(reverse(FILE)).status_code == 404
    assert client.get(reverse(CARD)).status_code == 404
    assert reverse(CARD) not in client.get(reverse("personal:home")).content.decode()
    client.post(reverse("personal:who"), {"personne": str(alice.person.uid)})
    assert client.get(reverse(FILE)).status_code == 200
    assert reverse(CARD) in client.get(reverse("personal:home")).content.decode()
