"""Coordinators see the people of their sectors, at every screen, and nobody else."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Account
from accounts.roles import AGENTS, COORDINATORS
from aid.desk.subjects import REQUEST
from aid.followups.enums import FollowUpKind
from aid.followups.services import ask as ask_followup
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.notifications.models import Message
from aid.offers.services import welcome
from aid.people.enums import Channel
from aid.people.merging import fingerprint
from aid.people.models import Person
from aid.privacy.merging import merge
from aid.privacy.models import Access
from aid.territory.models import CoveredCommune, District, Sector, SectorCoordinator
from aid.territory.services import add_district, add_sector, bind_coordinator
from harness.databases import FIRST_TOWN
from harness.desk import ask, make_account, make_person, make_request, make_volunteer

pytestmark = pytest.mark.django_db
SECRET = "Inconnue-du-Nord"
DOUBLES = {"Jane": "+33639980201", "Jeannette": "+33639980202"}


def browser_of(account: Account) -> Client:
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(account)
    return client


@pytest.fixture
def commune(town) -> CoveredCommune:
    return CoveredCommune.objects.first()


@pytest.fixture
def centre(commune) -> District:
    return add_district(name="Centre", commune=commune)


@pytest.fixture
def north(commune) -> District:
    return add_district(name="Nord", commune=commune)


@pytest.fixture
def coordinator(centre) -> Account:
    """Camille, who coordinates the centre."""
    account = make_account("camille@ccas.example", COORDINATORS, first_name="Camille", last_name="Roy")
    bind_coordinator(account, sectors=[add_sector(name="Le centre", districts=[centre])], by_account=account)
    return account


@pytest.fixture
def camille(coordinator) -> Client:
    return browser_of(coordinator)


@pytest.fixture
def hers(centre) -> Person:
    return make_person("Jeanne", "Martin", "+33199001234", district=centre)


@pytest.fixture
def another(north) -> Person:
    """Somebody of the sector next door."""
    return make_person(SECRET, "Martin", "+33199005678", district=north, birth_year=1941)


def everything_of(person: Person) -> dict[str, str]:
    """An address of each kind about somebody."""
    request = make_request(person, RequestState.TO_CHECK)
    followup = ask_followup(kind=FollowUpKind.TO_CALL, person=person, words="Dites-lui")
    return {
        "person": reverse("desk:person", args=(person.uid,)),
        "edit_person": reverse("desk:edit_person", args=(person.uid,)),
        "request": reverse("desk:request", args=(request.uid,)),
        "gesture": reverse("desk:gesture", args=(request.uid, "verifier")),
        "followup": reverse("desk:followup", args=(followup.uid,)),
        "new_request": reverse("desk:new_request") + f"?personne={person.uid}",
        "new_volunteer": reverse("desk:new_volunteer") + f"?personne={person.uid}",
    }


def test_what_is_of_another_sector_is_absent(camille, hers, another):
    for name, url in everything_of(hers).items():
        assert camille.get(url).status_code == 200, name
    theirs = everything_of(another)
    read_before = Access.objects.count()
    for name, url in theirs.items():
        assert camille.get(url).status_code == 404, name
        answer = camille.post(url, {"first_name": "X", "words": "X", "outcome": "X"})
        assert answer.status_code == (405 if name in {"person", "request"} else 404), name
    note = reverse("desk:note", args=(another.help_requests.get().uid,))
    assert camille.post(note, {"words": "X"}).status_code == 404
    move = reverse("desk:move_volunteer", args=(another.uid,))
    assert camille.post(move, {"geste": "depart"}).status_code == 404
    assert Access.objects.count() == read_before, "who sees nothing reads nothing"


def test_a_card_that_became_another_s_leads_to_it_where_it_is_theirs(camille, hers, another, centre):
    chief = make_account("maire@ccas.example", "Administrateurs")
    double, elsewhere = (make_person(name, "Martin", phone) for name, phone in DOUBLES.items())
    for kept, gone in ((hers, double), (another, elsewhere)):
        merge(kept, gone, take=[], seen=fingerprint(kept, gone), by_account=chief)
    for name in ("desk:person", "desk:edit_person", "desk:volunteer_steps"):
        answer = camille.get(reverse(name, args=(double.uid,)))
        assert answer["Location"] == reverse("desk:person", args=(hers.uid,)), name
        assert camille.get(reverse(name, args=(elsewhere.uid,))).status_code == 404, name


def test_no_list_nor_search_names_anybody_of_another_sector(camille, hers, another, centre, north):
    for person in (hers, another):
        everything_of(person)
        make_request(person, RequestState.OPEN)
    for first_name, phone, district in (("Alice", "+33639980101", centre), (SECRET, "+33639980102", north)):
        volunteer = make_volunteer(first_name, "Morel", phone)
        Person.objects.filter(pk=volunteer.person_id).update(district=district)
    for name in ("board", "requests", "followups", "people", "volunteers"):
        page = camille.get(reverse(f"desk:{name}")).content.decode()
        assert SECRET not in page, name
        assert "Martin" in page or "Alice" in page, name
        assert "secteur Le centre" in page, name
    for typed in ("martin", "01 99 00", SECRET):
        for url in (reverse("desk:find_people"), reverse("desk:people"), reverse("desk:new_request")):
            found = camille.post(url, {"texte": typed, "chercher": "1"}).content.decode()
            assert found.replace(f'value="{SECRET}"', "").count(SECRET) == 0, url
    assert "Jeanne" in camille.post(reverse("desk:find_people"), {"texte": "martin"}).content.decode()


def test_somebody_without_a_known_place_is_the_agents_only(camille, desk, commune):
    somewhere = make_person("Odette", commune=None)
    in_the_commune = make_person("Paulette", phone="")
    for person in (somewhere, in_the_commune):
        url = reverse("desk:person", args=(person.uid,))
        assert camille.get(url).status_code == 404
        assert desk.get(url).status_code == 200
    ask_followup(kind=FollowUpKind.SMS_CEILING, words="Le plafond est atteint")
    assert "plafond" not in camille.get("/bureau/suites/").content.decode()
    Sector.objects.get().communes.add(commune)
    assert camille.get(reverse("desk:person", args=(in_the_commune.uid,))).status_code == 200
    assert camille.get(reverse("desk:person", args=(somewhere.uid,))).status_code == 404


def test_every_link_of_a_coordinator_leads_somewhere(camille, hers, another, centre):
    """A volunteer of another sector who was asked is named with their number, to be called; their card is closed."""
    request = make_request(hers, details="Le portail")
    outsider, insider = make_volunteer("Lucie", phone="+33639980103"), make_volunteer("Alice", phone="+33639980104")
    Person.objects.filter(pk=insider.person_id).update(district=centre)
    for volunteer in (outsider, insider):
        ask(request, volunteer)
    make_request(hers, RequestState.AGREED, volunteer=outsider)
    theirs = make_request(another, RequestState.AGREED, volunteer=insider)
    followup = ask_followup(
        kind=FollowUpKind.NOT_CLOSED, person=insider.person, subject=(REQUEST, theirs.pk), words="C’est fait ?"
    )
    Person.objects.filter(pk=another.pk).update(last_name="Martin", phone=hers.phone)
    begin = ["/bureau/", reverse("desk:followup", args=(followup.uid,))]
    pages = begin + [f"/bureau/{name}/" for name in ("demandes", "suites", "personnes", "benevoles")]
    pages += [reverse("desk:request", args=(one.uid,)) for one in hers.help_requests.all()]
    pages += [reverse("desk:person", args=(one.uid,)) for one in (hers, insider.person)]
    links = set()
    for page in pages:
        answer = camille.get(page)
        assert answer.status_code == 200, page
        links |= set(re.findall(r'href="(/bureau/[^"#]*)"', answer.content.decode()))
    assert len(links) > 10
    for link in links:
        assert camille.get(link.replace("&amp;", "&")).status_code == 200, link
    shown = camille.get(reverse("desk:request", args=(request.uid,))).content.decode()
    assert "Lucie" in shown
    assert str(outsider.person.uid) not in shown
    assert str(insider.person.uid) in shown


def test_messages_of_a_volunteer_of_another_sector_stay_closed(camille, desk, hers):
    from aid.notifications.models import Message
    from aid.people.enums import Channel

    outsider = make_volunteer("Lucie", phone="+33639980103")
    request = make_request(hers, RequestState.AGREED, volunteer=outsider)
    sent = {"kind": "x", "channel": Channel.SMS, "recipient": "+1"}
    Message.objects.create(key="1", person=outsider.person, body="Pour une autre rue", **sent)
    Message.objects.create(key="2", person=hers, body="Lucie vient", **sent)
    url = reverse("desk:request", args=(request.uid,))
    assert "Pour une autre rue" in desk.get(url).content.decode()
    page = camille.get(url).content.decode()
    assert "Pour une autre rue" not in page
    assert "Lucie vient" in page


def entry(**typed: object) -> dict[str, object]:
    from django.utils import timezone

    from aid.configuration.models import KindOfHelp

    usual = {
        "first_name": "Solange", "last_name": "Petit", "phone": "01 99 00 77 77",
        "commune": CoveredCommune.objects.first().pk,
        "kind": KindOfHelp.objects.offered().first().pk, "day": timezone.localdate().isoformat(), "moment": "any",
        "source": "phone", "asked_by": "self", "consent": "spoken", "address": "",
    }  # fmt: skip
    return usual | typed


def test_who_is_written_down_lives_in_the_sector(camille, centre, north):
    url = reverse("desk:new_request")
    for refused in ({"district": north.pk, "at_home": "on"}, {"at_home": "on"}, {"district": centre.pk}):
        answer = camille.post(url, entry(**refused))
        assert answer.status_code == 200
        assert "Ce lieu n’est pas dans vos secteurs." in answer.content.decode(), refused
    assert not HelpRequest.objects.exists()
    entered = camille.post(url, entry(district=centre.pk, at_home="on"))
    assert entered.status_code == 302
    assert camille.get(entered["Location"]).status_code == 200


def test_help_may_be_wanted_anywhere_for_somebody_of_the_sector(camille, hers, north):
    answer = camille.post(
        reverse("desk:new_request"), entry(personne=hers.uid, district=north.pk) | {"first_name": "", "phone": ""}
    )
    assert answer.status_code == 302
    assert camille.get(answer["Location"]).status_code == 200


def test_nobody_is_moved_out_of_sight_nor_admitted_there(camille, hers, north, centre):
    kept = {"first_name": "Jeanne", "last_name": "Martin", "phone": "01 99 00 12 34", "channel": "call"}
    url = reverse("desk:edit_person", args=(hers.uid,))
    home = {"commune": hers.commune_id, "district": north.pk}
    assert "pas dans vos secteurs" in camille.post(url, kept | home).content.decode()
    assert camille.post(url, kept | home | {"district": centre.pk}).status_code == 302
    from aid.configuration.models import KindOfHelp

    new = {"first_name": "Zoé", "phone": "06 39 98 01 09", "channel": "sms", "kinds": KindOfHelp.objects.first().pk}
    admit = reverse("desk:new_volunteer")
    assert "pas dans vos secteurs" in camille.post(admit, new | home).content.decode()
    assert camille.post(admit, new | home | {"district": centre.pk}).status_code == 302


def test_a_coordinator_without_a_sector_is_told_so_everywhere(town, jeanne, asked):
    account = make_account("nouvelle@ccas.example", COORDINATORS)
    client = browser_of(account)
    pages = ["/bureau/", "/bureau/personnes/", "/bureau/demande/nouvelle/", f"/bureau/personne/{jeanne.uid}/"]
    for url in [*pages, f"/bureau/demande/{asked.uid}/"]:
        page = client.get(url).content.decode()
        assert "Vous n’avez pas encore de secteur" in page, url
        assert "Jeanne" not in page
        assert 'href="/bureau/' not in page
    assert "Jeanne" not in client.post("/bureau/personnes/chercher/", {"texte": "jeanne"}).content.decode()
    assert client.get("/gestion/").status_code == 404
    assert client.get("/bureau/personnes/exporter/").status_code == 404


def test_an_agent_who_coordinates_too_sees_everybody(coordinator, another):
    from django.contrib.auth.models import Group

    coordinator.groups.add(Group.objects.get(name=AGENTS))
    client = browser_of(Account.objects.get(pk=coordinator.pk))
    assert client.get(reverse("desk:person", args=(another.uid,))).status_code == 200


def test_who_is_bound_without_the_role_opens_nothing(coordinator, hers):
    coordinator.groups.clear()
    client = browser_of(Account.objects.get(pk=coordinator.pk))
    assert client.get("/bureau/").status_code == 404
    assert client.get(reverse("desk:person", args=(hers.uid,))).status_code == 404


def test_administrators_say_who_coordinates_what(coordinator, centre, north):
    sector = add_sector(name="Le nord", districts=[north])
    administrator = make_account("maire@ccas.example", "Administrateurs")
    client = browser_of(administrator)
    page = client.get("/bureau/coordinateurs/").content.decode()
    assert "Camille Roy" in page
    assert page.count(" checked") == 1
    name = f"secteurs-{coordinator.uid}"
    assert client.post("/bureau/coordinateurs/", {name: ["999"]}).status_code == 200
    kept = SectorCoordinator.objects.get()
    assert client.post("/bureau/coordinateurs/", {name: [sector.pk, kept.sector_id]}).status_code == 302
    assert set(coordinator.sectors.all()) == set(Sector.objects.all())
    kept.refresh_from_db()
    assert kept.bound_by == coordinator, "what was so already keeps its author"
    assert SectorCoordinator.objects.get(sector=sector).bound_by == administrator
    client.post("/bureau/coordinateurs/", {})
    assert not coordinator.sectors.exists()


def test_the_page_of_coordinators_says_what_is_missing(town):
    client = browser_of(make_account("maire@ccas.example", "Administrateurs"))
    page = client.get("/bureau/coordinateurs/").content.decode()
    assert "Pas encore de secteur" in page
    assert "Pas encore de coordinateur" in page
    assert "Coordinateurs" in client.get("/gestion/users/new/").content.decode()


def test_who_may_come_in_no_more_is_not_asked_about(coordinator):
    Account.objects.filter(pk=coordinator.pk).update(is_active=False)
    client = browser_of(make_account("maire@ccas.example", "Administrateurs"))
    assert "Camille" not in client.get("/bureau/coordinateurs/").content.decode()


def queries_of(client: Client, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as log:
        assert client.get(url).status_code == 200
    statements = [query["sql"] for query in log.captured_queries]
    return [sql for sql in statements if sql.startswith("SELECT") and "set_config" not in sql]


@pytest.mark.parametrize("name", ["board", "requests", "followups", "people", "volunteers"])
def test_a_list_costs_a_coordinator_one_query_more_whatever_it_holds(camille, desk, centre, name):
    url = reverse(f"desk:{name}")

    def some(count: int, first: int) -> None:
        for number in range(first, first + count):
            person = make_person(f"Jeanne{number}", phone=f"+331990{number:05d}", district=centre)
            volunteer = make_volunteer(f"Alice{number}", phone=f"+3363998{number:04d}")
            Person.objects.filter(pk=volunteer.person_id).update(district=centre)
            welcome(person=volunteer.person, kinds=[make_request(person).kind])
            make_request(person, RequestState.AGREED, volunteer=volunteer)
            ask_followup(kind=FollowUpKind.TO_CALL, person=person)

    some(2, 0)
    camille.get(url), desk.get(url)
    few = queries_of(camille, url)
    some(10, 10)
    many = queries_of(camille, url)
    assert len(many) == len(few), "\n".join(many)
    # The sectors, whose names are at the top of each screen.
    assert len(many) == len(queries_of(desk, url)) + 1


def test_what_is_written_once_for_a_role_is_answered_for_each_account(camille, hers, another, north):
    """One process, one question, two coordinators."""
    paul = make_account("paul@ccas.example", COORDINATORS)
    bind_coordinator(paul, sectors=[add_sector(name="Le nord", districts=[north])], by_account=paul)
    volunteer = make_volunteer("Alice")
    for person in (hers, another):
        make_request(person, RequestState.AGREED, volunteer=volunteer)
        told = {"kind": "agreed", "channel": Channel.SMS, "recipient": person.phone}
        Message.objects.create(person=person, key=f"agreed:{person.pk}", body=f"Pour {person.first_name}", **told)
    url = "/bureau/personne/{}/"
    for client, theirs, not_theirs in ((camille, hers, another), (browser_of(paul), another, hers)):
        page = client.get(url.format(theirs.uid))
        assert [one.person for one in page.context["requests"]] == [theirs]
        assert [one.body for one in page.context["sent"]] == [f"Pour {theirs.first_name}"]
        assert client.get(url.format(not_theirs.uid)).status_code == 404


def test_the_card_of_a_person_costs_twelve_queries_at_most(camille, desk, hers):
    everything_of(hers)
    url = reverse("desk:person", args=(hers.uid,))
    for client in (desk, camille):
        client.get(url)
        statements = queries_of(client, url)
        assert len(statements) <= 12, "\n".join(statements)
