"""« Qui a vu Jeanne ? »: each reading and each change of a card is kept, and an administrator reads who did it."""

import re

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from aid.configuration.models import KindOfHelp
from aid.desk.views import people
from aid.help_requests.enums import RequestState
from aid.notifications.stop import stop_by_sms
from aid.offers.services import welcome
from aid.people.enums import Channel
from aid.people.services import update_person
from aid.personal.services import choose_channel
from aid.privacy.enums import Act, SeenOn
from aid.privacy.models import Access, ChangedValue
from aid.privacy.services import accesses_to, note_reading
from aid.proposals.enums import Answer
from aid.proposals.services import accept
from aid.proposals.texts import answer_path
from aid.territory.models import CoveredCommune
from core.models import AppendOnlyError
from harness.databases import FIRST_TOWN
from harness.desk import ask, make_account, make_person, make_request, make_volunteer
from harness.statements import joins_of

pytestmark = pytest.mark.django_db
MOST_QUERIES_OF_A_CARD, MOST_JOINS_OF_A_CARD = 12, 7
FEW, MANY = 3, 60


@pytest.fixture
def administrator(town):
    """The browser of who administers the town."""
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(make_account("maire@ccas.example", "Administrateurs", first_name="Maud", last_name="Le Goff"))
    return client


def seen(person):
    """What was done with a card, the first first: (act, screen, by whom)."""
    return [(one.act, one.screen, str(one.by_account or one.by_person)) for one in reversed(list(accesses_to(person)))]


def history(person):
    return reverse("desk:person_accesses", args=(person.uid,))


def test_each_screen_that_shows_a_card_is_a_reading_by_who_opened_it(desk, jeanne, asked):
    desk.get(reverse("desk:person", args=(jeanne.uid,)))
    desk.get(reverse("desk:edit_person", args=(jeanne.uid,)))
    desk.get(reverse("desk:request", args=(asked.uid,)))
    desk.get(reverse("desk:new_request"), {"personne": jeanne.uid})
    desk.get(reverse("desk:new_volunteer"), {"personne": jeanne.uid})
    by = "Nadia Benali"
    assert seen(jeanne) == [
        (Act.READ, SeenOn.CARD, by),
        (Act.READ, SeenOn.EDIT, by),
        (Act.READ, SeenOn.REQUEST, by),
        (Act.READ, SeenOn.ENTRY, by),
        (Act.READ, SeenOn.ENTRY, by),
    ]


def test_who_is_turned_away_has_read_nothing(town, desk, jeanne, alice):
    stranger, resident = Client(headers={"host": FIRST_TOWN}), Client(headers={"host": FIRST_TOWN})
    resident.force_login(make_account("jeanne@jeanne.example"))
    for client in (stranger, resident):
        client.get(reverse("desk:person", args=(jeanne.uid,)))
    # Another's card, and the lists, are not hers.
    desk.get(reverse("desk:person", args=(alice.person.uid,)))
    for name in ("board", "people", "requests"):
        desk.get(reverse(f"desk:{name}"))
    assert seen(jeanne) == []
    assert len(seen(alice.person)) == 1


def test_a_change_says_what_was_and_what_is(desk, jeanne):
    url = reverse("desk:edit_person", args=(jeanne.uid,))
    typed = {
        "first_name": "Jeanne", "last_name": "Martin", "phone": "01 99 00 12 34", "email": "", "channel": "call",
        "birth_year": "1942", "commune": jeanne.commune_id, "address": "5 rue des Lilas",
    }  # fmt: skip
    assert desk.post(url, typed | {"first_name": ""}).status_code == 200
    assert seen(jeanne) == [], "what was refused changed nothing"
    assert desk.post(url, typed).status_code == 302
    (change,) = accesses_to(jeanne)
    assert (change.act, change.screen, str(change.by_account)) == (Act.CHANGED, "", "Nadia Benali")
    assert {one.field: (one.before, one.after) for one in change.changes.all()} == {
        "birth_year": ("1941", "1942"),
        "address": ("3 rue des Lilas", "5 rue des Lilas"),
    }
    assert desk.post(url, typed).status_code == 302
    assert accesses_to(jeanne).filter(act=Act.CHANGED).count() == 1, "the same again is no change"


def test_what_people_change_themselves_is_theirs(jeanne):
    update_person(jeanne, phone="+33639981111", channel=Channel.SMS)
    stop_by_sms("+33639981111", "STOP", None)
    choose_channel(jeanne, channel=Channel.SMS)
    changes = list(accesses_to(jeanne))
    assert [one.by_person for one in changes] == [jeanne, jeanne, None]
    assert [(one.before, one.after) for one in changes[0].changes.all()] == [("par téléphone", "par SMS")]


def test_the_address_is_read_by_who_goes_there_and_by_nobody_else(town, visit, jeanne, alice):
    request = make_request(jeanne, address="3 rue des Lilas")
    proposal = ask(request, alice)
    browser = visit(FIRST_TOWN)
    assert "rue des Lilas" not in browser.get(answer_path(proposal)).content.decode()
    assert seen(jeanne) == [], "the question shows the district only"
    accept(proposal)
    assert "rue des Lilas" in browser.get(answer_path(proposal)).content.decode()
    assert seen(jeanne) == [(Act.READ, SeenOn.MISSION, "Alice M.")]
    type(request).objects.filter(pk=request.pk).update(state=RequestState.CANCELLED, volunteer=None)
    browser.get(answer_path(proposal))
    assert len(seen(jeanne)) == 1


def test_an_export_reads_everybody_who_is_there_by_then(administrator, jeanne):
    administrator.get(reverse("desk:export_people"))
    later = make_person("Zoé", "Tardieu", "+33199004444")
    assert seen(jeanne) == [(Act.READ, SeenOn.EXPORT, "Maud Le Goff")]
    assert seen(later) == []


def test_an_administrator_reads_who_saw_jeanne_and_is_seen_too(administrator, desk, jeanne):
    desk.get(reverse("desk:person", args=(jeanne.uid,)))
    update_person(jeanne, by_person=jeanne, address="7 <b>rue</b> d’Ici")
    page = administrator.get(history(jeanne)).content.decode()
    assert "Nadia Benali" in page
    assert "a lu la fiche" in page
    assert "adresse, 3 rue des Lilas → 7 &lt;b&gt;rue&lt;/b&gt; d’Ici" in page
    assert "Jeanne, par ses propres moyens" in page
    assert seen(jeanne)[-1] == (Act.READ, SeenOn.HISTORY, "Maud Le Goff")
    assert history(jeanne) in administrator.get(reverse("desk:person", args=(jeanne.uid,))).content.decode()


def test_agents_do_not_read_who_saw_whom(desk, jeanne):
    assert desk.get(history(jeanne)).status_code == 404
    assert history(jeanne) not in desk.get(reverse("desk:person", args=(jeanne.uid,))).content.decode()


def test_the_journal_is_only_added_to(agent, jeanne):
    note_reading(jeanne, screen=SeenOn.CARD, by_account=agent)
    access = Access.objects.get()
    with pytest.raises(AppendOnlyError):
        access.delete()
    for statement in ("DELETE FROM privacy_access", "UPDATE privacy_access SET person_id = NULL"):
        refused = pytest.raises(ProgrammingError, match="permission denied")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    # What cards held is elsewhere, and can be forgotten.
    update_person(jeanne, by_account=agent, address="Ailleurs")
    assert ChangedValue.objects.all().delete()[0] == 1
    assert accesses_to(jeanne).count() == 2


def statements_of(client, url):
    """What a screen asks for and writes: entering the town aside, which a test's own transaction may have done."""
    with CaptureQueriesContext(connection) as log:
        assert client.get(url).status_code == 200
    told = [query["sql"] for query in log.captured_queries]
    return [sql for sql in told if sql.startswith(("SELECT", "INSERT")) and "set_config" not in sql]


def test_the_history_costs_the_same_whatever_it_holds(administrator, agent, jeanne):
    counts = []
    for entries in (FEW, MANY):
        for number in range(entries):
            update_person(jeanne, by_account=agent, address=f"{entries} {number} rue des Lilas")
        administrator.get(history(jeanne))
        counts.append(statements_of(administrator, history(jeanne)))
    few, many = counts
    assert len(few) == len(many) <= MOST_QUERIES_OF_A_CARD, "\n".join(many)


def test_the_card_alone_reads_all_that_somebody_offers(desk, alice):
    card, edit = (reverse(f"desk:{name}", args=(alice.person.uid,)) for name in ("person", "edit_person"))
    reading = [any('FROM "offers_offer"' in sql for sql in statements_of(desk, url)) for url in (card, edit)]
    assert reading == [True, False]


def test_a_card_costs_little_and_is_noted_by_one_statement(desk, jeanne, asked, alice):
    welcome(person=alice.person, kinds=KindOfHelp.objects.all()[:3], communes=CoveredCommune.objects.all())
    make_request(jeanne, RequestState.AGREED, volunteer=alice)
    account = make_account("alice@alice.example")
    type(jeanne).objects.filter(pk__in=[jeanne.pk, alice.person.pk]).update(account=account)
    for person in (jeanne, alice.person):
        card = reverse("desk:person", args=(person.uid,))
        desk.get(card)
        told = statements_of(desk, card)
        assert len(told) <= MOST_QUERIES_OF_A_CARD, "\n".join(told)
        assert [sql for sql in told if sql.startswith("INSERT")] == [sql for sql in told if "privacy_access" in sql]


def test_who_is_in_no_request_is_asked_none(desk, jeanne, alice):
    """Of all that a card reads, requests are the longest to plan."""
    cards = [reverse("desk:person", args=(person.uid,)) for person in (jeanne, alice.person)]
    for card in cards:
        assert not [sql for sql in statements_of(desk, card) if sql.startswith('SELECT "help_requests_helprequest"')]
    make_request(jeanne, RequestState.AGREED, volunteer=alice)
    for card, shown in zip(cards, ("requests", "help"), strict=True):
        assert len(desk.get(card).context[shown]) == 1


def test_a_card_joins_few_tables_and_groups_none(desk, agent, jeanne, asked, alice):
    """Each table more doubles what PostgreSQL weighs before it reads the one row that is asked for."""
    type(jeanne).objects.filter(pk=alice.person.pk).update(
        account=make_account("alice@alice.example"), created_by=make_account("paul@ccas.example", "Agents")
    )
    make_request(jeanne, RequestState.AGREED, volunteer=alice)
    card = reverse("desk:person", args=(alice.person.uid,))
    desk.get(card)
    told = statements_of(desk, card)
    assert len(told) <= MOST_QUERIES_OF_A_CARD, "\n".join(told)
    for sql in told:
        assert joins_of(sql) <= MOST_JOINS_OF_A_CARD, sql
        assert not re.sub(r"\(.*\)", "", sql).count("GROUP BY"), sql


def test_a_card_tells_the_latest_of_what_was_asked_and_of_what_was_done(desk, jeanne, alice, monkeypatch):
    monkeypatch.setattr(people, "MOST_LINES", 2)
    mine = [make_request(alice.person, RequestState.DONE, volunteer=alice) for _ in range(3)]
    hers = [make_request(jeanne, RequestState.AGREED, volunteer=alice) for _ in range(3)]
    said_no = ask(hers[2], make_volunteer("Bruno", phone="+33639981235"))
    type(said_no).objects.filter(pk=said_no.pk).update(answer=Answer.NO, answered_at=timezone.now())
    shown = desk.get(reverse("desk:person", args=(alice.person.uid,))).context
    assert [one.pk for one in shown["requests"]] == [mine[2].pk, mine[1].pk]
    assert [(one.pk, one.asked, one.refused) for one in shown["help"]] == [(hers[2].pk, 2, 1), (hers[1].pk, 1, 0)]
    shown = desk.get(reverse("desk:person", args=(jeanne.uid,))).context
    assert [one.pk for one in shown["requests"]] == [hers[2].pk, hers[1].pk]
