"""Another software: it files what people asked it for, and what its partner flags, and reads what became of these."""

import uuid

import pytest
from django.test import Client

from accounts.models import Account
from accounts.scopes import Scope
from aid.help_requests.enums import AskedBy, Consent, Source
from aid.help_requests.models import HelpRequest
from aid.partners import contents, grids, keeping, services
from aid.partners.enums import NoFollowUp, QuestionKind
from aid.partners.models import Flag
from aid.people.models import Person
from aid.privacy.models import Consent as Given
from aid.relations.models import ActedFor
from aid.territory.models import CoveredCommune
from api.models import Application
from harness.applications import API, an_application, caller, send, signed_in
from harness.directory import an_administrator
from harness.loop import visits
from harness.partners import (
    FIRST_NAME,
    LAST_NAME,
    PHONE,
    WORDS,
    a_contact,
    a_contact_with_an_account,
    a_flag,
    account_of,
)
from harness.requests import MOBILE, a_known_person, asked_online, tomorrow


@pytest.fixture
def site(town) -> Client:
    """A software that files and follows."""
    _, token = an_application(Scope.REQUESTS_READ, Scope.REQUESTS_WRITE)
    return caller(token)


def asked(**changes: object) -> dict[str, object]:
    return {
        "uid": str(uuid.uuid4()),
        "kind": visits().slug,
        "day": tomorrow().isoformat(),
        "commune": CoveredCommune.objects.get().commune_id,
        "first_name": "Jeanne",
        "last_name": "Dubois",
        "phone": "06 39 98 00 01",
        "consent": "spoken",
        "address": "12 rue du Canari",
        "details": "Elle entend mal.",
    } | changes


# --- Requests


def test_a_software_files_for_somebody_who_agreed_and_everything_is_traced(site):
    answer = send(site, "demandes/", **asked())
    assert answer.status_code == 201, answer.content
    filed = HelpRequest.objects.get()
    software = Application.objects.get()
    assert (filed.source, filed.asked_by, filed.asked_by_name) == (
        Source.SOFTWARE,
        AskedBy.PROFESSIONAL,
        "Site de la mairie",
    )
    assert (filed.consent, filed.entered_by, filed.state) == (Consent.SPOKEN, software.account, "open")
    assert (filed.person.full_name, filed.person.phone, filed.person.created_by) == (
        "Jeanne Dubois",
        MOBILE,
        software.account,
    )
    assert str(software.account) == "Logiciel Site de la mairie"
    assert filed.steps.get(name="ask").by_account == software.account
    assert Given.objects.get(person=filed.person).by_account == software.account
    assert ActedFor.objects.get(subject=filed.uid).by_account == software.account


def test_the_person_reads_which_software_asked_for_them(site):
    send(site, "demandes/", **asked())
    account = Account.objects.create_account(email="jeanne@exemple.example")
    Person.objects.filter(phone=MOBILE).update(account=account)
    page = signed_in(account).get("/mon-espace/en-mon-nom/").content.decode()
    assert "par le logiciel «\xa0Site de la mairie\xa0» pour vous" in page


def test_nobody_s_name_nor_address_is_told_again(site):
    uid = send(site, "demandes/", **asked()).json()["uid"]
    for path in ("demandes/", f"demandes/{uid}/"):
        told = site.get(API + path).content.decode()
        assert uid in told
        for secret in ("Jeanne", "Dubois", "39980001", "Canari", "entend mal"):
            assert secret not in told


def test_it_may_say_how_urgent_it_is(site):
    told = [send(site, "demandes/", **asked(**said)) for said in ({}, {"urgency": "today"})]
    assert [one.json()["urgency"] for one in told] == ["usual", "today"]
    assert HelpRequest.objects.latest("pk").urgency == "today"
    refused = send(site, "demandes/", **asked(urgency="hier"))
    assert (refused.status_code, list(refused.json())) == (400, ["urgency"])
    assert HelpRequest.objects.count() == 2


def test_sent_twice_it_is_one(site):
    body = asked()
    first, second = send(site, "demandes/", **body), send(site, "demandes/", **body)
    assert first.json() == second.json()
    assert HelpRequest.objects.count() == Person.objects.filter(phone=MOBILE).count() == 1


def test_who_is_known_is_known_and_nothing_of_them_is_changed(site):
    known = a_known_person(first_name="Jeanne", last_name="Petit", address="")
    send(site, "demandes/", **asked(first_name="JEANNE"))
    assert HelpRequest.objects.get().person == known
    assert Person.objects.get(pk=known.pk).last_name == "Petit"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"phone": "12"}, "detail"),
        ({"phone": ""}, "phone"),
        ({"first_name": ""}, "first_name"),
        ({"consent": "on_screen"}, "consent"),
        ({"consent": ""}, "consent"),
        ({"day": "2020-01-01"}, "day"),
        ({"kind": None}, "kind"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_kept(site, changed, field):
    answer = send(site, "demandes/", **asked(**changed))
    assert answer.status_code == 400, answer.content
    assert list(answer.json()) == [field]
    assert not HelpRequest.objects.exists()
    assert not Person.objects.filter(phone=MOBILE).exists()


def test_one_number_is_not_asked_for_all_day(site):
    told = [send(site, "demandes/", **asked()).status_code for _ in range(5)]
    assert told == [201] * 4 + [429]


def test_it_follows_and_cancels_its_own_and_no_other(site):
    uid = send(site, "demandes/", **asked()).json()["uid"]
    _, token = an_application(Scope.REQUESTS_READ, Scope.REQUESTS_WRITE, name="Un autre")
    another, on_the_site = caller(token), asked_online(phone="0639980077")
    for client, of in ((another, uid), (site, on_the_site.uid)):
        assert client.get(f"{API}demandes/{of}/").status_code == 404
        assert send(client, f"demandes/{of}/annuler/").status_code == 404
    assert another.get(f"{API}demandes/").json()["results"] == []
    assert send(another, "demandes/", **asked(uid=uid)).json() == {
        "uid": ["Ce numéro a déjà servi pour une autre demande."]
    }
    assert send(site, f"demandes/{uid}/annuler/").json()["state"] == "cancelled"
    assert send(site, f"demandes/{uid}/annuler/").status_code == 409


# --- Flags


@pytest.fixture
def clic(town) -> tuple[Client, Application]:
    """The software of a partner."""
    made, token = an_application(Scope.FLAGS_READ, Scope.FLAGS_WRITE, name="Logiciel du CLIC")
    return caller(token), made


def flag(client: Client, **changes: object) -> dict[str, object]:
    grid = client.get(f"{API}grille/").json()
    answers = {one["key"]: one["choices"][-2] if one["choices"] else "Les cartes" for one in grid["questions"]}
    return {
        "uid": str(uuid.uuid4()),
        "grid": grid["number"],
        "answers": answers,
        "consent": "spoken",
        "urgency": "week",
        "commune": CoveredCommune.objects.get().commune_id,
        "first_name": FIRST_NAME,
        "last_name": LAST_NAME,
        "phone": "01 99 00 70 01",
        "birth_year": 1938,
        "words": WORDS,
    } | changes


def test_the_grid_is_told_without_its_points(clic):
    told = clic[0].get(f"{API}grille/").json()
    version = grids.current()
    assert told["number"] == version.number
    assert [one["text"] for one in told["questions"]] == [one.text for one in grids.grid_of(version).questions]
    assert all((one["choices"] == []) == (kind == QuestionKind.TEXT) for one, kind in zip(
        told["questions"], [one.kind for one in grids.grid_of(version).questions], strict=True
    ))  # fmt: skip
    assert "weight" not in str(told)


def test_a_flag_is_sealed_and_read_as_the_page_s_are(clic):
    client, software = clic
    body = flag(client)
    answer = send(client, "signalements/", **body)
    assert answer.status_code == 201, answer.content
    assert answer.json() == {"uid": body["uid"], "sent_at": answer.json()["sent_at"], "state": "reçu"}
    assert send(client, "signalements/", **body).json() == answer.json()
    sent = Flag.objects.get()
    said = contents.read(sent)
    assert (sent.contact, sent.partner) == (software.contact, software.contact.partner)
    assert (said.full_name, said.phone, said.birth_year, said.words) == (
        f"{FIRST_NAME} {LAST_NAME}", PHONE, 1938, WORDS
    )  # fmt: skip
    assert said.answers == body["answers"]
    assert (sent.score, sent.level) == grids.score_of(grids.grid_of(sent.grid), said.answers)


def test_a_partner_reads_what_became_of_each_and_nothing_else(clic):
    client, _ = clic
    agent = an_administrator()
    uids = [send(client, "signalements/", **flag(client)).json()["uid"] for _ in range(3)]
    services.take(Flag.objects.get(form_uid=uids[0]), by_account=agent)
    services.take_on(Flag.objects.get(form_uid=uids[1]), by_account=agent)
    services.leave(Flag.objects.get(form_uid=uids[2]), reason=NoFollowUp.DECLINED, by_account=agent)
    listed = client.get(f"{API}signalements/")
    assert {one["uid"]: one["state"] for one in listed.json()["results"]} == dict(
        zip(uids, ["reçu", "pris en charge", "sans suite"], strict=True)
    )
    for secret in (FIRST_NAME, LAST_NAME, PHONE, WORDS, "declined", str(agent)):
        assert secret not in listed.content.decode()
    assert client.get(f"{API}signalements/{uids[2]}/").json()["state"] == "sans suite"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"consent": "not_asked", "first_name": "", "last_name": "", "phone": ""}, "why_not_asked"),
        ({"consent": "relative"}, "relative"),
        ({"grid": 999}, "grid"),
        ({"answers": {}}, "q1"),
        ({"answers": {"q1": "nimporte"}}, "q1"),
        ({"answers": "x"}, "answers"),
        ({"phone": "12"}, "phone"),
        ({"birth_year": 12}, "birth_year"),
        ({"commune": "75056"}, "commune"),
        ({"district": "Nulle part"}, "district"),
    ],
)
def test_the_town_s_own_refusals_are_told_by_field(clic, changed, field):
    client, _ = clic
    answer = send(client, "signalements/", **flag(client, **changed))
    assert answer.status_code == 400, answer.content
    assert field in answer.json()
    assert not Flag.objects.exists()


def test_without_agreement_nobody_is_named(clic):
    client, _ = clic
    send(client, "signalements/", **flag(client, consent="not_asked", why_not_asked="Elle dort."))
    assert contents.read(Flag.objects.get()).full_name == ""


def test_what_colleagues_sent_is_not_there(clic):
    client, software = clic
    colleague = a_flag(a_contact(partner=software.contact.partner, email="lea@clic.example"))
    assert client.get(f"{API}signalements/{colleague.form_uid}/").status_code == 404
    assert client.get(f"{API}signalements/").json()["results"] == []


def test_a_contact_that_closes_closes_its_software(clic):
    client, software = clic
    body = flag(client)
    keeping.close_contact(software.contact)
    assert send(client, "signalements/", **body).status_code == 404
    assert client.get(f"{API}signalements/").status_code == 404
    assert client.get(f"{API}grille/").status_code == 404


def test_a_scope_is_one_thing(town):
    _, token = an_application(Scope.FLAGS_READ, name="Lit seulement")
    assert send(caller(token), "signalements/").status_code == 403
    assert caller(token).get(f"{API}grille/").status_code == 403
    assert caller(token).get(f"{API}signalements/").status_code == 200
    assert caller(token).get(f"{API}demandes/").status_code == 403


def test_a_partner_s_own_session_does_the_same(town):
    contact = a_contact_with_an_account()
    client = signed_in(account_of(contact))
    assert send(client, "signalements/", **flag(client)).status_code == 201
    assert Flag.objects.get().contact == contact


def test_lists_cost_as_much_for_many_as_for_few(clic, django_assert_max_num_queries):
    client, software = clic
    for _ in range(6):
        a_flag(software.contact)
    with django_assert_max_num_queries(12):
        assert len(client.get(f"{API}signalements/").json()["results"]) == 6
