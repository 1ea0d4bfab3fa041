"""Flags at the desk: seen by who may, linked to a card that is perhaps known, counted by partner."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from accounts.roles import ADMINISTRATORS, AGENTS, COORDINATORS
from aid.notifications.models import Message
from aid.partners import contents, figures, services
from aid.partners.enums import FlagConsent, FlagState, NoFollowUp, Urgency
from aid.partners.models import Flag, Partner, PartnerContact
from aid.people.models import Person
from aid.privacy.enums import SeenOn
from aid.privacy.models import Access
from aid.territory.models import CoveredCommune
from aid.territory.services import add_district, add_sector, bind_coordinator
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person
from harness.partners import (
    FIRST_NAME,
    LAST_NAME,
    PHONE,
    a_contact,
    a_contact_with_a_link,
    a_flag,
    a_partner,
    content,
    nobody,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def browser(account: Account) -> Client:
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(account)
    return client


@pytest.fixture
def agent(town):
    return make_account("nadia@ccas.example", AGENTS, first_name="Nadia", last_name="Benali")


@pytest.fixture
def desk(agent):
    return browser(agent)


@pytest.fixture
def office(town):
    return browser(make_account("maire@ville.example", ADMINISTRATORS))


@pytest.fixture
def flag(town):
    return a_flag(urgency=Urgency.NOW)


def page_of(flag: Flag) -> str:
    return reverse("desk:flag", args=(flag.uid,))


def test_the_most_urgent_is_read_first_in_a_fixed_number_of_queries(desk):
    contact = a_contact()
    counts = []
    desk.get("/bureau/signalements/")
    for round_ in range(2):
        for urgency in (Urgency.LATER, Urgency.NOW, Urgency.MONTH):
            a_flag(contact, urgency=urgency, said=content(first_name=f"{urgency.label}{round_}".title()))
        with CaptureQueriesContext(connection) as log:
            page = desk.get("/bureau/signalements/").content.decode()
        counts.append(len(log))
    assert page.index("Demain0 ") < page.index("Le Mois0") < page.index("Quand Ce")
    assert counts[0] == counts[1] <= 10


def test_who_is_perhaps_known_is_shown_to_the_desk_alone(desk, flag):
    known = make_person(FIRST_NAME, "Autrement", PHONE)
    page = desk.get(page_of(flag)).content.decode()
    assert "Peut-être déjà connue" in page
    assert known.full_name in page
    assert Access.objects.filter(person=known, screen=SeenOn.ENTRY).exists(), "that her card was shown is kept"
    assert desk.post(page_of(flag), {"geste": "rattacher", "personne": known.uid}).status_code == 302
    flag.refresh_from_db()
    assert flag.person == known
    assert "Peut-être déjà connue" not in desk.get(page_of(flag)).content.decode()
    assert Person.objects.filter(phone=PHONE).count() == 1


def test_a_colleague_takes_it_over_from_who_is_away(desk, agent, flag):
    max_ = make_account("max@ccas.example", AGENTS, first_name="Max", last_name="Roy")
    zoe = make_account("zoe@ccas.example", AGENTS, first_name="Zoé")
    url, his = page_of(flag), browser(max_)
    assert desk.post(url, {"geste": "prendre"}).status_code == 302
    flag.refresh_from_db()
    first = flag.in_hand_at
    assert "Prendre le relais" not in desk.get(url).content.decode()
    # He pressed what he saw before: it is not taken from her unawares.
    assert "Nadia Benali s’en occupe déjà." in his.post(url, {"geste": "prendre"}, follow=True).content.decode()
    assert "Prendre le relais de Nadia Benali" in his.get(url).content.decode()
    taking = {"geste": "prendre", "de": str(agent.uid)}
    assert his.post(url, taking).status_code == 302
    flag.refresh_from_db()
    assert (flag.state, flag.in_hand_by, flag.in_hand_at) == (FlagState.IN_HAND, max_, first)
    assert "Max Roy s’en occupe déjà." in browser(zoe).post(url, taking, follow=True).content.decode()
    (kept,) = services.handovers_of(flag)
    assert (kept.words, kept.done_by) == ("Signalement repris par Max Roy, après Nadia Benali.", max_)
    assert kept.words in desk.get(url).content.decode()
    services.take_on(flag, by_account=max_)
    with pytest.raises(services.NotAllowedError):
        services.take(flag, by_account=zoe, from_account=max_)


def test_a_card_is_created_or_another_is_searched(desk, flag):
    found = desk.post(page_of(flag), {"chercher": "1", "texte": "Odile"}).content.decode()
    assert "Personne de ce nom" in found
    other = make_person("Odile", "Petit", "+33199004321")
    assert "Odile Petit" in desk.post(page_of(flag), {"chercher": "1", "texte": "Odile"}).content.decode()
    assert "Rattacher à cette fiche" in desk.get(f"{page_of(flag)}?personne={other.uid}").content.decode()
    assert desk.post(page_of(flag), {"geste": "creer"}).status_code == 302
    flag.refresh_from_db()
    assert flag.person.full_name == f"{FIRST_NAME} {LAST_NAME}"
    page = desk.get(page_of(flag)).content.decode()
    assert reverse("desk:person", args=(flag.person.uid,)) in page
    assert f"?personne={flag.person.uid}" in page, "a request is one press away"


def test_who_was_not_asked_is_linked_with_how_they_agreed(desk):
    flag, person = a_flag(said=nobody(), consent=FlagConsent.NOT_ASKED), make_person()
    page = desk.get(f"{page_of(flag)}?personne={person.uid}").content.decode()
    assert "Comment a-t-elle donné son accord" in page
    refused = desk.post(page_of(flag), {"geste": "rattacher", "personne": person.uid})
    assert "Demandez d’abord son accord" in refused.content.decode()
    assert (
        desk.post(page_of(flag), {"geste": "rattacher", "personne": person.uid, "consent": "spoken"}).status_code == 302
    )
    assert Flag.objects.get().person == person


def test_a_reason_is_asked_for_and_kept(desk, flag):
    assert "Choisissez une raison" in desk.post(page_of(flag), {"geste": "sans-suite"}).content.decode()
    assert desk.post(page_of(flag), {"geste": "sans-suite", "reason": NoFollowUp.OUTSIDE}).status_code == 302
    assert "hors du territoire" in desk.get(page_of(flag)).content.decode()
    late = desk.post(page_of(flag), {"geste": "prise-en-charge"}, follow=True).content.decode()
    assert "Rien n’a changé" in late
    assert "sans suite" in late


def test_a_coordinator_reads_the_flags_of_their_sectors(town, agent):
    commune = CoveredCommune.objects.first()
    centre, north = (add_district(name=name, commune=commune) for name in ("Centre", "Nord"))
    account = make_account("camille@ccas.example", COORDINATORS)
    bind_coordinator(account, sectors=[add_sector(name="Le centre", districts=[centre])], by_account=account)
    camille, contact = browser(account), a_contact()
    hers = a_flag(contact, district=centre, urgency=Urgency.NOW)
    others = a_flag(contact, district=north, said=content(first_name="Inconnue"), urgency=Urgency.NOW)
    listed = camille.get("/bureau/signalements/").content.decode()
    assert LAST_NAME in listed
    assert "Inconnue" not in listed
    assert camille.get(page_of(hers)).status_code == 200
    for method in (camille.get, camille.post):
        assert method(page_of(others), {"geste": "prendre"}).status_code == 404
    board = camille.get("/bureau/").content.decode()
    assert board.count("signalement d’un partenaire".capitalize()) <= 1 or "ignalement" in board
    followups = camille.get("/bureau/suites/?nature=flag").content.decode()
    assert followups.count("/bureau/suite/") == 1
    for link in {one.split('"')[0] for one in followups.split('href="/bureau/suite/')[1:]}:
        assert camille.get(f"/bureau/suite/{link}")["Location"] == page_of(hers), "it is closed on its own page"


def test_what_does_not_open_says_so(desk, flag, settings):
    settings.MASTER_KEYS = []
    page = desk.get(page_of(flag))
    assert page.status_code == 200
    assert "ne s’ouvre pas" in page.content.decode()
    assert desk.get("/bureau/signalements/").status_code == 200


def test_the_office_writes_partners_and_contacts_and_gives_them_a_way_in(office):
    answer = office.post("/bureau/partenaire/nouveau/", {"name": "CLIC du Valois", "kind": "clic", "is_active": "on"})
    partner = Partner.objects.get()
    assert answer["Location"] == reverse("desk:partner", args=(partner.uid,))
    again = office.post("/bureau/partenaire/nouveau/", {"name": "clic du  valois", "kind": "clic"})
    assert "porte déjà ce nom" in again.content.decode()
    new = reverse("desk:new_contact", args=(partner.uid,))
    wrong = office.post(new, {"first_name": "Anne", "phone": "03 44 72 00 00"})
    assert "une adresse e-mail, ou un mobile" in wrong.content.decode()
    assert 'value="Anne"' in wrong.content.decode()
    office.post(new, {"first_name": "Anne", "email": "anne@clic.example"})
    contact = PartnerContact.objects.get()
    gestures = reverse("desk:contact_access", args=(contact.uid,))
    assert office.post(gestures, {"geste": "lien"}).status_code == 302
    assert Message.objects.get(kind="partner_link").recipient == "anne@clic.example"
    for gesture, said in (("compte", "avec un code"), ("retirer", "n’entre plus"), ("fermer", "ne signale plus")):
        assert said in office.post(gestures, {"geste": gesture}, follow=True).content.decode()
    assert office.post(gestures, {"geste": "voler"}).status_code == 404
    assert "ne signale plus" in office.post(gestures, {"geste": "lien"}, follow=True).content.decode()


def some_flags(partner: Partner, *, taken_on: int, left: int, agent: Account, days: int) -> None:
    contact = a_contact(partner=partner, email=f"{partner.pk}@partenaire.example")
    for number in range(taken_on + left):
        flag = a_flag(contact)
        sent = timezone.now() - timedelta(days=days, hours=1)
        Flag.objects.filter(pk=flag.pk).update(sent_at=sent)
        if number < taken_on:
            services.take_on(flag, by_account=agent)
        else:
            services.leave(flag, reason=NoFollowUp.DECLINED, by_account=agent)


def test_figures_hide_what_would_point_at_somebody(office, agent):
    many, few = a_partner("CLIC"), a_partner("=cmd|' /C calc'!A0")
    some_flags(many, taken_on=4, left=1, agent=agent, days=2)
    some_flags(few, taken_on=2, left=0, agent=agent, days=0)
    found = figures.figures(timezone.localdate())
    by_name = {line.partner.pk: line for line in found.lines}
    assert by_name[many.pk].cells == ["5", "0", "4", "moins de 3", "3"]
    assert by_name[few.pk].cells == ["moins de 3", "0", "moins de 3", "0", "–"]
    assert len(by_name[many.pk].months) == len(found.months) == 12
    page = office.get("/bureau/partenaires/chiffres/").content.decode()
    assert "moins de 3" in page
    answer = office.get("/bureau/partenaires/chiffres.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:3] == ["Partenaire", "Nature", "Reçus"]
    assert {row[0] for row in rows[1:]} == {"CLIC", "'" + few.name}
    figures.figures(date(2026, 11, 26))  # the town is entered again after a page
    with CaptureQueriesContext(connection) as log:
        figures.figures(date(2026, 11, 26))
    assert len(log) == 3


def test_content_of_another_flag_is_not_taken_for_this_one(desk, flag):
    """A row that somebody moved in the database does not open: what is sealed is bound to its place."""
    other = a_flag(PartnerContact.objects.get(), said=content(first_name="Zoé"))
    Flag.objects.filter(pk=flag.pk).update(sealed=bytes(other.sealed))
    assert "Zoé" not in desk.get(page_of(flag)).content.decode()
    assert contents.read(Flag.objects.get(pk=other.pk)).first_name == "Zoé"


def test_links_are_not_read_at_the_desk(office):
    contact = a_contact_with_a_link()
    page = office.get(reverse("desk:partner_contact", args=(contact.uid,))).content.decode()
    assert "/partenaires/lien/" not in page
    assert contact.link not in page
