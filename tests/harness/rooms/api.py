"""What the room of the API brings to the lists that walk everything."""

import uuid
from typing import Any

from aid.configuration.models import KindOfHelp
from harness.directory import a_referent
from harness.partners import a_contact, a_flag, a_partner
from harness.permissions import ABSENT, Line
from harness.seen import NOT_A_PAGE, Seen

WHO = 401


def _of_residents(answer: int = 200, **kwargs: Any) -> Line:
    """What is one's own: of who signed in, whatever else they are."""
    return Line(ABSENT, anonymous=WHO, resident=answer, volunteer=answer, **kwargs)


def _of_partners(answer: int = 200, **kwargs: Any) -> Line:
    return Line(ABSENT, anonymous=WHO, partner=answer, **kwargs)


def _of_software(**kwargs: Any) -> Line:
    """No session opens it (tests/api/test_walls.py opens it with tokens)."""
    return Line(ABSENT, anonymous=WHO, **kwargs)


def _somebody_elses() -> dict[str, Any]:
    return {"kwargs": {"uid": uuid.uuid4()}}


def _colleagues_flag() -> dict[str, Any]:
    return {"uid": a_flag(a_contact(partner=a_partner("ADMR"), email="admr@partenaire.example")).form_uid}


ADDRESSES = {
    "api:documentation": Line(200),
    "api:schema": Line(200),
    "api:absent": Line(ABSENT, kwargs={"rest": "v1/nulle-part/"}),
    "api:kinds-list": Line(200),
    "api:kinds-detail": Line(200, kwargs=lambda: {"slug": KindOfHelp.objects.offered()[0].slug}),
    "api:places-list": Line(200),
    "api:needs-list": Line(200),
    "api:offers-list": Line(200),
    "api:referents-list": Line(200),
    "api:referents-detail": Line(200, kwargs=lambda: {"uid": a_referent().uid}),
    "api:me": Line(200, anonymous=WHO),
    "api:grid": _of_partners(),
    "api:flags-list": _of_partners(),
    "api:flags-detail": _of_partners(ABSENT, kwargs=_colleagues_flag),
    "api:requests-list": _of_software(),
    "api:requests-detail": _of_software(**_somebody_elses()),
    "api:requests-cancel": _of_software(**_somebody_elses()),
    "api:own_requests-list": _of_residents(),
    "api:own_requests-detail": _of_residents(ABSENT, **_somebody_elses()),
    "api:own_requests-cancel": _of_residents(405, **_somebody_elses()),
    "api:own_requests-thank": _of_residents(405, **_somebody_elses()),
    "api:own_proposals-list": _of_residents(),
    "api:own_proposals-detail": _of_residents(ABSENT, **_somebody_elses()),
    "api:own_proposals-accept": _of_residents(405, **_somebody_elses()),
    "api:own_proposals-decline": _of_residents(405, **_somebody_elses()),
}
OPEN_TO_ALL = dict.fromkeys(
    (
        "api:kinds-list",
        "api:kinds-detail",
        "api:places-list",
        "api:needs-list",
        "api:offers-list",
        "api:referents-list",
        "api:referents-detail",
    ),
    "what the site's own pages show, and counts that tell of nobody",
) | {
    "api:documentation": "what may be called",
    "api:schema": "what may be called",
    "api:absent": "nothing is there",
}
# None is a page, but what tells of them.
PAGES = dict.fromkeys(ADDRESSES, NOT_A_PAGE) | {"api:documentation": [Seen("/api/")]}
