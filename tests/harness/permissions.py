"""How an address is listed: what it answers each role (tests/isolation/test_permissions.py)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

# Answers: a status, or where a redirection leads.
ABSENT = 404
DOOR = "/connexion/"
HOME = "/"
ASKING = "/demander/"
Answer = int | str


@dataclass(frozen=True)
class Line:
    """What each role gets of one address. Whoever is not named gets `else_`."""

    else_: Answer
    anonymous: Answer | None = None
    resident: Answer | None = None
    volunteer: Answer | None = None
    # Who speaks for a partner, by an account.
    partner: Answer | None = None
    agent: Answer | None = None
    coordinator: Answer | None = None
    # A coordinator of another sector than where the rows of the table live.
    coordinator_elsewhere: Answer | None = None
    administrator: Answer | None = None
    operator: Answer | None = None
    # Who bills, and never enters a town.
    billing: Answer | None = None
    # Arguments of the address; a function when it needs rows, called once in the town.
    args: tuple[Any, ...] = ()
    kwargs: Callable[[], dict[str, Any]] | dict[str, Any] = field(default_factory=dict)
    query: str = ""

    def expected(self, role: str) -> Answer:
        """Of a role."""
        told = getattr(self, role)
        return self.else_ if told is None else told


def at_the_desk(**kwargs: Any) -> Line:
    """A screen of the desk: agents, administrators and coordinators see it, others are sent to the door or see nothing.

    One that is about somebody is seen by the coordinators of where they live.
    """
    elsewhere = ABSENT if "kwargs" in kwargs else 200
    everybody = {"agent": 200, "administrator": 200, "coordinator": 200, "coordinator_elsewhere": elsewhere}
    return Line(ABSENT, anonymous=DOOR, **everybody, **kwargs)


def for_agents(**kwargs: Any) -> Line:
    """A screen of the desk that coordinators do not have, whatever their sector."""
    return Line(ABSENT, anonymous=DOOR, agent=200, administrator=200, **kwargs)


def posted_at_the_desk(**kwargs: Any) -> Line:
    """A gesture of the desk, never by following a link: it is refused before anybody is looked for."""
    everybody = dict.fromkeys(("agent", "administrator", "coordinator", "coordinator_elsewhere"), 405)
    return Line(ABSENT, anonymous=DOOR, **everybody, **kwargs)


def posted_by_agents(**kwargs: Any) -> Line:
    """A gesture of the desk that coordinators do not have, never by following a link."""
    return Line(ABSENT, anonymous=DOOR, agent=405, administrator=405, **kwargs)


def posted_by_residents(**kwargs: Any) -> Line:
    """A gesture of « mon espace »."""
    return Line(ABSENT, anonymous=DOOR, resident=405, volunteer=405, **kwargs)


def for_administrators(**kwargs: Any) -> Line:
    """A screen of the desk that agents do not have."""
    return Line(ABSENT, anonymous=DOOR, administrator=200, **kwargs)


def for_platform_staff(**kwargs: Any) -> Line:
    """A page of the platform's own people."""
    return Line(ABSENT, anonymous=DOOR, operator=200, billing=200, **kwargs)


def for_operators(**kwargs: Any) -> Line:
    """A page of who runs the towns: it does not exist for who bills them."""
    return Line(ABSENT, anonymous=DOOR, operator=200, **kwargs)


def for_billers(**kwargs: Any) -> Line:
    """A page of who bills the towns: it does not exist for who runs them."""
    return Line(ABSENT, anonymous=DOOR, billing=200, **kwargs)


def signed_in(answer: Answer, *, anonymous: Answer) -> Line:
    """One answer to strangers, one to everybody else."""
    return Line(answer, anonymous=anonymous)
