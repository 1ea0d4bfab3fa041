"""What a town's administrators may do with the books: read them, and answer in the town's name."""

from accounts import abilities
from accounts.abilities import may_in_confidence, may_read
from accounts.roles import Role

ABILITIES = (
    may_read("see_books", Role.ADMINISTRATOR),
    # What the town says of its own contract, Palier's support never says in its place.
    may_in_confidence("answer_on_books", Role.ADMINISTRATOR),
)


def register() -> None:
    """Called when the app is ready."""
    abilities.register(ABILITIES)
