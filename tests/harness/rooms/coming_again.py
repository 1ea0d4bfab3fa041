"""What comes again: the page of who asked, the desk's, the mission of who goes each time."""

from itertools import count
from typing import TYPE_CHECKING, Any

from aid.help_requests.series import end, pause, skip
from aid.proposals.commitments import go_each_time
from aid.proposals.models import Proposal
from aid.proposals.services import accept
from core.links import token_for
from harness.desk import make_account, make_person
from harness.loop import volunteer
from harness.permissions import ABSENT, DOOR, Line, at_the_desk
from harness.seen import NOT_A_PAGE, Seen, both, each
from harness.series import WEEK, a_day, a_series, asked, on

if TYPE_CHECKING:
    from harness.scene import Scene

SERIES, NAMES = "/bureau/demande-qui-revient/{series_*}/", ("running", "paused", "ended")
ONE = "/bureau/demande-qui-revient/{series_running}/"
PAGES: dict[str, list[Seen]] = {
    "help_requests:series": [
        *each("/suivi/{follow_weekly_*}/chaque-fois/", NAMES),
        Seen("/suivi/{follow_weekly_running}/"),
        Seen("/bureau/demande/{request_weekly_running}/", "agent"),
        Seen("/reponse/{answer_weekly}/"),
    ],
    "personal:series": [Seen("/mon-espace/demande/{request_weekly_running}/chaque-fois/", "acting")],
    "desk:series": each(SERIES, NAMES, "agent"),
    "desk:series_gesture": [
        *both(f"{ONE}modifier/", "agent", "Modifier", **{"Chercher quelqu’un": "0"}),
        *both(f"{ONE}sauter/", "agent", "Sauter un jour", **{"Quel jour": ""}),
        Seen(f"{ONE}pause/", "agent"),
        Seen("/bureau/demande-qui-revient/{series_paused}/reprendre/", "agent"),
        *both(f"{ONE}arreter/", "agent", "Arrêter"),
    ],
    "proposals:calendar": NOT_A_PAGE,  # a file
}


_entering = count(1)


def _one() -> Any:
    return a_series(make_person(), make_account(f"saisie{next(_entering)}@exemple.example"))


def _followed() -> dict[str, str]:
    """The link of a day of what comes again."""
    return {"token": token_for("follow", on(_one(), a_day()).pk)}


def _going() -> dict[str, str]:
    """The link of who goes on that day."""
    proposal = asked(on(_one(), a_day()), volunteer("Lucie"))
    accept(proposal)
    return {"token": token_for("answer", proposal.pk)}


ADDRESSES: dict[str, Line] = {
    "help_requests:series": Line(200, kwargs=_followed),
    "proposals:calendar": Line(200, kwargs=_going),
    "desk:series": at_the_desk(kwargs=lambda: {"uid": _one().uid}),
    "desk:series_gesture": at_the_desk(kwargs=lambda: {"uid": _one().uid, "slug": "sauter"}),
    # Somebody else's.
    "personal:series": Line(ABSENT, anonymous=DOOR, kwargs={"uid": "00000000-0000-4000-8000-000000000000"}),
}
OPEN_TO_ALL = {
    "help_requests:series": "who holds the link that was sent to who asked (help_requests.access)",
    "proposals:calendar": "who holds the link of a proposal (proposals.access)",
}


def play(scene: "Scene") -> None:
    """One that runs, where Alice goes each time; one that is paused; one that was ended."""
    her, alice, agent = scene.people["jeanne"], scene.people["alice"].volunteer, scene.accounts["agent"]
    for name in NAMES:
        series = a_series(her, agent, details=name)
        scene.tokens[f"series_{name}"] = series.uid
        scene.requests[f"weekly_{name}"] = on(series, a_day())
        if name == "running":
            proposal = asked(on(series, a_day()), alice)
            accept(proposal)
            go_each_time(Proposal.objects.with_page_related_data().get(pk=proposal.pk))
            skip(series, a_day() + WEEK, by_account=agent)
            scene.tokens["answer_weekly"] = token_for("answer", proposal.pk)
        elif name == "paused":
            pause(series, by_account=agent)
        else:
            end(series, by_account=agent)
