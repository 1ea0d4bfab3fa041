"""What partners and volunteers say in the demonstration."""

import pytest

from aid.partners import contents, grids
from aid.partners.enums import FlagState, Level
from aid.partners.models import Flag, PartnerContact
from aid.worries.models import Worry
from console.demo.people import Cast
from console.demo.worrying import FLAGGED, WORRIED, flag_and_worry
from harness.worries import agreed
from tenants import blueprints


def grid_of(town: str) -> grids.Grid:
    """The grid that a town of the demonstration opens with."""
    if town != "pays-de-mormal":
        return grids.grid_of(grids.current())
    return grids.read(blueprints.load("je-vous-visite").section("partners"))


@pytest.mark.parametrize("here", FLAGGED)
def test_a_partner_flags_somebody_with_the_answers_of_the_town_s_own_grid(town, here):
    grid, said = grid_of(here), FLAGGED[here][-1]
    grids.check(grid)
    for key, answer in said.answers.items():
        question = grid.questions[int(key.removeprefix("q")) - 1]
        assert answer in {option.label for option in question.options}, question.text
    grids.save_draft(grid)
    grids.publish(by_account=None)
    flag_and_worry(None, domain=f"{here}.localhost")
    flag = Flag.objects.get()
    assert (flag.state, contents.read(flag).full_name) == (FlagState.RECEIVED, said.full_name)
    assert flag.level != Level.LOW
    assert PartnerContact.objects.get().account is not None
    assert not Worry.objects.exists()


def test_a_volunteer_worries_in_one_town(town):
    request, proposal = agreed()
    cast = Cast(agent=None, volunteers=[proposal.volunteer], residents=[request.person], unknown_landline="")
    flag_and_worry(cast, domain=f"{WORRIED}.localhost")
    worry = Worry.objects.get()
    assert (worry.person, worry.told_by) == (request.person, proposal.volunteer.person)
    assert not Flag.objects.exists()
