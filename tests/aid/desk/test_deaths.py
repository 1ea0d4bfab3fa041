"""At the desk: saying that somebody died, what ends with it, and taking it back. Then who is gone, from every list."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests.enums import RequestState
from aid.offers.services import welcome
from aid.people.merging import fingerprint
from aid.people.models import Person
from aid.privacy.merging import merge
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person, make_request, make_volunteer
from harness.loop import visits
from tenants.context import facing

pytestmark = pytest.mark.django_db


def again(person):
    return Person.objects.get(pk=person.pk)


def page_of(person, then=""):
    return f"/bureau/personne/{person.uid}/{then}"


def today():
    return timezone.localdate().isoformat()


def test_an_agent_says_so_and_the_card_says_it_calmly(desk, jeanne):
    card = desk.get(page_of(jeanne)).content.decode()
    assert page_of(jeanne, "deces/") in card
    page = desk.get(page_of(jeanne, "deces/")).content.decode()
    assert "nous a quittés" in page
    assert "Arrêter tout cela" not in page, "nothing is begun"
    answer = desk.post(page_of(jeanne, "deces/"), {"on": today()}, follow=True)
    assert answer.redirect_chain == [(page_of(jeanne), 302)]
    page = answer.content.decode()
    assert "Décès le" in page
    for gone in ("Noter une demande", "Noter comme bénévole", "Modifier la fiche", page_of(jeanne, "deces/") + '"'):
        assert gone not in page
    assert desk.get(page_of(jeanne, "deces/"))["Location"] == page_of(jeanne)


def test_what_is_not_over_is_listed_and_ends_only_by_choice(desk, jeanne, alice):
    agreed = make_request(jeanne, RequestState.AGREED, volunteer=alice)
    page = desk.get(page_of(jeanne, "deces/")).content.decode()
    assert f"/bureau/demande/{agreed.uid}/" in page
    assert "Alice devait venir" in page
    refused = desk.post(page_of(jeanne, "deces/"), {"on": today()}).content.decode()
    assert "Cochez cette case, ou terminez d’abord" in refused
    assert again(jeanne).deceased_on is None
    desk.post(page_of(jeanne, "deces/"), {"on": today(), "ends": "on"})
    agreed.refresh_from_db()
    assert (agreed.state, again(jeanne).deceased_on) == (RequestState.CANCELLED, timezone.localdate())


def test_a_volunteer_s_rendezvous_are_listed_too(desk, jeanne, alice):
    make_request(jeanne, RequestState.AGREED, volunteer=alice)
    page = desk.get(page_of(alice.person, "deces/")).content.decode()
    assert "chez Jeanne Martin" in page


def test_who_waits_for_a_volunteer_who_died_is_called_and_somebody_else_is_looked_for(desk, jeanne, alice):
    coming = make_request(jeanne, RequestState.AGREED, volunteer=alice)
    desk.post(page_of(alice.person, "deces/"), {"on": today(), "ends": "on"})
    coming.refresh_from_db()
    assert (coming.state, coming.volunteer, again(alice.person).is_living) == (RequestState.OPEN, None, False)
    words = FollowUp.objects.open().get(kind=FollowUpKind.TO_CALL, subject_id=coming.pk).words
    assert "Alice ne pourra pas venir, à cause d’un décès" in words


@pytest.mark.parametrize("day", ["", "hier", "2999-01-01", "<b>", "0001-01-01"])
def test_a_day_that_cannot_be_is_refused_next_to_it(desk, jeanne, day):
    page = desk.post(page_of(jeanne, "deces/"), {"on": day})
    assert page.status_code == 200
    assert "ds-validation-message" in page.content.decode()
    assert again(jeanne).deceased_on is None


@pytest.fixture
def departed(jeanne):
    Person.objects.filter(pk=jeanne.pk).update(deceased_on=timezone.localdate())
    return again(jeanne)


def test_a_mistake_is_taken_back(desk, departed):
    answer = desk.post(page_of(departed, "deces/erreur/"), follow=True)
    assert "C’est corrigé" in answer.content.decode()
    assert "Noter une demande" in answer.content.decode()
    assert again(departed).deceased_on is None


@pytest.mark.parametrize("name", ["new_request", "new_volunteer"])
def test_nothing_can_be_entered_for_who_died(desk, departed, name):
    answer = desk.get(reverse(f"desk:{name}"), {"personne": departed.uid}, follow=True)
    assert answer.redirect_chain == [(page_of(departed), 302)]
    assert "rien ne peut être noté" in answer.content.decode()
    answer = desk.post(reverse(f"desk:{name}"), {"personne": departed.uid, "kind": visits().pk})
    assert answer["Location"] == page_of(departed)


def test_another_town_s_is_absent(desk, other_town):
    with facing(other_town):
        elsewhere = make_person("Odette")
    for uid in (elsewhere.uid, uuid.uuid4()):
        assert desk.get(f"/bureau/personne/{uid}/deces/").status_code == 404
        for then in ("deces/", "deces/erreur/"):
            assert desk.post(f"/bureau/personne/{uid}/{then}", {"on": today(), "ends": "on"}).status_code == 404
    with facing(other_town):
        assert again(elsewhere).deceased_on is None


# --- Who is gone, from every list

GONE = "Canaridisparue"


@pytest.fixture(params=["deceased", "merged"])
def gone(request, jeanne):
    """Somebody who was everything here, and whose card is nobody's any more."""
    person = make_volunteer("Odile", GONE, "+33639980055").person
    welcome(person=person, kinds=[visits()])
    if request.param == "merged":
        by = make_account("maire2@ccas.example", "Administrateurs")
        merge(jeanne, person, take=[], seen=fingerprint(jeanne, person), by_account=by)
    else:
        Person.objects.filter(pk=person.pk).update(deceased_on=timezone.localdate())
    return person


def test_who_is_gone_is_in_no_list_search_export_or_choice(desk, gone):
    administrator = Client(headers={"host": FIRST_TOWN})
    administrator.force_login(make_account("maire@ccas.example", "Administrateurs"))
    pages = [
        desk.get(reverse(f"desk:{name}"))
        for name in ("board", "requests", "followups", "people", "volunteers", "new_request", "new_volunteer")
    ]
    pages += [desk.get(reverse("desk:people"), {"page": 2}), administrator.get(reverse("desk:export_people"))]
    for text in (GONE, "Odile", "06 39 98 00 55"):
        pages.append(desk.post(reverse("desk:find_people"), {"texte": text}))
        for name in ("people", "new_request", "new_volunteer"):
            pages.append(desk.post(reverse(f"desk:{name}"), {"chercher": "1", "texte": text}))
    resembling = {"first_name": "Odile", "last_name": GONE, "phone": "06 39 98 00 55"}
    pages.append(desk.post(reverse("desk:new_request"), resembling))
    for page in pages:
        assert page.status_code == 200
        told = page.content.decode()
        assert str(gone.uid) not in told
        assert f"Odile {GONE}" not in told
    assert page.context["form"].fields.get("same_as") is None


def test_those_who_died_have_a_list_of_their_own(desk, departed, alice):
    page = desk.get(reverse("desk:people"), {"etat": "decedees"}).content.decode()
    assert page_of(departed) in page
    assert page_of(alice.person) not in page
