"""The pages: anybody reports, agents share and decide, somebody reads what was decided of them and answers."""

import re
from http import HTTPStatus

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from accounts.roles import COORDINATORS
from aid.moderation import queue, sanctions
from aid.moderation.access import report_path
from aid.moderation.enums import Outcome, Reason, ReportReason, SanctionKind, Via
from aid.moderation.models import Block, Case, Report, Sanction
from aid.moderation.services import report
from aid.people.models import Person
from aid.territory.models import CoveredCommune
from aid.territory.services import add_sector, bind_coordinator
from harness.databases import FIRST_TOWN
from harness.desk import make_account
from harness.loop import somebody
from tenants.context import facing

pytestmark = pytest.mark.django_db
KIND_WORDS = "J’aime cuisiner et marcher le matin avec des voisins."
ADVERT = "Ménage, mes tarifs sont doux, 06 39 98 00 02."
XSS = "<script>alert('oui')</script><img src=x onerror=alert(1)>"


def signed_in(account: Account) -> Client:
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(account, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def anybody(town) -> Client:
    return Client(headers={"host": FIRST_TOWN})


@pytest.fixture
def agent(town) -> Client:
    return signed_in(make_account("camille@exemple.example", "Agents", first_name="Camille"))


@pytest.fixture
def lucie(town) -> Person:
    account = make_account("lucie@exemple.example")
    return somebody("Lucie", "+33639980007", account=account)


def path_of(text) -> str:
    return report_path(*text.subject)


def page(answer) -> str:
    assert answer.status_code == HTTPStatus.OK, answer.status_code
    return answer.content.decode()


def test_anybody_reports_and_is_thanked(board, author, anybody):
    text, _ = board.put(author, KIND_WORDS)
    link = Template('{% include "aid/moderation/report_link.html" with kind="petit-mot" number=number %}')
    assert path_of(text) in link.render(Context({"number": text.number}))
    assert "Quelqu’un est peut-être en danger" in page(anybody.get(path_of(text)))
    answer = anybody.post(path_of(text), {"reason": "insult", "words": XSS}, follow=True)
    assert "Merci de nous l’avoir dit" in page(answer)
    assert "Ne plus voir" not in answer.content.decode()
    (made,) = Report.objects.all()
    assert (made.words, made.reporter) == (XSS, None)


def test_a_wrong_report_says_what_to_correct_and_loses_nothing(board, author, anybody):
    text, _ = board.put(author, KIND_WORDS)
    answer = anybody.post(path_of(text), {"words": "x" * 10_000})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Choisissez ce qui ne va pas." in answer.content.decode()
    answer = anybody.post(path_of(text), {"reason": "autre", "words": "Bonjour"})
    assert "Choisissez ce qui ne va pas." in answer.content.decode()
    answer = anybody.post(path_of(text), {"reason": "other", "words": "y" * 10_000})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Écrivez 1000 caractères au plus." in answer.content.decode()
    assert "y" * 10_000 in answer.content.decode()
    assert not Report.objects.exists()


def test_reports_are_counted_by_place(board, author, anybody):
    text, _ = board.put(author, KIND_WORDS)
    for _ in range(10):
        assert anybody.post(path_of(text), {"reason": "other"}).status_code == HTTPStatus.FOUND
    answer = anybody.post(path_of(text), {"reason": "other", "words": "Encore"})
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "plusieurs signalements" in answer.content.decode()
    assert "Encore" in answer.content.decode()


def test_only_a_text_that_is_seen_is_reported(board, author, anybody, other_town):
    text, _ = board.put(author, KIND_WORDS)
    tampered = re.sub(r"/\d+-", "/999-", path_of(text))
    elsewhere = Client(headers={"host": other_town.domain})
    for client, path in ((anybody, tampered), (anybody, "/signaler/rien/1-abc/"), (elsewhere, path_of(text))):
        assert client.get(path).status_code == HTTPStatus.NOT_FOUND
        assert client.post(path, {"reason": "other"}).status_code == HTTPStatus.NOT_FOUND
    text.is_shown = False
    assert anybody.get(path_of(text)).status_code == HTTPStatus.NOT_FOUND
    assert not Report.objects.exists()


def test_who_is_signed_in_reports_once_and_may_block(board, author, lucie):
    text, _ = board.put(author, KIND_WORDS)
    client = signed_in(lucie.account)
    for _ in range(2):
        answer = client.post(path_of(text), {"reason": "other"}, follow=True)
    assert Report.objects.get().reporter == lucie
    (block_path,) = re.findall(r'href="(/mon-espace/ne-plus-voir/[^"]+)"', page(answer))
    assert "Ne plus voir Alice M." in page(client.get(block_path))
    assert not Block.objects.exists()
    assert "Alice M." in page(client.post(block_path, follow=True))
    assert Block.objects.get().blocker == lucie
    again = client.post(f"/mon-espace/tranquillite/{author.uid}/revoir/", follow=True)
    assert "de nouveau voir" in page(again)
    assert not Block.objects.exists()
    assert client.post(f"/mon-espace/tranquillite/{author.uid}/revoir/").status_code == HTTPStatus.NOT_FOUND
    mine, _ = board.put(lucie, KIND_WORDS)
    refused = client.post(block_path.replace(path_of(text)[18:], path_of(mine)[18:]), follow=True)
    assert refused.status_code in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}
    assert not Block.objects.exists()


def test_nobody_must_report_a_neighbour_to_stop_seeing_them(board, author, lucie, anybody):
    text, _ = board.put(author, KIND_WORDS)
    client = signed_in(lucie.account)
    (block_path,) = re.findall(r'href="(/mon-espace/ne-plus-voir/[^"]+)"', page(client.get(path_of(text))))
    assert "Ne plus voir Alice M." in page(client.get(block_path))
    assert "Alice M." in page(client.post(block_path, follow=True))
    assert (Block.objects.get().blocker, Report.objects.exists()) == (lucie, False)
    assert "Ne plus voir" not in page(anybody.get(path_of(text))), "only who is known has somebody to be apart from"
    mine, _ = board.put(lucie, KIND_WORDS)
    nobody_s, _ = board.put(None, KIND_WORDS)
    for other in (mine, nobody_s):
        assert "Ne plus voir" not in page(client.get(path_of(other)))


def test_an_agent_reads_takes_decides_and_the_author_reads_why(board, author, agent):
    text, _ = board.put(author, ADVERT)
    report_case = Case.objects.get()
    assert "Alice Morvan" in page(agent.get("/bureau/moderation/"))
    path = f"/bureau/moderation/{report_case.uid}/"
    shown = page(agent.get(path))
    assert "annonce commerciale" in shown
    assert "numéro masqué" in shown
    assert "Ce texte est à vous" in page(agent.post(f"{path}prendre/", follow=True))
    colleague = signed_in(make_account("farid@exemple.example", "Agents", first_name="Farid"))
    theirs = page(colleague.get(path))
    assert "Pris par Camille" in theirs
    assert "Décider</button>" not in theirs
    assert "pris par Camille" in page(colleague.get("/bureau/moderation/"))
    said = {"outcome": "removed", "reason": "commerce", "words": "Le site est fait pour l’entraide.", "revision": 1}
    assert "pris par Camille" in page(colleague.post(path, said, follow=True))
    assert Case.objects.get().is_open
    assert agent.post(path, {"revision": 1}).status_code == HTTPStatus.OK
    assert "Choisissez une décision." in page(agent.post(path, {"revision": 1}))
    assert "Dites pourquoi" in page(agent.post(path, {"outcome": "removed", "revision": 1}))
    assert "ce texte est retiré" in page(agent.post(path, said, follow=True))
    assert text.reason == "Raison\u00a0: une annonce commerciale. Le site est fait pour l’entraide."
    assert "a déjà été retiré par Camille" in page(colleague.post(path, said, follow=True))
    assert "Rien à lire" in page(agent.get("/bureau/moderation/"))
    assert "Camille" in page(agent.get("/bureau/moderation/?etat=lus"))


def test_nothing_of_a_report_runs(board, author, agent):
    text, _ = board.put(author, KIND_WORDS + XSS)
    report(subject=text.subject, reason=ReportReason.INSULT, words=XSS)
    case = Case.objects.get()
    shown = page(agent.get(f"/bureau/moderation/{case.uid}/"))
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "&lt;script&gt;" in shown


def test_the_queue_costs_the_same_however_long(board, author, agent):
    def put(how_many):
        for _ in range(how_many):
            text, _ = board.put(author, ADVERT)
            text.is_shown = True
            report(subject=text.subject, reason=ReportReason.OTHER)

    put(2)
    agent.get("/bureau/moderation/")
    with CaptureQueriesContext(connection) as few:
        page(agent.get("/bureau/moderation/"))
    put(20)
    with CaptureQueriesContext(connection) as many:
        page(agent.get("/bureau/moderation/"))
    assert len(many) <= len(few) <= 12, [one["sql"] for one in many]
    with CaptureQueriesContext(connection) as one:
        page(agent.get(f"/bureau/moderation/{Case.objects.first().uid}/"))
    assert len(one) <= 14, [found["sql"] for found in one]


def test_a_coordinator_reads_those_of_their_people_only(board, town):
    commune = CoveredCommune.objects.first()
    near, far = somebody("Irma", commune=commune), somebody("Odile")
    for one in (near, far, None):
        board.put(one, ADVERT)
    account = make_account("coordination@exemple.example")
    account.groups.add(Group.objects.get(name=COORDINATORS))
    bind_coordinator(account, sectors=[add_sector(name="Nord", communes=[commune])], by_account=account)
    client = signed_in(account)
    listed = page(client.get("/bureau/moderation/"))
    assert "Irma" in listed
    assert "Odile" not in listed
    ours, theirs = Case.objects.get(author=near), Case.objects.get(author=far)
    assert client.get(f"/bureau/moderation/{ours.uid}/").status_code == HTTPStatus.OK
    for other in (theirs, Case.objects.get(author=None)):
        for path in ("", "prendre/", "rendre/"):
            answer = client.post(f"/bureau/moderation/{other.uid}/{path}", {"outcome": "kept", "revision": 1})
            assert answer.status_code == HTTPStatus.NOT_FOUND
    assert client.get(f"/bureau/personne/{far.uid}/mesures/").status_code == HTTPStatus.NOT_FOUND


def test_a_measure_is_taken_appealed_by_phone_and_answered_by_a_colleague(board, author, agent):
    path = f"/bureau/personne/{author.uid}/mesures/"
    assert "Aucune mesure" in page(agent.get(path))
    wrong = page(agent.post(path, {"kind": "mute", "reason": "commerce", "words": "Non."}))
    assert "Dites jusqu’à quand." in wrong
    past = page(agent.post(path, {"kind": "mute", "reason": "other", "words": "Non.", "ends_on": "2020-01-01"}))
    assert "Choisissez une date à venir." in past
    said = {"kind": "mute", "reason": "commerce", "words": XSS, "ends_on": "2099-01-31"}
    shown = page(agent.post(path, said, follow=True))
    assert "jusqu’au 1er février 2099" not in shown, "the last day counts whole, and is the one that is told"
    assert "jusqu’au 31 janvier 2099" in shown
    assert "<script>alert" not in shown
    measure = Sanction.objects.get()
    path = f"/bureau/mesure/{measure.uid}/"
    agent.post(f"{path}recours/", {"via": "phone", "words": "Je ne savais pas."})
    assert "vous avez décidé" in page(agent.get(path)).lower()
    refused = page(agent.post(f"{path}repondre/", {"is_lifted": "oui", "words": "Bon."}, follow=True))
    assert "un ou une collègue" in refused
    colleague = signed_in(make_account("farid@exemple.example", "Agents", first_name="Farid"))
    assert "Recours à examiner" in page(colleague.get("/bureau/moderation/"))
    assert "Écrivez pourquoi" in page(colleague.post(f"{path}repondre/", {"is_lifted": "oui"}))
    assert "C’est répondu" in page(
        colleague.post(f"{path}repondre/", {"is_lifted": "oui", "words": "Bon."}, follow=True)
    )
    assert sanctions.silencing(author) is None
    assert colleague.get(f"{path}rien/").status_code == HTTPStatus.NOT_FOUND
    assert "n’est pas possible" in page(colleague.get(f"{path}lever/", follow=True))


def test_somebody_reads_what_was_decided_and_answers_once(lucie, town):
    camille = make_account("camille@exemple.example", "Agents", first_name="Camille")
    client = signed_in(lucie.account)
    assert "mesures à votre égard" not in page(client.get("/mon-espace/"))
    assert "Il n’y en a aucune." in page(client.get("/mon-espace/mesures/"))
    taken = sanctions.take(
        person=lucie, kind=SanctionKind.SUSPENSION, reason=Reason.CHARTER, words="Trop de retards.", by_account=camille
    )
    assert "mesures à votre égard" in page(client.get("/mon-espace/"))
    shown = page(client.get("/mon-espace/mesures/"))
    assert "Trop de retards." in shown
    assert "Camille" not in shown
    path = f"/mon-espace/mesures/{taken.uid}/repondre/"
    answer = client.post(path, {"words": "z" * 2000})
    assert "Écrivez 1000 caractères au plus." in answer.content.decode()
    assert "z" * 2000 in answer.content.decode()
    assert "C’est noté" in page(client.post(path, {"words": "J’étais malade."}, follow=True))
    assert "Rien n’a changé" in page(client.post(path, {"words": "Encore."}, follow=True))
    assert Sanction.objects.get().appeal_words == "J’étais malade."
    other = signed_in(make_account("odile@exemple.example"))
    somebody("Odile", account=Account.objects.get(email="odile@exemple.example"))
    assert other.post(path, {"words": "Moi"}).status_code == HTTPStatus.NOT_FOUND


def test_who_is_excluded_finds_closed_doors_but_reads_why(lucie, town):
    camille = make_account("camille@exemple.example", "Agents", first_name="Camille")
    taken = sanctions.take(
        person=lucie, kind=SanctionKind.EXCLUSION, reason=Reason.CHARTER, words="Des menaces.", by_account=camille
    )
    client = signed_in(lucie.account)
    for path in ("/mon-espace/", "/mon-espace/en-mon-nom/", "/mon-espace/tranquillite/"):
        assert client.get(path).headers["Location"] == "/mon-espace/mesures/"
    for path in ("/mon-espace/mesures/", "/mon-espace/mes-informations/", f"/mon-espace/mesures/{taken.uid}/repondre/"):
        assert client.get(path).status_code == HTTPStatus.OK
    sanctions.appeal(taken, words="Je regrette.", via=Via.SCREEN)
    boss = make_account("anne@exemple.example", "Administrateurs", first_name="Anne")
    sanctions.answer(taken, is_lifted=True, words="D’accord.", by_account=boss)
    assert client.get("/mon-espace/").status_code == HTTPStatus.OK


def test_another_town_opens_none_of_it(board, author, town, other_town):
    board.put(author, ADVERT)
    case = Case.objects.get()
    with facing(other_town):
        there = make_account("agent@lormes.example", "Agents")
        client = Client(headers={"host": other_town.domain})
        client.force_login(there, "django.contrib.auth.backends.ModelBackend")
        assert client.get(f"/bureau/moderation/{case.uid}/").status_code == HTTPStatus.NOT_FOUND
        assert "Rien à lire" in page(client.get("/bureau/moderation/"))


def test_administrators_change_the_words_but_add_no_rule(town):
    from aid.moderation.models import CheckRule

    client = signed_in(make_account("anne@exemple.example", "Administrateurs"))
    listed = page(client.get("/gestion/check_rules/"))
    assert "annonce commerciale" in listed.lower()
    rule = CheckRule.objects.get(family="other")
    client.post(f"/gestion/check_rules/edit/{rule.pk}/", {"effect": "refuse", "words": "tupperware"})
    rule.refresh_from_db()
    assert (rule.effect, rule.words) == ("refuse", "tupperware")
    for path in ("new/", f"delete/{rule.pk}/"):
        assert client.get(f"/gestion/check_rules/{path}").status_code in {HTTPStatus.FOUND, HTTPStatus.FORBIDDEN}
    assert CheckRule.objects.count() == 8
    assert queue.DECISIONS[0] == Outcome.KEPT
