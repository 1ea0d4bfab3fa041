"""To be corrected, left in peace, forgotten: asked on the site or by telephone, answered by the town within a month."""

import datetime
import json

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests.models import HelpRequest
from aid.notifications.models import Message
from aid.notifications.services import send_many
from aid.notifications.words import Words
from aid.offers.services import volunteers_for
from aid.people.models import Person
from aid.people.services import search_people
from aid.privacy import rights
from aid.privacy.enums import RightKind, RightState, Via
from aid.privacy.models import Access, RightsRequest
from aid.proposals.services import ask_volunteers
from core.dates import months_after
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.desk import make_account, make_person
from harness.loop import ALICE_PHONE, JEANNE_PHONE, jeanne, open_request, visits, volunteer
from harness.messages import deliver_all
from tenants.context import town_context

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
PAGE = "/mon-espace/mes-informations/"
HELLO = Words(subject="Bonjour", body="Bonjour", sms="Bonjour")


@pytest.fixture
def agent():
    return make_account("nadia@ccas.example", "Agents", first_name="Nadia", last_name="Benali")


@pytest.fixture
def desk(visit, agent):
    client = visit(FIRST_TOWN)
    client.force_login(agent)
    return client


@pytest.fixture
def person():
    known = jeanne()
    known.account = Account.objects.create_account(phone=JEANNE_PHONE)
    known.save()
    return known


@pytest.fixture
def browser(visit, person):
    client = visit(FIRST_TOWN)
    client.force_login(person.account)
    return client


def asked(person, kind=RightKind.FORGET, **fields):
    return rights.ask(person=person, kind=kind, via=Via.PHONE, **fields)


def last_sms(person):
    return Message.objects.filter(person=person).order_by("-pk")[0].body


def test_a_month_is_the_same_day_of_the_next_one_or_its_last():
    for day, months, later in (
        ((2026, 11, 26), 1, (2026, 12, 26)),
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2026, 3, 31), -1, (2026, 2, 28)),
        ((2026, 1, 15), -24, (2024, 1, 15)),
    ):
        assert months_after(datetime.date(*day), months) == datetime.date(*later)


@pytest.mark.parametrize(
    ("slug", "kind"), [("corriger", "correct"), ("ne-plus-me-contacter", "object"), ("m-oublier", "forget")]
)
def test_she_asks_in_her_space_and_the_town_has_a_month(browser, person, slug, kind):
    page = browser.get(f"{PAGE}{slug}/").content.decode()
    assert "Ce qui va se passer" in page
    for _ in range(2):
        assert browser.post(f"{PAGE}{slug}/", {"words": "Je m’appelle Jeanne."})["Location"] == PAGE
    one = RightsRequest.objects.get()
    assert (one.person, one.kind, one.state, one.via) == (person, kind, RightState.ASKED, Via.SITE)
    assert one.due_on == months_after(timezone.localdate(), 1)
    todo = FollowUp.objects.open().get()
    assert (todo.kind, todo.person, todo.subject_id) == (FollowUpKind.RIGHTS, person, one.pk)
    assert todo.due_at <= timezone.now(), "the desk sees it at once"
    assert "Votre demande est arrivée" in browser.get(PAGE).content.decode()
    assert "Nous avons bien re" in last_sms(person)


def test_a_correction_says_what_and_nothing_typed_is_lost(browser):
    for wrong, error in (("  ", "Écrivez ce qu’il faut corriger."), ("é" * 1001, "1000 signes au plus")):
        answer = browser.post(f"{PAGE}corriger/", {"words": wrong})
        assert answer.status_code == 200
        assert error in answer.content.decode()
        assert wrong.strip() in answer.content.decode()
    assert browser.get(f"{PAGE}rien/").status_code == 404
    assert not RightsRequest.objects.exists()


def test_she_may_think_again_and_the_desk_has_nothing_left_to_do(browser, person):
    one = rights.ask(person=person, kind=RightKind.FORGET, via=Via.SITE)
    url = reverse("personal:think_again", args=(one.uid,))
    for _ in range(2):
        assert browser.post(url)["Location"] == PAGE
    one.refresh_from_db()
    assert one.state == RightState.WITHDRAWN
    assert not FollowUp.objects.open().exists()
    assert "Vous avez changé d’avis" in browser.get(PAGE).content.decode()


def test_nobody_takes_back_what_another_asked(browser, other_town):
    other = asked(make_person("Odette"))
    with town_context(other_town):
        theirs = asked(make_person("Simone"))
    for one in (other, theirs):
        assert browser.post(reverse("personal:think_again", args=(one.uid,))).status_code == 404
    other.refresh_from_db()
    assert other.is_waiting


def test_an_agent_notes_it_for_who_phones_and_who_asks(desk, agent, person):
    url = reverse("desk:ask_right", args=(person.uid, "m-oublier"))
    assert "dernier" not in desk.get(url).content.decode()
    refused = desk.post(url, {"via": "pigeon", "asked_by_name": "x" * 121})
    assert "Choisissez une réponse de la liste" in refused.content.decode()
    assert "120 signes au plus" in refused.content.decode().replace("\u00a0", " ")
    answer = desk.post(url, {"via": "phone", "asked_by_name": "Sophie, sa tutrice", "words": ""})
    one = RightsRequest.objects.get()
    assert answer["Location"] == reverse("desk:right", args=(one.uid,))
    assert (one.entered_by, one.via, one.asked_by_name) == (agent, Via.PHONE, "Sophie, sa tutrice")
    page = desk.get(answer["Location"]).content.decode()
    for words in ("Sophie, sa tutrice", "notée par Nadia Benali", "au téléphone"):
        assert words in page
    assert str(one.uid) in desk.get(reverse("desk:person_known", args=(person.uid,))).content.decode()
    assert desk.get(reverse("desk:ask_right", args=(person.uid, "rien"))).status_code == 404


def test_a_correction_is_made_on_the_card_told_and_journalled(desk, agent, person):
    one = asked(person, RightKind.CORRECT, words="Mon adresse a changé")
    page = reverse("desk:right", args=(one.uid,))
    form = {"first_name": "Jeanne", "last_name": person.last_name, "phone": person.phone, "channel": "sms"}
    desk.post(reverse("desk:edit_person", args=(person.uid,)), form | {"address": "8 rue Neuve"})
    assert "12 rue du Canari-Postal → 8 rue Neuve" in desk.get(page).content.decode()
    done = reverse("desk:right_gesture", args=(one.uid, "faire"))
    assert "Écrivez ce qui a été corrigé." in desk.post(done, {"answer": " "}).content.decode()
    assert desk.post(done, {"answer": "Votre adresse."})["Location"] == page
    one.refresh_from_db()
    assert (one.state, one.closed_by, one.answer) == (RightState.DONE, agent, "Votre adresse.")
    assert "C’est corrigé : Votre adresse." in last_sms(person).replace("'", "’").replace("\u00a0", " ")
    assert not FollowUp.objects.open().exists()
    assert Access.objects.filter(person=person, act="changed", by_account=agent).count() == 1


def test_a_refusal_has_a_reason_that_she_reads(desk, browser, person):
    one = asked(person)
    refuse = reverse("desk:right_gesture", args=(one.uid, "refuser"))
    assert "Écrivez pourquoi" in desk.post(refuse, {"answer": ""}).content.decode()
    desk.post(refuse, {"answer": "Un impayé est en cours."})
    one.refresh_from_db()
    assert one.state == RightState.REFUSED
    page = browser.get(PAGE).content.decode()
    assert "Nous n’avons pas pu le faire" in page
    assert "Un impayé est en cours." in page
    late = desk.post(reverse("desk:right_gesture", args=(one.uid, "oublier")), {"told": "voix"}, follow=True)
    assert "cette demande est refusée" in late.content.decode()
    assert Person.objects.filter(pk=person.pk).exists()


def test_who_is_not_written_to_is_called_with_the_answer(desk):
    person = make_person()
    one = asked(person, RightKind.OBJECT)
    desk.post(reverse("desk:right_gesture", args=(one.uid, "faire")))
    todo = FollowUp.objects.open().get(person=person)
    assert (todo.kind, "ne vous proposerons plus rien" in todo.words) == (FollowUpKind.TO_CALL, True)


def test_who_objects_is_left_in_peace_at_once_and_may_come_back(desk, browser, person):
    alice = volunteer("Alice", ALICE_PHONE)
    request = open_request(person)
    assert list(volunteers_for(kind=visits(), commune=request.commune)) == [alice]
    queued = [(alice.person, "news", "news:1", HELLO)]
    assert send_many(queued) == 1
    one = asked(alice.person, RightKind.OBJECT)
    assert not Message.objects.filter(key="news:1").exists(), "a round that waited for her is taken back"
    for _ in range(2):
        assert list(volunteers_for(kind=visits(), commune=request.commune)) == []
        ask_volunteers(request.pk)
        assert not request.proposals.exists()
        assert send_many([(alice.person, "news", "news:2", HELLO)]) == 0
        desk.post(reverse("desk:right_gesture", args=(one.uid, "faire")))
    assert rights.objecting_among([alice.person.pk]) == {alice.person.pk}
    card = reverse("desk:person", args=(alice.person.uid,))
    assert "Ne pas contacter" in desk.get(card).content.decode()
    desk.post(reverse("desk:right_gesture", args=(one.uid, "lever")))
    assert "Ne pas contacter" not in desk.get(card).content.decode()
    assert list(volunteers_for(kind=visits(), commune=request.commune)) == [alice]


def test_she_lifts_her_own_objection(browser, person, agent):
    one = rights.finish(asked(person, RightKind.OBJECT), by_account=agent)
    assert "Me contacter de nouveau" in browser.get(PAGE).content.decode()
    browser.post(reverse("personal:think_again", args=(one.uid,)))
    one.refresh_from_db()
    assert one.state == RightState.LIFTED
    with pytest.raises(rights.NotAllowedError):
        rights.lift(one)


def test_the_desk_shows_what_stands_in_the_way_and_refuses_until_it_is_ended(desk, person, agent):
    request = open_request(person)
    one = asked(person)
    page, forget = (
        reverse(f"desk:{name}", args=args)
        for name, args in (("right", (one.uid,)), ("right_gesture", (one.uid, "oublier")))
    )
    shown = desk.get(page).content.decode()
    assert reverse("desk:request", args=(request.uid,)) in shown
    assert forget not in shown
    for answer in (desk.get(forget, follow=True), desk.post(forget, {"told": "voix"}, follow=True)):
        assert "il reste quelque chose à terminer" in answer.content.decode()
    desk.post(reverse("desk:gesture", args=(request.uid, "annuler")), {"reason": "other", "words": "Elle nous quitte."})
    assert forget in desk.get(page).content.decode()
    confirm = desk.get(forget).content.decode()
    for words in ("Ce qui part", "Votre fiche", "Ce qui reste", "les chiffres", "un dernier SMS"):
        assert words in confirm.replace("Les chiffres", "les chiffres")
    assert "Dites comment elle le saura." in desk.post(forget).content.decode()
    gone = desk.post(forget, {"told": "message"}, follow=True).content.decode()
    assert "cette personne est oubliée" in gone
    assert "Personne oubliée" in desk.get("/bureau/droits/?etat=closes").content.decode()


def test_a_request_that_comes_between_two_pages_stops_it(person, agent):
    one = asked(person)
    open_request(person)
    with pytest.raises(Exception, match="terminer"):
        rights.forget(one, by_account=agent, was_told=True)
    one.refresh_from_db()
    assert one.is_waiting, "nothing was done by halves"
    assert not Message.objects.filter(kind="last_word").exists()


def test_who_is_forgotten_is_in_no_list_and_no_search(desk, browser, person, agent):
    alice = volunteer("Alicanari", ALICE_PHONE, last_name="Morvan")
    from aid.help_requests.services import finish
    from aid.onboarding.services import leave
    from aid.proposals.services import accept

    request = open_request(person)
    ask_volunteers(request.pk)
    accept(request.proposals.get())
    finish(HelpRequest.objects.get(), minutes=60)
    deliver_all()
    leave(alice)
    known = person.full_name
    uid, alice_uid = person.uid, alice.person.uid
    for one in (asked(person), asked(alice.person)):
        rights.forget(one, by_account=agent, was_told=True)
    for url in (
        "/bureau/", "/bureau/demandes/", "/bureau/suites/", "/bureau/suites/?etat=faites", "/bureau/personnes/",
        "/bureau/benevoles/", "/bureau/benevoles/?etat=left", "/bureau/droits/", "/bureau/droits/?etat=closes",
        reverse("desk:request", args=(request.uid,)), "/boite-d-envoi/",
    ):  # fmt: skip
        page = desk.get(url).content.decode()
        assert desk.get(url).status_code == 200, url
        for word in (known, "Alicanari", "Jeanne", JEANNE_PHONE):
            assert word not in page, (url, word)
    assert "Personne oubliée" in desk.get("/bureau/demandes/").content.decode()
    for typed in ("Jeanne", known, "06 39 98 00 01", "Alicanari"):
        assert search_people(typed) == []
        assert known not in desk.post("/bureau/personnes/chercher/", {"texte": typed}).content.decode()
    for gone in (uid, alice_uid):
        assert desk.get(reverse("desk:person", args=(gone,))).status_code == 404
    assert browser.get("/mon-espace/")["Location"].startswith("/connexion/"), "her session opens nothing"


def test_links_of_who_was_forgotten_lead_nowhere(visit, person, agent):
    from aid.help_requests.services import cancel
    from aid.help_requests.texts import follow_path

    path = follow_path(open_request(person))
    cancel(HelpRequest.objects.get())
    rights.forget(asked(person), by_account=agent, was_told=True)
    assert visit(FIRST_TOWN).get(path).status_code == 404


def test_the_service_refuses_what_forms_do(person, agent):
    with pytest.raises(ValidationError):
        asked(person, RightKind.CORRECT)
    with pytest.raises(ValidationError):
        asked(person, words="é" * 1001)
    one = asked(person)
    with pytest.raises(rights.NotAllowedError):
        rights.finish(one, by_account=agent)
    with pytest.raises(ValidationError):
        rights.refuse(one, by_account=agent, answer=" ")
    rights.take_in_hand(one, by_account=agent)
    with pytest.raises(rights.NotAllowedError, match="prise en main"):
        rights.take_in_hand(one, by_account=agent)
    rights.forget(one, by_account=agent, was_told=True)
    with pytest.raises(ValidationError, match="plus connue"):
        asked(person)


def test_towns_do_not_see_each_other_s(visit, agent, other_town, person):
    with town_context(other_town):
        theirs = asked(make_person("Simone"), words="Canari")
        chief = make_account("maire@autre.example", "Agents")
    client = visit(FIRST_TOWN)
    client.force_login(agent)
    assert client.get(reverse("desk:right", args=(theirs.uid,))).status_code == 404
    with town_context(other_town):
        neighbour = visit(SECOND_TOWN)
        neighbour.force_login(chief)
    assert neighbour.get(reverse("desk:ask_right", args=(person.uid, "m-oublier"))).status_code == 404


def test_what_she_asked_is_in_what_is_known_of_her(browser, person):
    asked(person, RightKind.CORRECT, words="Je suis née en 1941")
    file = json.loads(browser.get("/mon-espace/mes-informations.json").content)
    (told,) = (one for one in file["rubriques"] if "demandé sur vos données" in one["titre"])
    assert "Je suis née en 1941" in told["lignes"][0].values()
