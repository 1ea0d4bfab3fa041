import pytest
from django.core.exceptions import ValidationError

from aid.onboarding.enums import How, StepKind
from aid.onboarding.models import Charter, StepRecord, Volunteer
from aid.onboarding.passing import CharterChangedError, current_charter, publish_charter, sign, waive
from aid.onboarding.services import admit
from harness.steps import CHARTER, a_candidate, a_charter, a_step, in_days
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture
def step(town):
    return a_step(StepKind.CHARTER, "La charte")


def signed(volunteer, charter, **more):
    return sign(
        volunteer=volunteer, charter_number=charter.number, digest=charter.digest, **{"how": How.ON_SCREEN} | more
    )


def test_a_charter_is_signed_once_in_the_version_that_was_read(step):
    charter, nadia = a_charter(), a_candidate()
    record = signed(nadia, charter)
    assert (record.charter, record.how, record.noted_by, record.valid_until) == (charter, "on_screen", None, None)
    assert signed(nadia, charter) == record
    assert admit(person=nadia.person).pk == nadia.pk


def test_a_charter_on_paper_is_noted_by_an_agent_with_its_day(step, agent):
    charter, nadia = a_charter(), a_candidate()
    with pytest.raises(ValidationError, match="à venir"):
        signed(nadia, charter, how=How.ON_PAPER, by_account=agent, on=in_days(1))
    with pytest.raises(ValidationError, match="pas publiée"):
        signed(nadia, charter, how=How.ON_PAPER, by_account=agent, on=in_days(-1))
    assert signed(nadia, charter, how=How.ON_PAPER, by_account=agent).noted_by == agent


def test_a_charter_that_changed_between_reading_and_signing_is_refused(step):
    read, nadia = a_charter(), a_candidate()
    published = a_charter(f"{CHARTER}\nNous n’acceptons aucun legs.")
    with pytest.raises(CharterChangedError):
        signed(nadia, read)
    with pytest.raises(CharterChangedError):
        sign(volunteer=nadia, charter_number=published.number, digest=read.digest, how=How.ON_SCREEN)
    assert not StepRecord.objects.exists()
    assert signed(nadia, published).charter == published


def test_who_signed_goes_on_until_the_new_version_is_asked(step, agent):
    nadia, paul = a_candidate(), a_candidate("Paul", "+33639980003")
    signed(nadia, a_charter())
    waive(volunteer=paul, step=step, words="Ne lit pas, charte lue de vive voix.", by_account=agent)
    for one in (nadia, paul):
        admit(person=one.person)
    new = a_charter("Autrement.", asked_in=10)
    assert nadia.records.get().valid_until == in_days(9)
    assert set(Volunteer.objects.admitted()) == {nadia, paul}
    # Published again later: what was to end sooner still does.
    a_charter("Autrement encore.", asked_in=20)
    assert nadia.records.get().valid_until == in_days(9)
    assert new.number < current_charter().number
    a_charter("À l’instant.", asked_in=0)
    StepRecord.objects.filter(volunteer=nadia).update(passed_on=in_days(-9), valid_until=in_days(-1))
    assert set(Volunteer.objects.admitted()) == {paul}
    signed(nadia, current_charter())
    assert set(Volunteer.objects.admitted()) == {nadia, paul}


def test_publishing_the_same_text_changes_nothing_and_a_past_day_is_refused(step):
    charter, nadia = a_charter(), a_candidate()
    signed(nadia, charter)
    assert a_charter() == charter
    for text, asked_from, words in (
        ("", in_days(1), "texte"),
        ("Autre.", in_days(-1), "à venir"),
        ("a" * 20_001, in_days(1), "20000 caractères"),
    ):
        with pytest.raises(ValidationError) as refusal:
            publish_charter(text=text, asked_from=asked_from, by_account=None)
        assert words in str(refusal.value) or "text" in refusal.value.message_dict
    assert (current_charter(), nadia.records.get().valid_until) == (charter, None)


def test_a_town_that_asks_for_no_charter_has_none_signed():
    charter = a_charter()
    with pytest.raises(ValidationError, match="ne demande pas"):
        signed(a_candidate(), charter)


def test_another_town_publishes_its_own(step, other_town):
    charter = a_charter("Celle-ci.")
    with facing(other_town):
        assert not Charter.objects.filter(text=charter.text).exists()
