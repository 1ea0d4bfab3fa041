"""Writing to a neighbour: relayed once confirmed and allowed, answered, counted; the services behind the pages."""

from dataclasses import replace
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Limit
from aid.configuration.enums import Asking, Mode
from aid.configuration.models import KindOfHelp
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests.amending import amend
from aid.help_requests.enums import RequestState
from aid.help_requests.known_askers import ask_oneself
from aid.help_requests.models import HelpRequest
from aid.help_requests.series import begin
from aid.help_requests.services import LimitReachedError, confirm
from aid.help_requests.texts import follow_path, noted
from aid.help_requests.transitions import NotAllowedError
from aid.moderation import queue
from aid.moderation.blocks import block
from aid.moderation.enums import Outcome as Decision
from aid.moderation.enums import Reason
from aid.moderation.models import Case
from aid.nearby.services import write
from aid.notifications.models import Message
from aid.offers.enums import PartOfDay
from aid.offers.services import go_away
from aid.offers.slots import slots_of
from aid.onboarding.enums import SUSPEND
from aid.onboarding.services import take
from aid.proposals import direct
from aid.proposals.enums import Answer, Outcome, Way
from aid.proposals.forgetting import forget_words_to_others
from aid.proposals.jobs import notice_silence
from aid.proposals.models import Proposal
from aid.proposals.modes import change_mode
from aid.proposals.retained import forget_words, old_words
from aid.proposals.services import accept, ask_volunteers, decline, tell_others, withdraw
from aid.proposals.texts import messages_path
from harness.desk import make_account
from harness.loop import let_the_hour_pass, volunteer
from harness.nearby import LIST, WRITE, a_confirmed, a_message, a_neighbour
from harness.requests import a_need, tomorrow
from harness.series import weekly
from tenants import blueprints

pytestmark = pytest.mark.django_db
COMMERCE = "Plombier, 30 € de l’heure."


@pytest.fixture
def jeanne(kind):
    """A resident whose number the town has confirmed."""
    return a_confirmed("Jeanne", "+33639980001", channel="sms")


def written(jeanne, to, **changes):
    """A message that she sends, as the worker then has it leave."""
    request = write(to, need=a_need(**{"details": "Un café ?"} | changes), by_person=jeanne)
    direct.send_messages(request.pk)
    return Proposal.objects.with_page_related_data().get(request=request, volunteer=to)


@pytest.fixture
def received(jeanne, rose, kind):
    """Jeanne wrote to Rose."""
    return written(jeanne, rose, kind=kind)


def test_a_message_leaves_once_to_whom_was_chosen_and_nobody_else(received, rose, kind):
    other = a_neighbour("Paul", "+33639980013")
    assert (received.way, received.request.mode, received.request.state) == (
        Way.CHOSEN,
        Mode.DIRECT,
        RequestState.PROPOSED,
    )
    for _ in range(2):
        direct.send_messages(received.request_id)
        ask_volunteers(received.request_id)
    message = Message.objects.get(kind="message")
    assert message.person == rose.person
    assert "café ?" not in message.body, "words stay behind the link"
    assert not Proposal.objects.filter(volunteer=other).exists()
    assert accept(received) is Outcome.ACCEPTED
    assert {one.person.first_name for one in Message.objects.filter(kind__in=["agreed", "mission"])} == {
        "Jeanne",
        "Rose",
    }


def test_a_number_is_confirmed_before_anything_leaves(rose, kind):
    request = write(rose, need=a_need(kind=kind), first_name="Léo", phone="+33639980044")
    assert direct.send_messages(request.pk) == 0
    assert not Message.objects.filter(kind="message").exists()
    assert Proposal.objects.get(request=request).outcome is Outcome.EXPIRED
    confirm(request)
    assert direct.send_messages(request.pk) == 1


def test_commercial_words_wait_for_an_agent_and_go_or_stay(jeanne, rose, kind):
    agent = make_account("nadia@ccas.example", "Agents")
    for outcome, reason, is_sent in (
        (Decision.REMOVED, Reason.COMMERCE, False),
        (Decision.KEPT, Reason.FINE, True),
    ):
        held = written(jeanne, rose, kind=kind, details=COMMERCE)
        assert (held.is_held, held.outcome) == (True, Outcome.EXPIRED)
        assert not Message.objects.filter(kind="message", person=rose.person).exists()
        case = Case.objects.open().get()
        queue.decide(case, outcome=outcome, reason=reason, revision=case.revision, by_account=agent)
        direct.send_messages(held.request_id)
        assert Message.objects.filter(kind="message", person=rose.person).exists() == is_sent
        held.refresh_from_db()
        assert held.is_held != is_sent


def test_a_no_and_words_are_told_to_who_wrote_who_may_write_to_another(received, jeanne):
    direct.write_back(received, words="Plutôt jeudi ? Je suis au marché samedi.")
    told = Message.objects.get(kind="answered", person=jeanne)
    assert "marché" not in told.body, "words are read behind the link"
    assert decline(received) is Outcome.DECLINED
    assert Message.objects.filter(kind="answered", person=jeanne).count() == 2
    request = HelpRequest.objects.get(pk=received.request_id)
    assert request.state == RequestState.OPEN
    paul = a_neighbour("Paul", "+33639980013")
    again = direct.write_to(request, paul)
    assert direct.write_to(request, paul) == again
    direct.send_messages(request.pk)
    assert accept(Proposal.objects.get(pk=again.pk)) is Outcome.ACCEPTED
    with pytest.raises(NotAllowedError):
        direct.write_to(request, a_neighbour("Ana", "+33639980014"))
    with pytest.raises(NotAllowedError):
        direct.write_back(Proposal.objects.get(pk=received.pk), words="Finalement oui ?")


@pytest.mark.parametrize("words", ["", "   ", "x" * 601, COMMERCE])
def test_words_back_that_cannot_be_relayed_are_refused(received, words):
    with pytest.raises(ValidationError):
        direct.write_back(received, words=words)
    assert not Message.objects.filter(kind="answered").exists()


def test_who_is_apart_away_or_suspended_is_not_written_to(jeanne, rose, kind):
    for make in (
        lambda: block(blocker=rose.person, blocked=jeanne),
        lambda: go_away(rose, starts_on=tomorrow(), ends_on=None),
        lambda: take(rose, SUSPEND),
    ):
        make()
        with pytest.raises(ValidationError, match="Ce voisin ne peut pas"):
            write(rose, need=a_need(kind=kind), by_person=jeanne)
    # Nothing was kept of what could not be sent.
    assert not HelpRequest.objects.exists()


def test_no_other_moment_is_taken_and_nobody_reads_when_they_are_free(jeanne, rose, stranger, signed_in):
    """The week of a volunteer is the team's to read, which they were promised."""
    path = WRITE.format(rose.person.profile.uid)
    rose.offer.slots = slots_of(tomorrow(), PartOfDay.MORNING)
    rose.offer.save()
    refused = stranger.post(path, a_message())
    assert refused.status_code == 422
    assert "Choisissez un autre moment" in refused.content.decode()
    for answer in (refused, stranger.get(path), signed_in(jeanne).get(path)):
        page = answer.content.decode()
        assert ("moments libres" in page, rose.offer.get_slots_display() in page) == (False, False)
    assert not HelpRequest.objects.exists()
    assert stranger.post(path, a_message(moment="morning")).status_code == 302


def test_what_the_town_asks_about_a_kind_is_asked_under_it_and_nothing_typed_is_lost(rose, kind, stranger):
    """« Garder un animal », as Grenoble asks for it; a second kind of hers asks something that must be answered too."""
    kinds = {one["name"]: one for one in blueprints.load("voisins-voisines").sections["configuration"]["kinds"]}
    kind.questions = kinds["Garder un animal"]["questions"]
    kind.save()
    other = KindOfHelp.objects.create(name="Jouer", slug="jouer", mode=Mode.DIRECT, questions=kind.questions)
    rose.offer.kinds.add(other)
    cache.clear()  # the commit's own pulse does it
    path, asked = WRITE.format(rose.person.profile.uid), f"question_{kind.pk}_0"
    page = BeautifulSoup(stranger.get(path).content, "html.parser")
    offered = [one["value"] for one in page.select(f".asked-kind:has([name=kind][value='{kind.slug}']) [name={asked}]")]
    assert offered == ["un chien", "un chat", "un autre"]
    refused = stranger.post(path, a_message())
    page = BeautifulSoup(refused.content, "html.parser")
    assert refused.status_code == 422
    (told,) = page.select("[data-field=validation]")
    assert told.get_text().replace("\xa0", " ") == "Répondez à « Quel animal ? »."
    assert "bavarder" in page.select_one("[name=details]").get_text()
    assert not HelpRequest.objects.exists()
    # Another error, what was answered stays.
    wrong = BeautifulSoup(stranger.post(path, a_message(phone="", **{asked: "un chat"})).content, "html.parser")
    assert wrong.select_one(f"[name={asked}][checked]")["value"] == "un chat"
    assert stranger.post(path, a_message(**{asked: "un chat"})).status_code == 302
    assert HelpRequest.objects.get().answers == {"Quel animal\xa0?": "un chat"}


def test_who_is_suspended_meanwhile_receives_nothing(jeanne, rose, kind):
    request = write(rose, need=a_need(kind=kind), by_person=jeanne)
    take(rose, SUSPEND)
    assert direct.send_messages(request.pk) == 0
    assert not Message.objects.filter(kind="message").exists()


def test_a_volunteer_receives_and_a_person_sends_so_many_a_day(rose, kind):
    for number in range(direct.RECEIVED_A_DAY):
        written(a_confirmed(f"Luc{number}", f"+3363998010{number}"), rose, kind=kind)
    with pytest.raises(ValidationError, match="Ce voisin ne peut pas"):
        written(a_confirmed("Zoé", "+33639980109"), rose, kind=kind)
    asker, names = a_confirmed("Jeanne", "+33639980001"), ("Ana", "Paul", "Lise", "Marc", "Noé", "Max")
    first, *others = [a_neighbour(name, f"+3363998020{number}") for number, name in enumerate(names)]
    request = written(asker, first, kind=kind).request
    for other in others[: direct.SENT_A_DAY - 1]:
        direct.write_to(request, other)
    with pytest.raises(LimitReachedError):
        direct.write_to(request, others[direct.SENT_A_DAY - 1])


def test_what_strangers_write_and_do_not_prove_counts_for_nothing(jeanne, rose, kind):
    strangers = [
        write(rose, need=a_need(kind=kind), first_name=f"Léo{number}", phone=f"+3363998004{number}")
        for number in range(direct.RECEIVED_A_DAY + 1)
    ]
    assert written(jeanne, rose, kind=kind).outcome is Outcome.TO_ANSWER
    received = Message.objects.filter(kind="message", person=rose.person)
    for request in strangers:
        confirm(request)
        for _ in range(2):
            direct.send_messages(request.pk)
    assert received.count() == direct.RECEIVED_A_DAY
    with pytest.raises(ValidationError, match="Ce voisin ne peut pas"):
        write(rose, need=a_need(kind=kind), by_person=a_confirmed("Zoé", "+33639980109"))
    # What was one too many that day leaves the day after.
    Limit.objects.filter(kind=direct.RECEIVED).update(ends_at=timezone.now())
    for request in strangers:
        direct.send_messages(request.pk)
    assert received.count() == len(strangers) + 1


def test_silence_and_no_choice_are_told_to_the_town(received, jeanne, rose, kind):
    notice_silence(request=received.request_id)
    assert FollowUp.objects.open().filter(kind=FollowUpKind.UNANSWERED, subject_id=received.request_id).exists()
    left = ask_oneself(jeanne, need=a_need(kind=kind))
    direct.send_messages(left.pk)
    to_propose = FollowUp.objects.open().filter(kind=FollowUpKind.TO_PROPOSE, subject_id=left.pk)
    assert to_propose.exists()
    direct.write_to(left, a_neighbour("Paul", "+33639980013"))
    direct.send_messages(left.pk)
    assert not to_propose.exists()


def test_a_desistance_has_her_write_to_somebody_else(received, jeanne):
    accept(received)
    withdraw(received)
    told = Message.objects.get(kind="reopened", person=jeanne)
    assert "écrire à quelqu'un d'autre" in told.body
    assert HelpRequest.objects.get(pk=received.request_id).state == RequestState.OPEN


def test_whom_she_wrote_to_as_well_is_written_to_again_when_the_first_withdraws(received, jeanne, rose):
    paul, ana = a_neighbour("Paul", "+33639980013"), a_neighbour("Ana", "+33639980014")
    for other in (paul, ana):
        direct.write_to(received.request, other)
    direct.send_messages(received.request_id)
    decline(Proposal.objects.get(volunteer=ana))
    accept(received)
    tell_others(HelpRequest.objects.get(pk=received.request_id))
    withdraw(received)
    for _ in range(2):
        direct.send_messages(received.request_id)
    written_to = Message.objects.filter(kind="message").order_by("pk").values_list("person__first_name", flat=True)
    assert list(written_to) == ["Rose", "Paul", "Ana", "Paul"]
    assert accept(Proposal.objects.get(volunteer=paul)) is Outcome.ACCEPTED


def test_words_back_go_when_they_are_old_or_somebody_is_forgotten(received, jeanne, rose):
    direct.write_back(received, words="Plutôt jeudi.")
    for forget in (lambda: forget_words_to_others(jeanne), lambda: forget_words_to_others(rose.person)):
        Proposal.objects.update(words_back="Plutôt jeudi.")
        forget()
        assert Proposal.objects.get(pk=received.pk).words_back == ""
    Proposal.objects.update(words_back="Plutôt jeudi.")
    HelpRequest.objects.update(state=RequestState.CANCELLED)
    let_the_hour_pass(received.request)
    old = list(old_words(timezone.now()).values_list("pk", flat=True))
    forget_words(old)
    assert (old, Proposal.objects.get(pk=received.pk).words_back) == ([received.pk], "")


def test_an_ordinary_volunteer_is_asked_as_before(jeanne, town):
    alice = volunteer("Alice", "+33639980002")
    request = ask_oneself(jeanne, need=a_need())
    ask_volunteers(request.pk)
    assert direct.send_messages(request.pk) == 0
    assert Proposal.objects.get(request=request, volunteer=alice).answer == Answer.ASKED


# --- Sent twice, and changes of mode


def test_two_tabs_of_who_has_signed_in_make_one_request(jeanne, rose, signed_in):
    browser, page = signed_in(jeanne), WRITE.format(rose.person.profile.uid)
    for _ in range(2):
        assert browser.get(page).status_code == 200
    answers = [browser.post(page, a_message()) for _ in range(2)]
    asked = HelpRequest.objects.get()
    assert [one["Location"] for one in answers] == [follow_path(asked)] * 2
    assert (asked.person, asked.proposals.count()) == (jeanne, 1)
    # Another day, another message.
    browser.get(page)
    assert browser.post(page, a_message())["Location"] != follow_path(asked)
    assert HelpRequest.objects.count() == 2


def test_two_sendings_at_once_are_one(jeanne, rose, kind):
    uid = uuid4()
    first, second = (write(rose, need=a_need(kind=kind), by_person=jeanne, uid=uid) for _ in range(2))
    assert (first, first.proposals.count()) == (second, 1)


def test_a_kind_is_shown_to_who_may_ask_for_it(jeanne, rose, kind, stranger, signed_in):
    page, browser = WRITE.format(rose.person.profile.uid), signed_in(jeanne)
    for askers, of_stranger, of_known in (
        ([Asking.RESIDENT], 200, 200),
        ([Asking.CARER], 200, 404),
        ([Asking.ASSOCIATION], 404, 404),
    ):
        KindOfHelp.objects.filter(pk=kind.pk).update(askers=askers)
        cache.clear()  # the commit's own pulse does it
        for client, status in ((stranger, of_stranger), (browser, of_known)):
            # The list is there for all where it is for one: its menu is everybody's.
            assert [client.get(one).status_code for one in (LIST, page)] == [of_stranger, status], askers


def told_of_the_mode(person):
    return [one.body for one in Message.objects.filter(person=person, key__startswith="mode:").order_by("pk")]


@pytest.mark.parametrize("mode", [Mode.FIRST_YES, Mode.CANDIDATES, Mode.COORDINATOR])
def test_left_to_the_town_a_message_that_has_left_may_still_be_answered(received, jeanne, stranger, mode):
    request = change_mode(received.request, mode)
    (told,) = told_of_the_mode(jeanne)
    assert "nous cherchons quelqu'un pour vous" in told
    direct.write_back(received, words="Plutôt jeudi ?")
    page = stranger.get(messages_path(request)).content.decode()
    assert ("Plutôt jeudi" in page, "cherche maintenant quelqu’un" in page, 'name="voisin"' in page) == (
        True,
        True,
        False,
    )
    with pytest.raises(NotAllowedError):
        direct.write_to(request, a_neighbour("Paul", "+33639980013"))
    # The words are read anew as before, whoever looks for somebody.
    amend(request, replace(a_need(kind=request.kind, day=request.day), details=COMMERCE), by_person=jeanne)
    received.refresh_from_db()
    assert received.is_held
    Proposal.objects.update(is_held=False)
    assert accept(received) is Outcome.ACCEPTED


def test_what_is_said_is_true_whether_or_not_she_wrote_to_somebody(received, jeanne, kind):
    jeanne.channel, jeanne.email = "email", "jeanne@exemple.example"
    jeanne.save()
    nobody = ask_oneself(jeanne, need=a_need(kind=kind))
    assert "au voisin que vous choisissez" in noted(nobody).body
    for request in (nobody, received.request):
        change_mode(request, Mode.COORDINATOR)
    assert ["peuvent encore vous dire oui" in words for words in told_of_the_mode(jeanne)] == [False, True]


def test_what_comes_again_is_left_to_the_town(jeanne, kind):
    """Each day is written by nobody: there is no message to a neighbour."""
    first = ask_oneself(jeanne, need=a_need(kind=kind))
    begin(first, weekly(first.day), by_person=jeanne)
    others = HelpRequest.objects.exclude(pk=first.pk)
    assert {one.mode for one in others} == {Mode.COORDINATOR}


def test_a_no_once_the_town_looks_sends_her_to_nobody_else(received, jeanne):
    change_mode(received.request, Mode.COORDINATOR)
    decline(Proposal.objects.get(pk=received.pk))
    (no,) = Message.objects.filter(kind="answered", person=jeanne)
    assert "/suivi/" in no.body
    assert "/messages/" not in no.body


def test_a_message_that_has_not_left_will_not_and_whom_it_was_for_is_asked_as_others(jeanne, rose, kind):
    held = written(jeanne, rose, kind=kind, details=COMMERCE)
    change_mode(held.request, Mode.FIRST_YES)
    assert not Case.objects.open().exists()
    direct.send_messages(held.request_id)
    assert not Message.objects.filter(kind="message").exists()
    ask_volunteers(held.request_id)
    asked = Proposal.objects.get(request=held.request, volunteer=rose)
    assert (asked.way, asked.is_held, asked.outcome) == (Way.ROUND, False, Outcome.TO_ANSWER)


def test_nor_what_waited_for_a_number_to_be_confirmed(rose, kind):
    request = write(rose, need=a_need(kind=kind), first_name="Léo", phone="+33639980044")
    change_mode(request, Mode.FIRST_YES)
    assert told_of_the_mode(request.person) == [], "they read it once their number is confirmed"
    confirm(HelpRequest.objects.get(pk=request.pk))
    ask_volunteers(request.pk)
    assert Proposal.objects.get(request=request, volunteer=rose).way == Way.ROUND


def test_left_to_her_she_is_told_to_choose_and_who_was_asked_may_still_say_yes(town, kind, rose):
    jeanne = a_confirmed("Jeanne", "+33639980001", channel="sms")
    KindOfHelp.objects.filter(pk=kind.pk).update(mode=Mode.FIRST_YES)
    request = ask_oneself(jeanne, need=a_need(kind=KindOfHelp.objects.get(pk=kind.pk)))
    ask_volunteers(request.pk)
    change_mode(request, Mode.DIRECT)
    for _ in range(2):
        change_mode(request, Mode.DIRECT)
    (told,) = told_of_the_mode(jeanne)
    assert ("à vous de choisir" in told, "/messages/" in told) == (True, True)
    paul = a_neighbour("Paul", "+33639980013")
    direct.write_to(request, paul)
    assert direct.send_messages(request.pk) == 1
    assert accept(Proposal.objects.get(request=request, volunteer=rose)) is Outcome.ACCEPTED


def test_who_reads_no_messages_is_called_to_choose(town, kind):
    odette = a_confirmed("Odette", "+33199000001", channel="call")
    request = ask_oneself(odette, need=a_need())
    change_mode(request, Mode.DIRECT)
    (call,) = FollowUp.objects.open().filter(person=odette, key__startswith="send:mode:")
    assert "à vous de choisir" in call.words
    change_mode(request, Mode.FIRST_YES)
    assert not FollowUp.objects.open().filter(pk=call.pk).exists(), "it is not hers to choose any more"
