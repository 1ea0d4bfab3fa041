"""Who may open what, how many queries it costs, and what each screen says."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from aid.desk import lists, subjects
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.followups.services import ask as ask_followup
from aid.help_requests.enums import RequestState
from aid.notifications.models import Message
from aid.offers.services import welcome
from aid.people.enums import Channel
from aid.people.models import Person
from aid.privacy import rights
from aid.privacy.enums import RightKind, Via
from harness import rooms
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.desk import ask, make_account, make_person, make_request, make_volunteer
from harness.rooms.moderation import a_case
from tenants.context import town_context

pytestmark = pytest.mark.django_db
MOST_QUERIES_OF_THE_BOARD = 12
# Lists of people that come in or go out: tests/aid/desk/test_imports.py; who saw a card: test_accesses.py; who
# coordinates what: test_coordinators.py; support: test_support.py; two cards made one: test_merging.py.
ADMINISTRATORS_ONLY = {
    "export_people",
    "import_people",
    "people_import",
    "left_out",
    "person_accesses",
    "coordinators",
    "support_accesses",
    "support_access",
    "end_support",
    "merge_persons",
    "retention",
    "register",
    "register_file",
}
POST_ONLY = {
    "note", "find_people", "move_volunteer", "reopen_contacts", "erase_note", "remove_relation", "keep_person",
    "take_back_death",
}  # fmt: skip

# Others are shown. Jeanne shares no account, nothing is closed to her, and no note is about her.
ANSWERS = {
    "keep_person": 302,
    "erase_note": 404,
    "remove_relation": 404,
    "move_volunteer": 404,
    "leave_account": 404,
    "reopen_contacts": 302,
    "take_back_death": 302,
    "verifier": 302,
    "rendue": 302,
}


@pytest.fixture
def things(jeanne, asked, alice):
    """One of each thing that has a page."""
    followup = ask_followup(
        kind=FollowUpKind.TO_CALL, person=jeanne, subject=(subjects.REQUEST, asked.pk), words="Dites"
    )
    ask(asked, alice)
    right = rights.ask(person=jeanne, kind=RightKind.CORRECT, via=Via.PHONE, words="Martine")
    return {
        "right": right.uid,
        "person": jeanne.uid,
        "request": asked.uid,
        "followup": followup.uid,
        "volunteer": alice.person.uid,
    }


def addresses(things):
    """Every address of the desk, by name."""
    uids = {
        "request": things["request"], "note": things["request"], "followup": things["followup"],
        "person": things["person"], "person_known": things["person"], "person_known_file": things["person"],
        "edit_person": things["person"], "move_volunteer": things["volunteer"],
        "leave_account": things["person"], "print_letter": things["person"], "reopen_contacts": things["person"],
        "person_died": things["person"], "take_back_death": things["person"],
        "person_notes": things["person"], "relations": things["person"], "add_relation": things["person"],
        "remove_relation": things["person"], "person_known_pdf": things["person"], "keep_person": things["person"],
        "right": things["right"],
    }  # fmt: skip
    by_two_uids = {"gesture", "right_gesture", "ask_right", "withdraw_consent", "erase_note", "end_mandate"}
    names = {pattern.name for pattern in _patterns()} - by_two_uids - ADMINISTRATORS_ONLY
    # Those of rooms that came later are in the table of test_permissions.py alone.
    names -= {name.removeprefix("desk:") for name in rooms.ADDRESSES}
    found = {name: reverse(f"desk:{name}", args=(uids[name],) if name in uids else ()) for name in names}
    gestures = ("verifier", "oui", "rendue", "pas-eu-lieu", "annuler")
    found["erase_note"] = reverse("desk:erase_note", args=(things["person"], uuid.uuid4()))
    found |= {slug: reverse("desk:gesture", args=(things["request"], slug)) for slug in gestures}
    found["right_gesture"] = reverse("desk:right_gesture", args=(things["right"], "refuser"))
    return found | {"ask_right": reverse("desk:ask_right", args=(things["person"], "m-oublier"))}


def _patterns():
    resolver = next(one for one in get_resolver("config.urls_town").url_patterns if str(one.pattern) == "bureau/")
    return resolver.url_patterns


def test_every_address_opens_to_agents_and_administrators_only(things, desk):
    agent, administrator, resident, stranger = desk, *(Client(headers={"host": FIRST_TOWN}) for _ in range(3))
    administrator.force_login(make_account("maire@ccas.example", "Administrateurs"))
    resident.force_login(make_account("jeanne@jeanne.example"))
    for name, url in addresses(things).items():
        method = "post" if name in POST_ONLY else "get"
        turned_away = getattr(stranger, method)(url)
        assert (turned_away.status_code, turned_away["Location"].split("?")[0]) == (302, "/connexion/"), name
        assert getattr(resident, method)(url).status_code == 404, name
        for client in (agent, administrator):
            answer = getattr(client, method)(url)
            wanted = ANSWERS.get(name, 200)
            assert answer.status_code == wanted, name
            assert wanted == 404 or "no-store" in answer["Cache-Control"], name


def test_what_is_absent_or_of_another_town_is_the_same_404(town, other_town, desk):
    with town_context(other_town):
        person = make_person("Simone", "Canari-de-Lormes", "+33199005678", address="Canari")
        request = make_request(person, details="Canari")
        followup = ask_followup(kind=FollowUpKind.TO_CALL, person=person, words="Canari")
        alice = make_volunteer("Canari", "Canari")
        right = rights.ask(person=person, kind=RightKind.CORRECT, via=Via.PHONE, words="Canari")
        theirs = {
            "right": right.uid,
            "person": person.uid,
            "request": request.uid,
            "followup": followup.uid,
            "volunteer": alice.person.uid,
        }
    nothing = dict.fromkeys(theirs, uuid.uuid4())
    for things in (theirs, nothing):
        for name, url in addresses(things).items():
            if any(str(uid) in url for name, uid in things.items() if name != "volunteer"):
                answer = desk.post(url) if name in POST_ONLY else desk.get(url)
                assert answer.status_code == 404, name
        chosen = desk.get(reverse("desk:new_request"), {"personne": things["person"]})
        assert chosen.status_code == 404
    assert (
        desk.post(reverse("desk:move_volunteer", args=(theirs["volunteer"],)), {"geste": "depart"}).status_code == 404
    )
    for name in ("board", "requests", "followups", "people", "volunteers", "rights", "new_request", "new_volunteer"):
        assert "Canari" not in desk.get(reverse(f"desk:{name}")).content.decode(), name
    for text in ("Canari", "01 99 00 56 78"):
        found = desk.post(reverse("desk:find_people"), {"texte": text}).content.decode()
        assert "Simone" not in found


def test_an_agent_of_one_town_is_nobody_in_another(town, other_town, desk):
    elsewhere = Client(headers={"host": SECOND_TOWN})
    elsewhere.cookies = desk.cookies
    assert elsewhere.get("/bureau/").status_code == 302


def test_the_board_counts_the_public_texts_to_read(town, desk):
    for _ in range(2):
        a_case(make_person())
    page = desk.get("/bureau/").content.decode()
    assert re.search(r'href="/bureau/moderation/">\s*<span class="desk-counter__value">2</span>', page)
    assert "textes à relire" in page
    nobody = make_account("voisine@exemple.example")
    assert lists.board(nobody, timezone.now()).to_read is None, "who may not moderate has nothing to read"


def queries_of(client, url):
    """What a screen asks for: entering the town aside, which a test's own transaction may have done already."""
    with CaptureQueriesContext(connection) as log:
        assert client.get(url).status_code == 200
    statements = [query["sql"] for query in log.captured_queries]
    return [sql for sql in statements if sql.startswith("SELECT") and "set_config" not in sql]


def some_of_everything(count):
    for number in range(count):
        person = make_person(f"Jeanne{number}", phone=f"+331990{number:05d}")
        volunteer = make_volunteer(f"Alice{number}", phone=f"+3363998{number:04d}")
        welcome(person=volunteer.person, kinds=[make_request(person).kind])
        make_request(person, RequestState.TO_CHECK)
        make_request(person, RequestState.AGREED, volunteer=volunteer)
        make_request(person, RequestState.DONE, volunteer=volunteer, minutes=30)
        ask_followup(kind=FollowUpKind.TO_CALL, person=person)
        rights.ask(person=person, kind=RightKind.FORGET, via=Via.PHONE)
        FollowUp.objects.create(kind=FollowUpKind.TO_CALL, person=person, due_at=timezone.now(), done_at=timezone.now())


@pytest.mark.parametrize("name", ["board", "requests", "followups", "people", "volunteers", "rights"])
def test_lists_cost_the_same_whatever_they_hold(town, desk, name):
    url = reverse(f"desk:{name}")
    some_of_everything(2)
    desk.get(url)
    few = queries_of(desk, url)
    some_of_everything(12)
    many = queries_of(desk, url)
    assert len(many) == len(few), "\n".join(many)
    if name == "board":
        assert len(many) <= MOST_QUERIES_OF_THE_BOARD, "\n".join(many)


def test_the_board_says_what_waits_and_ticks_what_does_not(town, desk, jeanne, alice):
    empty = desk.get("/bureau/").content.decode()
    assert empty.count('<span class="ds-sr-only">0</span>') == 5
    request = make_request(jeanne)
    ask(request, alice)
    make_request(jeanne, RequestState.AGREED, volunteer=alice)
    ask_followup(kind=FollowUpKind.UNANSWERED, person=jeanne, subject=(subjects.REQUEST, request.pk))
    ask_followup(kind=FollowUpKind.NOT_CLOSED, person=alice.person, due_at=timezone.now() + timedelta(hours=1))
    page = desk.get("/bureau/").content.decode()
    assert "demandé à 1 bénévole, 0 non" in page
    assert "Alice Morel vient" in page
    assert "Sans réponse" in page
    assert "Fin à confirmer" not in page
    assert page.count('<span class="ds-sr-only">0</span>') == 2


def test_requests_are_filtered_by_the_address_and_paginated(town, desk, jeanne):
    for _ in range(30):
        make_request(jeanne)
    other = make_person("Odette", "Lebrun", phone="")
    make_request(other, RequestState.TO_CHECK)
    first = desk.get("/bureau/demandes/", {"etat": "open"}).content.decode()
    assert "Odette" not in first
    assert "?etat=open&amp;page=2" in first
    assert "30\u00a0demandes" in first
    assert "Page 2 sur 2" in desk.get("/bureau/demandes/", {"etat": "open", "page": "99"}).content.decode()
    only = desk.get("/bureau/demandes/", {"etat": "to_check"}).content.decode()
    assert "Odette" in only
    assert "Jeanne" not in only
    kind = jeanne.help_requests.first().kind
    assert "Jeanne" in desk.get("/bureau/demandes/", {"aide": kind.slug, "commune": "60509"}).content.decode()
    for strange in ({"aide": "rien"}, {"commune": "38185"}, {"commune": "' OR 1=1"}, {"aide": "😀" * 500}):
        assert "Aucune demande" in desk.get("/bureau/demandes/", strange).content.decode()


def test_the_page_of_a_request_says_everything(desk, agent, asked, alice):
    ask(asked, alice)
    asked.entered_by = agent
    asked.asked_by, asked.asked_by_name = "relative", "Sophie, sa fille"
    asked.save()
    Message.objects.create(
        kind="x", key="x:1", person=asked.person, channel=Channel.SMS, recipient="+1", body="Bonjour"
    )
    desk.post(f"/bureau/demande/{asked.uid}/note/", {"words": "Elle entend mal <b>du</b> 😀"})
    page = desk.get(f"/bureau/demande/{asked.uid}/").content.decode()
    for words in (
        "Jeanne Martin", "01\u00a099\u00a000\u00a012\u00a034", "tel:+33199001234",
        "3 rue des Lilas", "Sonner deux fois", "Alice Morel",
        "Sophie, sa fille", "saisi par Nadia Benali pour Jeanne Martin", "de vive voix", "à envoyer", "par SMS",
        "Elle entend mal &lt;b&gt;du&lt;/b&gt; 😀", "Note, par Nadia Benali", "en recherche",
    ):  # fmt: skip
        assert words in page, words


def test_no_address_holds_a_name_nor_a_number(desk, jeanne):
    answer = desk.post("/bureau/personnes/", {"texte": "martin"})
    assert "Jeanne Martin" in answer.content.decode()
    assert 'method="post" action="/bureau/personnes/"' in answer.content.decode()


def test_a_follow_up_is_done_once_and_opens_its_subject(desk, agent, jeanne, asked):
    followup = ask_followup(
        kind=FollowUpKind.TO_CALL, person=jeanne, subject=(subjects.REQUEST, asked.pk), words="Alice vient jeudi."
    )
    url = f"/bureau/suite/{followup.uid}/"
    page = desk.get(url).content.decode()
    assert "Alice vient jeudi." in page
    assert f"/bureau/demande/{asked.uid}/" in page
    assert 'href="tel:+33199001234"' in page
    too_long = desk.post(url, {"outcome": "é" * 10_000})
    assert too_long.status_code == 200
    assert "é" * 10_000 in too_long.content.decode()
    for words in ("Elle est contente.", "Encore"):
        assert desk.post(url, {"outcome": words})["Location"] == "/bureau/"
    followup.refresh_from_db()
    assert (followup.done_by, followup.outcome) == (agent, "Elle est contente.")
    assert "Elle est contente." in desk.get(url).content.decode()


def test_details_are_changed_and_another_number_is_to_confirm(desk, jeanne):
    jeanne.phone_confirmed_at = timezone.now()
    jeanne.save()
    url = f"/bureau/personne/{jeanne.uid}/modifier/"
    kept = {
        "first_name": "Jeanne",
        "last_name": "Martin",
        "phone": "01 99 00 12 34",
        "channel": "call",
        "birth_year": "1941",
    }
    assert desk.post(url, kept).status_code == 302
    jeanne.refresh_from_db()
    assert jeanne.phone_confirmed_at is not None
    refused = desk.post(url, kept | {"channel": "sms"})
    assert refused.status_code == 200
    assert "Ce numéro ne reçoit pas les SMS" in refused.content.decode()
    assert desk.post(url, kept | {"phone": "06 39 98 00 01", "channel": "sms"}).status_code == 302
    jeanne.refresh_from_db()
    assert (jeanne.phone, jeanne.phone_confirmed_at) == ("+33639980001", None)
    for wrong, error in (
        ({"phone": "12"}, "Écrivez un numéro"),
        ({"first_name": " "}, "Écrivez son prénom"),
        ({"birth_year": "41"}, "en quatre chiffres"),
        ({"channel": "email"}, "Un e-mail demande une adresse"),
    ):
        assert error in desk.post(url, kept | wrong).content.decode()


def test_the_page_of_a_person_warns_of_another_alike(desk, jeanne):
    twin = make_person("Janine", "Martin", jeanne.phone)
    page = desk.get(f"/bureau/personne/{jeanne.uid}/").content.decode()
    assert f"/bureau/personne/{twin.uid}/" in page
    assert Person.objects.count() == 2


def test_the_back_office_leads_to_the_desk_and_back(town, desk):
    administrator = Client(headers={"host": FIRST_TOWN})
    administrator.force_login(make_account("maire@ccas.example", "Administrateurs"))
    assert "/bureau/" in administrator.get("/gestion/").content.decode()
    assert 'href="/gestion/"' in administrator.get("/bureau/").content.decode()
    assert "Gestion du site" not in desk.get("/bureau/").content.decode()
