"""Ties, households, and mandates: who may be let act for whom, until when, and what ends it."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.notifications.models import Message
from aid.people.enums import Channel
from aid.privacy.holdings import known_of
from aid.relations import services
from aid.relations.enums import Consent, Deed, InvitationState, Kinship, Scope
from aid.relations.models import ActedFor, Household, Invitation, Mandate, Relative, one_year_after
from aid.relations.services import NoMandateError, TooManyError
from core.models import AppendOnlyError
from harness.desk import make_account
from harness.loop import somebody
from tenants.context import town_context

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
JEANNE_PHONE, CLAIRE_PHONE = "+33639980001", "+33639980005"
TODAY = datetime.date(2026, 11, 26)


@pytest.fixture
def jeanne():
    return somebody("Jeanne", JEANNE_PHONE, last_name="Canaristurnam")


@pytest.fixture
def claire():
    return somebody("Claire", CLAIRE_PHONE, last_name="Canaristurnam")


@pytest.fixture
def agent():
    return make_account("accueil@exemple.example", "Agents")


@pytest.fixture
def mandate(claire, jeanne, agent):
    return given_by_phone(claire, jeanne, agent)


def given_by_phone(claire, jeanne, agent, **more):
    usual = {"scope": [Scope.REQUESTS], "consent": Consent.BY_PHONE, "by_account": agent}
    return services.grant(representative=claire, principal=jeanne, **usual | more)


# --- Relatives and households


def test_a_relative_is_noted_once_and_said_again_changes_what_they_are(jeanne, claire, agent):
    services.note_relative(jeanne, claire, kind=Kinship.FRIEND, by_account=agent)
    noted = services.note_relative(jeanne, claire, kind=Kinship.DAUGHTER)
    assert (Relative.objects.get(), noted.created_by) == (noted, agent)
    assert services.relatives_of(jeanne) == [(claire, "sa fille")]
    assert services.relatives_of(claire) == [(jeanne, "")]
    with pytest.raises(ValidationError, match="dans l’autre sens"):
        services.note_relative(claire, jeanne, kind=Kinship.PARENT)
    with pytest.raises(ValidationError, match="quelqu’un d’autre"):
        services.note_relative(jeanne, jeanne, kind=Kinship.OTHER)
    assert services.forget_relative(claire, jeanne) is True
    assert services.forget_relative(claire, jeanne) is False


@pytest.mark.parametrize("pair", ["same", "other way", "oneself"])
def test_the_database_itself_refuses_a_tie_twice_or_with_oneself(jeanne, claire, pair):
    Relative.objects.create(person=jeanne, relative=claire, kind=Kinship.DAUGHTER)
    person, relative = {"same": (jeanne, claire), "other way": (claire, jeanne), "oneself": (jeanne, jeanne)}[pair]
    with pytest.raises(IntegrityError), transaction.atomic():
        Relative.objects.create(person=person, relative=relative, kind=Kinship.OTHER)


def test_people_live_under_one_roof_and_one_alone_is_no_household(jeanne, claire):
    paul, odette, max_ = (somebody(name) for name in ("Paul", "Odette", "Max"))
    services.live_together(jeanne, paul)
    services.live_together(claire, jeanne)
    assert services.live_together(claire, paul) == Household.objects.get()
    assert services.shares_household_with(jeanne) == [paul, claire]
    services.live_together(odette, max_)
    with pytest.raises(ValidationError, match="déjà noté dans un foyer"):
        services.live_together(odette, jeanne)
    with pytest.raises(ValidationError):
        services.live_together(jeanne, jeanne)
    services.leave_household(odette)
    assert services.shares_household_with(max_) == []
    assert Household.objects.count() == 1
    services.leave_household(odette)


# --- A mandate begins


def test_both_are_told_with_first_names_only(mandate):
    told = {one.recipient: one for one in Message.objects.all()}
    assert set(told) == {JEANNE_PHONE, CLAIRE_PHONE}
    assert "Claire peut maintenant agir pour vous" in told[JEANNE_PHONE].body
    assert "Vous pouvez agir pour Jeanne" in told[CLAIRE_PHONE].body
    assert all("Canaristurnam" not in one.body and "9980" not in one.body for one in told.values())


def test_who_reads_nothing_is_to_be_called(claire, agent):
    deaf = somebody("Odette", "+33199001111", channel=Channel.CALL)
    given_by_phone(claire, deaf, agent)
    asked = FollowUp.objects.get(kind=FollowUpKind.TO_CALL)
    assert asked.person == deaf
    assert "Claire peut maintenant agir pour vous" in asked.words


def test_it_lasts_a_year_unless_told_otherwise(mandate, jeanne, claire):
    assert mandate.ends_on == one_year_after(mandate.starts_on)
    assert services.mandates_in_force(claire) == [mandate]
    assert services.mandates_given(jeanne) == [mandate]
    assert services.mandates_in_force(jeanne) == []
    assert services.mandate_in_force(mandate.uid, claire) == mandate
    for wrong in ("", "x", "\x00", mandate.pk, None):
        assert services.mandate_in_force(wrong, claire) is None
    assert services.mandate_in_force(mandate.uid, jeanne) is None


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"scope": []}, "Ce champ"),
        ({"ends_on": TODAY - datetime.timedelta(days=1), "starts_on": TODAY}, "un jour à venir"),
        ({"ends_on": one_year_after(TODAY) + datetime.timedelta(days=1), "starts_on": TODAY}, "un an au plus"),
        ({"circumstances": "x" * 301}, "300"),
    ],
)
def test_what_cannot_be_is_refused(claire, jeanne, agent, more, error):
    with pytest.raises(ValidationError, match=error):
        given_by_phone(claire, jeanne, agent, **more)
    assert not Mandate.objects.exists()
    assert not Message.objects.exists()
    assert given_by_phone(claire, jeanne, agent).is_in_force


def test_nobody_acts_for_herself_and_the_town_s_people_act_at_the_desk(claire, jeanne, agent):
    with pytest.raises(ValidationError, match="pour soi-même"):
        given_by_phone(jeanne, jeanne, agent)
    claire.account = agent
    claire.save()
    with pytest.raises(ValidationError, match="depuis le bureau"):
        given_by_phone(claire, jeanne, agent)
    claire.account = None
    claire.save()
    mandate = given_by_phone(claire, jeanne, agent)
    # Who joins the town's people later acts under it no more.
    claire.account = agent
    claire.save()
    assert services.mandates_in_force(claire) == []
    assert services.mandate_in_force(mandate.uid, claire) is None


def test_one_mandate_at_a_time_between_two_persons(mandate, claire, jeanne, agent):
    with pytest.raises(ValidationError, match="agit déjà pour elle"):
        given_by_phone(claire, jeanne, agent)
    given_by_phone(jeanne, claire, agent)
    given_by_phone(somebody("Paul"), jeanne, agent)
    # What comes after it may be recorded already.
    later = mandate.ends_on + datetime.timedelta(days=1)
    given_by_phone(claire, jeanne, agent, starts_on=later)
    assert services.mandates_in_force(claire) == [mandate]


def test_it_is_renewed_from_today_and_nobody_is_told_that_it_ended(mandate, claire, jeanne, agent):
    Message.objects.all().delete()
    renewed = services.extend(mandate, consent=Consent.ON_PAPER, by_account=agent)
    assert services.mandates_in_force(claire) == [renewed]
    assert (renewed.scope, renewed.consent) == (mandate.scope, Consent.ON_PAPER)
    assert {one.kind for one in Message.objects.all()} == {"mandate_begins"}


@given(start=st.dates(datetime.date(2024, 1, 1), datetime.date(2060, 12, 31)), days=st.integers(-400, 800))
def test_the_database_and_the_rule_agree_on_one_year(start, days):
    """On every day there is, 29 February included: PostgreSQL's year is ours."""
    claire, jeanne = somebody("Claire"), somebody("Jeanne")
    end = start + datetime.timedelta(days=days)
    row = {"representative": claire, "principal": jeanne, "scope": [Scope.REQUESTS], "consent": Consent.ON_SCREEN}
    try:
        services.check_end(end, starts_on=start)
        is_right = True
    except ValidationError:
        is_right = False
    try:
        with transaction.atomic():
            Mandate.objects.create(**row, starts_on=start, ends_on=end)
            transaction.set_rollback(True)
        is_kept = True
    except IntegrityError:
        is_kept = False
    assert is_kept is is_right is (start <= end <= one_year_after(start))


# --- A mandate ends


@pytest.mark.parametrize("who", ["principal", "representative", "agent"])
def test_either_withdraws_it_or_an_agent_and_both_are_told(mandate, claire, jeanne, agent, who):
    Message.objects.all().delete()
    by = {"principal": {"by_person": jeanne}, "representative": {"by_person": claire}, "agent": {"by_account": agent}}
    ended = services.revoke(mandate, **by[who])
    again = services.revoke(mandate, by_person=jeanne)
    assert again.revoked_at == ended.revoked_at
    assert services.mandates_in_force(claire) == []
    told = {one.recipient: one.body for one in Message.objects.all()}
    assert "Claire n'agit plus pour vous" in told[JEANNE_PHONE]
    assert "Vous n'agissez plus pour Jeanne" in told[CLAIRE_PHONE]
    with pytest.raises(NoMandateError):
        services.hold(mandate, Scope.REQUESTS)
    assert given_by_phone(claire, jeanne, agent).is_in_force


def test_nobody_else_withdraws_it(mandate):
    for by in ({"by_person": somebody("Zoé")}, {}):
        with pytest.raises(NoMandateError):
            services.revoke(mandate, **by)
    assert services.hold(mandate, Scope.REQUESTS) == mandate
    with pytest.raises(NoMandateError):
        services.hold(mandate, Scope.KNOWN)


@pytest.mark.parametrize("days", [-1, 366])
def test_before_its_first_day_and_after_its_last_nobody_acts(mandate, claire, days):
    shift = datetime.timedelta(days=-days)
    Mandate.objects.update(starts_on=mandate.starts_on + shift, ends_on=mandate.ends_on + shift)
    assert services.mandates_in_force(claire) == []
    with pytest.raises(NoMandateError):
        services.hold(mandate, Scope.REQUESTS)


def test_what_is_done_is_only_ever_added(mandate, jeanne, claire):
    deed = services.note_deed(Deed.ASKED, mandate=mandate)
    assert services.deeds_for(jeanne) == [deed]
    assert services.deeds_for(claire) == []
    with pytest.raises(AppendOnlyError):
        deed.save()
    with pytest.raises(AppendOnlyError):
        deed.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        ActedFor.objects.create(principal=jeanne, deed=Deed.ASKED)


def test_each_reads_their_own_side_and_nothing_of_the_other_s(mandate, jeanne, claire):
    services.note_relative(jeanne, claire, kind=Kinship.DAUGHTER)
    services.note_deed(Deed.ASKED, mandate=mandate)
    hers, his = ({one.holding.title for one in known_of(person)} for person in (jeanne, claire))
    assert {"Vos proches", "Qui peut agir pour vous", "Ce qui a été fait pour vous"} < hers
    assert {"De qui vous êtes proche", "Pour qui vous pouvez agir", "Ce que vous avez fait pour d’autres"} < his
    told = [row for one in known_of(jeanne) for row in one.rows if "messages" not in one.holding.title]
    assert "Claire" not in str(told)
    assert "demander de l’aide et suivre les demandes" in str(told)


def test_a_mandate_of_another_town_is_nothing_here(mandate, claire, other_town):
    with town_context(other_town):
        theirs = given_by_phone(somebody("Claire"), somebody("Jeanne"), None)
        assert Mandate.objects.count() == 1
    assert services.mandate_in_force(theirs.uid, claire) is None
    assert services.mandates_in_force(claire) == [mandate]


# --- Offered on the site, to a contact


def offered(jeanne, **more):
    usual = {"first_name": "Claire", "phone": CLAIRE_PHONE, "scope": [Scope.REQUESTS]}
    return services.invite(principal=jeanne, **usual | more)


def test_an_offer_allows_nothing_before_it_is_accepted(jeanne, claire):
    invitation = offered(jeanne)
    assert services.mandates_in_force(claire) == []
    assert services.awaits(phone=CLAIRE_PHONE) == invitation
    assert not Message.objects.exists(), "nothing is sent: a stranger's number would be written to"
    mandate = services.accept(invitation, representative=claire)
    assert (mandate.consent, mandate.by_account) == (Consent.ON_SCREEN, None)
    assert services.mandates_in_force(claire) == [mandate]
    assert services.awaits(phone=CLAIRE_PHONE) is None
    with pytest.raises(NoMandateError):
        services.accept(invitation, representative=claire)


@pytest.mark.parametrize(("act", "state"), [("decline", "declined"), ("withdraw", "withdrawn")])
def test_once_answered_its_contact_is_forgotten(jeanne, claire, act, state):
    invitation = offered(jeanne, phone="", email="Claire@Exemple.example")
    assert services.awaits(email="claire@exemple.example") == invitation
    getattr(services, act)(invitation)
    invitation.refresh_from_db()
    assert (invitation.first_name, invitation.phone, invitation.email) == ("", "", "")
    assert invitation.state == InvitationState(state)
    with pytest.raises(NoMandateError):
        services.accept(invitation, representative=claire)


def test_an_offer_waits_for_a_month(jeanne, claire):
    invitation = offered(jeanne)
    Invitation.objects.update(created_at=invitation.created_at - datetime.timedelta(days=31))
    assert services.awaits(phone=CLAIRE_PHONE) is None
    with pytest.raises(NoMandateError):
        services.accept(invitation, representative=claire)


def test_offers_are_counted_and_checked(jeanne):
    for wrong in ({"phone": ""}, {"email": "x@exemple.example"}, {"scope": []}, {"ends_on": datetime.date(2020, 1, 1)}):
        with pytest.raises(ValidationError):
            offered(jeanne, **wrong)
    for number in range(5):
        offered(jeanne, phone=f"+336399800{number + 10}")
    with pytest.raises(TooManyError):
        offered(jeanne)
    assert Invitation.objects.count() == 5


def test_no_row_names_anybody_in_logs(mandate, jeanne):
    for row in (mandate, offered(jeanne), services.note_deed(Deed.ASKED, mandate=mandate)):
        assert "Jeanne" not in str(row)
        assert "Claire" not in str(row)
