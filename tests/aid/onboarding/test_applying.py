import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.onboarding.enums import LEAVE, PAUSE, REFUSE, REINSTATE, SUSPEND, Passing, Source, StepKind, VolunteerState
from aid.onboarding.models import MoveWords, Volunteer, VolunteerMove
from aid.onboarding.services import NotAllowedError, admit, apply, take
from harness.desk import make_account
from harness.loop import somebody
from harness.steps import a_candidate, a_step, in_days
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def open_followups():
    return FollowUp.objects.open().filter(kind=FollowUpKind.ONBOARDING)


def journal():
    return list(VolunteerMove.objects.values_list("name", "from_state", "to_state"))


def test_who_applies_is_a_candidate_and_the_town_is_told_once():
    nadia = a_candidate()
    assert (nadia.state, nadia.source, nadia.motivation) == ("candidate", "site", "J’ai du temps le jeudi.")
    again = apply(person=nadia.person, source=Source.SITE)
    assert (again.pk, again.applied_at, again.motivation) == (nadia.pk, nadia.applied_at, nadia.motivation)
    assert apply(person=nadia.person, source=Source.SITE, motivation="Le lundi aussi.").motivation == "Le lundi aussi."
    assert [told.person for told in open_followups()] == [nadia.person]
    assert journal() == [("candidature", "", "candidate")]


def test_an_application_on_paper_keeps_its_day_and_never_one_to_come(agent):
    person = somebody("Paul")
    with pytest.raises(ValidationError, match="à venir"):
        apply(person=person, source=Source.PAPER, on=in_days(1), by_account=agent)
    assert not Volunteer.objects.exists()
    paul = apply(person=person, source=Source.PAPER, on=in_days(-9), by_account=agent)
    assert timezone.localdate(paul.applied_at) == in_days(-9)
    assert VolunteerMove.objects.get().by_account == agent


def test_who_was_refused_may_apply_again_and_who_helps_stays_as_they_are(agent):
    nadia = a_candidate()
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        take(nadia, REFUSE, by_account=agent)
    refused = take(nadia, REFUSE, by_account=agent, words="Cherche un emploi, pas du bénévolat.")
    assert refused.state == VolunteerState.LEFT
    assert not open_followups().exists()
    assert MoveWords.objects.get().words == "Cherche un emploi, pas du bénévolat."
    assert apply(person=nadia.person, source=Source.EVENT).source == Source.EVENT
    assert admit(person=nadia.person).state == VolunteerState.ADMITTED
    assert apply(person=nadia.person, source=Source.SITE).state == VolunteerState.ADMITTED
    take(nadia, SUSPEND, by_account=agent, words="Une plainte.")
    assert apply(person=nadia.person, source=Source.SITE).state == VolunteerState.SUSPENDED


@pytest.mark.parametrize("move", [SUSPEND, LEAVE])
def test_an_agent_says_why_and_the_software_need_not(agent, move):
    alice = admit(person=somebody("Alice"))
    for words in ("", "  \n "):
        with pytest.raises(ValidationError, match="Dites pourquoi"):
            take(alice, move, by_account=agent, words=words)
    with pytest.raises(ValidationError, match="600"):
        take(alice, move, by_account=agent, words="a" * 601)
    assert journal() == [("admission", "candidate", "admitted")]
    assert take(alice, move).state == move.target
    assert journal()[1:] == [(move.name, "admitted", move.target)]


def test_moves_are_journalled_once_with_who_did_them(agent):
    alice = admit(person=somebody("Alice"), by_account=agent)
    for move, words in ((PAUSE, ""), (PAUSE, ""), (SUSPEND, "Une plainte."), (REINSTATE, "Rien de vrai.")):
        take(alice, move, by_account=agent, words=words)
    assert [line[0] for line in journal()] == ["admission", "pause", "suspension", "retour"]
    assert set(VolunteerMove.objects.values_list("by_account", flat=True)) == {agent.pk}
    with pytest.raises(NotAllowedError, match="admis"):
        take(alice, REFUSE, by_account=agent, words="Trop tard.")


def test_who_lacks_a_step_is_admitted_only_despite_it(agent):
    interview = a_step(StepKind.INTERVIEW, "Un entretien")
    a_step(StepKind.CHARTER, "La charte", is_required=False)
    nadia = a_candidate()
    with pytest.raises(ValidationError, match="Un entretien"):
        admit(person=nadia.person, by_account=agent)
    assert nadia.records.count() == 0
    admitted = admit(person=nadia.person, by_account=agent, despite="Bénévole ici depuis dix ans.")
    waived = admitted.records.get()
    assert (waived.step, waived.passing, waived.words, waived.noted_by) == (
        interview,
        Passing.WAIVED,
        "Bénévole ici depuis dix ans.",
        agent,
    )
    assert Volunteer.objects.admitted().get() == nadia
    assert not open_followups().exists()


def test_a_step_for_administrators_is_waived_by_them_only(agent):
    a_step(StepKind.RECORD, "Le casier", is_reserved=True)
    nadia = a_candidate()
    with pytest.raises(ValidationError, match="Seul un administrateur"):
        admit(person=nadia.person, by_account=agent, despite="Connue de tous.")
    mayor = make_account("maire@ccas.example", "Administrateurs")
    assert admit(person=nadia.person, by_account=mayor, despite="Connue de tous.").state == VolunteerState.ADMITTED


def test_who_died_neither_applies_nor_is_admitted():
    person = somebody("Simone", deceased_on=datetime.date(2026, 1, 1))
    for verb in (admit, lambda person: apply(person=person, source=Source.SITE)):
        with pytest.raises(ValidationError, match="décédée"):
            verb(person=person)


def test_another_town_knows_nothing_of_it(other_town):
    a_candidate()
    with facing(other_town):
        assert (Volunteer.objects.count(), VolunteerMove.objects.count(), FollowUp.objects.count()) == (0, 0, 0)
