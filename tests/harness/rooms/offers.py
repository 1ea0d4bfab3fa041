"""Applying on the site, and a volunteer's own page."""

import datetime
import uuid
from typing import TYPE_CHECKING, Any

from django.test import Client
from django.utils import timezone

from accounts.models import Account
from aid.configuration.models import KindOfHelp
from aid.offers.models import Means
from aid.offers.services import Offered, go_away, keep
from aid.offers.slots import SLOTS
from aid.onboarding.appointments import plan
from aid.onboarding.enums import LEAVE, PAUSE, SUSPEND, How, StepKind
from aid.onboarding.models import Step, Volunteer
from aid.onboarding.passing import sign
from aid.onboarding.services import take
from harness.loop import visits, volunteer
from harness.permissions import ABSENT, DOOR, Line
from harness.seen import NOT_A_PAGE, Seen, both
from harness.steps import a_candidate, a_charter, a_step, hour_in_days

if TYPE_CHECKING:
    from harness.scene import Scene

APPLY, OWN = "/devenir-benevole/candidature/", "/mon-espace/benevole/"
WHO = {"first_name": "Nadia", "last_name": "Roy", "contact": "06 39 98 07 01"}
TOO_LONG = "x" * 1001
STANDING = ("candidate", "volunteer", "on_leave", "suspended", "stopped")


def _with_a_charter() -> dict[str, Any]:
    a_charter()
    return {}


def _of_volunteers(answer: int = 200, **kwargs: Any) -> Line:
    """A page of who helps."""
    return Line(ABSENT, anonymous=DOOR, volunteer=answer, **kwargs)


PAGES = {
    "offers:apply": [
        *both(APPLY, "anonymous", "Continuer"),
        Seen(f"{APPLY}?par=evenement"),
        Seen(APPLY, "applying_words"),
    ],
    "offers:apply_what": [
        *both(f"{APPLY}aides/", "applying_what", "Continuer"),
        Seen(f"{APPLY}aides/", "applying_words"),
    ],
    "offers:apply_words": both(
        f"{APPLY}quelques-mots/", "applying_words", "Envoyer ma candidature", **{"Quelques mots": TOO_LONG}
    ),
    "offers:apply_code": [
        *both(f"{APPLY}code/", "applying_code", "Valider"),
        Seen(f"{APPLY}code/?renvoye", "applying_code"),
    ],
    "offers:applied": [Seen(f"{APPLY}merci/", "applying_sent")],
    "personal:volunteering": [Seen(OWN, role) for role in STANDING],
    "personal:charter": [Seen(f"{OWN}charte/", role) for role in ("candidate", "volunteer")],
    "personal:offer": both(f"{OWN}ce-que-je-propose/", "volunteer", "Enregistrer", **{"Combien de fois par mois": "0"}),
    "personal:absences": both(f"{OWN}absences/", "volunteer", "Noter cette absence"),
    "personal:forget_absence": NOT_A_PAGE,  # leads back to the list
    "personal:resume": NOT_A_PAGE,  # leads back to their page
    "personal:stop_volunteering": [
        *both(f"{OWN}arreter/", "volunteer", "J’arrête", **{"Un mot pour nous": TOO_LONG}),
        Seen(f"{OWN}arreter/", "candidate"),
    ],
    "personal:appointment": NOT_A_PAGE,  # a file
}
ADDRESSES = {
    # Anybody applies; each step leads to the first one where nothing was answered yet.
    "offers:apply": Line(200),
    "offers:apply_what": Line(APPLY),
    "offers:apply_words": Line(APPLY),
    "offers:apply_code": Line(APPLY),
    "offers:applied": Line(APPLY),
    "personal:volunteering": Line(ABSENT, anonymous=DOOR, resident=APPLY, volunteer=200),
    "personal:charter": _of_volunteers(kwargs=_with_a_charter),
    "personal:offer": _of_volunteers(),
    "personal:absences": _of_volunteers(),
    "personal:forget_absence": _of_volunteers(405, kwargs={"uid": uuid.uuid4()}),
    "personal:resume": _of_volunteers(405),
    "personal:stop_volunteering": _of_volunteers(),
    # Somebody else's.
    "personal:appointment": Line(ABSENT, anonymous=DOOR, kwargs={"uid": uuid.uuid4()}),
}
OPEN_TO_ALL = dict.fromkeys(
    ("offers:apply", "offers:apply_what", "offers:apply_words", "offers:apply_code", "offers:applied"),
    "anybody applies",
)


def play(scene: "Scene") -> None:
    """Somebody half-way through applying; a candidate who is awaited, a volunteer, one of each other standing."""
    _volunteers(scene)
    _applying(scene)


def _volunteers(scene: "Scene") -> None:
    charter = a_charter()
    if not Step.objects.asked().filter(kind=StepKind.CHARTER).exists():
        a_step(StepKind.CHARTER, "La charte", words="Elle tient en une page.", is_required=False)
    interview = a_step(
        StepKind.INTERVIEW, "Un entretien avec nous", words="Une heure, autour d’un café.", is_required=False
    )
    alice = scene.people["alice"].volunteer
    sign(volunteer=alice, charter_number=charter.number, digest=charter.digest, how=How.ON_SCREEN)
    offered = Offered(
        kinds=KindOfHelp.objects.offered(),
        slots=list(SLOTS)[:4],
        means=Means.objects.offered(),
        monthly_limit=31,
        languages=["pt"],
        limits="Pas d’escaliers.",
    )
    keep(alice, offered)
    in_a_month = timezone.localdate() + datetime.timedelta(days=30)
    go_away(alice, starts_on=in_a_month, ends_on=in_a_month + datetime.timedelta(days=7))
    candidate = a_candidate("Ninon", "+33639980700")
    plan(volunteer=candidate, step=interview, at=hour_in_days(3), place="Mairie", by_account=scene.accounts["agent"])
    others = {"candidate": candidate}
    for name, move in (("on_leave", PAUSE), ("suspended", SUSPEND), ("stopped", LEAVE)):
        others[name] = take(volunteer(name.capitalize(), last_name="Parti"), move)
    for name, one in others.items():
        scene.sessions[name] = _signed_in(scene, name, one)


def _signed_in(scene: "Scene", name: str, one: Volunteer) -> str:
    from harness.scene import session_of, sign_in

    account = Account.objects.create_account(email=f"{name}.de.la.scene@exemple.example")
    type(one.person).objects.filter(pk=one.person_id).update(account=account)
    return session_of(sign_in(scene.host, account))


def _applying(scene: "Scene") -> None:
    from harness.scene import session_of

    for number, name in enumerate(("what", "words", "code", "sent")):
        client = Client(headers={"host": scene.host})
        # Lormes has several communes: one is chosen.
        first = client.get(APPLY).context["form"].communes[0]
        contact = WHO["contact"] if name != "sent" else "01 99 00 07 01"
        answers = WHO | {"contact": contact, "commune": first.pk}
        steps = [(APPLY, answers), (f"{APPLY}aides/", {"kinds": visits().slug, "where": "anywhere"})]
        for path, typed in [*steps, (f"{APPLY}quelques-mots/", {})][: number + 1]:
            answer = client.post(path, typed)
            assert answer.status_code == 302, (path, answer.context["form"].errors)
        scene.sessions[f"applying_{name}"] = session_of(client)
