"""Confidential notes: read on one page, by whom it may be, and each visit is kept."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aid.notes.models import LONGEST_NOTE, Note
from aid.notes.services import write_note
from aid.privacy.enums import Act, SeenOn
from aid.privacy.holdings import known_of
from aid.privacy.services import accesses_to
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.desk import make_account, make_person, make_request
from tenants.context import town_context

pytestmark = pytest.mark.django_db
CANARY = "Canari : elle entend mal, sonner deux fois"


def browser_of(email: str, group: str) -> Client:
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(make_account(email, group))
    return client


@pytest.fixture
def nadia(town):
    return browser_of("nadia@ccas.example", "Agents")


@pytest.fixture
def jeanne(town):
    return make_person()


def notes_of(person) -> str:
    return reverse("desk:person_notes", args=(person.uid,))


def test_a_note_is_on_its_page_and_nowhere_else(nadia, jeanne):
    asked = make_request(jeanne)
    assert nadia.post(notes_of(jeanne), {"text": f"  {CANARY}\r\n\r\n"}).status_code == 302
    assert CANARY in nadia.get(notes_of(jeanne)).content.decode()
    for url in (
        reverse("desk:person", args=(jeanne.uid,)),
        reverse("desk:request", args=(asked.uid,)),
        reverse("desk:board"),
        reverse("desk:people"),
        notes_of(make_person("Zoé", phone="+33199004444")),
    ):
        assert "Canari" not in nadia.get(url).content.decode(), url
    assert "Canari" not in nadia.post(reverse("desk:people"), {"texte": "canari"}).content.decode().split("</form>")[-1]
    (note,) = [one for one in known_of(jeanne) if one.holding.model is Note]
    assert note.rows[0][-1] == ("Texte", CANARY), "she reads it with all that is known of her"


def test_every_visit_and_every_writing_is_kept(nadia, jeanne):
    nadia.get(notes_of(jeanne))
    nadia.post(notes_of(jeanne), {"text": CANARY})
    note = Note.objects.get()
    nadia.post(reverse("desk:erase_note", args=(jeanne.uid, note.uid)))
    assert [(one.act, one.screen) for one in reversed(list(accesses_to(jeanne)))] == [
        (Act.READ, SeenOn.NOTES),
        (Act.CHANGED, SeenOn.NOTES),
        (Act.CHANGED, SeenOn.NOTES),
    ]
    administrator = browser_of("maire@ccas.example", "Administrateurs")
    page = administrator.get(reverse("desk:person_accesses", args=(jeanne.uid,))).content.decode()
    assert "a modifié ses notes confidentielles" in page
    assert "Canari" not in page


def test_its_author_and_administrators_erase_a_note_and_nobody_else(nadia, jeanne):
    nadia.post(notes_of(jeanne), {"text": CANARY})
    erase = reverse("desk:erase_note", args=(jeanne.uid, Note.objects.get().uid))
    paul = browser_of("paul@ccas.example", "Agents")
    assert "Effacer" not in paul.get(notes_of(jeanne)).content.decode()
    assert paul.post(erase).status_code == 404
    assert nadia.get(erase).status_code == 405
    another = make_person("Zoé", phone="+33199004444")
    assert nadia.post(erase.replace(str(jeanne.uid), str(another.uid))).status_code == 404
    assert Note.objects.count() == 1
    assert browser_of("maire@ccas.example", "Administrateurs").post(erase).status_code == 302
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Écrivez la note."), (" \r\n ", "Écrivez la note."), ("x" * (LONGEST_NOTE + 1), "Écrivez 2000")],
)
def test_what_cannot_be_kept_is_said_next_to_the_field(nadia, jeanne, typed, said):
    page = nadia.post(notes_of(jeanne), {"text": typed})
    assert page.status_code == 200
    assert said in page.content.decode()
    assert not Note.objects.exists()


def test_a_note_that_does_not_open_is_said_and_the_page_stands(nadia, jeanne, settings):
    nadia.post(notes_of(jeanne), {"text": CANARY})
    settings.MASTER_KEYS = []
    page = nadia.get(notes_of(jeanne)).content.decode()
    assert "Cette note ne s’ouvre pas" in page
    page = nadia.post(notes_of(jeanne), {"text": "Ce qui est tapé reste"}).content.decode()
    assert "n’a pas pu être gardée" in page
    assert "Ce qui est tapé reste" in page
    assert Note.objects.count() == 1


def test_what_is_typed_is_shown_as_it_is(nadia, jeanne):
    nadia.post(notes_of(jeanne), {"text": "<script>alert(1)</script>\nligne deux"})
    page = nadia.get(notes_of(jeanne)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>ligne deux" in page


def test_many_notes_take_as_many_queries_as_one(nadia, jeanne):
    account = make_account("paul@ccas.example", "Agents")
    counts = []
    for more in (1, 20):
        for number in range(more):
            write_note(jeanne, text=f"Note {number}", by_account=account)
        nadia.get(notes_of(jeanne))
        with CaptureQueriesContext(connection) as queries:
            assert nadia.get(notes_of(jeanne)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_note_of_another_town_is_absent(nadia, jeanne, other_town):
    with town_context(other_town):
        theirs = make_person("Simone")
        note = write_note(theirs, text=CANARY, by_account=make_account("agent@lormes.example", "Agents"))
    assert nadia.get(notes_of(theirs)).status_code == 404
    assert nadia.post(reverse("desk:erase_note", args=(jeanne.uid, note.uid))).status_code == 404
    assert Client(headers={"host": SECOND_TOWN}).get(notes_of(theirs)).status_code == 302
