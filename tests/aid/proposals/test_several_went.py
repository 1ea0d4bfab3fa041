"""Several went: each says for themselves whether it took place, and only those who came are counted."""

import pytest

from aid.facts.enums import FactKind
from aid.facts.models import Fact
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests.enums import Reason, RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import finish, thank
from aid.notifications.models import Message
from aid.people.enums import Channel
from aid.proposals import jobs
from aid.proposals.access import may_worry, proposal_of
from aid.proposals.enums import Answer, Outcome
from aid.proposals.models import Proposal
from aid.proposals.services import accept, tell_done, tell_not_held
from aid.recognition.giving import by_year, in_all
from harness.loop import ALICE_PHONE, jeanne, let_the_hour_pass, open_request, volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
NAMES = {"Alice": ALICE_PHONE, "Karim": "+33639980003", "Lucie": "+33639980004"}


class Visit:
    """Jeanne was to be visited by Alice, Karim and Lucie; its hour has passed."""

    def __init__(self, **channels):
        asked = open_request(jeanne(), people_needed=3)
        self.volunteers = {name: volunteer(name, phone, **channels.get(name, {})) for name, phone in NAMES.items()}
        for one in self.volunteers.values():
            accept(Proposal.objects.create(request=asked, volunteer=one))
        let_the_hour_pass(asked)
        jobs.begin(request=asked.pk)
        self.number, self.uid = asked.pk, asked.uid

    @property
    def request(self):
        return HelpRequest.objects.get(pk=self.number)

    def of(self, name):
        """Their proposal, as their page finds it."""
        return proposal_of(self.volunteers[name].person, self.uid)

    def done(self, name, minutes=30):
        return tell_done(self.of(name), minutes=minutes)

    def not_held(self, name):
        return tell_not_held(self.of(name), reason=Reason.NOBODY_CAME)

    def gave(self, name):
        """How many services, and minutes, one of them gave."""
        given = in_all(by_year(self.volunteers[name].person).values())
        return given.services, given.minutes


@pytest.fixture
def visit_of_three():
    return Visit()


def counted():
    """The minutes of each service that is a fact."""
    return sorted(Fact.objects.filter(kind=FactKind.SERVICE_DONE).values_list("minutes", flat=True))


def to_close():
    return [one.words for one in FollowUp.objects.open().filter(kind=FollowUpKind.NOT_CLOSED)]


def test_who_could_not_go_speaks_for_nobody_else(visit_of_three):
    assert visit_of_three.not_held("Alice") is Outcome.NOT_HELD
    assert visit_of_three.request.state == RequestState.UNDER_WAY
    assert visit_of_three.request.volunteer == visit_of_three.volunteers["Karim"], "who said yes first, of who came"
    assert ["le bénévole n’est pas venu" in words for words in to_close()] == [True]
    assert visit_of_three.request.steps.get(name="not_held").words == "le bénévole n’est pas venu"
    assert visit_of_three.done("Karim") is Outcome.DONE
    assert visit_of_three.done("Lucie", minutes=90) is Outcome.DONE
    assert (visit_of_three.request.state, counted()) == (RequestState.DONE, [30, 90])
    assert [visit_of_three.gave(name) for name in NAMES] == [(0, 0), (1, 30), (1, 90)]
    assert visit_of_three.of("Alice").answer == Answer.NOT_HELD
    assert may_worry(visit_of_three.of("Alice")), "nobody opened to her, perhaps"


def test_a_yes_counts_once_its_volunteer_says_that_they_came(visit_of_three):
    visit_of_three.done("Lucie")
    assert counted() == [30]
    (thanked,) = Message.objects.filter(kind="thank")
    assert "Lucie nous dit" in thanked.body.replace("\u00a0", " ")
    # The absent says so after the others; one stays silent.
    assert visit_of_three.of("Alice").outcome is Outcome.TO_CLOSE
    assert visit_of_three.not_held("Alice") is Outcome.NOT_HELD
    assert (visit_of_three.request.state, counted()) == (RequestState.DONE, [30])
    assert visit_of_three.request.volunteer == visit_of_three.volunteers["Lucie"], "who came, not who is silent"
    for _ in range(2):
        assert visit_of_three.done("Lucie", minutes=60) is Outcome.DONE, "said once"
        assert visit_of_three.done("Alice", minutes=60) is Outcome.NOT_HELD
    assert counted() == [30]
    assert [visit_of_three.gave(name) for name in NAMES] == [(0, 0), (0, 0), (1, 30)]
    thank(visit_of_three.request, words="Merci")
    assert visit_of_three.done("Karim", minutes=45) is Outcome.DONE
    assert counted() == [30, 45]


def test_where_none_could_go_nobody_came(visit_of_three):
    for name in NAMES:
        assert visit_of_three.not_held(name) is Outcome.NOT_HELD
    assert (visit_of_three.request.state, visit_of_three.request.reason) == (RequestState.UNMET, Reason.NOBODY_CAME)
    assert (counted(), len(to_close())) == ([], 1)


def test_what_the_town_says_it_says_of_all(visit_of_three):
    visit_of_three.not_held("Karim")
    finish(visit_of_three.request, minutes=60)
    assert counted() == [60, 60]
    assert {visit_of_three.of(name).outcome for name in ("Alice", "Lucie")} == {Outcome.DONE}


def test_each_is_asked_and_of_who_reads_no_message_one_is_called():
    visit = Visit(Karim={"channel": Channel.CALL}, Lucie={"channel": Channel.CALL})
    for _ in range(2):
        jobs.ask_whether_done(request=visit.number)
    assert set(Message.objects.filter(kind="end").values_list("recipient", flat=True)) == {ALICE_PHONE}
    assert not FollowUp.objects.open().filter(key__startswith="send:end:").exists()
    visit.done("Alice")
    assert counted() == [30, 30, 30], "she tells of those who read nothing"


def test_who_did_not_say_it_yet_is_asked_be_it_done(visit_of_three):
    visit_of_three.done("Karim")
    jobs.ask_whether_done(request=visit_of_three.number)
    asked = set(Message.objects.filter(kind="end").values_list("recipient", flat=True))
    assert asked == {NAMES["Alice"], NAMES["Lucie"]}
    assert not Message.objects.filter(kind="how").exists()
