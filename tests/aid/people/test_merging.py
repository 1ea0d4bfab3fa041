"""Two cards of one person made one: everything that leads to one leads to the other, and nobody is mixed up."""

import uuid

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Account
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.followups.services import ask as ask_followup
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import cancel
from aid.help_requests.texts import follow_path
from aid.notifications.models import Message
from aid.notifications.services import send
from aid.notifications.words import Words
from aid.offers.models import Offer
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.people.enums import Channel
from aid.people.merging import MergeRefusedError, fingerprint
from aid.people.models import Person
from aid.people.services import confirm_phone, possible_duplicates, register_person, search_people, update_person
from aid.personal.services import knows_contact, open_door
from aid.privacy import merging
from aid.privacy.holdings import declared, known_of
from aid.privacy.merging import merge, preview
from aid.privacy.models import Access
from aid.privacy.services import accesses_to
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from aid.proposals.services import accept, ask_volunteers, decline
from aid.proposals.texts import answer_path
from core.models import AppendOnly
from harness.databases import FIRST_TOWN
from harness.desk import make_account
from harness.loop import agree, jeanne, open_request, request_of, somebody, visits, volunteer
from harness.messages import deliver_all
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
ONE, TWO = "+33639980011", "+33639980012"


@pytest.fixture
def administrator(town):
    return make_account("maire@ccas.example", "Administrateurs")


@pytest.fixture
def both():
    """Jeanne, written down twice."""
    return somebody("Jeanne", ONE, last_name="Dupont", birth_year=1941), somebody(
        "Jane", TWO, email="j@exemple.example"
    )


@pytest.fixture
def united(administrator):
    def unite(kept, gone, take=()):
        kept, gone = again(kept), again(gone)
        merge(kept, gone, take=take, seen=fingerprint(kept, gone), by_account=administrator)
        return again(kept), again(gone)

    return unite


def again(row):
    return type(row)._default_manager.get(pk=row.pk)


def keys_to(model):
    """Every foreign key of the house that leads to a model, by (model, field); the model itself aside."""
    found = [(other, field) for other in apps.get_models() for field in other._meta.concrete_fields]
    return [(other, field) for other, field in found if field.related_model is model and other is not model]


def test_every_key_to_a_person_is_covered_by_a_merge():
    """The rows move, by their holding; or nobody may write in them, and they are read by both numbers."""
    holdings = {(one.model, one.path): one for one in declared()}
    assert len(keys_to(Person)) >= 7, "the search finds what there is"
    for model, field in keys_to(Person):
        if issubclass(model, AppendOnly):
            continue
        holding = holdings.get((model, field.name))
        assert holding, f"no holding says what becomes of {model._meta.label}.{field.name}"
        assert holding.on_merge or merging.moves_by_itself(holding), holding.title


def test_where_a_person_has_one_row_at_most_the_room_says_what_becomes_of_two():
    """A key that cannot be changed without more ado has a verb; so have the keys to a row that two persons have."""
    holdings = {(one.model, one.path): one for one in declared()}
    for model, field in keys_to(Person):
        constrained = [one for one in model._meta.constraints if field.name in str(one.deconstruct())]
        unique = field.unique or [one for one in constrained if type(one).__name__ == "UniqueConstraint"]
        if not unique or issubclass(model, AppendOnly):
            continue
        assert holdings[(model, field.name)].on_merge, f"{model._meta.label}.{field.name}"
        for other, key in keys_to(model) if field.unique else ():
            if issubclass(other, AppendOnly):
                continue
            path = f"{key.name}__{field.name}"
            assert holdings[(other, path)].on_merge, f"{other._meta.label}.{path}"


def test_the_card_that_stays_says_what_was_chosen(united, both):
    kept, gone = united(*both, take=["email", "channel"])
    assert (kept.full_name, kept.phone, kept.email) == ("Jeanne Dupont", ONE, "j@exemple.example")
    assert (gone.full_name, gone.phone, gone.email, gone.birth_year) == ("", "", "", None)
    assert (gone.merged_into, gone.merged_at is not None) == (kept, True)
    assert str(gone) == "fiche réunie"


def test_it_proposes_what_is_not_empty_then_the_fuller(both):
    jeanne, jane = both
    proposed = {part.name: part.takes_gone for part in preview(jeanne, jane).parts if part.differs}
    assert proposed == {"first_name": False, "phone": True, "email": True}
    confirm_phone(jeanne)
    proposed = {part.name: part.takes_gone for part in preview(again(jeanne), jane).parts}
    assert proposed["phone"] is False, "a number at which somebody answered is worth more"
    taken = {part.name for part in preview(jane, jeanne).parts if part.takes_gone}
    assert taken == {"first_name", "last_name", "birth_year", "phone"}


def test_a_number_brings_along_whether_somebody_answered_there(united, both):
    kept, gone = both
    confirm_phone(gone)
    kept, _ = united(kept, gone, take=["phone"])
    assert (kept.phone, kept.phone_confirmed_at is not None) == (TWO, True)
    third = somebody("Jeanne", ONE)
    kept, _ = united(kept, third, take=["phone"])
    assert (kept.phone, kept.phone_confirmed_at) == (ONE, None)


def test_a_channel_without_its_contact_is_another(united):
    kept = somebody("Jeanne", ONE)
    gone = somebody("Jeanne", "+33199000001", channel=Channel.CALL)
    kept, _ = united(kept, gone, take=["phone"])
    assert (kept.phone, kept.channel) == ("+33199000001", Channel.CALL)


def test_what_hangs_on_one_hangs_on_the_other(united, both):
    kept, gone = both
    asked = cancel(open_request(gone), by_person=gone)
    send(person=gone, kind="news", key="news:1", words=Words("Objet", "Texte", "Texte"))
    same = [ask_followup(kind=FollowUpKind.TO_CALL, person=one, words="Rappelez") for one in both]
    other = ask_followup(kind=FollowUpKind.TO_CALL, person=gone, words="Autre chose")
    assert (1, "demande") in preview(kept, gone).moving
    assert (2, "messages") in preview(kept, gone).moving
    kept, gone = united(kept, gone)
    assert again(asked).person == kept
    assert {one.person for one in Message.objects.all()} == {kept}
    assert {one.person for one in FollowUp.objects.all()} == {kept}
    assert [again(one).done_at is None for one in (*same, other)] == [True, False, True]
    assert "la même suite" in again(same[1]).outcome.lower()
    titles = [one.holding.title for one in known_of(kept)]
    assert "Vos demandes" in titles
    assert titles.count("Votre fiche") == 1
    assert len(next(one.rows for one in known_of(kept) if one.holding.model is Person)) == 1
    assert "Ce que vous avez fait sur des demandes" in titles, "by the number that she had"


def test_the_links_of_messages_still_open(united, both, visit):
    kept, gone = both
    asked = open_request(gone)
    helper = volunteer("Alice", "+33639980002")
    ask_volunteers(asked.pk)
    accept(asked.proposals.get(volunteer=helper))
    kept, _ = united(kept, gone)
    page = visit(FIRST_TOWN).get(follow_path(asked))
    assert page.status_code == 200
    assert "Alice" in page.content.decode()
    page = visit(FIRST_TOWN).get(answer_path(asked.proposals.get(volunteer=helper))).content.decode()
    assert "Jeanne" in page
    assert "Jane" not in page


def test_who_volunteers_on_one_card_does_on_the_one_that_stays(united):
    kept, alice = somebody("Alice", ONE), volunteer("Alice", TWO)
    kept, _ = united(kept, alice.person, take=["phone"])
    assert again(alice).person == kept
    assert Offer.objects.get().volunteer.person == kept
    assert Volunteer.objects.count() == 1


def test_of_two_volunteers_one_is_left_and_both_links_answer_once(united, visit):
    asked = open_request(jeanne())
    first, second = volunteer("Alice", ONE), volunteer("Alicia", TWO)
    ask_volunteers(asked.pk)
    alone = open_request(somebody("Paul", "+33639980099"))
    Proposal.objects.create(request=alone, volunteer=second)
    links = [answer_path(Proposal.objects.get(request=asked, volunteer=one)) for one in (first, second)]
    Volunteer.objects.filter(pk=first.pk).update(admitted_on="2026-03-01")
    Volunteer.objects.filter(pk=second.pk).update(admitted_on="2026-02-01")
    united(first.person, second.person)
    assert str(again(first).admitted_on) == "2026-02-01"
    assert again(second).state == VolunteerState.LEFT
    assert [one.volunteer for one in Proposal.objects.filter(request=alone)] == [first]
    assert Offer.objects.count() == 1
    for link in links:
        assert visit(FIRST_TOWN).get(link).status_code == 200
    visit(FIRST_TOWN).post(links[1], {"answer": "yes"})
    assert again(asked).volunteer == first
    assert Proposal.objects.filter(answer=Answer.YES).get().volunteer == first
    assert Proposal.objects.standing().filter(request=asked).count() == 1


@pytest.mark.parametrize(
    ("of_kept", "of_gone", "left"),
    [
        (None, accept, Answer.YES), (None, decline, Answer.NO), (decline, accept, Answer.YES),
        (accept, None, Answer.YES), (decline, None, Answer.NO), (None, None, Answer.ASKED),
    ],
)  # fmt: skip
def test_of_two_answers_to_one_request_the_one_that_counts_is_kept(united, of_kept, of_gone, left):
    asked = open_request(jeanne())
    first, second = volunteer("Alice", ONE), volunteer("Alicia", TWO)
    ask_volunteers(asked.pk)
    for one, answer in ((first, of_kept), (second, of_gone)):
        if answer:
            answer(Proposal.objects.get(request=asked, volunteer=one))
    united(first.person, second.person)
    assert Proposal.objects.get(request=asked, volunteer=first).answer == left
    assert again(asked).volunteer == (first if left == Answer.YES else None)
    assert Proposal.objects.filter(request=asked, answer=Answer.YES).count() == (left == Answer.YES)


def test_an_offer_holds_what_both_offered(united):
    first, second = volunteer("Alice", ONE), volunteer("Alicia", TWO)
    other = type(visits()).objects.exclude(pk=visits().pk).first()
    second.offer.kinds.set([other])
    united(first.person, second.person)
    assert set(again(first).offer.kinds.all()) == {visits(), other}
    third = Volunteer.objects.create(person=somebody("Alice"), state=VolunteerState.CANDIDATE)
    united(third.person, first.person)
    assert set(again(third).offer.kinds.all()) == {visits(), other}
    assert again(third).state == VolunteerState.CANDIDATE, "the kept card's place stays as it is"


def test_nobody_is_asked_to_help_themselves(united):
    kept = somebody("Jeanne", ONE)
    asked = open_request(kept)
    helper = volunteer("Jane", TWO)
    ask_volunteers(asked.pk)
    kept, _ = united(kept, helper.person)
    assert Proposal.objects.get().answer == Answer.NO
    assert again(asked).state == RequestState.OPEN


def test_who_helped_each_other_are_two_persons(united):
    kept, helper = somebody("Jeanne", ONE), volunteer("Jane", TWO)
    asked = open_request(kept)
    ask_volunteers(asked.pk)
    accept(asked.proposals.get())
    for one, other in ((kept, helper.person), (helper.person, kept)):
        assert "a aidé l’autre" in preview(one, other).refusal
        with pytest.raises(MergeRefusedError, match="a aidé l’autre"):
            united(one, other)
    assert Person.objects.filter(merged_into=None).count() == 2


def test_a_card_is_merged_once_and_never_into_itself(united, both):
    kept, gone = both
    with pytest.raises(MergeRefusedError, match="la même fiche"):
        united(kept, kept)
    united(kept, gone)
    for one, other in ((kept, gone), (gone, kept), (gone, somebody("Zoé"))):
        with pytest.raises(MergeRefusedError, match="vient d’être réunie"):
            united(one, other)


def test_what_changed_since_it_was_read_is_read_again(administrator, both):
    kept, gone = both
    seen = fingerprint(kept, gone)
    update_person(gone, address="Ailleurs")
    with pytest.raises(MergeRefusedError, match="Relisez"):
        merge(kept, gone, take=["home"], seen=seen, by_account=administrator)
    assert again(gone).merged_into is None


def test_a_card_that_swallowed_one_may_be_swallowed(united, both):
    first, second = both
    third = somebody("Jeanne", "+33639980013")
    united(first, second)
    third, first = united(third, first)
    assert {again(first).merged_into, again(second).merged_into} == {third}
    assert accesses_to(third).filter(person=second).exists(), "the journal of the first of all is found too"


def test_the_journal_tells_what_became_what_and_who_did_it(united, both, administrator):
    kept, gone = both
    update_person(gone, by_account=administrator, address="2 rue d’Avant")
    kept, gone = united(kept, gone, take=["phone", "home"])
    lines = accesses_to(kept)
    assert {line.by_account for line in lines} == {administrator}
    told = {(change.field, change.before, change.after) for line in lines for change in line.changes.all()}
    assert ("phone", ONE, TWO) in told
    assert ("merged_into", "", "Jane, 06\u00a039\u00a098\u00a000\u00a012") in told
    assert ("email", "j@exemple.example", "") in told, "what was not kept is found again"
    assert ("address", "", "2 rue d’Avant") in told, "and the history of the card that went"
    assert Access.objects.filter(person=gone).count() == 2


def test_nobody_finds_the_card_that_went(united, both):
    kept, _ = united(*both)
    assert search_people("jeanne") == [kept]
    assert search_people("jane dupont") in ([kept], [])
    assert search_people("0639980012") == []
    assert possible_duplicates(first_name="Jane", phone=TWO) == []
    assert not knows_contact(phone=TWO)
    assert list(Person.objects.living()) == [kept]


def test_what_somebody_still_writes_on_the_card_that_went_is_written_on_the_other(united, both):
    stale = both[1]
    kept, gone = united(*both)
    update_person(stale, address="9 rue Neuve")
    assert (again(kept).address, again(gone).address) == ("9 rue Neuve", "")


def test_a_message_on_its_way_goes_where_she_is_read_now(united, both):
    kept, gone = both
    on_its_way = send(person=gone, kind="news", key="news:1", words=Words("Objet", "Texte", "Texte"))
    united(kept, gone)
    deliver_all()
    assert (again(on_its_way).state, again(on_its_way).recipient) == ("sent", ONE)


class TestDoors:
    """One account is left, and opens for who reads there only."""

    def entered(self, person):
        confirm_phone(person)
        open_door(phone=person.phone)
        return again(person)

    def browser_of(self, account):
        client = Client(headers={"host": FIRST_TOWN})
        client.force_login(account)
        return client

    def is_out(self, client):
        return client.get("/mon-espace/").status_code == 302

    def test_the_kept_one_s_account_opens_and_takes_the_other_s_contact(self, united):
        kept = somebody("Jeanne", "", email="j@exemple.example", channel=Channel.EMAIL)
        kept.account = Account.objects.create_account(email=kept.email)
        kept.save()
        gone = self.entered(somebody("Jeanne", TWO))
        browsers = [self.browser_of(one.account) for one in (kept, gone)]
        old = gone.account
        kept, gone = united(kept, gone, take=["phone"])
        assert (kept.account.email, kept.account.phone) == ("j@exemple.example", TWO)
        assert gone.account is None
        assert (again(old).is_active, again(old).phone) == (False, None)
        assert all(self.is_out(one) for one in browsers)
        assert open_door(phone=TWO) == kept.account

    def test_what_is_not_kept_opens_nothing(self, united):
        kept, gone = self.entered(somebody("Jeanne", ONE)), self.entered(somebody("Jane", TWO))
        kept, _ = united(kept, gone)
        assert (kept.account.phone, open_door(phone=ONE)) == (ONE, kept.account)
        assert open_door(phone=TWO) is None

    def test_another_number_of_the_kept_card_opens_its_account(self, united):
        kept, gone = self.entered(somebody("Jeanne", ONE)), self.entered(somebody("Jane", TWO))
        kept, _ = united(kept, gone, take=["phone"])
        assert open_door(phone=ONE) is None
        assert again(kept).account is None or again(kept).account.phone == TWO
        account = open_door(phone=TWO)
        assert again(kept).account == account is not None

    def test_who_had_none_gets_the_other_s(self, united):
        kept, gone = somebody("Jeanne", ONE), self.entered(somebody("Jane", TWO))
        kept, _ = united(kept, gone, take=["phone"])
        assert (kept.account, open_door(phone=TWO)) == (gone.account, gone.account)

    def test_a_shared_account_stays_the_other_s(self, united):
        gone, spouse = somebody("Jane", TWO), somebody("Paul", TWO)
        for one in (gone, spouse):
            self.entered(one)
        spouse = again(spouse)
        kept, _ = united(self.entered(somebody("Jeanne", ONE)), gone)
        assert list(again(spouse.account).persons.all()) == [spouse]
        assert kept.account != spouse.account
        assert open_door(phone=TWO) == spouse.account

    def test_two_cards_of_one_account_change_nothing_for_it(self, united):
        cards = [somebody("Jeanne", ONE), somebody("Jane", ONE)]
        for one in cards:
            self.entered(one)
        kept, _ = united(*cards)
        assert list(kept.account.persons.all()) == [kept]
        assert open_door(phone=ONE) == kept.account

    @pytest.mark.parametrize("is_kept", [True, False])
    def test_staff_s_accounts_are_never_merged(self, united, is_kept):
        colleague = make_account("nadia@ccas.example", "Agents")
        hers = somebody("Nadia", ONE, account=colleague)
        other = self.entered(somebody("Nadia", TWO))
        kept, gone = united(*((hers, other) if is_kept else (other, hers)))
        colleague = again(colleague)
        assert (colleague.is_active, colleague.email, colleague.phone) == (True, "nadia@ccas.example", None)
        assert kept.account == (colleague if is_kept else other.account)
        assert gone.account is None

    def test_a_contact_that_was_closed_stays_closed(self, united):
        kept = somebody("Jeanne", ONE)
        gone = somebody("Jane", TWO, closed_contacts=[TWO])
        kept, _ = united(kept, gone, take=["phone"])
        assert kept.closed_contacts == [TWO]


def test_the_database_itself_holds_the_rule(both):
    kept, gone = both
    with pytest.raises(IntegrityError, match="person_merged_holds_nothing"), transaction.atomic():
        Person.objects.filter(pk=gone.pk).update(merged_into=kept)


def test_another_town_s_card_is_not_there(other_town, administrator, both):
    with facing(other_town):
        theirs = somebody("Jeanne", ONE)
    absent = Person(pk=10**6, uid=uuid.uuid4(), created_at=both[0].created_at)
    with pytest.raises(MergeRefusedError, match="n’existe plus"):
        merge(both[0], absent, take=[], seen="", by_account=administrator)
    with facing(other_town):
        assert again(theirs).phone == ONE


def test_a_request_waits_while_its_persons_are_merged(united, both):
    """What was read before is asked for again under lock: a step of a stale request goes to the card that stays."""
    kept, gone = both
    stale = request_of(gone, state=RequestState.OPEN)
    helper = volunteer("Alice", "+33639980002")
    kept, _ = united(kept, gone)
    agreed = agree(stale, helper)
    assert agreed.person == kept
    assert HelpRequest.objects.get().person == kept


def test_who_asks_again_by_the_number_of_the_card_that_went_is_somebody_new(united, both):
    kept, _ = united(*both)
    somebody_new = register_person(first_name="Jane", phone=TWO)
    assert somebody_new.pk != kept.pk
