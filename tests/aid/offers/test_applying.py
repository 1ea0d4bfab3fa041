"""Applying on the site, at its own door: three pages and a code, whatever is typed, clicked twice, or lost."""

import datetime
import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from aid.configuration.models import KindOfHelp
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.notifications.models import Message
from aid.offers.applying import (
    MOST_A_DAY_BY_ADDRESS,
    MOST_A_DAY_BY_CONTACT,
    settle,
    sweep,
)
from aid.offers.jobs import settle_unproved
from aid.offers.models import Application, Means, Offer
from aid.offers.texts import AGREEMENT
from aid.onboarding.enums import REFUSE, SUSPEND, Source, StepKind, VolunteerState
from aid.onboarding.models import Volunteer
from aid.onboarding.services import admit, take
from aid.people.models import Person
from aid.people.services import confirm_phone, register_person
from aid.personal.services import knows_contact
from aid.privacy import consents
from aid.privacy.enums import Agreed, ConsentKind
from aid.territory.models import CoveredCommune
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.loop import somebody, visits
from harness.requests import LANDLINE, MOBILE, code_sent_to, wrong_code
from harness.steps import a_step, without_steps
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
APPLY = "/devenir-benevole/candidature/"
WHAT, WORDS, CODE, THANKS = f"{APPLY}aides/", f"{APPLY}quelques-mots/", f"{APPLY}code/", f"{APPLY}merci/"
ABOUT_ME = {"first_name": "Alice", "last_name": "Martin", "contact": "06 39 98 00 01"}
EMAIL = "alice@exemple.example"


@pytest.fixture
def alice(visit):
    return visit(FIRST_TOWN)


def apply(client: Client, *, who=None, what=None, words=None, path=APPLY):
    """All three steps; the answer to the last one."""
    answer = client.post(path, ABOUT_ME | (who or {}))
    assert answer.status_code == 302, said(answer)
    assert answer["Location"] == WHAT
    answer = client.post(WHAT, {"kinds": [visits().slug]} | (what or {}))
    assert answer.status_code == 302, said(answer)
    assert answer["Location"] == WORDS
    return client.post(WORDS, words or {})


def said(answer) -> str:
    """What a page says, for people."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def confirmed(client: Client, contact: str = MOBILE):
    return client.post(CODE, {"code": code_sent_to(contact)})


def test_alice_applies_confirms_her_number_and_is_a_candidate(alice):
    without_steps()
    a_step(StepKind.INTERVIEW, "Un entretien avec nous")
    a_step(StepKind.CHARTER, "La charte signée")
    car = Means.objects.get(name="Une voiture")
    answer = apply(
        alice,
        what={"slots": ["1-morning", "6-evening"], "means": [car.pk]},
        words={"motivation": "J’aime <b>bavarder</b> 😀"},
    )
    assert answer["Location"] == CODE
    # Nobody is written down before.
    assert not Person.objects.exists()
    assert not FollowUp.objects.exists()
    assert "06\u00a039\u00a098\u00a000\u00a001" in alice.get(CODE).content.decode()
    refused = alice.post(CODE, {"code": wrong_code(code_sent_to(MOBILE))})
    assert (refused.status_code, "n’est pas le bon" in said(refused)) == (422, True)
    assert confirmed(alice)["Location"] == THANKS

    volunteer = Volunteer.objects.get()
    person = volunteer.person
    assert (volunteer.state, volunteer.source) == (VolunteerState.CANDIDATE, Source.SITE)
    assert volunteer.motivation == "J’aime <b>bavarder</b> 😀"
    assert (person.full_name, person.phone, person.commune) == ("Alice Martin", MOBILE, CoveredCommune.objects.get())
    assert person.phone_confirmed_at
    offer = Offer.objects.get(volunteer=volunteer)
    assert list(offer.kinds.all()) == [visits()]
    assert (offer.slots, list(offer.means.all())) == (["1-morning", "6-evening"], [car])
    given = consents.standing(person)
    assert [(one.kind, one.last.text.words) for one in given] == [(ConsentKind.VOLUNTEER, AGREEMENT)]
    assert FollowUp.objects.get().kind == FollowUpKind.ONBOARDING
    # The same words on the page and in the message.
    page = said(alice.get(THANKS))
    assert page.index("Un entretien avec nous.") < page.index("La charte signée.") < page.index("Puis vous recevez")
    told = Message.objects.get(kind="applied")
    assert (told.person, "/mon-espace/benevole/" in told.body) == (person, True)
    # Nothing of it is left on the way.
    kept = Application.objects.get()
    assert (kept.first_name, kept.contact, kept.motivation, kept.answers) == ("", "", "", {})


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("first_name", "Marc devis 06 39 98 00 77", "Écrivez seulement votre prénom."),
        ("first_name", "Marc www.plombier.example", "Écrivez seulement votre prénom."),
        ("last_name", "Roy roy@exemple.example", "Écrivez seulement votre nom."),
    ],
)
def test_a_name_is_no_place_for_a_number_or_an_address(alice, field, typed, says):
    refused = alice.post(APPLY, ABOUT_ME | {field: typed})
    assert (refused.status_code, says in said(refused)) == (422, True)
    assert typed in unescape(refused.content.decode()), "what was typed is not lost"
    assert alice.post(APPLY, ABOUT_ME | {"last_name": "d’Arc-Un Deux"})["Location"] == WHAT


def test_by_e_mail_too_and_the_door_opens(alice):
    assert not knows_contact(email=EMAIL)
    assert apply(alice, who={"contact": "  Alice@Exemple.example "})["Location"] == CODE
    assert EMAIL in alice.get(CODE).content.decode()
    assert confirmed(alice, EMAIL)["Location"] == THANKS
    person = Person.objects.get()
    assert (person.email, bool(person.email_confirmed_at), person.phone) == (EMAIL, True, "")
    assert "Un entretien" in Message.objects.get(kind="applied").body or Message.objects.filter(kind="applied").exists()
    assert knows_contact(email=EMAIL)


def test_at_an_event_the_poster_says_so_to_the_end(alice):
    page = alice.get(f"{APPLY}?par=evenement").content.decode()
    assert 'name="par" value="evenement"' in page
    apply(alice, who={"par": "evenement"})
    confirmed(alice)
    assert Volunteer.objects.get().source == Source.EVENT
    assert 'name="par"' not in alice.get(f"{APPLY}?par=<script>").content.decode()


def test_there_are_three_steps_and_five_required_fields(alice):
    CoveredCommune.objects.create(commune_id="60139")
    required = 0
    commune = CoveredCommune.objects.first().pk
    steps = [
        (APPLY, ABOUT_ME | {"commune": commune}),
        (WHAT, {"kinds": [visits().slug], "where": "anywhere"}),
        (WORDS, {}),
    ]
    for number, (url, data) in enumerate(steps, 1):
        page = alice.get(url)
        assert f"Étape {number} sur 3" in said(page)
        assert page.content.decode().count("<h1") == 1
        assert page["Cache-Control"].count("no-store") == 1
        required += sum(field.required for field in page.context["form"].fields.values())
        if number < 3:
            assert alice.post(url, data).status_code == 302
    # First and last name, contact, commune, kinds; « où » has its answer already.
    assert required == 6


def test_going_back_keeps_everything(alice):
    CoveredCommune.objects.create(commune_id="60139")
    chosen = CoveredCommune.objects.get(commune_id="60139")
    who = ABOUT_ME | {"commune": chosen.pk}
    kinds = list(KindOfHelp.objects.offered())[1:3]
    alice.post(APPLY, who)
    alice.post(
        WHAT,
        {"kinds": [kind.slug for kind in kinds], "where": "chosen", "communes": [chosen.pk], "slots": ["3-evening"]},
    )
    refused = alice.post(WORDS, {"motivation": "é" * 10_000})
    assert refused.status_code == 422
    assert "é" * 10_000 in refused.content.decode()
    first, second, third = (alice.get(path).content.decode() for path in (APPLY, WHAT, WORDS))
    assert 'value="06 39 98 00 01"' in first
    assert f'value="{chosen.pk}" selected' in first
    for kind in kinds:
        assert re.search(rf'value="{kind.slug}"[^>]* checked', second)
    assert 'value="3-evening" id="id_slots_8" checked' in second
    assert f'value="{chosen.pk}" id="id_communes_0" checked' in second
    assert "é" * 10_000 in third


@pytest.mark.parametrize("url", [WHAT, WORDS, CODE, THANKS])
def test_a_session_lost_on_the_way_begins_again(alice, url):
    assert alice.get(url)["Location"] == APPLY
    apply(alice)
    alice.cookies.clear()
    assert alice.get(url)["Location"] == APPLY
    assert alice.head(url).status_code == 302


def test_sending_twice_is_sending_once(alice):
    before = None
    alice.post(APPLY, ABOUT_ME)
    alice.post(WHAT, {"kinds": [visits().slug]})
    before = dict(alice.session["applying"])
    first = alice.post(WORDS, {})
    again = alice.post(WORDS, {})
    assert first["Location"] == again["Location"] == alice.get(WHAT)["Location"] == CODE
    # Another window, that had read the session before the first one wrote that it was sent.
    session = alice.session
    session["applying"] = before
    session.save()
    assert alice.post(WORDS, {})["Location"] == CODE
    assert Application.objects.count() == Message.objects.count() == 1
    confirmed(alice)
    session = alice.session
    session["applying"] = before
    session.save()
    assert alice.post(WORDS, {})["Location"] == THANKS
    assert alice.get(CODE)["Location"] == THANKS
    assert Volunteer.objects.count() == 1


def test_an_unknown_and_a_known_person_read_the_same(alice, visit):
    """Whoever types somebody's number learns nothing, and changes nothing of theirs."""
    known = register_person(first_name="Alice", last_name="Secret", phone=MOBILE, address="12 rue du Canari")
    confirm_phone(known)
    admit(person=known)
    stranger = visit(FIRST_TOWN)
    pages = []
    for client, contact in ((alice, "06 39 98 00 01"), (stranger, "06 39 98 00 09")):
        answer = apply(client, who={"contact": contact}, words={"motivation": "Canari"})
        page = re.sub(r'value="\w{64}"|\d\d\b', "", client.get(CODE).content.decode())
        pages.append((answer["Location"], page))
    assert pages[0] == pages[1]
    known.refresh_from_db()
    assert (known.last_name, known.volunteer.motivation) == ("Secret", "")
    assert not Offer.objects.exists()


def test_who_proves_the_number_is_who_the_town_knows_and_nothing_known_changes(alice):
    known = register_person(first_name="Alice", last_name="Durand", phone=MOBILE)
    admit(person=known)
    apply(alice, words={"motivation": "Encore moi"})
    confirmed(alice)
    known.refresh_from_db()
    assert (Person.objects.count(), known.last_name, known.commune) == (1, "Durand", None)
    # Admitted already: stays so, and offers what was ticked.
    assert Volunteer.objects.get().state == VolunteerState.ADMITTED
    assert list(Offer.objects.get().kinds.all()) == [visits()]


def test_a_couple_shares_a_telephone(alice):
    max_ = register_person(first_name="Max", phone=MOBILE)
    apply(alice)
    confirmed(alice)
    assert Person.objects.filter(phone=MOBILE).count() == 2
    assert Volunteer.objects.get().person != max_


def test_the_number_of_who_died_opens_nothing_of_theirs(alice):
    dead = somebody("Alice", MOBILE, deceased_on=timezone.localdate())
    apply(alice)
    confirmed(alice)
    assert Volunteer.objects.get().person != dead


def test_who_was_refused_may_apply_again_and_who_is_suspended_stays_so(alice, visit):
    for phone, move in ((MOBILE, REFUSE), ("+33639980002", SUSPEND)):
        person = register_person(first_name="Alice", phone=phone)
        if move == SUSPEND:
            admit(person=person)
        else:
            Volunteer.objects.create(person=person)
        take(person.volunteer, move)
    apply(alice)
    confirmed(alice)
    other = visit(FIRST_TOWN)
    apply(other, who={"contact": "06 39 98 00 02"})
    assert confirmed(other, "+33639980002")["Location"] == THANKS
    states = list(Volunteer.objects.order_by("pk").values_list("state", flat=True))
    assert states == [VolunteerState.CANDIDATE, VolunteerState.SUSPENDED]


def test_a_landline_gets_no_code_and_the_town_calls(alice):
    known = register_person(first_name="Alice", phone=LANDLINE)
    assert apply(alice, who={"contact": "01 99 00 00 01"})["Location"] == THANKS
    assert not Message.objects.exists()
    # On a card of its own, whoever is at that number: the town joins them if they are one.
    new = Volunteer.objects.get().person
    assert (new != known, new.phone, new.phone_confirmed_at) == (True, LANDLINE, None)
    kinds = set(FollowUp.objects.values_list("kind", flat=True))
    assert kinds == {FollowUpKind.CONFIRM_NUMBER, FollowUpKind.ONBOARDING}
    assert not knows_contact(phone=LANDLINE) or known.created_by is None


def test_without_the_code_an_hour_later_the_town_calls(alice):
    apply(alice)
    waiting = Application.objects.get()
    settle_unproved(application=waiting.pk)
    settle_unproved(application=waiting.pk)
    person = Volunteer.objects.get().person
    assert (person.phone, person.phone_confirmed_at) == (MOBILE, None)
    assert FollowUp.objects.filter(kind=FollowUpKind.CONFIRM_NUMBER).count() == 1
    assert not Message.objects.filter(kind="applied").exists()
    # The code came too late: the page says the same, and nothing is written twice.
    assert alice.post(CODE, {"code": "123456"})["Location"] == THANKS
    # Another day, the same person again: the same card.
    session = alice.session
    session.flush()
    apply(alice)
    settle(Application.objects.get(settled_at=None), is_proved=False)
    assert Volunteer.objects.count() == 1


def test_what_is_settled_is_taken_away(alice):
    apply(alice)
    confirmed(alice)
    assert sweep() == 0
    Application.objects.update(settled_at=timezone.now() - datetime.timedelta(days=3))
    assert sweep() == 1


def test_codes_are_sent_again_a_few_times(alice):
    apply(alice)
    for _ in range(4):
        assert alice.post(CODE, {"resend": "1"})["Location"] == f"{CODE}?renvoye"
    assert "Un nouveau code est parti" in said(alice.get(f"{CODE}?renvoye"))
    assert "plusieurs codes" in said(alice.post(CODE, {"resend": "1"}))
    assert Message.objects.count() == 5


def test_a_flood_is_stopped_in_the_same_words(alice, visit):
    for _ in range(MOST_A_DAY_BY_CONTACT):
        assert apply(visit(FIRST_TOWN))["Location"] == CODE
    answer = apply(visit(FIRST_TOWN))
    assert (answer.status_code, "Appelez-nous pour cette candidature" in said(answer)) == (429, True)
    for number in range(MOST_A_DAY_BY_ADDRESS - MOST_A_DAY_BY_CONTACT):
        other = visit(FIRST_TOWN)
        assert apply(other, who={"contact": f"n{number}@exemple.example"}).status_code == 302
    other = apply(visit(FIRST_TOWN), who={"contact": "dernier@exemple.example"})
    assert other.status_code == 429
    assert "Alice Martin" in other.content.decode()


@pytest.mark.parametrize(
    ("typed", "field", "said_"),
    [
        ({"first_name": ""}, "first_name", "Écrivez votre prénom."),
        ({"first_name": "😀😀"}, "first_name", "avec des lettres"),
        ({"first_name": "x" * 10_000}, "first_name", "80 caractères au plus"),
        ({"first_name": "Alicе"}, "first_name", "un seul alphabet"),
        ({"last_name": ""}, "last_name", "Écrivez votre nom."),
        ({"contact": ""}, "contact", "Écrivez un numéro"),
        ({"contact": "06 39 98"}, "contact", "Écrivez un numéro"),
        ({"contact": "alice@"}, "contact", "Écrivez un numéro"),
        ({"contact": "1" * 10_000}, "contact", "Écrivez un numéro"),
        ({"contact": "a\x00b@exemple.example"}, "contact", ""),
        ({"commune": "999999"}, "commune", "Choisissez une commune de la liste."),
        ({"commune": ""}, "commune", "Choisissez votre commune."),
    ],
)
def test_an_impossible_answer_is_told_beside_its_field_and_nothing_typed_is_lost(alice, typed, field, said_):
    CoveredCommune.objects.create(commune_id="60139")
    usual = ABOUT_ME | {"commune": CoveredCommune.objects.first().pk}
    answer = alice.post(APPLY, usual | {"last_name": "<script>alert(1)</script>"} | typed)
    assert answer.status_code == 422
    html = unescape(answer.content.decode())
    assert list(answer.context["form"].errors) == [field]
    assert re.search(rf'id="id_{field}-erreur">[^<]*{said_}', html)
    assert f'href="#id_{field}' in html
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kinds": []}, "kinds"),
        ({"kinds": ["rien"]}, "kinds"),
        ({"where": "ailleurs"}, "where"),
        ({"where": "chosen"}, "communes"),
        ({"where": "chosen", "communes": ["999999"]}, "communes"),
        ({"where": "near", "radius_km": "7"}, "radius_km"),
        ({"slots": ["8-morning"]}, "slots"),
        ({"means": ["999999"]}, "means"),
    ],
)
def test_an_impossible_offer_is_told_beside_its_field(alice, typed, field):
    other = CoveredCommune.objects.create(commune_id="60154")
    alice.post(APPLY, ABOUT_ME | {"commune": other.pk})
    answer = alice.post(WHAT, {"kinds": [visits().slug], "where": "anywhere"} | typed)
    assert answer.status_code == 422, answer["Location"]
    assert list(answer.context["form"].errors) == [field]
    assert re.search(rf'id="id_{field}-erreur">', answer.content.decode())


def test_a_radius_is_round_the_commune_that_was_chosen(alice):
    other, unknown = (CoveredCommune.objects.create(commune_id=code) for code in ("60154", "60139"))
    alice.post(APPLY, ABOUT_ME | {"commune": unknown.pk})
    # Nobody knows where its centre is: no distance is asked for.
    assert 'value="near"' not in alice.get(WHAT).content.decode()
    apply(alice, who={"commune": other.pk}, what={"where": "near", "radius_km": "20", "communes": [other.pk]})
    confirmed(alice)
    offer = Offer.objects.get()
    assert (offer.radius_km, offer.centre, offer.communes.count()) == (20, other, 0)


def test_communes_are_typed_where_there_are_many(alice, monkeypatch):
    monkeypatch.setattr("aid.territory.forms.MOST_LISTED_COMMUNES", 1)
    CoveredCommune.objects.create(commune_id="60139")
    first, second = (str(one) for one in CoveredCommune.objects.all())
    apply(alice, who={"commune": first.upper()}, what={"where": "chosen", "communes": f"{second} , {first},"})
    confirmed(alice)
    assert Offer.objects.get().communes.count() == 2
    answer = alice.post(APPLY, ABOUT_ME | {"commune": "Nulle-Part"})
    assert "pas sur notre territoire" in said(answer)


def test_a_kind_withdrawn_on_the_way_is_asked_again(alice):
    alice.post(APPLY, ABOUT_ME)
    alice.post(WHAT, {"kinds": [visits().slug]})
    KindOfHelp.objects.filter(pk=visits().pk).update(is_offered=False)
    assert alice.get(WORDS)["Location"] == WHAT


def test_withdrawing_ones_agreement_is_stopping(alice):
    apply(alice)
    confirmed(alice)
    person = Person.objects.get()
    consents.withdraw(person, kind=ConsentKind.VOLUNTEER, how=Agreed.ON_SCREEN)
    assert Volunteer.objects.get().state == VolunteerState.LEFT


def test_another_town_hears_nothing(alice, visit, other_town):
    apply(alice)
    with facing(other_town):
        assert not Application.objects.exists()
    lormes = visit(SECOND_TOWN)
    lormes.cookies = alice.cookies
    assert lormes.get(CODE)["Location"] == APPLY


def test_two_words_of_a_page_are_a_few_questions_to_the_database(alice, django_assert_max_num_queries):
    alice.post(APPLY, ABOUT_ME)
    for path, most in ((APPLY, 12), (WHAT, 14), (THANKS, 12)):
        with django_assert_max_num_queries(most):
            alice.get(path)
