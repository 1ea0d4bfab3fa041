"""The card on paper: tagged, in the town's colours, whatever the name; its QR leads to the town's own page."""

import io
import re
import subprocess

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from aid.cards import printing
from aid.cards.printing import card_pdf, ink_on
from aid.cards.services import card_of
from aid.configuration.brand import brand_of_town
from aid.configuration.logos import LogoFormField
from aid.configuration.models import Identity
from aid.people.models import Person
from harness.cards import CAN_READ, a_card, a_photo, page_of, read_qr
from harness.desk import make_volunteer
from harness.pictures import picture
from themes.colours import contrast

pytestmark = pytest.mark.django_db
NAMES = ("Alice", "X" * 80, "Marie-Antoinette-Philippine " * 2 + "Hippolyte de la Tour-d’Auvergne", "Ève #panic() *x*")


@pytest.fixture
def alice(town):
    return make_volunteer()


def printed(volunteer):
    brand = brand_of_town(RequestFactory().get("/"))
    card = card_of(volunteer)
    card.volunteer.person.refresh_from_db()
    return card_pdf(card, brand=brand)


def words_of(pdf, folder):
    (folder / "carte.pdf").write_bytes(pdf)
    command = ["pdftotext", "-raw", folder / "carte.pdf", "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_it_is_one_tagged_page_with_words_for_each_picture(alice):
    a_photo(alice.person)
    a_card(alice)
    content = printed(alice)
    assert b"pdfuaid" in content
    assert b"/Lang(fr" in content
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 1


@pytest.mark.parametrize("name", NAMES, ids=["short", "one_long_word", "eighty", "markup"])
@pytest.mark.parametrize("has_photo", [True, False])
def test_every_name_fits_and_the_page_keeps_its_promise(alice, name, has_photo, tmp_path):
    Person.objects.filter(pk=alice.person_id).update(first_name=name[:80].strip(), last_name="Z")
    if has_photo:
        a_photo(alice.person)
    a_card(alice)
    content = printed(alice)
    assert b"pdfuaid" in content
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 1
    if CAN_READ:
        told = re.sub(r"[\s\u200b-]", "", words_of(content, tmp_path))
        assert re.sub(r"[\s-]", "", name[:80]) in told, "no letter of it is cut"


@pytest.mark.skipif(not CAN_READ, reason="needs pdftoppm and zbarimg")
def test_a_telephone_reads_the_address_of_the_towns_own_page(alice, tmp_path):
    card = a_card(alice)
    assert read_qr(printed(alice), tmp_path) == printing.address_of(page_of(card))


def test_the_logo_of_the_town_is_on_it_and_one_whose_file_is_gone_breaks_nothing(alice):
    a_card(alice)
    plain = printed(alice)
    identity = Identity.objects.get()
    identity.logo.save("x.png", LogoFormField().clean(ContentFile(picture("PNG", (900, 300)), "x.png")), save=False)
    identity.logo_alt = "La ville"
    identity.save()
    cache.clear()
    with_logo = printed(alice)
    assert len(with_logo) > len(plain) + 300
    identity.logo.forget()
    assert printed(alice).startswith(b"%PDF-")


def test_the_printed_photo_is_no_larger_than_paper_shows(alice):
    a_photo(alice.person)
    alice.person.refresh_from_db()
    with Image.open(io.BytesIO(bytes(printing._photo(alice.person)))) as small:
        assert small.size == printing.PRINTED_PHOTO
    alice.person.photo.file.storage.delete(alice.person.photo.file.name)
    assert printing._photo(alice.person) is None


@given(st.integers(0, 0xFFFFFF))
def test_what_is_written_on_the_towns_colour_is_read_on_any(colour):
    hexa = f"#{colour:06x}"
    assert contrast(ink_on(hexa), hexa) >= 4.5
