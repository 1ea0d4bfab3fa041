"""A worry: told by who goes there, given to a named agent, followed to its answer, read by nobody else."""

import json
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from accounts.roles import ADMINISTRATORS, AGENTS, COORDINATORS
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests.models import HelpRequest
from aid.notifications.models import Message
from aid.people.models import Person
from aid.privacy import forgetting, retention
from aid.privacy.holdings import known_of
from aid.privacy.merging import merge, preview
from aid.proposals.access import MET_LATELY
from aid.territory.models import CoveredCommune
from aid.territory.services import add_district, add_sector, bind_coordinator
from aid.worries import duty, services
from aid.worries.enums import Grade, WorryAnswer, WorryState, WorryStepName
from aid.worries.escalating import escalate
from aid.worries.models import Worry, WorryStep, WorryWords
from core.links import token_for
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.desk import make_account, make_person
from harness.loop import let_the_hour_pass
from harness.worries import SAID, a_worry, agreed
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def browser(account: Account | None = None) -> Client:
    client = Client(headers={"host": FIRST_TOWN})
    if account is not None:
        client.force_login(account)
    return client


@pytest.fixture
def agent(town):
    return make_account("nadia@ccas.example", AGENTS, first_name="Nadia", last_name="Benali")


@pytest.fixture
def desk(agent):
    return browser(agent)


def typed(**changed: object) -> dict[str, object]:
    return {"grade": "urgent", "words": SAID, "form_uid": str(uuid.uuid4())} | changed


def worry_page(proposal) -> str:
    return f"/reponse/{token_for('answer', proposal.pk)}/inquietude/"


def test_who_goes_there_says_so_from_the_link_of_the_rendezvous(agent):
    request, proposal = agreed()
    alice = browser()
    answer = alice.get(f"/reponse/{token_for('answer', proposal.pk)}/").content.decode()
    assert worry_page(proposal) in answer
    page = alice.get(worry_page(proposal)).content.decode()
    assert "Je m’inquiète pour Jeanne" in page
    assert 'href="tel:15"' in page
    form = typed()
    for _ in range(2):
        assert alice.post(worry_page(proposal), form).status_code == 302
    worry = Worry.objects.get()
    assert (worry.person, worry.told_by, worry.agent) == (request.person, proposal.volunteer.person, agent)
    assert SAID.encode() not in bytes(WorryWords.objects.get().sealed)
    seen = alice.get(worry_page(proposal)).content.decode()
    assert "reçu" in seen
    services.take(worry, by_account=agent)
    services.note_gesture(worry, words="Appelée, elle va mieux.", by_account=agent)
    seen = alice.get(worry_page(proposal)).content.decode()
    assert "pris en charge" in seen
    assert "Nadia" not in seen
    assert "va mieux" not in seen
    assert "Canari" not in seen


def test_it_may_be_said_afterwards_and_not_for_ever(agent):
    request, proposal = agreed()
    let_the_hour_pass(request)
    assert browser().get(worry_page(proposal)).status_code == 200
    HelpRequest.objects.filter(pk=request.pk).update(ends_at=timezone.now() - MET_LATELY - timedelta(days=1))
    assert browser().get(worry_page(proposal)).status_code == 404
    assert browser().post(worry_page(proposal), typed()).status_code == 404


def test_who_said_nothing_or_no_may_not(agent):
    from aid.proposals.models import Proposal
    from harness.loop import volunteer

    request, proposal = agreed()
    other = Proposal.objects.create(request=request, volunteer=volunteer("Lucie", "+33639980009"))
    assert browser().get(worry_page(other)).status_code == 404
    assert browser().get("/reponse/1-faux/inquietude/").status_code == 404
    there = Client(headers={"host": SECOND_TOWN})
    assert there.get(worry_page(proposal)).status_code == 404
    assert not Worry.objects.exists()


def test_of_who_died_nothing_is_told(desk):
    request, proposal = agreed()
    Person.objects.filter(pk=request.person_id).update(deceased_on=timezone.localdate(), account=None)
    assert browser().get(worry_page(proposal)).status_code == 404
    url = reverse("desk:new_worry", args=(request.person.uid,))
    assert desk.get(url)["Location"] == reverse("desk:person", args=(request.person.uid,))
    assert desk.post(url, typed(told_by="autre")).status_code == 302
    assert not Worry.objects.exists()


def test_from_her_space_for_those_whom_she_helped_lately(agent):
    request, proposal = agreed()
    account = make_account("alice@exemple.example")
    Person.objects.filter(pk=proposal.volunteer.person_id).update(account=account)
    alice = browser(account)
    page = alice.get("/mon-espace/inquietudes/").content.decode()
    url = f"/mon-espace/inquietude/{request.uid}/"
    assert url in page
    assert alice.post(url, typed(grade="talk")).status_code == 302
    services.take(Worry.objects.get(), by_account=agent)
    seen = alice.get("/mon-espace/inquietudes/").content.decode()
    assert "pour Jeanne" in seen
    assert "pris en charge" in seen
    stranger = make_account("zoe@exemple.example")
    Person.objects.create(first_name="Zoé", account=stranger)
    assert browser(stranger).get(url).status_code == 404
    assert request.person.first_name not in browser(stranger).get("/mon-espace/inquietudes/").content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"words": "x" * 10_000}, "C’est trop long"),
        ({"words": "  "}, "Écrivez en quelques mots"),
        ({"grade": ""}, "Choisissez une réponse"),
        ({"grade": "mort"}, "réponse de la liste"),
    ],
)
def test_bad_input_gets_a_clear_word_and_loses_nothing(agent, changed, said):
    _, proposal = agreed()
    answer = browser().post(worry_page(proposal), typed(**changed))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert changed.get("words", SAID).strip() in page
    assert not Worry.objects.exists()


def test_an_urgent_one_is_due_at_once_and_its_agent_is_written_to_without_a_name(agent):
    person = make_person()
    due = {}
    for grade in Grade:
        worry = a_worry(person, grade=grade)
        followup = FollowUp.objects.get(kind=FollowUpKind.WORRY, subject_id=worry.pk)
        due[grade] = followup.due_at - worry.told_at
        assert "Canari" not in followup.words
    assert due[Grade.URGENT] == timedelta(0) < due[Grade.WORRIED] < due[Grade.TALK]
    sent = list(Message.objects.filter(kind="worry"))
    assert [one.recipient for one in sent] == ["nadia@ccas.example"] * 2, "who only wants to talk wakes nobody"
    for one in sent:
        assert not [word for word in ("Jeanne", "Martin", "Canari") if word in one.subject + one.body]
        assert "/bureau/inquietude/" in one.body


def test_it_goes_to_who_is_on_duty_there(agent):
    commune = CoveredCommune.objects.first()
    centre, north = (add_district(name=name, commune=commune) for name in ("Centre", "Nord"))
    max_ = make_account("max@ccas.example", AGENTS, first_name="Max")
    camille = make_account("camille@ccas.example", COORDINATORS, first_name="Camille")
    sector = add_sector(name="Le centre", districts=[centre])
    bind_coordinator(camille, sectors=[sector], by_account=agent)
    duty.set_duty({sector: camille, None: max_})
    in_the_centre, in_the_north = make_person(district=centre), make_person("Odette", district=north)
    nowhere = make_person("Léa", commune=None)
    assert [duty.agent_for(one) for one in (in_the_centre, in_the_north, nowhere)] == [camille, max_, max_]
    bind_coordinator(camille, sectors=[], by_account=agent)
    assert duty.agent_for(in_the_centre) == max_, "who left the sector is given nothing of it"
    max_.is_active = False
    max_.save()
    assert duty.agent_for(in_the_north) == agent
    duty.set_duty({sector: None, None: None})
    assert duty.agent_for(in_the_centre) == agent
    with pytest.raises(services.ValidationError):
        duty.set_duty({None: camille})


def test_the_office_says_who_is_on_duty(agent):
    administrator = make_account("maire@ville.example", ADMINISTRATORS, first_name="Odile")
    office = browser(administrator)
    add_sector(name="Le centre", communes=[CoveredCommune.objects.first()])
    page = office.get("/bureau/inquietudes/permanence/").content.decode()
    assert "Secteur Le centre" in page
    assert office.post("/bureau/inquietudes/permanence/", {"ailleurs": str(agent.uid)}).status_code == 302
    assert duty.on_duty() == {None: agent}
    with CaptureQueriesContext(connection) as few:
        office.get("/bureau/inquietudes/permanence/")
    for name in ("Nord", "Sud", "Est"):
        add_sector(name=name, communes=[CoveredCommune.objects.first()])
    with CaptureQueriesContext(connection) as many:
        office.get("/bureau/inquietudes/permanence/")
    assert len(few) == len(many)
    wrong = office.post("/bureau/inquietudes/permanence/", {"ailleurs": str(uuid.uuid4())})
    assert "Choisissez quelqu’un de la liste" in wrong.content.decode()
    assert browser(agent).get("/bureau/inquietudes/permanence/").status_code == 404


def test_of_those_at_work_the_least_busy_is_given_it(agent):
    other = make_account("max@ccas.example", AGENTS)
    given = [a_worry(make_person(f"Personne {name}", phone="")).agent for name in "abcd"]
    assert given == [agent, other, agent, other]


def test_it_is_traced_to_its_answer(desk, agent):
    worry = a_worry(make_person(), grade=Grade.URGENT)
    url = reverse("desk:worry", args=(worry.uid,))
    page = desk.get(url).content.decode()
    assert "Canari-volets" in page
    assert "Écrivez ce que vous avez fait" in desk.post(url, {"geste": "noter", "words": ""}).content.decode()
    assert desk.post(url, {"geste": "prendre"}).status_code == 302
    assert desk.post(url, {"geste": "noter", "words": "Appelée à midi."}).status_code == 302
    assert "Choisissez une réponse" in desk.post(url, {"geste": "clore"}).content.decode()
    closing = {"geste": "clore", "answer": WorryAnswer.VISITED, "closing": "Sa fille est là."}
    assert desk.post(url, closing).status_code == 302
    names = list(WorryStep.objects.filter(worry=worry).values_list("name", flat=True))
    assert names == [WorryStepName.TOLD, WorryStepName.TAKEN, WorryStepName.GESTURE, WorryStepName.CLOSED]
    page = desk.get(url).content.decode()
    for words in ("Appelée à midi.", "Sa fille est là.", "Quelqu’un est passé la voir", "Nadia Benali"):
        assert words in page
    assert not FollowUp.objects.open().filter(kind=FollowUpKind.WORRY).exists()
    late = desk.post(url, {"geste": "prendre"}, follow=True).content.decode()
    assert "Rien n’a changé" in late
    with pytest.raises(services.NotAllowedError):
        services.note_gesture(worry, words="Encore.", by_account=agent)


def test_a_colleague_takes_it_over_from_who_is_away(desk, agent):
    worry = a_worry(make_person())
    omar = make_account("omar@ccas.example", AGENTS, first_name="Omar", last_name="Roy")
    zoe = make_account("zoe@ccas.example", AGENTS, first_name="Zoé")
    url, his = reverse("desk:worry", args=(worry.uid,)), browser(omar)
    assert "Je m’en occupe" in his.get(url).content.decode()
    services.take(worry, by_account=agent)
    first = Worry.objects.get().taken_at
    # He pressed what he saw before: it is not taken from her unawares.
    assert "Nadia Benali s’en occupe déjà." in his.post(url, {"geste": "prendre"}, follow=True).content.decode()
    assert "Prendre le relais de Nadia Benali" in his.get(url).content.decode()
    assert "Prendre le relais" not in desk.get(url).content.decode()
    taking = {"geste": "prendre", "de": str(agent.uid)}
    assert his.post(url, taking).status_code == 302
    worry.refresh_from_db()
    assert (worry.state, worry.taken_by, worry.agent, worry.taken_at) == (WorryState.TAKEN, omar, omar, first)
    assert "Prendre le relais d’Omar Roy" in browser(zoe).get(url).content.decode()
    late = browser(zoe).post(url, taking, follow=True).content.decode()
    assert "Omar Roy s’en occupe déjà." in late
    steps = [(one.name, one.by_account) for one in services.steps_of(worry)]
    assert steps[1:] == [(WorryStepName.TAKEN, agent), (WorryStepName.TAKEN_OVER, omar)]
    assert "Reprise, le" in his.get(url).content.decode()
    services.close(worry, answer=WorryAnswer.REASSURED, by_account=omar)
    with pytest.raises(services.NotAllowedError):
        services.take(worry, by_account=zoe, from_account=omar)


def test_it_is_apart_from_notes_and_lists(desk, agent):
    person = make_person()
    a_worry(person, grade=Grade.URGENT)
    for url in ("/bureau/", "/bureau/suites/", "/bureau/inquietudes/", f"/bureau/personne/{person.uid}/",
                f"/bureau/personne/{person.uid}/notes/"):  # fmt: skip
        assert "Canari" not in desk.get(url).content.decode(), url


def test_a_coordinator_reads_those_of_their_sectors(agent):
    commune = CoveredCommune.objects.first()
    centre, north = (add_district(name=name, commune=commune) for name in ("Centre", "Nord"))
    account = make_account("camille@ccas.example", COORDINATORS)
    bind_coordinator(account, sectors=[add_sector(name="Le centre", districts=[centre])], by_account=account)
    camille = browser(account)
    hers = a_worry(make_person(district=centre))
    others = a_worry(make_person("Inconnue", district=north))
    listed = camille.get("/bureau/inquietudes/").content.decode()
    assert "Jeanne" in listed
    assert "Inconnue" not in listed
    assert camille.get(reverse("desk:worry", args=(hers.uid,))).status_code == 200
    for method in (camille.get, camille.post):
        assert method(reverse("desk:worry", args=(others.uid,)), {"geste": "prendre"}).status_code == 404


def test_an_agent_notes_what_is_told_on_the_telephone(desk, agent):
    request, proposal = agreed()
    her, alice = request.person, proposal.volunteer.person
    url = reverse("desk:new_worry", args=(her.uid,))
    assert "Alice Morvan, bénévole" in desk.get(url).content.decode()
    assert "Dites qui s’inquiète" in desk.post(url, typed()).content.decode()
    told = desk.post(url, typed(told_by=str(alice.uid)))
    worry = Worry.objects.get()
    assert told["Location"] == reverse("desk:worry", args=(worry.uid,))
    assert (worry.told_by, worry.noted_by) == (alice, agent)
    desk.post(url, typed(told_by="autre", teller="Mme Roy, sa voisine"))
    other = Worry.objects.latest("pk")
    assert other.told_by is None
    page = desk.get(reverse("desk:worry", args=(other.uid,))).content.decode()
    assert "Dit par : Mme Roy, sa voisine" in page.replace("\u00a0", " ")


def test_an_urgent_one_that_nobody_takes_is_told_again_to_administrators_once(agent):
    administrator = make_account("maire@ville.example", ADMINISTRATORS)
    duty.set_duty({None: agent})
    late, taken, calm = (
        a_worry(make_person(name, phone=""), grade=grade)
        for name, grade in (("Ava", Grade.URGENT), ("Bea", Grade.URGENT), ("Cléo", Grade.WORRIED))
    )
    services.take(taken, by_account=agent)
    assert [escalate(one.pk) for one in (late, late, taken)] == [True, False, False]
    sent = list(Message.objects.filter(kind="worry", key__startswith="worry:late"))
    assert administrator.email in {one.recipient for one in sent}
    assert agent.email not in {one.recipient for one in sent}
    assert not [one for one in sent if "Ava" in one.body + one.subject]
    assert WorryStep.objects.filter(worry=late, name=WorryStepName.ESCALATED).count() == 1
    assert calm.state == WorryState.RECEIVED


def test_nobody_reads_of_it_in_their_space_and_it_is_told_at_the_desk(desk, agent):
    request, proposal = agreed()
    her, alice = request.person, proposal.volunteer.person
    a_worry(her, told_by=alice)
    told = json.dumps([[one.holding.title, one.rows] for one in known_of(her)], ensure_ascii=False)
    assert "nquiétude" not in told
    assert "Canari-volets" not in told
    mine = json.dumps([one.rows for one in known_of(alice)], ensure_ascii=False)
    assert "cela m’inquiète" in mine
    assert "Canari-volets" not in mine
    account = make_account("jeanne@exemple.example")
    Person.objects.filter(pk=her.pk).update(account=account)
    page = browser(account).get("/mon-espace/mes-informations/").content.decode()
    assert "ses mots ne sont pas ici" in page, "the same words, whatever there is"
    known = desk.get(reverse("desk:person_known", args=(her.uid,))).content.decode()
    url = f"/bureau/inquietudes/?personne={her.uid}"
    assert url in known
    assert "Jeanne" in desk.get(url).content.decode()


def test_forgetting_waits_for_an_answer_then_takes_the_words(agent):
    person = make_person()
    worry = a_worry(person)
    assert "worry" in [one.kind for one in forgetting.in_the_way(person)]
    services.close(worry, answer=WorryAnswer.REASSURED, by_account=agent)
    forgetting.forget(person)
    worry.refresh_from_db()
    assert (worry.person, worry.state) == (None, WorryState.CLOSED)
    assert not WorryWords.objects.exists()
    assert WorryStep.objects.count() == 2


def test_who_told_is_forgotten_and_the_worry_stays(agent):
    teller, person = make_person("Alice", "Morel", "+33639980077"), make_person()
    worry = a_worry(person, told_by=teller)
    forgetting.forget(teller)
    worry.refresh_from_db()
    assert (worry.person, worry.told_by) == (person, None)
    assert WorryWords.objects.get().get_sealed_display() == SAID


def test_two_cards_made_one_keep_the_worries(agent):
    kept, gone = make_person(), make_person("Jeanne", "Martin-Roy", "+33199004444")
    a_worry(kept)
    a_worry(gone)
    merge(kept, gone, take=[], seen=preview(kept, gone).seen, by_account=agent)
    assert Worry.objects.filter(person=kept).count() == 2


def test_words_go_in_time(agent):
    worry = services.close(a_worry(make_person()), answer=WorryAnswer.NOTHING, by_account=agent)
    a_worry(make_person("Zoé", phone=""))
    Worry.objects.filter(pk=worry.pk).update(closed_at=timezone.now() - timedelta(days=900))
    (kept,) = [one for one in retention.declared() if one.key == "worries"]
    retention.purge(kept)
    worry.refresh_from_db()
    assert (worry.person, worry.answer) == (None, WorryAnswer.NOTHING)
    assert worry.emptied_on is not None
    assert WorryWords.objects.count() == 1


def test_the_list_is_read_in_a_fixed_number_of_queries(desk):
    counts = []
    desk.get("/bureau/inquietudes/")
    for number in range(2):
        for name in "abc":
            a_worry(make_person(f"Personne {name}{number}", phone=""))
        with CaptureQueriesContext(connection) as log:
            assert desk.get("/bureau/inquietudes/").status_code == 200
        counts.append(len(log))
    assert counts[0] == counts[1] <= 10


def test_a_flood_is_stopped(agent, monkeypatch):
    monkeypatch.setattr(services, "MOST_A_DAY", 1)
    teller, person = make_person("Alice", "Morel", "+33639980077"), make_person()
    a_worry(person, told_by=teller)
    with pytest.raises(services.LimitReachedError):
        a_worry(person, told_by=teller)


def test_nothing_of_it_is_in_the_other_town(agent, other_town):
    worry = a_worry(make_person())
    with facing(other_town):
        assert not Worry.objects.filter(uid=worry.uid).exists()
