"""A photo of somebody: kept privately with their agreement, one each, and gone with its row."""

import io
import os
from datetime import timedelta

import pytest
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from aid.people.models import Person
from aid.photos import files
from aid.photos.models import FOLDER, Photo
from aid.photos.services import keep_photo, remove_photo
from aid.privacy import consents, forgetting, merging
from aid.privacy.enums import Act, Agreed, ConsentKind, SeenOn
from aid.privacy.holdings import known_of
from aid.privacy.models import Consent
from aid.privacy.services import accesses_to
from harness.desk import make_account, make_person
from harness.pictures import REFUSED, SECRET, from_a_telephone, sent
from tenants.context import facing

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(town):
    return make_person("Alice", "Morel")


@pytest.fixture
def storage(town):
    return storages["private"]


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """What follows a commit is done at the end of the block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_a_photo_is_drawn_anew_under_a_name_that_says_nothing_and_has_no_address(alice, storage):
    photo = keep_photo(alice, sent(from_a_telephone(), "alice-morel.jpg"), how=Agreed.ON_SCREEN)
    assert photo.file.name.startswith(f"{FOLDER}/")
    assert "alice" not in photo.file.name
    with photo.file.open() as file:
        content = file.read()
    assert SECRET.encode() not in content
    with Image.open(io.BytesIO(content)) as drawn:
        assert (drawn.format, drawn.size) == ("JPEG", (600, 800))
        assert not drawn.getexif()
    with pytest.raises(SuspiciousFileOperation):
        photo.file.url  # noqa: B018 (asking is the test)


@pytest.mark.parametrize("name", ["svg", "bomb", "heavy", "disguised", "moving_webp"])
def test_what_is_no_picture_is_refused_next_to_the_field_and_the_former_one_stays(alice, name):
    before = keep_photo(alice, sent(), how=Agreed.ON_SCREEN)
    content, says = REFUSED[name]
    with pytest.raises(ValidationError, match=says) as refused:
        keep_photo(alice, sent(content), how=Agreed.ON_SCREEN)
    assert list(refused.value.message_dict) == ["file"]
    assert Photo.objects.get(person=alice) == before


def test_another_photo_takes_the_place_of_the_one_before_whose_file_goes(alice, storage, committed):
    with committed():
        first = keep_photo(alice, sent(), how=Agreed.ON_SCREEN).file.name
    with committed():
        second = keep_photo(alice, sent(), how=Agreed.ON_SCREEN).file.name
        assert storage.exists(first), "until it is kept for good"
    assert first != second
    assert not storage.exists(first)
    assert storage.exists(second)
    assert Photo.objects.filter(person=alice).count() == 1


def test_there_is_one_photo_each(alice):
    keep_photo(alice, sent(), how=Agreed.ON_SCREEN)
    with pytest.raises(IntegrityError), transaction.atomic():
        Photo.objects.create(person=alice, file="photos/x.jpg")


def test_agreeing_is_kept_with_its_words_and_ends_with_the_photo(alice, storage, committed):
    agent = make_account("agent@ccas.example", "Agents")
    with committed():
        name = keep_photo(alice, sent(), how=Agreed.SPOKEN, by_account=agent).file.name
    (given,) = consents.standing(alice)
    assert (given.kind, given.last.is_given, given.last.by_account) == (ConsentKind.PHOTO, True, agent)
    assert "l’on me reconnaisse" in given.last.text.words
    with committed():
        remove_photo(alice, how=Agreed.ON_SCREEN)
        remove_photo(alice, how=Agreed.ON_SCREEN)
    (given,) = consents.standing(alice)
    assert not given.last.is_given
    assert Consent.objects.count() == 2, "a second time changes nothing"
    assert not storage.exists(name)
    told = [(one.act, one.screen, one.by_account, one.by_person) for one in reversed(list(accesses_to(alice)))]
    assert told == [
        (Act.CHANGED, SeenOn.PHOTO, agent, None),
        (Act.CHANGED, SeenOn.PHOTO, None, alice),
    ]


def test_who_takes_the_agreement_back_has_no_photo_any_more(alice, storage, committed):
    with committed():
        name = keep_photo(alice, sent(), how=Agreed.ON_SCREEN).file.name
    with committed():
        consents.withdraw(alice, kind=ConsentKind.PHOTO, how=Agreed.ON_SCREEN)
    assert not Photo.objects.exists()
    assert not storage.exists(name)


def test_who_died_has_no_new_photo(alice):
    Person.objects.filter(pk=alice.pk).update(deceased_on=timezone.localdate())
    with pytest.raises(ValidationError, match="n’est plus là"):
        keep_photo(alice, sent(), how=Agreed.ON_SCREEN)


def test_the_photo_is_told_and_forgotten_with_the_person(alice, storage, committed):
    with committed():
        name = keep_photo(alice, sent(), how=Agreed.ON_SCREEN).file.name
    assert "Votre photo" in [one.holding.title for one in known_of(alice)]
    with committed():
        forgetting.forget(alice)
    assert not Photo.objects.exists()
    assert not storage.exists(name)


@pytest.mark.parametrize("both_have_one", [True, False])
def test_one_photo_is_left_of_two_cards_made_one(alice, storage, committed, both_have_one):
    twin = make_person("Alicia", "Morel", phone="+33199007777")
    with committed():
        gone = keep_photo(twin, sent(), how=Agreed.ON_SCREEN).file.name
        kept = keep_photo(alice, sent(), how=Agreed.ON_SCREEN).file.name if both_have_one else gone
    with committed():
        seen = merging.preview(alice, twin).seen
        merging.merge(alice, twin, take=(), seen=seen, by_account=make_account("a@ccas.example"))
    assert Photo.objects.get().person == alice
    assert Photo.objects.get().file.name == kept
    assert storage.exists(kept)
    assert storage.exists(gone) is not both_have_one


def test_what_a_failed_transaction_left_goes_after_a_day(alice, storage):
    named = keep_photo(alice, sent(), how=Agreed.ON_SCREEN).file
    with transaction.atomic():
        stray = keep_photo(alice, sent(), how=Agreed.ON_SCREEN).file
        transaction.set_rollback(True)
    assert storage.exists(stray.name)
    assert files.drop_strays() == 0
    long_ago = (timezone.now() - timedelta(days=2)).timestamp()
    for one in (named, stray):
        os.utime(one.path, (long_ago, long_ago))
    assert files.drop_strays() == 1
    assert storage.exists(named.name)
    assert not storage.exists(stray.name)


def test_photos_of_two_towns_are_apart(alice, storage, other_town):
    name = keep_photo(alice, sent(), how=Agreed.ON_SCREEN).file.name
    with facing(other_town):
        assert not storage.exists(name)
        assert not Photo.objects.exists()
        assert files.drop_strays() == 0
    assert storage.exists(name)
