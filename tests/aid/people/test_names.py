"""Names and numbers of every kind, at each door where somebody is written down: alike, whole, and never another's."""

import contextlib
import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from aid.followups.services import ask as ask_followup
from aid.help_requests.models import HelpRequest
from aid.help_requests.needs import Need
from aid.help_requests.services import ask_online
from aid.help_requests.texts import follow_path
from aid.people.models import Person, validate_letters
from aid.people.name_keys import keys_of
from aid.people.services import register_person, search_people, update_person
from aid.proposals.models import Proposal
from aid.proposals.services import accept, ask_volunteers
from aid.proposals.texts import answer_path
from aid.territory.models import CoveredCommune
from core.phones import normalise_phone, receives_sms
from core.text import fold, tidy
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person, make_request, make_volunteer, send_list
from harness.loop import open_request, visits, volunteer
from themes.brand import format_telephone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
LONG = "Wolfeschlegelsteinhausenbergerdorff-" * 2 + "Ménarde!"[:8]
NAMES = [
    ("Shaun", "O’Brien", "obrien"),
    ("Shaun", "O'Brien", "o brien"),
    ("Awa", "N’Guessan", "nguessan"),
    ("Marie-Thérèse", "Le Goff-Ménard", "legoffmenard"),
    ("Y", "", "y"),
    ("É", "Y", "e y"),
    ("Œdipe", "Œuvrard", "oedipe oeuvrard"),
    ("İbrahim", "Yılmaz", "ibrahim"),
    ("Jürgen", "Groß", "gross"),
    ("Nguyễn", "Thị Hồng", "nguyen thi"),
    ("שרה", "כהן", "שרה"),
    ("فاطمة", "بن علي", "فاطمة"),
    ("Ирина", "Петрова", "ирина"),
    ("Ελένη", "Παπαδοπούλου", "ελενη"),
    ("美玲", "王", "美玲"),
    ("Jean" + "n" * 76, "D" * 80, "jean" + "n" * 30),
    ("Anne d’", "Ar-c'hoad Le Bihan", "bihan"),
]


@pytest.mark.parametrize(("first_name", "last_name", "typed"), NAMES)
def test_every_name_is_kept_as_it_is_written_and_found(first_name, last_name, typed):
    person = register_person(first_name=first_name, last_name=last_name)
    person.refresh_from_db()
    assert (person.first_name, person.last_name) == (tidy(first_name), tidy(last_name))
    assert search_people(typed) == [person]
    assert search_people(f"{last_name} {first_name}") == [person]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("E\u0301lise", "Élise"),  # combining characters
        ("Jean\u200bne", "Jeanne"),  # of no width
        ("\u202eennaeJ\u202c", "ennaeJ"),  # that turns what follows
        ("\u2067فاطمة\u2069", "فاطمة"),
        ("Jeanne\u00a0\u202f Marie", "Jeanne Marie"),
        ("Jeanne\x00\x1b", "Jeanne"),
        ("\ufeffJeanne\u00ad", "Jeanne"),
    ],
)
def test_signs_that_nobody_sees_hide_nobody(desk_client, typed, kept):
    """At the desk, in a list and when a card is changed alike."""
    person = make_person("Zoé", "Ker", "")
    update_person(person, first_name=typed)
    assert Person.objects.get(pk=person.pk).first_name == kept
    assert register_person(first_name=typed).first_name == kept
    assert search_people(kept)[0].first_name == kept
    assert search_people(typed)[0].first_name == kept


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("\u200b\u2060", "prénom"),
        ("😀", "lettres"),
        ("J\u0435anne", "seul alphabet"),  # a Cyrillic letter that reads as a Latin one
        ("Z\u0351\u0351\u0351\u0351\u0351\u0351oé", "empilés"),
        ("x" * 81, "80"),
    ],
)
def test_what_cannot_be_read_as_a_name_is_refused_everywhere(desk_client, typed, told):
    with pytest.raises(ValidationError, match=told):
        register_person(first_name=typed)
    person = make_person("Zoé", "Ker", "")
    with pytest.raises(ValidationError, match=told):
        update_person(person, first_name=typed)
    assert Person.objects.get(pk=person.pk).first_name == "Zoé"
    page = desk_client.post(reverse("desk:edit_person", args=(person.uid,)), {"first_name": typed, "channel": "call"})
    assert page.status_code == 200
    assert "ds-validation-message" in page.content.decode()
    (row,) = send_list(f"Prénom;Nom\r\n{typed};Ker\r\n").rows.all()
    assert row.state == "refused"


@given(st.text(max_size=80))
def test_any_text_is_tidied_searched_and_told_without_a_fault(text):
    keys_of(tidy(text), text)
    fold(text)
    with contextlib.suppress(ValidationError):
        validate_letters(tidy(text))


FRENCH = [
    "06 12 34 56 78", "06.12.34.56.78", "06-12-34-56-78", "0612345678", "06\u00a012\u00a034\u00a056\u00a078",
    "06\u202f12\u202f34\u202f56\u202f78", "06\u200912\u200934\u200956\u200978", "+33 6 12 34 56 78", "+33612345678",
    "0033 6 12 34 56 78", "0033612345678", "+33 (0)6 12 34 56 78", "+33(0)612345678", "(+33) 6 12 34 56 78",
    "06/12/34/56/78", "06 12 34 56 78 ", "\u200e06 12 34 56 78", "\u202a06 12 34 56 78\u202c", "6 12 34 56 78",
]  # fmt: skip


@pytest.mark.parametrize("typed", FRENCH)
def test_a_french_number_is_one_however_it_is_typed(desk_client, typed):
    """At the desk, on the card, in a list."""
    assert register_person(first_name="Zoé", phone=typed).phone == "+33612345678"
    person = make_person("Zoé", "Ker", "")
    url = reverse("desk:edit_person", args=(person.uid,))
    desk_client.post(url, {"first_name": "Zoé", "phone": typed, "channel": "call"})
    assert Person.objects.get(pk=person.pk).phone == "+33612345678"
    row = send_list(f"Prénom;Téléphone\r\nZoé;{typed}\r\n").rows.get()
    assert (row.state, row.person_id is not None) == ("known", True)


@pytest.mark.parametrize(
    ("typed", "kept", "shown", "is_mobile"),
    [
        ("0590 81 23 45", "+590590812345", "0590 81 23 45", False),
        ("0690 30 12 34", "+590690301234", "0690 30 12 34", True),
        ("06 90 30 12 34", "+590690301234", "0690 30 12 34", True),
        ("+33 6 90 30 12 34", "+590690301234", "0690 30 12 34", True),
        ("+590 690 30 12 34", "+590690301234", "0690 30 12 34", True),
        ("00590690301234", "+590690301234", "0690 30 12 34", True),
        ("0262 20 12 34", "+262262201234", "0262 20 12 34", False),
        ("0692 12 34 56", "+262692123456", "0692 12 34 56", True),
        ("0639 01 23 45", "+262639012345", "0639 01 23 45", True),
        ("0596 30 12 34", "+596596301234", "0596 30 12 34", False),
        ("0696 30 12 34", "+596696301234", "0696 30 12 34", True),
        ("0594 30 12 34", "+594594301234", "0594 30 12 34", False),
        ("0694 20 12 34", "+594694201234", "0694 20 12 34", True),
        ("+508 41 12 34", "+508411234", "+508411234", False),
        ("+687 25 12 34", "+687251234", "+687251234", False),
        ("+689 87 12 34 56", "+68987123456", "+68987123456", True),
        ("+41 22 730 51 11", "+41227305111", "+41227305111", False),
        ("+32 2 555 12 12", "+3225551212", "+3225551212", False),
        ("00352 24 78 22 00", "+35224782200", "+35224782200", False),
        ("06 39 98 00 01", "+33639980001", "06 39 98 00 01", True),  # kept for fiction, not Mayotte's
    ],
)
def test_numbers_of_overseas_and_abroad(typed, kept, shown, is_mobile):
    assert normalise_phone(typed) == kept
    assert normalise_phone(kept) == kept
    assert format_telephone(kept).replace("\u00a0", " ") == shown
    assert receives_sms(kept) is is_mobile
    person = register_person(first_name="Zoé", phone=typed)
    for looked_for in (typed, shown, shown[:7], kept):
        assert search_people(looked_for) == [person], looked_for


@pytest.mark.parametrize(
    "typed",
    ["061234567", "06123456789", "06 12 34 56 7O", "zéro six", "112", "3949", "06 12 34 56 78 poste 12", "+", "()",
     "+999 12 34 56 78", "0" * 40, "06 12 34 56 78, 06 12 34 56 79", "<script>", "'; --"],
)  # fmt: skip
def test_what_no_telephone_dials_is_refused_next_to_it(desk_client, typed):
    with pytest.raises(ValidationError, match="dix chiffres"):
        normalise_phone(typed)
    person = make_person("Zoé", "Ker", "")
    url = reverse("desk:edit_person", args=(person.uid,))
    page = desk_client.post(url, {"first_name": "Zoé", "phone": typed, "channel": "call"})
    assert "dix chiffres" in page.content.decode()
    assert Person.objects.get(pk=person.pk).phone == ""


# --- What is typed is never run by a page

ATTACK = "<img src=x onerror=alert(1)>\"'{{ 7*7 }}"


@pytest.fixture
def desk_client(client):
    client.defaults["HTTP_HOST"] = FIRST_TOWN
    client.force_login(make_account("maire@ccas.example", "Administrateurs", first_name=ATTACK, last_name="Le Maire"))
    return client


def test_whatever_a_person_or_a_request_holds_is_shown_as_text(desk_client):
    attack = {"first_name": f"a{ATTACK}", "last_name": f"b{ATTACK}", "address": f"c{ATTACK}"}
    person = make_person(phone="+33639980066", email='"<b>@x"@exemple.example', closed_contacts=[ATTACK], **attack)
    alice = make_volunteer(f"d{ATTACK}", f"e{ATTACK}", "+33639980067")
    request = make_request(
        person, "agreed", volunteer=alice, details=ATTACK, address=ATTACK, asked_by="relative", asked_by_name=ATTACK,
        closing_words=ATTACK,
    )  # fmt: skip
    desk_client.post(reverse("desk:note", args=(request.uid,)), {"words": ATTACK})
    update_person(person, address=f"f{ATTACK}")
    other = make_person(phone="+33639980066", **attack)
    followup = ask_followup(kind="to_call", person=person, words=ATTACK)
    proposal = Proposal.objects.get(request=request)
    of_person = ("person", "edit_person", "person_accesses", "person_known", "person_died", "merge_persons")
    urls = [reverse(f"desk:{name}", args=(one.uid,)) for name in of_person for one in (person, alice.person)]
    urls += [reverse(f"desk:{name}") for name in ("board", "requests", "followups", "people", "volunteers")]
    urls += [
        f"{reverse('desk:merge_persons', args=(person.uid,))}?personne={other.uid}",
        f"{reverse('desk:new_request')}?personne={person.uid}",
        f"{reverse('desk:new_volunteer')}?personne={person.uid}",
        reverse("desk:request", args=(request.uid,)), reverse("desk:followup", args=(followup.uid,)),
        reverse("desk:gesture", args=(request.uid, "annuler")), follow_path(request), answer_path(proposal),
    ]  # fmt: skip
    for url in urls:
        page = desk_client.get(url)
        assert page.status_code == 200, url
        told = page.content.decode()
        assert "<img src=x" not in told, url
        assert "<b>@x" not in told, url
        assert "49" not in told or "7*7" in told, url
    for name in ("people", "new_request"):
        page = desk_client.post(reverse(f"desk:{name}"), {"chercher": "1", "texte": ATTACK}).content.decode()
        assert "<img src=x" not in page


# --- What others see of somebody


def test_neighbours_never_read_an_age_a_family_name_nor_a_letter_box(visit):
    """A first name and, once a yes was said, what it takes to meet: on each page that somebody else may open."""
    hidden = {"last_name": "Canarifamille", "birth_year": 1917, "email": "canari@exemple.example"}
    jeanne = make_person("Jeanne", phone="+33639980001", address="3 rue des Lilas", channel="sms", **hidden)
    alice = volunteer("Alice", "+33639980002", **hidden | {"address": "9 rue du Canari"})
    other = volunteer("Luc", "+33639980003", **hidden)
    asked = open_request(jeanne, address="3 rue des Lilas")
    ask_volunteers(asked.pk)
    links = {one: answer_path(asked.proposals.get(volunteer=one)) for one in (alice, other)}
    seen = [visit(FIRST_TOWN).get(url).content.decode() for url in (*links.values(), follow_path(asked), "/")]
    accept(asked.proposals.get(volunteer=alice))
    after = [visit(FIRST_TOWN).get(url).content.decode() for url in (*links.values(), follow_path(asked), "/")]
    age = str(timezone.localdate().year - 1917)
    for page in (*seen, *after):
        for canary in ("Canarifamille", "1917", f"{age} ans", "canari@", "9 rue du Canari"):
            assert canary not in page
    assert "Jeanne" not in seen[0], "before a yes, nobody is named"
    assert "3 rue des Lilas" not in seen[0] + seen[1] + after[1]
    assert "3 rue des Lilas" in after[0]
    assert "Jeanne" not in after[1], "who does not go learns nothing"


def test_the_line_of_a_card_says_what_somebody_is(desk_client):
    jeanne, alice = make_person(), make_volunteer()
    make_request(jeanne)
    make_request(alice.person)
    agent = make_person("Luc", account=make_account("luc@ccas.example", "Agents"))

    def line(person):
        return desk_client.get(reverse("desk:person", args=(person.uid,))).context["roles"]

    assert line(jeanne) == "demande de l’aide"
    assert line(alice.person) == "demande de l’aide · bénévole"
    assert line(agent) == "agent de la ville"
    assert line(make_person("Zoé")) == ""
    type(alice).objects.filter(pk=alice.pk).update(state="left")
    assert line(alice.person) == "demande de l’aide"


def test_who_asks_on_the_site_writes_names_and_numbers_by_the_same_door(town):
    day = timezone.localdate() + datetime.timedelta(days=2)
    need = Need(kind=visits(), day=day, commune=CoveredCommune.objects.first(), address="3\u200b rue\u202e d’Ici")
    asked = ask_online(
        need=need, first_name="Jean\u200bne", last_name="O’Brien", phone="06\u202f92\u202f12\u202f34\u202f56",
        asked_by="relative", asked_by_name="\u202ePaul",
    )  # fmt: skip
    kept = HelpRequest.objects.get(pk=asked.pk)
    assert (kept.person.full_name, kept.person.phone) == ("Jeanne O’Brien", "+262692123456")
    assert (kept.address, kept.asked_by_name) == ("3 rue d’Ici", "Paul")
    with pytest.raises(ValidationError, match="alphabet"):
        ask_online(need=need, first_name="J\u0435anne", phone="06 12 34 56 79")
