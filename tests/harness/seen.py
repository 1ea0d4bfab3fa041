"""How a page is listed: where it is, who looks, and what it becomes once a button is pressed."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Seen:
    """One page as somebody sees it; or what it becomes once a button is pressed, with what was typed before."""

    path: str
    role: str = "anonymous"
    press: str = ""
    typed: dict[str, str] = field(default_factory=dict)  # by label
    status: int = 200
    # A button that leads to another page, rather than to the same with its errors.
    leads_on: bool = False

    def __str__(self) -> str:
        return f"{self.path} ({self.role}{', ' + self.press if self.press else ''})"


def both(path: str, role: str, press: str, **typed: str) -> list[Seen]:
    """A form as it is asked for, and as it is refused."""
    return [Seen(path, role), Seen(path, role, press=press, typed=typed)]


def each(path: str, names: tuple[str, ...], role: str = "anonymous") -> list[Seen]:
    """A page of each of these rows, whose name takes the place of the star."""
    return [Seen(path.replace("*", name), role) for name in names]


NOT_A_PAGE: list[Seen] = []
