"""`python -m config.reset`: stop the embedded servers of this installation and delete their data."""

import sys

from config import database, embedded
from config.errors import ServerUnavailable


def main() -> None:
    """Erase both servers, the demo's and the tests'. The rest of `var/` is the caller's to delete."""
    try:
        for name in ("postgres", "test-postgres"):
            embedded.erase(database.home().with_name(name))
    except (OSError, ServerUnavailable) as error:
        sys.exit(f"Le serveur PostgreSQL embarqué n’a pas pu être effacé : {error}")


if __name__ == "__main__":
    main()
