"""Who comes: candidates, who cannot any more, what changes; and each state that the loop does not reach."""

from typing import TYPE_CHECKING, Any

from aid.configuration.enums import Chooser, Mode
from aid.configuration.models import KindOfHelp
from aid.help_requests.amending import amend
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.needs import Need
from aid.proposals.choosing import CANDIDATE
from aid.proposals.models import Proposal
from aid.proposals.services import accept, ask_volunteers, choose, tell_others, withdraw
from core.links import token_for
from harness.links import follow_token
from harness.loop import jeanne, let_the_hour_pass, open_request, request_of, volunteer
from harness.permissions import ABSENT, DOOR, Line
from harness.seen import Seen, both, each

if TYPE_CHECKING:
    from harness.scene import Scene

TOO_LONG = "x" * 1001
HERS = "/mon-espace/demande/{request_agreed}/"
FOLLOWED = (
    "draft", "candidates", "team_chooses", "reopened", "asked_again", "several", "under_way", "closed", "passed",
)  # fmt: skip
DESK = "/bureau/demande/{request_*}/"
PAGES: dict[str, list[Seen]] = {
    "help_requests:amend": [
        *both("/suivi/{follow_agreed}/modifier/", "anonymous", "Enregistrer les changements", **{"Un mot": TOO_LONG}),
        *each("/suivi/{follow_*}/", FOLLOWED),
        *each(DESK, FOLLOWED, "agent"),
    ],
    "proposals:withdraw": [
        *both(
            "/reponse/{answer_accepted}/desistement/",
            "anonymous",
            "Je ne peux plus y aller",
            **{"Quelque chose": TOO_LONG},
        ),
        *each("/reponse/{answer_*}/", ("candidate", "not_chosen", "withdrew", "to_offer")),
    ],
    "proposals:choose": [
        Seen("/suivi/{follow_candidates}/choisir/{candidate_alice}/"),
        Seen("/bureau/demande/{request_candidates}/choisir/", "agent"),
        Seen("/bureau/demande/{request_agreed}/desistement/", "agent"),
        Seen("/bureau/demande/{request_several}/moins-de-benevoles/", "agent"),
        *both("/bureau/demande/{request_agreed}/modifier/", "agent", "Modifier la demande", **{"Un mot": TOO_LONG}),
    ],
    "personal:amend_request": [Seen("/mon-espace/demande/{request_open}/modifier/", "acting")],
    "personal:choose_candidate": [
        Seen("/mon-espace/demande/{request_candidates}/", "acting"),
        Seen("/mon-espace/demande/{request_candidates}/choisir/{candidate_alice}/", "acting"),
    ],
}


def _proposal() -> Proposal:
    request = open_request(jeanne(), mode=Mode.CANDIDATES)
    return Proposal.objects.create(request=request, volunteer=volunteer("Lucie"))


def _choosing() -> dict[str, str]:
    """The link of who asked, and of a candidate."""
    proposal = _proposal()
    accept(proposal)
    return {"token": token_for("follow", proposal.request_id), "candidate": token_for(CANDIDATE, proposal.pk)}


def _going() -> dict[str, str]:
    """The link of who goes."""
    proposal = _proposal()
    accept(proposal)
    choose(proposal)
    return {"token": token_for("answer", proposal.pk)}


def _unknown(**more: str) -> dict[str, Any]:
    return {"uid": "00000000-0000-4000-8000-000000000000"} | more


ADDRESSES: dict[str, Line] = {
    "help_requests:amend": Line(200, kwargs=follow_token),
    "proposals:choose": Line(200, kwargs=_choosing),
    "proposals:withdraw": Line(200, kwargs=_going),
    # Somebody else's.
    "personal:amend_request": Line(ABSENT, anonymous=DOOR, kwargs=_unknown()),
    "personal:choose_candidate": Line(ABSENT, anonymous=DOOR, kwargs=_unknown(candidate="1-personne")),
}
OPEN_TO_ALL = {
    "help_requests:amend": "who holds the link that was sent to who asked (help_requests.access)",
    "proposals:choose": "who holds the link that was sent to who asked (help_requests.access)",
    "proposals:withdraw": "who holds the link of a proposal (proposals.access)",
}


def play(scene: "Scene") -> None:
    """Candidates, of whom one is chosen, or the team will; one who cannot come any more; a day that changed."""
    her = scene.people["jeanne"]
    alice, lucie = scene.people["alice"].volunteer, scene.people["lucie"].volunteer

    def asked_of(name: str, **fields: Any) -> HelpRequest:
        scene.requests[name] = open_request(her, **fields)
        ask_volunteers(scene.requests[name].pk)
        return scene.requests[name]

    def proposal(request: HelpRequest, who: Any) -> Proposal:
        return Proposal.objects.with_page_related_data().get(request=request, volunteer=who)

    candidates = asked_of("candidates", mode=Mode.CANDIDATES)
    for who in (alice, lucie):
        accept(proposal(candidates, who))
    chosen = asked_of("chosen", mode=Mode.CANDIDATES)
    for who in (alice, lucie):
        accept(proposal(chosen, who))
    choose(proposal(chosen, alice))
    tell_others(HelpRequest.objects.get(pk=chosen.pk))
    reopened = asked_of("reopened")
    accept(proposal(reopened, alice))
    withdraw(proposal(reopened, alice))
    changed = asked_of("asked_again")
    accept(proposal(changed, alice))
    amend(changed, Need(kind=changed.kind, day=changed.day, commune=changed.commune), by_person=her)
    accept(proposal(asked_of("several", people_needed=2), alice))
    team = asked_of("team_chooses", mode=Mode.CANDIDATES)
    others = {name: getattr(team.kind, name) for name in ("icon", "usual_minutes")}
    kind = KindOfHelp.objects.create(name="Choisie par l’équipe", slug="equipe", chooser=Chooser.COORDINATOR, **others)
    HelpRequest.objects.filter(pk=team.pk).update(kind=kind)
    accept(proposal(team, lucie))
    KindOfHelp.objects.filter(pk=kind.pk).update(is_offered=False)
    scene.tokens["candidate_alice"] = token_for(CANDIDATE, proposal(candidates, alice).pk)
    for one in (proposal(candidates, alice), proposal(chosen, lucie), proposal(reopened, alice)):
        scene.proposals[one.outcome] = one
    offered = proposal(asked_of("offered", mode=Mode.CANDIDATES), lucie)
    scene.tokens["answer_to_offer"] = token_for("answer", offered.pk)
    _states(scene)
    for request in scene.requests.values():
        request.refresh_from_db()


def _states(scene: "Scene") -> None:
    """Those that nights and the hour bring, written as they are."""
    her, alice = scene.people["jeanne"], scene.people["alice"].volunteer
    scene.requests["draft"] = request_of(her, state=RequestState.DRAFT)
    scene.requests["under_way"] = request_of(her, state=RequestState.UNDER_WAY, volunteer=alice)
    scene.requests["closed"] = request_of(her, state=RequestState.CLOSED, volunteer=alice, minutes=60)
    scene.requests["passed"] = request_of(her, state=RequestState.EXPIRED)
    for name in ("closed", "passed"):
        let_the_hour_pass(scene.requests[name])
