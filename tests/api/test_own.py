"""One's own requests and proposals, by the session of the site: what « mon espace » shows, by the same services."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import finish
from aid.moderation.enums import Reason, SanctionKind
from aid.moderation.sanctions import take
from aid.people.models import Person
from aid.privacy.models import Access
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from aid.proposals.services import accept, ask_volunteers
from aid.relations.enums import Consent, Scope
from aid.relations.services import grant
from aid.territory.models import CoveredCommune
from harness.applications import API, send, signed_in
from harness.databases import FIRST_TOWN
from harness.directory import an_administrator
from harness.loop import (
    ADDRESS,
    ALICE_PHONE,
    DETAILS,
    agree,
    jeanne,
    let_the_hour_pass,
    open_request,
    visits,
    volunteer,
)
from harness.mandates import ACT, CLAIRE_PHONE, browser_of, known
from harness.requests import tomorrow
from harness.second_step import forget_it


def account_for(person: Person) -> Account:
    account = Account.objects.create_account(email=f"{person.uid}@exemple.example")
    Person.objects.filter(pk=person.pk).update(account=account)
    return account


@pytest.fixture
def her(town) -> Person:
    return jeanne()


@pytest.fixture
def browser(her) -> Client:
    return signed_in(account_for(her))


@pytest.fixture
def alice(town):
    return volunteer("Alice", ALICE_PHONE, last_name="Secret")


@pytest.fixture
def helper(alice) -> Client:
    return signed_in(account_for(alice.person))


def need(**changes: object) -> dict[str, object]:
    return {
        "kind": visits().slug,
        "day": tomorrow().isoformat(),
        "commune": CoveredCommune.objects.get().commune_id,
    } | changes


# --- Asking


def test_somebody_asks_for_themselves_and_a_second_time_is_the_same(browser, her):
    uid = str(uuid.uuid4())
    answer = send(browser, "moi/demandes/", **need(uid=uid, hour="14:30", details="Sonner fort."))
    assert answer.status_code == 201, answer.content
    assert (answer.json()["uid"], answer.json()["state"], answer.json()["may_cancel"]) == (uid, "open", True)
    assert send(browser, "moi/demandes/", **need(uid=uid)).json()["uid"] == uid
    asked = HelpRequest.objects.get()
    assert (asked.person, asked.hour, asked.details) == (her, datetime.time(14, 30), "Sonner fort.")
    assert asked.steps.get(name="ask").by_person == her
    listed = browser.get(f"{API}moi/demandes/").json()["results"]
    assert [one["uid"] for one in listed] == [uid]
    assert browser.get(f"{API}moi/demandes/{uid}/").json() == listed[0]


@pytest.mark.parametrize(
    ("changed", "field", "told"),
    [
        ({"day": "2020-01-01"}, "day", "Ce jour est passé"),
        ({"day": "un jour"}, "day", ""),
        ({"kind": "rien"}, "kind", "Choisissez dans la liste."),
        ({"kind": {"a": 1}}, "kind", "Choisissez dans la liste."),
        ({"kind": "a\x00"}, "kind", "Choisissez dans la liste."),
        ({"commune": "75056"}, "commune", "Choisissez dans la liste."),
        ({"district": "Nulle part"}, "district", "Ce quartier n’est pas à"),
        ({"moment": "minuit"}, "moment", ""),
        ({"details": "x" * 1001}, "details", ""),
        ({"uid": "x"}, "uid", ""),
    ],
)
def test_what_cannot_be_is_told_by_field(browser, changed, field, told):
    answer = send(browser, "moi/demandes/", **need(**changed))
    assert answer.status_code == 400
    assert list(answer.json()) == [field]
    assert told in answer.json()[field][0]
    assert not HelpRequest.objects.exists()


def test_an_hour_of_today_that_is_over_is_refused_as_on_the_site(browser):
    answer = send(
        browser, "moi/demandes/", **need(day=(tomorrow() - datetime.timedelta(days=1)).isoformat(), hour="00:00")
    )
    assert "Cette heure est passée" in answer.json()["hour"][0]


def test_a_number_drawn_by_somebody_else_is_refused(browser, alice):
    theirs = open_request(alice.person)
    answer = send(browser, "moi/demandes/", **need(uid=str(theirs.uid)))
    assert (answer.status_code, list(answer.json())) == (400, ["uid"])


def test_a_day_has_a_limit(browser):
    told = [send(browser, "moi/demandes/", **need()).status_code for _ in range(5)]
    assert told == [201] * 4 + [429]


def test_what_is_no_json_is_told_so(browser):
    answer = browser.post(f"{API}moi/demandes/", "{", content_type="application/json")
    assert answer.json() == {"detail": "Ce qui est envoyé n’est pas du JSON lisible."}
    assert browser.post(f"{API}moi/demandes/", need()).status_code == 415


# --- Following, cancelling, thanking


def test_who_comes_is_read_between_the_yes_and_the_end(browser, her, alice):
    asked = open_request(her)
    path = f"{API}moi/demandes/{asked.uid}/"
    assert browser.get(path).json()["comes"] is None
    ask_volunteers(asked.pk)
    accept(Proposal.objects.get(request=asked))
    assert browser.get(path).json()["comes"] == {"first_name": "Alice", "phone": ALICE_PHONE}
    let_the_hour_pass(asked)
    finish(HelpRequest.objects.get(), minutes=60)
    told = browser.get(path).json()
    assert (told["comes"], told["may_thank"]) == (None, True)
    thanked = send(browser, f"moi/demandes/{asked.uid}/merci/", words="Merci !")
    assert (thanked.json()["thanks"], thanked.json()["may_thank"]) == ("Merci !", False)


def test_a_list_asks_as_many_questions_for_one_as_for_six(browser, her, alice):
    def queries():
        browser.get(f"{API}moi/demandes/")  # what is read once for all
        with CaptureQueriesContext(connection) as seen:
            told = browser.get(f"{API}moi/demandes/").json()["results"]
        assert {"Alice"} == {one["comes"]["first_name"] for one in told}
        return len(seen)

    agree(open_request(her), alice)
    one = queries()
    for days in range(3, 8):
        agree(open_request(her, days=days), alice)
    assert queries() == one


def test_what_is_over_is_a_conflict(browser, her):
    asked = open_request(her)
    cancelled = send(browser, f"moi/demandes/{asked.uid}/annuler/")
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    again = send(browser, f"moi/demandes/{asked.uid}/annuler/")
    assert (again.status_code, again.json()) == (409, {"detail": "Cette demande est annulée."})
    assert send(browser, f"moi/demandes/{asked.uid}/merci/").status_code == 409
    assert HelpRequest.objects.get().steps.get(name="cancel").by_person == her


def test_others_requests_are_not_there(helper, her):
    asked = open_request(her)
    for answer in (
        helper.get(f"{API}moi/demandes/{asked.uid}/"),
        send(helper, f"moi/demandes/{asked.uid}/annuler/"),
        send(helper, f"moi/demandes/{asked.uid}/merci/"),
    ):
        assert answer.status_code == 404
    assert helper.get(f"{API}moi/demandes/").json()["results"] == []
    assert HelpRequest.objects.get().state == RequestState.OPEN


# --- A volunteer's proposals


def test_a_volunteer_reads_no_name_before_a_yes_and_the_reading_is_kept_after(helper, her, alice):
    asked = open_request(her)
    ask_volunteers(asked.pk)
    (line,) = helper.get(f"{API}moi/propositions/").json()["results"]
    assert (line["uid"], line["outcome"]) == (str(asked.uid), "to_answer")
    before = helper.get(f"{API}moi/propositions/{asked.uid}/")
    assert before.json()["whom"] is None
    for secret in (her.first_name, her.phone, ADDRESS, DETAILS):
        assert secret not in before.content.decode()
    assert not Access.objects.filter(person=her).exists()
    said = send(helper, f"moi/propositions/{asked.uid}/oui/").json()
    assert said["outcome"] == "accepted"
    assert said["whom"] == {
        "first_name": "Jeanne",
        "phone": her.phone,
        "email": "",
        "address": ADDRESS,
        "details": DETAILS,
        "word": said["whom"]["word"],
    }
    assert Access.objects.get(person=her).by_person == alice.person
    (line,) = helper.get(f"{API}moi/propositions/").json()["results"]
    assert ADDRESS not in str(line)


def test_the_second_yes_reads_that_somebody_goes(helper, her, alice):
    asked = open_request(her)
    lucie = volunteer("Lucie", "+33639980903")
    ask_volunteers(asked.pk)
    accept(Proposal.objects.get(request=asked, volunteer=lucie))
    said = send(helper, f"moi/propositions/{asked.uid}/oui/").json()
    assert (said["outcome"], said["whom"]) == ("too_late", None)


def test_a_no_is_kept(helper, her, alice):
    asked = open_request(her)
    ask_volunteers(asked.pk)
    assert send(helper, f"moi/propositions/{asked.uid}/non/").json()["outcome"] == "declined"
    assert Proposal.objects.get().answer == Answer.NO
    assert helper.get(f"{API}moi/propositions/").json()["results"] == []


def test_others_proposals_are_not_there(browser, her, alice):
    asked = open_request(her)
    ask_volunteers(asked.pk)
    for path in ("", "oui/", "non/"):
        address = f"moi/propositions/{asked.uid}/{path}"
        assert (send(browser, address) if path else browser.get(API + address)).status_code == 404
    assert Proposal.objects.get().answer == Answer.ASKED


# --- Whose session it is


def test_a_session_sends_a_csrf_token_too(her):
    client = Client(headers={"host": FIRST_TOWN}, enforce_csrf_checks=True)
    client.force_login(account_for(her), "django.contrib.auth.backends.ModelBackend")
    refused = send(client, "moi/demandes/", **need())
    assert (refused.status_code, "X-CSRFToken" in refused.json()["detail"]) == (403, True)
    assert not HelpRequest.objects.exists()
    client.get("/demander/")
    token = client.cookies["csrftoken"].value
    sent = client.post(f"{API}moi/demandes/", need(), content_type="application/json", headers={"x-csrftoken": token})
    assert sent.status_code == 201, sent.content


def test_who_shares_an_account_says_first_who_they_are(her, browser, alice):
    Person.objects.filter(pk=alice.person.pk).update(account=Person.objects.get(pk=her.pk).account)
    answer = browser.get(f"{API}moi/demandes/")
    assert (answer.status_code, "Dites d’abord qui vous êtes" in answer.json()["detail"]) == (403, True)


def test_who_is_excluded_reads_why_on_the_site(browser, her):
    take(
        person=her,
        kind=SanctionKind.EXCLUSION,
        reason=next(iter(Reason)),
        words="Des propos blessants, plusieurs fois.",
        by_account=an_administrator(),
    )
    answer = browser.get(f"{API}moi/demandes/")
    assert (answer.status_code, "Mon espace" in answer.json()["detail"]) == (403, True)


def test_ones_own_does_not_exist_while_one_acts_for_another(her, town):
    claire = known("Claire", CLAIRE_PHONE)
    given = grant(representative=claire, principal=her, scope=list(Scope), consent=Consent.ON_PAPER)
    client = browser_of(claire)
    assert client.get(f"{API}moi/demandes/").status_code == 200
    client.post(ACT, {"mandat": given.uid})
    assert client.get(f"{API}moi/demandes/").status_code == 404
    assert send(client, "moi/demandes/", **need()).status_code == 404


def test_staff_who_are_half_way_through_signing_in_are_nobody_yet(town):
    client = signed_in(an_administrator())
    assert "administrator" in client.get(f"{API}moi/").json()["roles"]
    forget_it(client)
    assert client.get(f"{API}moi/").status_code == 401


def test_me_is_what_the_pages_know(browser, helper):
    told = browser.get(f"{API}moi/").json()
    assert (told["roles"], told["application"]) == (["resident"], None)
    assert "enter_requests" in told["abilities"]
    assert helper.get(f"{API}moi/").json()["roles"] == ["resident", "volunteer"]
