"""Opening a town from the console: typed, read again, asked, opened by a worker, its administrator invited."""

import re
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from aid.configuration.models import Identity
from console import openings
from console.enums import OpeningState
from console.models import ConsoleAct, Mail, Opening
from geography.models import Commune
from harness.at_once import all_at_once
from harness.console import biller_s, opening, operator, operator_s, row_of
from harness.databases import FIRST_TOWN
from harness.jobs import empty_queue, run_worker, states
from harness.towns import entry_of
from tenants import blueprints
from tenants.context import platform_context, town_context
from tenants.jobs import PROVISIONING
from tenants.lifecycle import erase_town
from tenants.management.commands.worker import queues_of_this_process
from tenants.models import Town
from tenants.registry import registry

pytestmark = pytest.mark.usefixtures("own_database")
URL = "/console/ouvrir/"
OPENING = {
    "blueprint": "bip-pop",
    "name": "Lanmeur",
    "communes": ["29113"],
    "subdomain": "lanmeur",
    "telephone": "+33261910031",
    "admin_email": "mairie@lanmeur.example",
}


def asked(**changes: object) -> dict[str, object]:
    """What the form sends."""
    told = {
        "uid": str(uuid.uuid4()),
        "blueprint": "bip-pop",
        "name": "Lanmeur",
        "communes": ["29113"],
        "telephone": "02 61 91 00 31",
        "admin_email": "Mairie@Lanmeur.example",
        "subdomain": "",
        "geste": "relire",
    }
    return told | changes


@pytest.fixture(autouse=True)
def _nothing_waits():
    empty_queue()
    yield
    with platform_context():
        made = list(Town.objects.exclude(name__in=["Lormes", "Pont-Sainte-Maxence"]))
    for town in made:
        erase_town(town)
    with platform_context():
        Opening.objects.all().delete()
        Mail.objects.all().delete()
    registry.clear()


def typed_in(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', page))


def test_a_town_is_opened_from_the_form_and_its_administrator_invited():
    console = operator_s()
    found = console.post(URL, asked(communes=[], search="lanmeur", geste="chercher")).content.decode()
    assert "Lanmeur (Finistère), 29113" in found
    assert "à corriger" not in found, "it only looks"
    assert typed_in(found)["admin_email"] == "Mairie@Lanmeur.example"
    read = console.post(URL, asked()).content.decode()
    assert typed_in(read)["subdomain"] == "lanmeur"
    assert "Relisez avant d’ouvrir" in read
    assert "https://lanmeur.localhost/" in read
    sent = asked(subdomain="lanmeur", geste="ouvrir")
    page = console.post(URL, sent)["Location"]
    assert console.post(URL, sent)["Location"] == page, "sent twice, asked once"
    assert states("console.open_town")["todo"] == 1
    assert "L’ouverture est en route" in console.get(page).content.decode()
    run_worker()
    done = console.get(page).content.decode()
    assert "Le site répond" in done
    town = Client(headers={"host": "lanmeur.localhost"})
    assert 'href="tel:+33261910031"' in town.get("/").content.decode()
    with platform_context():
        opened = Opening.objects.get()
        assert (opened.state, opened.town.name) == ("done", "Lanmeur")
        invitation = Mail.objects.get(recipient="mairie@lanmeur.example")
        assert invitation.subject == "Le site de Lanmeur est ouvert"
        assert "https://lanmeur.localhost/connexion/?next=/gestion/" in invitation.body
        assert ConsoleAct.objects.filter(town=opened.town, kind="opened").count() == 1
    with town_context(registry.find("lanmeur.localhost")[0]):
        assert Account.objects.get().email == "mairie@lanmeur.example"
        assert Identity.objects.get().telephone == "+33261910031"
    openings.open_asked(opened.pk)
    with platform_context():
        assert Town.objects.filter(name="Lanmeur").count() == 1, "a second try finds it done"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": ""}, "Écrivez le nom du site."),
        ({"name": "x" * 121}, "120 signes au plus"),
        ({"blueprint": ""}, "Choisissez un modèle."),
        ({"communes": []}, "Indiquez au moins une commune"),
        ({"telephone": "12"}, "Écrivez un numéro à dix chiffres"),
        ({"telephone": ""}, "Écrivez le numéro que les habitants appellent."),
        ({"admin_email": "pas une adresse"}, "Écrivez une adresse e-mail, par exemple"),
        ({"subdomain": "console"}, "est réservé à la plateforme"),
        ({"subdomain": "pont-sainte-maxence"}, "est déjà pris par une autre ville"),
        ({"subdomain": "é"}, "pas un sous-domaine possible"),
        ({"name": "Pont-Sainte-Maxence", "communes": ["60509"]}, "est déjà ouverte sur ces communes"),
        ({"name": "…", "subdomain": ""}, "Aucun sous-domaine ne peut être tiré"),
        ({"name": "<script>alert(1)</script>", "telephone": ""}, "Écrivez le numéro"),
    ],
)
def test_what_is_refused_is_said_beside_its_field_and_nothing_typed_is_lost(changes, told):
    sent = asked(**{"subdomain": "lanmeur", "geste": "ouvrir"} | changes)
    answer = operator_s().post(URL, sent)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert told in page.replace("&#x27;", "’")
    assert "<script>" not in page
    assert "aria-invalid" in page
    kept = typed_in(page)
    for field in ("admin_email", "telephone"):
        assert kept.get(field, "") == sent[field]
    with platform_context():
        assert not Opening.objects.exists()


def test_unknown_communes_and_blueprints_are_refused_in_words():
    console = operator_s()
    for changes in ({"communes": ["99999"]}, {"blueprint": "rien"}, {"epci": "1"}, {"departement": "ZZ"}, {"uid": "x"}):
        answer = console.post(URL, asked(**changes))
        assert answer.status_code == 200
        assert "à corriger" in answer.content.decode()


def test_an_intercommunality_or_a_departement_is_a_territory_too():
    console = operator_s()
    found = console.post(URL, asked(communes=[], search="pays de mormal", geste="chercher")).content.decode()
    assert "200043321" in found
    read = console.post(URL, asked(name="Pays", communes=[], epci="200043321")).content.decode()
    with platform_context():
        members = Commune.objects.current().filter(intercommunality="200043321").count()
    assert f"{members} communes" in read
    assert "Relisez" in console.post(URL, asked(name="Finistère", communes=[], departement="29")).content.decode()


def test_what_was_free_and_is_taken_meanwhile_is_refused_and_taken_up_again():
    with platform_context():
        late = opening(subdomain="pont-sainte-maxence")
    openings.open_asked(late.pk)
    console = operator_s()
    page = console.get(f"/console/ouverture/{late.uid}/").content.decode()
    assert "Rien n’a été ouvert" in page
    assert "déjà pris" in page
    again = typed_in(console.get(f"{URL}?reprendre={late.uid}").content.decode())
    assert (again["name"], again["admin_email"]) == ("Lanmeur", "mairie@lanmeur.example")
    assert again["uid"] != str(late.uid)
    with platform_context():
        assert not Town.objects.filter(name="Lanmeur").exists()
        assert not Mail.objects.exists()


@pytest.mark.parametrize(("where", "left"), [("note", "waiting"), ("sign_in_path", "done")])
def test_an_opening_that_is_killed_goes_on_from_where_it_was(monkeypatch, where, left):
    with platform_context():
        killed = opening()

    def die(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(openings, where, die)
    with pytest.raises(KeyboardInterrupt):
        openings.open_asked(killed.pk)
    with platform_context():
        assert Opening.objects.get().state == left
        assert Town.objects.filter(name="Lanmeur").exists() == (left == "done")
        assert not Mail.objects.exists()
    monkeypatch.undo()
    for _ in range(2):
        openings.open_asked(killed.pk)
    with platform_context():
        assert Opening.objects.get().state == "done"
        assert Town.objects.filter(name="Lanmeur").count() == 1
        assert Mail.objects.count() == 1


def test_sent_twice_at_once_or_late_it_is_one_opening():
    sent, sylvie = uuid.uuid4(), operator()

    def ask() -> Opening:
        with platform_context():
            return openings.ask(Opening(uid=sent, **OPENING), by=sylvie)

    one, other = all_at_once([ask, ask])
    assert one == other
    assert states("console.open_town")["todo"] == 1
    run_worker()
    # Its address is taken now, by itself.
    answer = operator_s().post(URL, asked(uid=str(sent), subdomain="lanmeur", geste="ouvrir"))
    assert answer["Location"] == f"/console/ouverture/{sent}/"


def test_one_that_no_worker_will_finish_is_listed_said_and_taken_again():
    with platform_context():
        lost = opening()
    console, url = operator_s(), f"/console/ouverture/{lost.uid}/"
    assert url in console.get("/console/").content.decode()
    assert "L’ouverture s’est interrompue" in console.get(url).content.decode()
    for told in ("C’est relancé.", "C’est déjà en route."):
        assert told in console.post(url, {"geste": "relancer"}, follow=True).content.decode()
    assert states("console.open_town")["todo"] == 1
    assert "L’ouverture est en route" in console.get(url).content.decode()
    with platform_context():
        Opening.objects.update(asked_at=timezone.now() - openings.LATE_AFTER * 2)
    assert "Aucun programme ne l’a encore faite" in console.get(url).content.decode()
    run_worker()
    assert "L’invitation est partie" in console.get(url).content.decode()
    assert url not in console.get("/console/").content.decode()


def test_one_whose_administrator_was_never_invited_says_so(settings):
    with platform_context():
        alone = opening(OpeningState.DONE, town=row_of(entry_of(FIRST_TOWN)))
    console, url = operator_s(), f"/console/ouverture/{alone.uid}/"
    page = console.get(url).content.decode()
    assert "personne n’est invité" in page
    assert "L’invitation est partie" not in page
    console.post(url, {"geste": "relancer"})
    run_worker()
    assert "L’invitation est partie" in console.get(url).content.decode()


def test_a_worker_without_the_login_leaves_openings_to_who_has_it(settings):
    assert queues_of_this_process() is None
    settings.PROVISIONING_DATABASE = None
    assert PROVISIONING not in queues_of_this_process()
    assert "default" in queues_of_this_process()


def test_every_blueprint_tells_what_it_brings():
    page = operator_s().get(URL).content.decode()
    for slug in blueprints.slugs():
        told = {one.title: one.lines for one in blueprints.preview(blueprints.load(slug))}
        assert {"Les aides", "La mise en relation", "Les pages déjà écrites"} <= set(told)
        assert blueprints.load(slug).title in page.replace("&#x27;", "’")
    assert "Une rencontre" in page


def test_who_bills_opens_nothing():
    for address in (URL, f"/console/ouverture/{uuid.uuid4()}/"):
        assert biller_s().get(address).status_code == 404
    assert biller_s().post(URL, asked(geste="ouvrir", subdomain="x")).status_code == 404
    assert Client(headers={"host": FIRST_TOWN}).get(URL).status_code == 404
