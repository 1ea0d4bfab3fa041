"""Claire acts for Jeanne on the site: what she may, what Jeanne sees of it, and how it ends."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aid.help_requests.enums import AskedBy, Consent, RequestState, Source
from aid.help_requests.models import HelpRequest
from aid.moderation import sanctions
from aid.moderation.enums import Reason, SanctionKind
from aid.people.enums import Channel
from aid.people.models import Person
from aid.privacy.models import Access
from aid.proposals.services import accept, ask_volunteers
from aid.relations import services as relations
from aid.relations.enums import Consent as GivenBy
from aid.relations.enums import Deed, Kinship, Scope
from aid.relations.models import ActedFor, Mandate
from harness.browsers import BACKEND
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.desk import make_account
from harness.loop import ADDRESS, ALICE_PHONE, SURNAME, let_the_hour_pass, open_request, visits, volunteer
from harness.mandates import (
    ACT,
    ASKING,
    CLAIRE_PHONE,
    HOME,
    JEANNE_PHONE,
    KNOWN,
    MINE,
    STOP,
    browser_of,
    known,
    seen,
)
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
BANNER = "Vous agissez pour Jeanne C."


@pytest.fixture
def jeanne():
    return known("Jeanne", JEANNE_PHONE, last_name=SURNAME, address=ADDRESS)


@pytest.fixture
def claire():
    return known("Claire", CLAIRE_PHONE, last_name="Martin")


@pytest.fixture
def give(claire, jeanne):
    def given(*scope, representative=claire, principal=jeanne, **more):
        usual = {"scope": scope or (Scope.REQUESTS,), "consent": GivenBy.BY_PHONE}
        return relations.grant(representative=representative, principal=principal, **usual | more)

    return given


@pytest.fixture
def acting(claire):
    """Claire's browser, acting under a mandate."""

    def begun(mandate):
        client = browser_of(claire)
        assert client.post(ACT, {"mandat": mandate.uid})["Location"] == HOME
        return client

    return begun


def her_page(request):
    return f"/mon-espace/demande/{request.uid}/"


def ask_for_her(client, **typed):
    """The three steps, with what is typed at the second; the last answer."""
    tomorrow = {"day_choice": "tomorrow", "day": "", "moment": "any", "hour": "", "address": ""}
    for path, data in ((ASKING, {"kind": visits().slug}), (f"{ASKING}quand/", tomorrow | typed)):
        assert client.post(path, data).status_code == 302
    page = seen(client, f"{ASKING}vous/")
    assert 'name="phone"' not in page
    return client.post(f"{ASKING}vous/", {"details": "Elle entend mal."})


# --- Beginning and stopping


def test_she_acts_for_her_and_every_page_says_so(acting, give, jeanne):
    mandate = give(*Scope)
    request = open_request(jeanne)
    client = acting(mandate)
    for path in (HOME, ASKING, KNOWN, "/", her_page(request), "/nulle-part/", "/connexion/"):
        page = client.get(path, follow=True).content.decode()
        assert BANNER in page, path
        assert page.count("Revenir à moi") == 1
    assert client.post(STOP)["Location"] == HOME
    for path in (HOME, ASKING, "/"):
        assert BANNER not in seen(client, path)
    assert "Bonjour Claire" in seen(client)


def test_a_page_kept_for_visitors_neither_has_the_banner_nor_hides_it(acting, give, visit):
    stranger = visit(FIRST_TOWN)
    assert BANNER not in seen(stranger, "/")
    client = acting(give())
    assert BANNER in seen(client, "/")
    for _ in range(2):
        assert BANNER not in seen(visit(FIRST_TOWN), "/")
        assert BANNER in seen(client, "/")


def test_her_home_offers_it_and_nobody_else_s_does(give, claire, jeanne):
    mandate = give()
    assert f'value="{mandate.uid}"' in seen(browser_of(claire))
    assert str(mandate.uid) not in seen(browser_of(jeanne))
    assert browser_of(jeanne).post(ACT, {"mandat": mandate.uid}).status_code == 404
    for wrong in ("", "x", str(uuid.uuid4()), str(mandate.pk), "\x00"):
        assert browser_of(claire).post(ACT, {"mandat": wrong}).status_code == 404
    assert browser_of(claire).get(ACT).status_code == 405


def test_the_uid_in_a_session_gives_no_right_by_itself(give, jeanne):
    mandate, zoe = give(), known("Zoé", "+33639980006")
    request = open_request(jeanne)
    for person in (zoe, jeanne):
        client = browser_of(person)
        seen(client)
        session = client.session
        session["personal_acting"] = str(mandate.uid)
        session.save()
        assert client.get(her_page(request))["Location"] == HOME
        assert BANNER not in seen(client)
        assert client.get(her_page(request)).status_code == 404


def test_of_a_couple_the_one_who_is_not_named_does_not_act(give, claire, visit):
    paul = known("Paul", CLAIRE_PHONE)
    mandate = give()
    client = browser_of(claire)
    client.post("/mon-espace/qui/", {"personne": str(claire.uid)})
    client.post(ACT, {"mandat": mandate.uid})
    assert BANNER in seen(client)
    client.post("/mon-espace/qui/", {"personne": str(paul.uid)})
    assert BANNER not in seen(client)
    assert client.post(ACT, {"mandat": mandate.uid}).status_code == 404


def test_a_mandate_of_one_town_is_nothing_in_another(acting, give, other_town, claire):
    mandate = give()
    client = acting(mandate)
    with facing(other_town):
        theirs = known("Claire", CLAIRE_PHONE)
        elsewhere = browser_of(theirs, host=SECOND_TOWN)
        request = open_request(known("Jeanne", JEANNE_PHONE))
    assert elsewhere.post(ACT, {"mandat": mandate.uid}).status_code == 404
    assert elsewhere.get(f"{MINE}{mandate.uid}/retirer/").status_code == 404
    with facing(other_town):
        session = elsewhere.session
        session["personal_acting"] = str(mandate.uid)
        session.save()
    assert elsewhere.get(HOME)["Location"] == HOME
    assert BANNER not in seen(elsewhere)
    assert client.get(her_page(request)).status_code == 404
    stolen = browser_of(claire, host=SECOND_TOWN)
    stolen.cookies = client.cookies
    assert stolen.get(HOME)["Location"].startswith("/connexion/")


# --- What she may


def test_she_asks_and_the_request_is_her_mother_s(acting, give, jeanne, claire):
    relations.note_relative(jeanne, claire, kind=Kinship.DAUGHTER)
    mandate = give()
    client = acting(mandate)
    assert "Quelle aide pour Jeanne" in seen(client, ASKING)
    assert ask_for_her(client)["Location"] == HOME
    request = HelpRequest.objects.get()
    assert (request.person, request.asked_by_person, request.state) == (jeanne, claire, RequestState.OPEN)
    assert (request.source, request.consent, request.asked_by) == (Source.SITE, Consent.MANDATE, AskedBy.RELATIVE)
    assert (request.asked_by_name, request.address) == ("Claire Martin", ADDRESS)
    assert request.steps.get(name="ask").by_person == claire
    page = seen(client)
    assert "C’est demandé pour Jeanne" in page
    assert her_page(request) in page
    deed = ActedFor.objects.get()
    assert (deed.deed, deed.principal, deed.representative, deed.mandate, deed.subject) == (
        Deed.ASKED, jeanne, claire, mandate, request.uid,
    )  # fmt: skip
    noted = jeanne.messages.get(kind="noted")
    assert "Claire a demandé pour vous" in noted.body


def test_an_address_that_she_types_is_where_it_is(acting, give):
    ask_for_her(acting(give()), address="Chez moi, 3 place du Marché")
    assert HelpRequest.objects.get().address == "Chez moi, 3 place du Marché"


def test_what_she_was_asking_for_herself_is_not_asked_for_her(acting, give, claire):
    mandate, client = give(), browser_of(claire)
    client.post(ASKING, {"kind": visits().slug})
    client.post(ACT, {"mandat": mandate.uid})
    assert client.get(f"{ASKING}quand/")["Location"] == ASKING
    client.post(ASKING, {"kind": visits().slug})
    client.post(STOP)
    assert client.get(f"{ASKING}quand/")["Location"] == ASKING


def test_sent_twice_it_is_one_request_and_too_many_are_refused(acting, give):
    client = acting(give())
    for _ in range(4):
        ask_for_her(client)
    most = HelpRequest.objects.count()
    assert most in {3, 4}
    while ask_for_her(client).status_code == 302:
        assert HelpRequest.objects.count() < 50
    assert "nous la notons avec vous" in client.post(f"{ASKING}vous/", {"details": ""}).content.decode()


def test_she_follows_and_cancels_and_it_is_kept(acting, give, jeanne, claire):
    client = acting(give())
    request, others = open_request(jeanne), open_request(claire)
    alice = volunteer("Alice", ALICE_PHONE, last_name="Morel")
    ask_volunteers(request.pk)
    accept(request.proposals.get(volunteer=alice))
    page = seen(client, her_page(request))
    assert "Alice vient vous aider" in page
    assert "/suivi/" not in page, "a personal link would outlive the mandate"
    assert "/suivi/" not in seen(client)
    assert client.get(her_page(others)).status_code == 404
    assert "Annuler cette demande" in seen(client, f"{her_page(request)}annuler/")
    assert client.post(f"{her_page(request)}annuler/")["Location"] == her_page(request)
    request.refresh_from_db()
    assert request.state == RequestState.CANCELLED
    assert request.steps.get(name="cancel").by_person == claire
    assert client.post(f"{her_page(request)}annuler/").status_code == 302
    assert client.post(f"{her_page(others)}annuler/").status_code == 404
    told = list(ActedFor.objects.order_by("pk").values_list("deed", flat=True))
    assert told == [Deed.FOLLOWED, Deed.CANCELLED]


def test_she_thanks_in_her_name(acting, give, jeanne):
    client, request = acting(give()), open_request(jeanne)
    alice = volunteer("Alice", ALICE_PHONE)
    ask_volunteers(request.pk)
    accept(request.proposals.get(volunteer=alice))
    let_the_hour_pass(request)
    from aid.help_requests.services import finish

    finish(HelpRequest.objects.get(pk=request.pk), minutes=30)
    too_long = client.post(f"{her_page(request)}merci/", {"words": "x" * 700})
    assert (too_long.status_code, "x" * 700 in too_long.content.decode()) == (422, True)
    client.post(f"{her_page(request)}merci/", {"words": "Merci beaucoup."})
    request.refresh_from_db()
    assert request.thanks == "Merci beaucoup."
    assert ActedFor.objects.filter(deed=Deed.THANKED).count() == 1


OPENED = {
    Scope.REQUESTS: {ASKING, "request"},
    Scope.KNOWN: {KNOWN, "/mon-espace/mes-informations.json"},
    Scope.CHANNEL: {"channel"},
}


@pytest.mark.parametrize("scope", Scope)
def test_out_of_its_scope_nothing_exists(acting, give, jeanne, scope):
    client, request = acting(give(scope)), open_request(jeanne)
    answers = {path: client.get(path).status_code for path in set().union(*OPENED.values()) if path.startswith("/")}
    answers["request"] = client.get(her_page(request)).status_code
    sent = {"person": jeanne.pk, f"personne-{jeanne.pk}-channel": Channel.CALL}
    answers["channel"] = client.post(HOME, sent).status_code
    assert {path for path, status in answers.items() if status in {200, 302}} == OPENED[scope]
    assert {status for path, status in answers.items() if path not in OPENED[scope]} == {404}
    for own in (MINE, "/mon-espace/porte/", "/mon-espace/porte/sortir/"):
        assert client.get(own).status_code == 404
    page = seen(client)
    assert (her_page(request) in page) is (scope == Scope.REQUESTS)
    assert ("Comment prévenir" in page) is (scope == Scope.CHANNEL)


def test_what_she_reads_or_changes_of_her_is_told_by_who_did_it(acting, give, jeanne, claire):
    client = acting(give(Scope.KNOWN, Scope.CHANNEL))
    page = seen(client, KNOWN)
    assert SURNAME in page
    assert "Martin" not in page.partition("<main")[2]
    assert Access.objects.filter(person=jeanne, by_person=claire, screen="known").count() == 1
    client.post(HOME, {"person": jeanne.pk, f"personne-{jeanne.pk}-channel": Channel.CALL})
    jeanne.refresh_from_db()
    assert jeanne.channel == Channel.CALL
    assert Access.objects.get(person=jeanne, act="changed").by_person == claire
    assert client.post(HOME, {"person": claire.pk, f"personne-{claire.pk}-channel": "call"}).status_code == 404
    assert set(ActedFor.objects.values_list("deed", flat=True)) == {Deed.READ_KNOWN, Deed.CHANGED_CHANNEL}


def test_what_would_let_her_in_as_her_mother_is_not_hers_to_read(acting, give, jeanne, visit):
    """A code, a personal link: Claire could ask for a code of Jeanne's, and read it here."""
    client, request = acting(give(Scope.KNOWN)), open_request(jeanne)
    jeanne.messages.create(kind="code", key="code:1", channel=Channel.SMS, recipient=JEANNE_PHONE, body="Code 123456")
    assert f"/suivi/{request.pk}-" in jeanne.messages.get(kind="noted").body
    for path in (KNOWN, "/mon-espace/mes-informations.json"):
        told = client.get(path).content.decode()
        assert SURNAME in told
        assert "123456" not in told
        assert "/suivi/" not in told


# --- What her mother sees, and how it ends


def test_the_mother_reads_who_acts_and_what_was_done(acting, give, jeanne):
    mandate = give()
    ask_for_her(acting(mandate))
    hers = browser_of(jeanne)
    page = seen(hers, MINE)
    for words in (
        "Claire Martin",
        "Demande d’un coup de main, par Claire M. pour vous",
        f"{MINE}{mandate.uid}/retirer/",
    ):
        assert words in page
    assert "Demandé par Claire" in seen(hers)
    request = HelpRequest.objects.get()
    token = page.partition("/suivi/")[2].partition("/")[0]
    followed = seen(hers, f"/suivi/{token}/")
    assert f"{request.kind}" in followed
    assert "Claire pour vous" in followed


@pytest.mark.parametrize("how", ["withdrawn", "expired", "staff"])
def test_once_it_ended_she_is_back_in_her_own_space(acting, give, jeanne, claire, how):
    mandate = give()
    client, hers = acting(mandate), browser_of(jeanne)
    request = open_request(jeanne)
    client.post(ASKING, {"kind": visits().slug})
    if how == "withdrawn":
        assert "n’agira plus pour vous" in seen(hers, f"{MINE}{mandate.uid}/retirer/")
        assert hers.post(f"{MINE}{mandate.uid}/retirer/")["Location"] == MINE
        assert "Claire n’agit plus pour vous" in seen(hers, MINE)
    elif how == "expired":
        yesterday = timezone.localdate() - datetime.timedelta(days=1)
        Mandate.objects.update(starts_on=yesterday, ends_on=yesterday)
    else:
        staff = make_account("accueil@exemple.example", "Agents")
        Person.objects.filter(pk=claire.pk).update(account=staff)
        client.force_login(staff, BACKEND)
        session = client.session
        session["personal_acting"] = str(mandate.uid)
        session.save()
    answer = client.post(f"{ASKING}quand/", {"day_choice": "tomorrow", "moment": "any"})
    assert (answer.status_code, answer["Location"]) == (302, HOME)
    page = seen(client)
    assert "ce mandat a pris fin" in page
    assert "Bonjour Claire" in page
    assert client.get(her_page(request)).status_code == 404
    assert client.post(ACT, {"mandat": mandate.uid}).status_code == 404
    # What was being asked for her is not asked in her own name.
    assert client.get(f"{ASKING}quand/")["Location"] == ASKING
    assert HelpRequest.objects.count() == 1


def test_withdrawn_while_she_presses_the_button_nothing_is_done(acting, give, jeanne):
    """The row is looked at again, and held, when something is done: what the middleware saw may be over by then."""
    client, request = acting(give()), open_request(jeanne)

    def withdraw_just_before(execute, sql, params, many, context):
        if "relations_mandate" in sql and "FOR NO KEY UPDATE" in sql:
            Mandate.objects.update(revoked_at=timezone.now())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(withdraw_just_before):
        assert client.post(f"{her_page(request)}annuler/")["Location"] == HOME
    assert "ce mandat a pris fin" in seen(client)
    request.refresh_from_db()
    assert request.state == RequestState.OPEN
    assert not ActedFor.objects.exists()


def test_she_may_stop_for_good_and_nobody_else_may_for_them(give, claire):
    mandate, zoe = give(), known("Zoé", "+33639980006")
    for method in ("get", "post"):
        assert getattr(browser_of(zoe), method)(f"{MINE}{mandate.uid}/retirer/").status_code == 404
    assert browser_of(claire).post(f"{MINE}{mandate.uid}/retirer/")["Location"] == MINE
    mandate.refresh_from_db()
    assert mandate.revoked_by == claire


def test_a_home_with_mandates_costs_the_same_whatever_there_are(give, claire):
    client = browser_of(claire)

    def queries():
        seen(client)
        with CaptureQueriesContext(connection) as log:
            seen(client)
        return len(log)

    give()
    few = queries()
    for number in range(5):
        give(principal=known(f"Odette{number}", f"+3363998003{number}"))
    assert queries() == few


def test_who_is_excluded_acts_for_nobody_and_reads_nothing_of_hers(give, claire, jeanne):
    mandate = give(*Scope)
    client = browser_of(claire)
    assert client.post(ACT, {"mandat": mandate.uid})["Location"] == HOME
    assert BANNER in seen(client, KNOWN)
    sanctions.take(
        person=claire,
        kind=SanctionKind.EXCLUSION,
        reason=Reason.MONEY,
        words="Elle a pris de l’argent.",
        by_account=make_account("nadia@ccas.example", "Agents"),
    )
    assert client.get(KNOWN).status_code == 302
    page = client.get(KNOWN).content.decode()
    assert (BANNER in page, SURNAME in page) == (False, False)


def test_a_mandate_for_the_channel_chooses_for_each_thing_and_no_other_does(give, jeanne, claire):
    path = "/mon-espace/etre-prevenu/"
    mandate = give(Scope.CHANNEL)
    browser = browser_of(claire)
    browser.post(ACT, {"mandat": str(mandate.uid)})
    typed = {"person": str(jeanne.uid), "thanks": "none"}
    assert browser.post(path, typed | {"person": str(claire.uid)}).status_code == 404
    assert browser.post(path, typed).status_code == 302
    jeanne.refresh_from_db()
    claire.refresh_from_db()
    assert (jeanne.channels, claire.channels) == ({"thanks": "none"}, {})
    assert ActedFor.objects.get().deed == Deed.CHANGED_CHANNEL
    relations.revoke(mandate, by_person=jeanne)
    assert browser.get(path)["Location"] == HOME
