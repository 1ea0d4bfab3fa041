"""A flag: filled in three pages, kept sealed, sent once, and read again by nobody but the town's people."""

import json

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.notifications.models import Message
from aid.partners import contents, keeping, services
from aid.partners.access import flags_of
from aid.partners.enums import FlagConsent, FlagState, Level, NoFollowUp, Urgency
from aid.partners.models import Flag
from aid.partners.retained import empty_flags
from aid.privacy import forgetting, retention
from aid.privacy.holdings import known_of
from aid.vault.services import change_key, reseal_some
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person
from harness.partners import (
    CLIC_EMAIL,
    FIRST_NAME,
    LAST_NAME,
    PHONE,
    WORDS,
    a_contact,
    a_contact_with_a_link,
    a_flag,
    a_partner,
    come_in,
    content,
    filled,
    nobody,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
SEND = "/partenaires/signaler/"
HERS = (FIRST_NAME, LAST_NAME, PHONE, "01 99 00 70 01", "Canari")


@pytest.fixture
def contact(town):
    return a_contact_with_a_link()


@pytest.fixture
def anne(contact):
    return come_in(Client(headers={"host": FIRST_TOWN}), contact)


@pytest.fixture
def agent(town):
    return make_account("nadia@ccas.example", "Agents", first_name="Nadia")


def step(number: int, **typed: object) -> dict[str, object]:
    return filled(**{"etape": str(number)} | typed)


def test_three_pages_and_nothing_kept_before_the_last(anne):
    first = anne.get(SEND).content.decode()
    assert "Étape 1 sur 3" in first
    second = anne.post(SEND, step(1)).content.decode()
    assert "Qui est cette personne" in second
    assert 'name="consent" value="spoken"' in second, "what was answered travels in the page"
    third = anne.post(SEND, step(2)).content.decode()
    assert "Comment va-t-elle" in third
    assert f'name="last_name" value="{LAST_NAME}"' in third
    assert not Flag.objects.exists()
    assert LAST_NAME not in json.dumps(dict(anne.session)), "no session holds her name"
    back = anne.post(SEND, step(3, retour="1")).content.decode()
    assert "Étape 2 sur 3" in back
    assert f'value="{FIRST_NAME}"' in back
    assert anne.post(SEND, filled())["Location"] == "/partenaires/"
    assert Flag.objects.count() == 1


def test_what_is_kept_is_sealed_and_read_with_its_points(anne):
    anne.post(SEND, filled())
    flag = Flag.objects.get()
    sealed = bytes(flag.sealed)
    assert not [word for word in HERS if word.encode() in sealed]
    said = contents.read(flag)
    assert (said.full_name, said.phone, said.birth_year, said.words) == (
        f"{FIRST_NAME} {LAST_NAME}",
        PHONE,
        1938,
        WORDS,
    )
    # The last choice of each question: 4 + 3 + 3, no loss, no move, no neighbour (2), no help (1), no visit wished.
    assert (flag.score, flag.level) == (13, Level.HIGH)


def test_it_arrives_at_the_desk_without_a_name_the_sooner_the_more_urgent(contact):
    flags = {urgency: a_flag(contact, urgency=urgency) for urgency in (Urgency.NOW, Urgency.WEEK, Urgency.LATER)}
    due = {one.subject_id: one for one in FollowUp.objects.filter(kind=FollowUpKind.FLAG)}
    hours = [due[flags[one].pk].due_at - flags[one].sent_at for one in flags]
    assert hours == [services.DUE_AFTER[one] for one in flags]
    assert not [one for one in due.values() for word in HERS if word in one.words]


def test_pressed_twice_it_is_one_flag(anne):
    typed = filled()
    for _ in range(3):
        assert anne.post(SEND, typed)["Location"] == "/partenaires/"
    assert Flag.objects.count() == 1
    assert FollowUp.objects.filter(kind=FollowUpKind.FLAG).count() == 1
    anne.post(SEND, filled())
    assert Flag.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "said", "at"),
    [
        ({"phone": "12 34"}, "numéro à dix chiffres", "Étape 2"),
        ({"phone": ""}, "Écrivez son numéro", "Étape 2"),
        ({"first_name": "123"}, "avec des lettres", "Étape 2"),
        ({"birth_year": "hier"}, "quatre chiffres", "Étape 2"),
        ({"commune": "0"}, "commune de la liste", "Étape 2"),
        ({"words": "x" * 10_000}, "signes au plus", "Étape 3"),
        ({"address": "x" * 10_000}, "signes au plus", "Étape 2"),
        ({"q1": "Chaque heure"}, "réponse de la liste", "Étape 3"),
        ({"q1": ""}, "Choisissez une réponse", "Étape 3"),
        ({"consent": ""}, "Choisissez une réponse", "Étape 1"),
        ({"consent": "relative"}, "Dites qui est ce proche", "Étape 1"),
        ({"consent": "not_asked"}, "pourquoi", "Étape 1"),
        ({"urgency": "hier"}, "réponse de la liste", "Étape 1"),
    ],
)
def test_bad_input_gets_a_clear_word_and_loses_nothing(anne, typed, said, at):
    answer = anne.post(SEND, filled(last_name="Petit", **typed))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert at in page
    assert "Petit" in page or typed.get("consent") == "not_asked"
    for name in {"phone", "first_name", "birth_year", "words", "address"} & set(typed):
        assert typed[name] in page
    assert not Flag.objects.exists()


def test_what_is_typed_is_never_run(anne, contact, agent):
    script = "<script>alert(1)</script>"
    anne.post(SEND, filled(first_name=f"Ève {script}", words=script, address=script))
    flag = Flag.objects.get()
    desk = Client(headers={"host": FIRST_TOWN})
    desk.force_login(agent)
    for page in (
        anne.get("/partenaires/"),
        desk.get("/bureau/signalements/"),
        desk.get(f"/bureau/signalement/{flag.uid}/"),
    ):
        assert page.status_code == 200
        assert script not in page.content.decode()


def test_without_her_agreement_nobody_is_named(anne, contact):
    asked = anne.post(SEND, step(1, consent="not_asked", why_not_asked="Elle dort.")).content.decode()
    assert "Où vit cette personne" in asked
    assert "Son prénom" not in asked
    anne.post(SEND, filled(consent="not_asked", why_not_asked="Elle dort."))
    said = contents.read(Flag.objects.get())
    assert (said.full_name, said.phone, said.address, said.birth_year) == ("", "", "", None)
    assert said.why_not_asked == "Elle dort."
    assert "sans nom" in anne.get("/partenaires/").content.decode()
    with pytest.raises(services.ValidationError):
        a_flag(contact, said=content(), consent=FlagConsent.NOT_ASKED)


def test_she_reads_a_day_initials_and_an_outcome(anne, contact, agent):
    anne.post(SEND, filled())
    flag = Flag.objects.get()

    def read() -> str:
        page = anne.get("/partenaires/").content.decode()
        assert "S. C." in page
        assert not [word for word in (LAST_NAME, PHONE, "01 99", "Nadia", "Canari") if word in page]
        return page

    assert ">reçu<" in read()
    services.take(flag, by_account=agent)
    assert ">reçu<" in read(), "who follows it, and that somebody does, is the town's own"
    person = services.create_card(flag, by_account=agent)
    services.take_on(flag, by_account=agent)
    assert ">pris en charge<" in read()
    told = Message.objects.get(kind="flag_outcome")
    assert told.recipient == CLIC_EMAIL
    assert "pris en charge" in told.body
    assert not [word for word in (*HERS, person.full_name, "S. C.") if word in told.body + told.subject]


def test_a_reason_is_for_staff_alone(anne, contact, agent):
    flag = a_flag(contact)
    services.leave(flag, reason=NoFollowUp.DECLINED, by_account=agent)
    page = anne.get("/partenaires/").content.decode()
    assert ">sans suite<" in page
    told = Message.objects.get(kind="flag_outcome").body
    for text in (page, told):
        assert "ne souhaite" not in text


def test_her_list_is_hers_alone(anne, contact):
    colleague = a_contact(partner=contact.partner, email="bob@clic.example")
    a_flag(colleague, said=content(first_name="Zoé", last_name="Zola"))
    a_flag(a_contact(partner=a_partner("MSA"), email="c@msa.example"))
    assert "vous n’avez encore rien envoyé" in anne.get("/partenaires/").content.decode().lower()
    assert list(flags_of(contact)) == []


def test_the_list_is_read_in_a_fixed_number_of_queries(anne, contact):
    counts = []
    anne.get("/partenaires/")
    for _ in range(2):
        for _ in range(4):
            a_flag(contact)
        with CaptureQueriesContext(connection) as log:
            assert anne.get("/partenaires/").status_code == 200
        counts.append(len(log))
    assert counts[0] == counts[1]
    assert counts[0] <= 8


def test_a_flood_is_stopped(contact, monkeypatch):
    monkeypatch.setattr(services, "MOST_A_DAY", 2)
    a_flag(contact), a_flag(contact)
    with pytest.raises(services.LimitReachedError, match="Appelez-nous"):
        a_flag(contact)


def test_a_closed_contact_sends_nothing(contact):
    keeping.close_contact(contact)
    with pytest.raises(services.ClosedContactError):
        a_flag(contact)


def test_the_gestures_follow_the_table(contact, agent):
    other = make_account("max@ccas.example", "Agents", first_name="Max")
    flag = services.take(a_flag(contact), by_account=agent)
    assert services.take(flag, by_account=agent).in_hand_by == agent
    with pytest.raises(services.NotAllowedError, match="Nadia"):
        services.take(flag, by_account=other)
    services.take_on(flag, by_account=other)
    for act in (services.take, services.take_on):
        with pytest.raises(services.NotAllowedError, match="pris en charge"):
            act(flag, by_account=agent)
    with pytest.raises(services.NotAllowedError):
        services.leave(flag, reason=NoFollowUp.MISTAKE, by_account=agent)
    with pytest.raises(services.NotAllowedError):
        services.link(flag, make_person(), by_account=agent)
    assert not FollowUp.objects.open().filter(kind=FollowUpKind.FLAG).exists()
    assert Message.objects.filter(kind="flag_outcome").count() == 1


def test_a_card_comes_of_a_flag_once_and_its_follow_up_with_it(contact, agent):
    flag = a_flag(contact)
    person = services.create_card(flag, by_account=agent)
    assert services.create_card(flag, by_account=agent) == person
    assert (person.full_name, person.phone, person.created_by) == (f"{FIRST_NAME} {LAST_NAME}", PHONE, agent)
    assert FollowUp.objects.get(kind=FollowUpKind.FLAG).person == person


def test_who_was_not_asked_is_linked_once_they_agree(contact, agent):
    flag = a_flag(contact, said=nobody(), consent=FlagConsent.NOT_ASKED)
    person = make_person()
    with pytest.raises(services.ValidationError):
        services.create_card(flag, by_account=agent)
    with pytest.raises(services.ValidationError, match="accord"):
        services.link(flag, person, by_account=agent)
    linked = services.link(flag, person, by_account=agent, consent=FlagConsent.SPOKEN)
    assert (linked.person, linked.later_consent) == (person, FlagConsent.SPOKEN)


def test_she_reads_all_that_was_said_of_her_and_is_forgotten(contact, agent):
    flag = a_flag(contact)
    person = services.create_card(flag, by_account=agent)
    known = {one.holding.title: one.rows for one in known_of(person)}
    told = json.dumps(known["Les signalements d’un partenaire"], ensure_ascii=False)
    assert WORDS in told
    assert "CLIC du Valois" in told
    waiting = [one.kind for one in forgetting.in_the_way(person)]
    assert "flag" in waiting
    services.take_on(flag, by_account=agent)
    forgetting.forget(person)
    flag.refresh_from_db()
    assert (flag.person, flag.state) == (None, FlagState.TAKEN_ON)
    assert flag.emptied_on is not None
    assert (flag.sealed, flag.sealed_with) == (None, None)


def test_words_of_a_closed_flag_go_in_time_and_figures_stay(contact, agent):
    open_one, closed = a_flag(contact), a_flag(contact)
    services.leave(closed, reason=NoFollowUp.UNREACHABLE, by_account=agent)
    Flag.objects.filter(pk=closed.pk).update(closed_at="2026-01-10T10:00:00Z", sent_at="2026-01-05T10:00:00Z")
    (kept,) = [one for one in retention.declared() if one.key == "flags"]
    retention.purge(kept)
    closed.refresh_from_db()
    assert closed.emptied_on is not None
    assert list(Flag.objects.exclude(sealed=None)) == [open_one]
    assert contents.read(Flag.objects.get(pk=closed.pk)) is None
    empty_flags([closed.pk])  # run twice, it is the same
    anonymous = Client(headers={"host": FIRST_TOWN})
    anonymous.force_login(agent)
    assert "sont effacés depuis" in anonymous.get(f"/bureau/signalement/{closed.uid}/").content.decode()


def test_a_flag_is_sealed_until_it_is_emptied(contact):
    flag = a_flag(contact)
    for wrong in ({"sealed": None}, {"sealed_with": None}, {"emptied_on": "2026-01-10"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Flag.objects.filter(pk=flag.pk).update(**wrong)


def test_a_town_s_other_key_opens_it_all_the_same(contact):
    flag = a_flag(contact)
    change_key()
    while reseal_some():
        pass
    assert contents.read(Flag.objects.get(pk=flag.pk)).words == WORDS
