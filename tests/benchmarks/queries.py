"""How many statements a page costs. Run as a program in a fresh process, or called by the tests.

What is counted is Django's own log of the connection: every statement of ours and of the libraries', BEGIN and COMMIT,
and the one that takes the town's role. The log does not hold the check of a kept connection (CONN_HEALTH_CHECKS).
"""

import json
import sys
from dataclasses import asdict, dataclass
from http.cookies import SimpleCookie


@dataclass(frozen=True)
class Statements:
    """What the log held for two visits of one page, in order."""

    cold: list[str]
    warm: list[str]


def statements_of_a_visit(host: str, path: str = "/", *, cookies: SimpleCookie | None = None) -> list[str]:
    """Visit, without a session unless told; give the statements. Raises ValueError if the answer is not 200."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": host})
    client.cookies = cookies or client.cookies
    with CaptureQueriesContext(connection) as log:
        answer = client.get(path)
    if answer.status_code != 200:
        raise ValueError(f"{host}{path} answered {answer.status_code}")
    return [query["sql"] for query in log.captured_queries]


def statements_in_town(host: str, path: str, *, cookies: SimpleCookie | None = None) -> list[str]:
    """What a warm visit asks of the town: the statements between those that open and close its transaction."""
    statements_of_a_visit(host, path, cookies=cookies)
    asked = statements_of_a_visit(host, path, cookies=cookies)
    begin = next(index for index, sql in enumerate(asked) if sql.startswith("BEGIN"))
    # The first statement of a transaction takes the town's role.
    return [sql for sql in asked[begin + 2 :] if not sql.startswith("COMMIT")]


def two_visits(host: str) -> Statements:
    """The home page, twice: as this process stands, then from its memory."""
    return Statements(cold=statements_of_a_visit(host), warm=statements_of_a_visit(host))


if __name__ == "__main__":
    import django

    django.setup()
    sys.stdout.write(json.dumps(asdict(two_visits(sys.argv[1]))))
