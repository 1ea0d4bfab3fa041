"""« Entourage »: ties, one roof, mandates, in one gesture; and who phones for somebody."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aid.help_requests.enums import AskedBy, Consent
from aid.help_requests.models import HelpRequest
from aid.people.models import Person
from aid.relations import services as relations
from aid.relations.enums import Consent as GivenBy
from aid.relations.enums import Deed, Kinship, Scope
from aid.relations.models import ActedFor, Mandate, one_year_after
from harness.desk import make_person, make_request
from harness.loop import visits
from tenants.context import town_context

pytestmark = pytest.mark.django_db


@pytest.fixture
def claire(town):
    return make_person("Claire", "Durand", "+33639980005")


@pytest.fixture
def here(jeanne):
    return f"/bureau/personne/{jeanne.uid}/entourage/"


@pytest.fixture
def mandate(claire, jeanne, agent):
    return relations.grant(
        representative=claire, principal=jeanne, scope=[Scope.REQUESTS], consent=GivenBy.BY_PHONE, by_account=agent
    )


def typed(**more):
    return {"kind": "daughter", "first_name": "", "last_name": "", "phone": "", "email": "", "birth_year": ""} | more


def a_mandate(**more):
    return {"may_act": "on", "scope": ["requests", "known"], "consent": "by_phone", "ends_on": _in(200)} | more


def _in(days):
    return (timezone.localdate() + datetime.timedelta(days=days)).isoformat()


def seen(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_somebody_known_is_noted_in_one_gesture_with_a_mandate(desk, agent, jeanne, claire, here):
    found = desk.post(f"{here}ajouter/", {"chercher": "1", "texte": "durand"}).content.decode()
    assert f"{here}ajouter/?personne={claire.uid}" in found
    form = seen(desk, f"{here}ajouter/?personne={claire.uid}")
    assert one_year_after(timezone.localdate()).isoformat() in form
    sent = typed(personne=str(claire.uid), lives_there="on", circumstances="A rappelé le soir.") | a_mandate()
    for _ in range(2):  # twice is once
        assert desk.post(f"{here}ajouter/", sent)["Location"] == here
    mandate = Mandate.objects.get()
    assert (mandate.representative, mandate.principal, mandate.by_account) == (claire, jeanne, agent)
    assert (mandate.scope, mandate.consent) == (["requests", "known"], GivenBy.BY_PHONE)
    page = seen(desk, here)
    for words in (
        "Claire Durand</a>, sa fille", "Demander de l’aide et suivre les demandes, lire tout ce que la ville sait",
        "de vive voix, au téléphone, noté par Nadia Benali", "A rappelé le soir.", "Ne vit plus avec ces personnes",
    ):  # fmt: skip
        assert words in page, words
    other_side = seen(desk, f"/bureau/personne/{claire.uid}/entourage/")
    assert "Pour qui Claire peut agir" in other_side
    assert here in seen(desk, f"/bureau/personne/{jeanne.uid}/")


def test_somebody_new_is_created_and_a_tie_alone_asks_nothing_of_a_mandate(desk, jeanne, here):
    answer = desk.post(f"{here}ajouter/", typed(first_name="Paul", phone="06 39 98 00 44", email="P@exemple.example"))
    assert answer["Location"] == here
    paul = Person.objects.get(first_name="Paul")
    assert (paul.phone, paul.email) == ("+33639980044", "p@exemple.example")
    assert relations.relatives_of(jeanne) == [(paul, "sa fille")]
    assert not Mandate.objects.exists()


def test_who_resembles_somebody_known_is_asked_about_and_nothing_typed_is_lost(desk, claire, here):
    sent = typed(first_name="Claire", phone="06 39 98 00 05") | a_mandate(scope=["channel"], circumstances="Au café")
    page = desk.post(f"{here}ajouter/", sent).content.decode()
    assert "C’est peut-être elle" in page
    kept = desk.post(f"{here}ajouter/", sent | {"c_est_elle": str(claire.uid)}).content.decode()
    assert 'value="Au café"' in kept
    assert f'name="personne" value="{claire.uid}"' in kept
    for box, checked in (("requests", False), ("channel", True)):
        line = kept[kept.index(f'value="{box}"') :].partition(">")[0]
        assert ("checked" in line) is checked, line


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"kind": ""}, "Dites qui est cette personne"),
        ({"consent": ""}, "Demandez-lui son accord"),
        ({"consent": "on_screen"}, "Choisissez une réponse"),
        ({"scope": []}, "Cochez au moins une chose"),
        ({"ends_on": _in(-1)}, "un jour à venir"),
        ({"ends_on": _in(500)}, "un an au plus"),
        ({"circumstances": "x" * 301}, "300"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(desk, claire, here, wrong, error):
    page = desk.post(f"{here}ajouter/", typed(personne=str(claire.uid)) | a_mandate() | wrong).content.decode()
    assert error in page
    assert not Mandate.objects.exists()
    assert relations.relatives_of(claire) == []


def test_herself_is_refused_with_all_of_the_gesture(desk, jeanne, here):
    page = desk.post(f"{here}ajouter/", typed(personne=str(jeanne.uid)) | a_mandate()).content.decode()
    assert "Choisissez quelqu’un d’autre que cette personne." in page
    assert not Mandate.objects.exists()


def test_a_new_mandate_takes_the_place_of_the_running_one(desk, claire, mandate, here):
    assert "Un mandat court déjà entre elles" in seen(desk, f"{here}ajouter/?personne={claire.uid}")
    desk.post(f"{here}ajouter/", typed(personne=str(claire.uid)) | a_mandate(consent="on_paper"))
    (running,) = relations.mandates_in_force(claire)
    assert running != mandate
    assert running.consent == GivenBy.ON_PAPER
    assert Mandate.objects.count() == 2


def test_a_mandate_is_withdrawn_once_confirmed(desk, agent, jeanne, claire, mandate, here):
    url = f"{here}{mandate.uid}/"
    assert url in seen(desk, here)
    assert "Retirer ce mandat" in seen(desk, url)
    assert relations.mandates_in_force(claire) == [mandate]
    assert desk.post(url)["Location"] == here
    assert "retiré le" in seen(desk, here)
    assert "par Nadia Benali" in seen(desk, here)
    assert desk.post(url)["Location"] == here
    assert relations.mandates_in_force(claire) == []
    for person, one in ((make_person("Zoé", phone=""), mandate.uid), (jeanne, uuid.uuid4())):
        assert desk.get(f"/bureau/personne/{person.uid}/entourage/{one}/").status_code == 404


def test_of_another_town_nothing_is_found(desk, jeanne, mandate, other_town, here):
    with town_context(other_town):
        theirs, other = make_person("Simone"), make_person("Ginette", phone="")
        elsewhere = relations.grant(
            representative=other, principal=theirs, scope=[Scope.REQUESTS], consent=GivenBy.ON_PAPER
        )
    for path in (f"/bureau/personne/{theirs.uid}/entourage/", f"{here}{elsewhere.uid}/"):
        assert desk.get(path).status_code == 404
        assert desk.post(path).status_code in {404, 405}
    assert desk.get(f"{here}ajouter/?personne={other.uid}").status_code == 404
    assert desk.post(f"{here}enlever/", {"proche": str(other.uid)}).status_code == 404


def test_ties_and_roofs_are_taken_away_and_a_mandate_stays(desk, jeanne, claire, mandate, here):
    relations.note_relative(claire, jeanne, kind=Kinship.PARENT)
    relations.live_together(jeanne, claire)
    assert desk.post(f"{here}enlever/", {"proche": str(claire.uid)})["Location"] == here
    assert desk.post(f"{here}enlever/", {"proche": str(claire.uid)}).status_code == 404
    assert desk.post(f"{here}enlever/", {"foyer": "1"})["Location"] == here
    assert (relations.relatives_of(jeanne), relations.shares_household_with(jeanne)) == ([], [])
    assert relations.mandates_in_force(claire) == [mandate]


def test_the_page_costs_the_same_whatever_it_holds(desk, jeanne, agent, here):
    def queries():
        seen(desk, here)
        with CaptureQueriesContext(connection) as log:
            seen(desk, here)
        return len(log)

    def somebody_more(number):
        other = make_person(f"Proche{number}", phone=f"+3363998{number:04}")
        relations.note_relative(jeanne, other, kind=Kinship.FRIEND, by_account=agent)
        given = {"scope": [Scope.REQUESTS], "consent": GivenBy.BY_PHONE, "by_account": agent}
        ended = relations.grant(representative=other, principal=jeanne, **given)
        relations.revoke(ended, by_account=agent)
        relations.note_deed(Deed.ASKED, mandate=relations.grant(representative=other, principal=jeanne, **given))
        relations.live_together(jeanne, other)

    somebody_more(1000)
    few = queries()
    for number in range(1001, 1007):
        somebody_more(number)
    assert queries() == few


# --- Who phones


def entered(desk, jeanne, **more):
    asked = {
        "personne": str(jeanne.uid), "kind": visits().pk, "day": _in(1), "hour": "", "moment": "any", "details": "",
        "commune": jeanne.commune_id, "address": "", "source": "phone", "asked_by": "self", "asked_by_name": "",
        "consent": "spoken",
    }  # fmt: skip
    return desk.post("/bureau/demande/nouvelle/", asked | more)


def test_a_relative_who_phones_is_chosen_and_the_request_says_so(desk, agent, jeanne, claire):
    relations.note_relative(jeanne, claire, kind=Kinship.DAUGHTER)
    form = seen(desk, f"/bureau/demande/nouvelle/?personne={jeanne.uid}")
    assert "Claire Durand, sa fille" in form
    answer = entered(desk, jeanne, asked_by=str(claire.uid))
    request = HelpRequest.objects.get()
    assert (request.asked_by, request.asked_by_person, request.consent) == (
        AskedBy.RELATIVE, claire, Consent.SPOKEN,
    )  # fmt: skip
    page = seen(desk, answer["Location"])
    assert "Claire Durand (sa fille), au téléphone, pour Jeanne Martin" in page
    assert "Demande d’un coup de main, par Claire Durand pour Jeanne Martin, saisie par Nadia Benali" in page
    deed = ActedFor.objects.get()
    assert (deed.principal, deed.representative, deed.by_account) == (jeanne, claire, agent)


def test_a_neighbour_and_a_holder_of_a_mandate_are_offered_too(desk, jeanne, claire, mandate):
    paul = make_person("Paul", "Roy", phone="")
    relations.note_relative(jeanne, paul, kind=Kinship.NEIGHBOUR)
    form = seen(desk, f"/bureau/demande/nouvelle/?personne={jeanne.uid}")
    assert "Claire Durand, par un mandat" in form
    entered(desk, jeanne, asked_by=str(paul.uid))
    assert HelpRequest.objects.get().asked_by == AskedBy.NEIGHBOUR


def test_somebody_else_s_relative_is_not_a_caller_and_a_typed_name_still_is(desk, jeanne, claire):
    page = entered(desk, jeanne, asked_by=str(claire.uid)).content.decode()
    assert "Choisissez une réponse de la liste." in page
    entered(desk, jeanne, asked_by="professional", asked_by_name="Mme Roy, infirmière")
    deed = ActedFor.objects.get()
    assert (deed.principal, deed.representative) == (jeanne, None)
    assert HelpRequest.objects.get().asked_by_person is None


def test_who_asks_for_herself_leaves_no_deed(desk, jeanne):
    entered(desk, jeanne)
    make_request(jeanne)
    assert not ActedFor.objects.exists()
