"""Every room says what it holds about a person; she reads it all, and nothing of anybody else."""

import json

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aid.notifications.models import Message
from aid.people.models import Person
from aid.people.services import update_person
from aid.privacy.holdings import declared, known_of
from aid.privacy.services import exported
from aid.proposals.services import accept, ask_volunteers
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_request
from harness.loop import ADDRESS, ALICE_PHONE, DETAILS, JEANNE_PHONE, SURNAME, jeanne, open_request, volunteer
from themes.brand import format_telephone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
ALICE_S, JEANNE_S = ("Morvan", ALICE_PHONE, format_telephone(ALICE_PHONE)), (SURNAME, ADDRESS, DETAILS, JEANNE_PHONE)


def to_a_person() -> set[tuple[str, str]]:
    """Every foreign key of the house that leads to a person, at once or by way of another row: (table, column)."""
    reached, found = {Person}, set()
    while True:
        before = len(found)
        for model in apps.get_models():
            if not model.__module__.startswith(("aid.", "cms.", "accounts.")):
                continue
            for field in model._meta.concrete_fields:
                if field.is_relation and field.related_model in reached:
                    found.add((model._meta.label, field.name))
        reached |= {model for model in apps.get_models() if model._meta.label in {label for label, _ in found}}
        if len(found) == before:
            return found


# Rows reached through what is declared already: whom a request was helped by is told on the helper's side. A card that
# was merged holds nothing.
ALSO_LEAD_THERE = {
    ("help_requests.HelpRequest", "volunteer"),
    # A day of what comes again is its person's own.
    ("help_requests.HelpRequest", "series"),
    ("proposals.Proposal", "request"),
    # Theirs already, as the volunteer's.
    ("proposals.Proposal", "offer"),
    # What was done is told to either by its own columns, whatever the mandate.
    ("relations.ActedFor", "mandate"),
    # A measure follows from a text of the person that it is about.
    ("moderation.Sanction", "case"),
    ("people.Person", "merged_into"),
    # Themes and places are told with the referent, and go with them.
    ("directory.Remit", "referent"),
}


def test_every_table_that_leads_to_a_person_is_declared():
    declared_keys = {(one.model._meta.label, one.path.split("__")[0]) for one in declared()}
    assert to_a_person() - ALSO_LEAD_THERE - declared_keys == set()
    assert ("help_requests.HelpRequest", "person") in to_a_person(), "the search finds what there is"
    assert ("notifications.Reply", "message") in to_a_person(), "at two steps too"


@pytest.mark.parametrize("holding", declared(), ids=lambda one: one.title)
def test_each_declaration_can_be_read_by_anybody(holding):
    assert holding.title[0].isupper()
    assert holding.purpose.endswith(".")
    model = holding.model
    # The path is one that PostgreSQL follows; each field is told under a label of its own.
    assert not model.objects.filter(**{holding.path: 0}).exists()
    assert len(set(holding.fields)) == len(holding.fields)
    for name in holding.fields:
        assert "password" not in name


@pytest.fixture
def loop():
    """Jeanne asked, Alice was asked and said yes, both were written to; (Jeanne, Alice)."""
    person, alice = jeanne(), volunteer("Alice", ALICE_PHONE, last_name="Morvan")
    request = open_request(person)
    ask_volunteers(request.pk)
    accept(request.proposals.get(volunteer=alice))
    return person, alice.person


def test_she_reads_what_the_town_knows_of_her(loop):
    person, _ = loop
    known = {one.holding.title: one.rows for one in known_of(person)}
    card = dict(known["Votre fiche"][0])
    assert (card["Prénom"], card["Nom"], card["Téléphone"]) == ("Jeanne", SURNAME, format_telephone(JEANNE_PHONE))
    assert dict(known["Vos demandes"][0])["Adresse"] == ADDRESS
    assert "Votre place de bénévole" not in known, "what is empty is left out"
    assert Message.objects.filter(person=person).count() == len(known["Les messages que nous vous avons écrits"])


def test_nobody_reads_another_s_own(loop):
    """But what they were told themselves: a volunteer who said yes got a message with the address."""
    person, alice = loop
    hers = exported(alice)
    hers["rubriques"] = [one for one in hers["rubriques"] if "messages" not in one["titre"]]
    told = json.dumps(hers, ensure_ascii=False)
    assert "Alice" in told
    assert [word for word in JEANNE_S if word in told] == []
    mine = exported(person)
    mine["rubriques"] = [one for one in mine["rubriques"] if "messages" not in one["titre"]]
    assert [word for word in ALICE_S if word in json.dumps(mine, ensure_ascii=False)] == []


def test_each_row_has_a_label_a_value(loop):
    for person in loop:
        for known in known_of(person):
            for row in known.rows:
                assert len(dict(row)) == len(row), f"two values under one label: {known.holding.title}"


def test_it_costs_a_query_or_two_a_holding_whatever_there_is(loop):
    person, alice = loop
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as log:
            known_of(person), known_of(alice)
        counts.append(len(log))
        for _ in range(5):
            make_request(person)
            update_person(person, address=f"{len(counts)} {_} rue")
    assert counts[0] == counts[1]
    assert counts[0] <= 2 * len(declared()) + 2 * 3  # an offer has kinds, communes and means


def test_an_agent_reads_it_aloud_and_hands_the_file_over(visit, loop):
    person, _ = loop
    desk = visit(FIRST_TOWN)
    desk.force_login(make_account("nadia@ccas.example", "Agents"))
    page = desk.get(reverse("desk:person_known", args=(person.uid,))).content.decode()
    assert ADDRESS in page
    assert "une mission d’intérêt public" in page
    answer = desk.get(reverse("desk:person_known_file", args=(person.uid,)))
    assert answer["Content-Disposition"].startswith('attachment; filename="ce-que-la-ville-sait-')
    assert "Jeanne" not in answer["Content-Disposition"]
    titles = [one["titre"] for one in json.loads(answer.content)["rubriques"]]
    assert titles == [one.holding.title for one in known_of(person)]
