"""« The CLIC tells of somebody alone »: a link, the grid, the card that is perhaps the same, a visit, an outcome."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from aid.help_requests.enums import Source
from aid.help_requests.models import HelpRequest
from aid.notifications.models import Message
from aid.partners.models import Flag, PartnerContact
from aid.people.models import Person
from aid.territory.models import CoveredCommune
from aid.territory.services import add_sector, bind_coordinator
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person
from harness.loop import visits
from harness.partners import code_sent_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
ANNE, SIMONE_PHONE = "anne.roy@clic.example", "+33199007002"


def browser(account: Account | None = None) -> Client:
    """Somebody's browser on the town's site."""
    client = Client(headers={"host": FIRST_TOWN})
    if account:
        client.force_login(account)
    return client


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_clic_flags_somebody_and_reads_only_that_she_is_taken_on():
    """From the office that writes the partner down, to « pris en charge »."""
    simone = make_person("Simone", "Petit", SIMONE_PHONE, birth_year=1936)
    office = browser(make_account("maire@ville.example", "Administrateurs", first_name="Odile"))
    link = given_a_link(office)

    anne = browser()
    assert "Simone" not in page(anne, link)
    anne.post(link, {"envoyer": "1"})
    assert anne.post(link, {"code": code_sent_to(ANNE)})["Location"] == "/partenaires/"
    fill_the_grid(anne)
    assert "S. P." in page(anne, "/partenaires/")

    camille = coordinator()
    desk = browser(camille)
    assert "Signalement d’un partenaire" in page(desk, "/bureau/")
    flag = Flag.objects.get()
    shown = page(desk, f"/bureau/signalement/{flag.uid}/")
    for words in ("Peut-être déjà connue", "Simone Petit", "Jamais, ou presque", "Anne Roy, CLIC du Valois"):
        assert words in shown
    here = f"/bureau/signalement/{flag.uid}/"
    for gesture in ({"geste": "prendre"}, {"geste": "rattacher", "personne": simone.uid}):
        assert desk.post(here, gesture).status_code == 302
    assert Person.objects.filter(phone=SIMONE_PHONE).count() == 1

    request = visit_asked_for(desk, simone)
    assert (request.person, request.source) == (simone, Source.PHONE)
    assert desk.post(here, {"geste": "prise-en-charge"}).status_code == 302
    assert "Signalement d’un partenaire" not in page(desk, "/bureau/")

    read = page(anne, "/partenaires/")
    assert ">pris en charge<" in read
    told = Message.objects.get(kind="flag_outcome", recipient=ANNE)
    for text in (read, told.body, told.subject):
        assert not [word for word in ("Simone", "Petit", "Camille", "visite", SIMONE_PHONE) if word in text]
    assert anne.get(here)["Location"].startswith("/connexion/")


def given_a_link(office: Client) -> str:
    """The administrator writes the CLIC down, and sends Anne her link."""
    office.post("/bureau/partenaire/nouveau/", {"name": "CLIC du Valois", "kind": "clic", "is_active": "on"})
    partner = page(office, "/bureau/partenaires/").split('desk-line" href="')[1].split('"')[0]
    typed = {"first_name": "Anne", "last_name": "Roy", "email": ANNE}
    contact = office.post(f"{partner}contact/", typed)["Location"]
    assert office.post(f"{contact}acces/", {"geste": "lien"}).status_code == 302
    body = Message.objects.get(kind="partner_link", recipient=ANNE).body
    assert PartnerContact.objects.get().has_link
    return "/partenaires/lien/" + body.split("/partenaires/lien/")[1].split()[0]


def fill_the_grid(anne: Client) -> None:
    """Three pages: each sends along what the others were answered, as a browser does."""
    answers = [
        {"consent": "spoken", "urgency": "now"},
        {
            "first_name": "simone", "last_name": "PETIT", "phone": "01.99.00.70.02", "birth_year": "1936",
            "commune": CoveredCommune.objects.get().pk,
        },
        {
            "q1": "Jamais, ou presque", "q2": "Rarement", "q3": "Presque plus", "q4": "Oui", "q5": "Non", "q6": "?",
            "q7": "Non", "q8": "Oui", "q9": "Les chats", "words": "Elle a un chat.",
        },
    ]  # fmt: skip
    html = page(anne, "/partenaires/signaler/")
    for typed in answers:
        answer = anne.post("/partenaires/signaler/", hidden(html) | typed)
        html = answer.content.decode()
    assert answer["Location"] == "/partenaires/"


def hidden(html: str) -> dict[str, str]:
    """The hidden fields of a page."""
    from bs4 import BeautifulSoup

    form = BeautifulSoup(html, "html.parser").select_one("main form") or BeautifulSoup(html, "html.parser").form
    return {
        one["name"]: one["value"] for one in form.select("input[type=hidden]") if one["name"] != "csrfmiddlewaretoken"
    }


def coordinator() -> Account:
    """Camille, who coordinates where Simone lives."""
    camille = make_account("camille@ccas.example", "Coordinateurs", first_name="Camille")
    sector = add_sector(name="Ici", communes=[CoveredCommune.objects.get()])
    bind_coordinator(camille, sectors=[sector], by_account=camille)
    return camille


def visit_asked_for(desk: Client, person: Person) -> HelpRequest:
    """Camille called her: she would like a visit."""
    typed = {
        "personne": str(person.uid),
        "kind": visits().pk,
        "day": (timezone.localdate() + datetime.timedelta(days=2)).isoformat(),
        "moment": "any",
        "commune": CoveredCommune.objects.get().pk,
        "address": "",
        "source": "phone",
        "asked_by": "self",
        "consent": "spoken",
    }
    assert desk.post("/bureau/demande/nouvelle/", typed).status_code == 302
    return HelpRequest.objects.get(person=person)
