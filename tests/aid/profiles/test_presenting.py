"""Presenting oneself: off by default, agreed to, read by the town's rules, withdrawn in one gesture."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from aid.moderation import subjects
from aid.moderation.blocks import block
from aid.moderation.enums import Family, Reason, SanctionKind
from aid.moderation.models import Case
from aid.moderation.sanctions import take as take_measure
from aid.onboarding.enums import PAUSE, REINSTATE, RESUME, SUSPEND, VolunteerState
from aid.onboarding.models import Volunteer
from aid.onboarding.services import leave, take
from aid.people.models import Person
from aid.people.services import register_person
from aid.privacy import consents, rights
from aid.privacy.enums import Agreed, ConsentKind, RightKind, Via
from aid.privacy.forgetting import forget
from aid.privacy.holdings import known_of
from aid.privacy.merging import merge, preview
from aid.privacy.models import Access, Consent
from aid.profiles.enums import ProfileState
from aid.profiles.models import Interest, Profile
from aid.profiles.moderating import KIND
from aid.profiles.services import NOTHING_SAID, has_masked, present, presented, withdraw
from aid.profiles.texts import AGREEMENT, listed
from harness.desk import make_account, make_person
from tenants.context import facing

pytestmark = pytest.mark.django_db
COMMERCE = "Plomberie, devis gratuit, 45 € de l’heure, 06 39 98 00 01."


def shown(person, **seen):
    return Profile.objects.shown_to(**({"is_insider": False} | seen)).filter(person=person).exists()


def test_nobody_is_presented_before_they_wish_it_and_their_yes_is_kept_with_its_words(alice, likes):
    assert not Profile.objects.exists()
    assert consents.standing(alice.person) == []
    profile = present(person=alice.person, words="  Bonjour   à tous \n\n", interests=[likes["cuisiner"]])
    assert (profile.words, profile.state) == ("Bonjour à tous", ProfileState.SHOWN)
    (given,) = consents.standing(alice.person)
    assert (given.kind, given.last.text.words, given.last.how) == (ConsentKind.PROFILE, AGREEMENT, Agreed.ON_SCREEN)
    present(person=alice.person, words="Autre chose", interests=[])
    assert Consent.objects.count() == 1, "a change of words asks nothing again"
    assert Profile.objects.get().words == "Autre chose"


def test_withdrawing_leaves_nothing_and_coming_back_asks_again(alice, likes):
    present(person=alice.person, words="Bonjour", interests=[likes["cuisiner"]])
    withdraw(alice.person)
    kept = Profile.objects.get()
    assert (kept.words, kept.published_at, list(kept.interests.all())) == ("", None, [])
    assert not shown(alice.person)
    with pytest.raises(consents.NotGivenError):
        withdraw(alice.person)
    present(person=alice.person, words="Me revoilà", interests=[])
    assert shown(alice.person)
    assert list(Consent.objects.order_by("pk").values_list("is_given", flat=True)) == [True, False, True]


@pytest.mark.parametrize(
    ("words", "says"), [("x" * 401, "400 signes"), ("", NOTHING_SAID), ("\u200b \n", NOTHING_SAID)]
)
def test_too_much_and_nothing_are_refused(alice, words, says):
    with pytest.raises(ValidationError, match=says):
        present(person=alice.person, words=words, interests=[])
    assert not Profile.objects.filter(published_at__isnull=False).exists()


def test_volunteers_are_for_everybody_and_residents_for_who_has_signed_in(alice, jeanne, likes):
    for person in (alice.person, jeanne):
        present(person=person, words="", interests=[likes["cuisiner"]])
    assert (shown(alice.person), shown(alice.person, is_insider=True)) == (True, True)
    assert (shown(jeanne), shown(jeanne, is_insider=True)) == (False, True)


def test_who_is_not_here_any_more_is_gone_at_once(alice, likes):
    present(person=alice.person, words="", interests=[likes["cuisiner"]])
    for go, back in ((PAUSE, RESUME), (SUSPEND, REINSTATE)):
        take(alice, go)
        assert not shown(alice.person, is_insider=True), go.name
        with pytest.raises(ValidationError):
            present(person=alice.person, words="Je suis là", interests=[])
        take(alice, back)
        assert shown(alice.person)
    leave(alice)
    assert not shown(alice.person, is_insider=True)
    Volunteer.objects.update(state=VolunteerState.ADMITTED)
    Person.objects.filter(pk=alice.person.pk).update(deceased_on=timezone.localdate(), account=None)
    assert not shown(alice.person, is_insider=True)
    with pytest.raises(ValidationError, match="décédée"):
        present(person=alice.person, words="Je suis là", interests=[])


@pytest.mark.parametrize("kind", [RightKind.OBJECT, RightKind.FORGET])
def test_who_asks_to_be_left_in_peace_is_shown_no_more_from_the_asking_on(alice, likes, kind):
    present(person=alice.person, words="", interests=[likes["cuisiner"]])
    rights.ask(person=alice.person, kind=RightKind.CORRECT, via=Via.SITE, words="Mon nom")
    assert shown(alice.person), "to be corrected hides nobody"
    asked = rights.ask(person=alice.person, kind=kind, via=Via.SITE)
    assert not shown(alice.person, is_insider=True)
    rights.withdraw(asked)
    assert shown(alice.person)


def test_a_measure_hides_and_silences(jeanne, likes):
    present(person=jeanne, words="", interests=[likes["cuisiner"]])
    chief = make_account("maire@ccas.example", "Administrateurs")
    usual = {"person": jeanne, "reason": Reason.COMMERCE, "words": "Trois annonces.", "by_account": chief}
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    take_measure(kind=SanctionKind.MUTE, ends_at=tomorrow, **usual)
    assert shown(jeanne, is_insider=True), "what was fine stays"
    with pytest.raises(ValidationError, match="rien publier"):
        present(person=jeanne, words="Encore une", interests=[])
    take_measure(kind=SanctionKind.SUSPENSION, **usual)
    assert not shown(jeanne, is_insider=True)


def test_who_does_not_want_to_see_somebody_does_not_and_the_other_way_round(alice, jeanne, likes):
    for person in (alice.person, jeanne):
        present(person=person, words="", interests=[likes["cuisiner"]])
    block(blocker=jeanne, blocked=alice.person)
    assert not shown(alice.person, is_insider=True, reader=jeanne)
    assert not shown(jeanne, is_insider=True, reader=alice.person)
    assert shown(alice.person, is_insider=True, reader=make_person("Zoé", phone=""))


def test_a_commercial_text_waits_and_a_corrected_one_comes_back(alice, likes):
    held = present(person=alice.person, words=COMMERCE, interests=[likes["cuisiner"]])
    assert held.state == ProfileState.HIDDEN
    assert held.reason, "its author reads why"
    assert not shown(alice.person, is_insider=True)
    changed = present(person=alice.person, words="Je bricole volontiers.", interests=[])
    assert (changed.state, changed.reason) == (ProfileState.SHOWN, "")
    held = present(person=alice.person, words=COMMERCE, interests=[likes["cuisiner"]])
    assert present(person=alice.person, words="", interests=[likes["cuisiner"]]).state == ProfileState.SHOWN
    # Withdrawn while it waits, it begins anew.
    present(person=alice.person, words=COMMERCE, interests=[])
    withdraw(alice.person)
    assert present(person=alice.person, words="Bonjour", interests=[]).state == ProfileState.SHOWN


def test_a_name_that_sells_waits_as_words_do(likes, town):
    marc = register_person(first_name="Marc devis 06 39 98 00 77", last_name="Roy")
    assert present(person=marc, words="", interests=[likes["bricoler"]]).state == ProfileState.HIDDEN
    assert not shown(marc, is_insider=True)
    case = Case.objects.open().get()
    assert case.families == [Family.COMMERCE]
    assert "Marc devis" in subjects.known(KIND).text_of(marc.profile.pk), "an agent reads the name too"
    paul = register_person(first_name="Paul", last_name="Roy")
    assert present(person=paul, words="", interests=[likes["bricoler"]]).state == ProfileState.SHOWN
    assert shown(paul, is_insider=True)


def test_a_number_in_a_name_is_masked_and_its_person_is_told(likes, town):
    marc = register_person(first_name="Marc 06 39 98 00 77", last_name="Roy")
    profile = present(person=marc, words="Bonjour", interests=[likes["bricoler"]])
    assert profile.state == ProfileState.SHOWN
    name = presented(profile, liked=set()).name
    assert name.startswith("Marc [numéro masqué")
    assert "39 98" not in name
    assert has_masked(profile)


def test_an_agent_s_change_is_kept_and_so_is_how_they_agreed(jeanne):
    agent = make_account("nadia@ccas.example", "Agents")
    present(person=jeanne, words="Bonjour", interests=[], how=Agreed.SPOKEN, by_account=agent)
    present(person=jeanne, words="Bonsoir", interests=[], by_account=agent)
    assert (Consent.objects.get().how, Consent.objects.get().by_account) == (Agreed.SPOKEN, agent)
    lines = Access.objects.filter(person=jeanne, act="changed", screen="profile", by_account=agent)
    assert lines.count() == 2


def test_what_is_held_is_told_and_goes_with_the_person(jeanne, likes):
    present(person=jeanne, words="Bonjour", interests=[likes["cuisiner"], likes["marcher"]])
    (told,) = [one for one in known_of(jeanne) if one.holding.model is Profile]
    assert dict(told.rows[0])["J’aime"] == "cuisiner, marcher"
    assert told.holding.basis.label.startswith("votre accord")
    forget(jeanne)
    assert not Profile.objects.exists()


@pytest.mark.parametrize("kept_too", [False, True])
def test_two_cards_made_one_have_one_presentation(jeanne, likes, kept_too):
    agent = make_account("maire@ccas.example", "Administrateurs")
    other = register_person(first_name="Jeanne", last_name="Canaristurnam")
    present(person=other, words=COMMERCE, interests=[likes["cuisiner"]])
    if kept_too:
        present(person=jeanne, words="Bonjour", interests=[likes["marcher"]])
    merge(jeanne, other, take=[], seen=preview(jeanne, other).seen, by_account=agent)
    profile = Profile.objects.get()
    assert profile.person == jeanne
    assert profile.words == ("Bonjour" if kept_too else COMMERCE)
    assert profile.state == ProfileState.HIDDEN, "two cards are no way round what waits"


def test_the_database_holds_its_own(alice):
    profile = present(person=alice.person, words="Bonjour", interests=[])
    for wrong in ({"published_at": None}, {"state": "ailleurs"}, {"state": "hidden", "reason": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Profile.objects.filter(pk=profile.pk).update(**wrong)
    double = Interest(name="CUISINER")
    with pytest.raises(ValidationError, match="existe déjà"):
        double.full_clean()


def test_towns_do_not_mix(town, other_town, alice):
    present(person=alice.person, words="Bonjour", interests=[])
    with facing(other_town):
        assert not Profile.objects.exists()
        assert Interest.objects.count() >= 15, "each town begins with its own list"


@pytest.mark.parametrize(
    ("names", "words"),
    [(["lire"], "lire"), (["lire", "marcher"], "lire et marcher"), (["a", "b", "c"], "a, b et c")],
)
def test_a_list_is_said_as_people_do(names, words):
    assert listed(names) == words
