"""A newcomer is welcomed by the nearest referent, once; the town stays between the two."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import Account
from accounts.roles import AGENTS, COORDINATORS
from aid.directory import services, welcoming
from aid.directory.jobs import welcome_newcomer
from aid.directory.models import Referent, Theme, Welcome
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.followups.services import finish
from aid.help_requests.models import HelpRequest
from aid.notifications.models import Message
from aid.people.models import Person
from aid.people.services import confirm_phone, register_person
from aid.privacy.enums import Agreed
from aid.privacy.holdings import known_of
from aid.privacy.models import ChangedValue
from aid.territory.models import CoveredCommune
from aid.territory.services import add_district, add_sector, bind_coordinator
from harness.databases import FIRST_TOWN
from harness.desk import a_colleague, make_account, make_person, send_list
from harness.directory import a_referent, a_welcome
from harness.mandates import browser_of, known
from harness.messages import deliver_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
NEWCOMER = {"first_name": "Rosalie", "last_name": "Canaristurnam", "phone": "+33639981299"}


@pytest.fixture
def commune() -> CoveredCommune:
    return CoveredCommune.objects.first()


@pytest.fixture
def north(commune):
    return add_district(name="Nord", commune=commune)


@pytest.fixture
def south(commune):
    return add_district(name="Sud", commune=commune)


def defers(monkeypatch) -> list[int]:
    """Which newcomers a job was asked for."""
    asked: list[int] = []
    monkeypatch.setattr(welcome_newcomer, "defer", lambda **ids: asked.append(ids["person"]))
    return asked


def test_who_an_agent_writes_down_is_welcomed(commune, monkeypatch):
    asked = defers(monkeypatch)
    register_person(**NEWCOMER, commune=commune, created_by=a_colleague())
    assert asked == [], "there is nobody to welcome them"
    a_referent()
    person = register_person(first_name="Zoé", commune=commune, created_by=Account.objects.first())
    assert asked == [person.pk]


def test_who_signs_up_is_welcomed_once_their_number_answered(commune, monkeypatch):
    a_referent()
    asked = defers(monkeypatch)
    person = register_person(**NEWCOMER, commune=commune)
    assert asked == [], "anybody may type somebody else's number"
    confirm_phone(person)
    confirm_phone(person)
    assert asked == [person.pk]


def test_people_of_a_list_are_not_newcomers(monkeypatch):
    from aid.people.importing import services as importing

    a_referent()
    asked = defers(monkeypatch)
    made = send_list("Prénom;Nom;Téléphone\r\nRosalie;Blanc;0639981299\r\n", by_account=a_colleague())
    importing.confirm_import(made, creates_known=False)
    importing.write_rows(made.pk)
    person = Person.objects.get(first_name="Rosalie")
    confirm_phone(person)
    assert asked == []


def test_it_is_asked_once_and_names_nobody_in_messages(commune, north):
    referent = a_referent(make_person("Alice", "Morel", "+33639981234", channel="sms"), districts=[north])
    newcomer = register_person(**NEWCOMER, commune=commune, district=north)
    first, again = welcoming.welcome(newcomer), welcoming.welcome(newcomer)
    assert first == again
    followup = FollowUp.objects.get(kind=FollowUpKind.NEWCOMER)
    assert (followup.person, followup.subject_id) == (newcomer, first.pk)
    assert "Alice M., référente" in followup.words
    assert Message.objects.get(kind="newcomer").person == referent.person
    (sent,) = deliver_all()
    for name in ("Rosalie", "Canaristurnam", "98 12 99"):
        assert name not in sent.subject + sent.body
    assert "Pont-Sainte-Maxence" in sent.body


def test_done_once_it_is_never_asked_again(commune):
    a_referent()
    newcomer = register_person(**NEWCOMER, commune=commune)
    made = welcoming.welcome(newcomer)
    welcoming.note_welcomed(made, words="Elle aimerait des visites.")
    welcoming.welcome(newcomer)
    followup = FollowUp.objects.get(kind=FollowUpKind.NEWCOMER)
    assert followup.outcome == "Accueil fait par Alice M., référente. Elle aimerait des visites."
    with pytest.raises(welcoming.NotWaitingError):
        welcoming.note_welcomed(made)
    with pytest.raises(ValidationError):
        welcoming.note_welcomed(made, words="x" * 301)


def test_the_nearest_welcomes_and_others_see_nothing(commune, north, south):
    everywhere = a_referent(make_person("Eve", "Martin"))
    of_north = a_referent(make_person("Nora", "Martin"), districts=[north])
    of_sector = a_referent(make_person("Sam", "Martin"), sectors=[add_sector(name="S", districts=[north, south])])
    in_north = welcoming.welcome(make_person("Rosalie", "Blanc", "", district=north))
    in_south = welcoming.welcome(make_person("Zoé", "Blanc", "", district=south))
    somewhere = welcoming.welcome(make_person("Max", "Blanc", ""))
    assert (in_north.referent, in_south.referent, somewhere.referent) == (of_north, of_sector, everywhere)
    assert welcoming.to_welcome(of_north.person) == [in_north]
    assert welcoming.to_welcome(of_sector.person) == [in_south]
    assert welcoming.to_welcome(everywhere.person) == [somewhere]


def test_nobody_welcomes_themselves_nor_by_a_theme_alone(commune):
    a_referent(make_person("Eve", "Martin"), welcomes=False)
    paul = make_person("Paul", "Durand")
    a_referent(paul)
    assert welcoming.welcome(paul) is None
    assert welcoming.welcome(make_person("Zoé", commune=None)) is None


def test_a_theme_is_no_place_with_it_one_is_neither_nearer_nor_everywhere(commune, north, south):
    theme = Theme.objects.create(name="L’emploi")
    a_referent(make_person("Nora", "Martin"), districts=[north], themes=[theme])
    assert welcoming.welcome(make_person("Zoé", "Blanc", "", district=south)) is None
    everywhere = a_referent(make_person("Eve", "Martin"), themes=[theme])
    assert welcoming.welcome(make_person("Max", "Blanc", "", district=south)).referent == everywhere


def test_of_two_as_near_who_has_less_to_do_welcomes(commune):
    eve, paul = (
        a_referent(make_person("Eve", "M"), communes=[commune]),
        a_referent(make_person("Paul", "D"), communes=[commune]),
    )
    made = [welcoming.welcome(make_person(name, "Blanc", "")).referent for name in ("Un", "Deux", "Trois", "Quatre")]
    assert made == [eve, paul, eve, paul]


def test_in_her_space_a_referent_reads_a_first_name_and_a_place(commune, north):
    alice = known("Alice", "+33639981234", last_name="Morel")
    a_referent(alice, districts=[north])
    made = welcoming.welcome(register_person(**NEWCOMER, commune=commune, district=north, address="12 rue du Canari"))
    client = browser_of(alice)
    where = reverse("personal:welcome", args=[made.uid])
    home, page = (client.get(path).content.decode() for path in ("/mon-espace/", where))
    assert "Rosalie, Nord" in home
    assert "Rosalie" in page
    for secret in ("Canari", "98\u00a012\u00a099", "+33639981299"):
        assert secret not in home + page
    refused = client.post(where, {"words": "x" * 301})
    assert "300 signes au plus" in refused.content.decode()
    assert client.post(where, {"words": "Nous avons pris un café."})["Location"] == "/mon-espace/"
    assert "Nous avons pris un café." in FollowUp.objects.get(kind=FollowUpKind.NEWCOMER).outcome
    assert client.get(where).status_code == 404
    assert "Rosalie" not in client.get("/mon-espace/").content.decode()


def test_a_referent_of_elsewhere_or_who_ended_sees_nobody(commune, north, south):
    alice, paul = known("Alice", "+33639981234"), known("Paul", "+33639981235")
    mine, _ = a_referent(alice, districts=[north]), a_referent(paul, districts=[south])
    made = welcoming.welcome(register_person(**NEWCOMER, commune=commune, district=north))
    where = reverse("personal:welcome", args=[made.uid])
    assert browser_of(paul).get(where).status_code == 404
    assert browser_of(paul).post(where, {"words": ""}).status_code == 404
    assert browser_of(alice).get(where).status_code == 200
    services.end(mine)
    assert browser_of(alice).get(where).status_code == 404
    assert FollowUp.objects.open().filter(kind=FollowUpKind.NEWCOMER).exists(), "the town still welcomes them"


def test_the_desk_gives_the_number_with_an_agreement_and_it_is_traced(commune):
    alice = known("Alice", "+33639981234", last_name="Morel")
    a_referent(alice)
    newcomer = register_person(**NEWCOMER, commune=commune)
    made = welcoming.welcome(newcomer)
    desk = Client(headers={"host": FIRST_TOWN})
    desk.force_login(make_account("nadia@ccas.example", AGENTS, first_name="Nadia"))
    followup = FollowUp.objects.get(kind=FollowUpKind.NEWCOMER)
    where = reverse("desk:welcome", args=[made.uid])
    assert where in desk.get(reverse("desk:followup", args=[followup.uid])).content.decode()
    assert "Demandez son accord" in desk.post(where).content.decode()
    assert desk.post(where, {"agreed": Agreed.SPOKEN})["Location"] == where
    made.refresh_from_db()
    given = made.number_given_at
    assert given is not None
    assert "Alice M." in ChangedValue.objects.get(field="phone", access__person=newcomer).after
    page = browser_of(alice).get(reverse("personal:welcome", args=[made.uid])).content.decode()
    assert "06\u00a039\u00a098\u00a012\u00a099" in page
    # She reads it too, and a second time changes nothing.
    told = next(one for one in known_of(newcomer) if one.holding.title == "Qui vous accueille")
    assert ("Accord pour le numéro", "de vive voix") in told.rows[0]
    desk.post(where, {"agreed": Agreed.ON_PAPER})
    made.refresh_from_db()
    assert (made.number_given_at, made.number_agreed) == (given, Agreed.SPOKEN)


def test_a_coordinator_sees_newcomers_of_their_sectors(commune, north, south):
    a_referent()
    made = welcoming.welcome(make_person("Rosalie", "Blanc", "", commune=commune, district=north))
    statuses = []
    for name, district in (("nord", north), ("sud", south)):
        account = make_account(f"{name}@ccas.example", COORDINATORS, first_name=name)
        bind_coordinator(account, sectors=[add_sector(name=name, districts=[district])], by_account=account)
        client = Client(headers={"host": FIRST_TOWN})
        client.force_login(account)
        statuses.append(client.get(reverse("desk:welcome", args=[made.uid])).status_code)
    assert statuses == [200, 404]


def test_an_agent_who_is_a_referent_is_written_to_and_sees_it_at_the_desk(commune):
    account = make_account("camille@ccas.example", AGENTS, first_name="Camille", last_name="Roy")
    a_referent(account)
    welcoming.welcome(make_person("Rosalie", "Blanc", ""))
    message = Message.objects.get(kind="newcomer")
    assert (message.recipient, message.person) == ("camille@ccas.example", None)
    assert "suites à donner" in message.body


def test_finished_at_the_desk_it_leaves_her_space(commune):
    referent = a_referent()
    made = welcoming.welcome(make_person("Rosalie", "Blanc", ""))
    finish(FollowUp.objects.get(kind=FollowUpKind.NEWCOMER), by_account=a_colleague())
    assert welcoming.to_welcome(referent.person) == []
    assert Welcome.objects.get() == made


def test_who_asks_on_the_site_is_welcomed_once_the_code_came_back(commune, monkeypatch):
    """The whole way: what is typed on the site, then the code."""
    from aid.help_requests.services import confirm
    from harness.loop import request_of

    a_referent()
    asked = defers(monkeypatch)
    request = request_of(register_person(first_name="Rose", phone="+33639981300", commune=commune))
    confirm(request)
    assert asked == [HelpRequest.objects.get().person_id]


def test_a_welcome_without_a_place_of_ours_waits_for_nobody():
    made = a_welcome(make_person("Rosalie", "Blanc", ""))
    assert Referent.objects.get() == made.referent
