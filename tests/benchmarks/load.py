"""A bounded load: so many requests of one page, from a few clients at once, each on its own connection.

Gunicorn's synchronous worker closes every connection after its answer, so there is no keep-alive to use.
"""

import socket
import threading
import time

CLIENTS = 4
TIMEOUT = 60  # seconds


class AnswerError(RuntimeError):
    """A server did not answer 200: its speed means nothing."""


def fetch(port: int, host: str, path: str = "/") -> bytes:
    """Ask for a page and give the whole answer. Raises AnswerError for anything but a 200."""
    asked = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
    parts = []
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT) as connection:
        connection.sendall(asked.encode())
        while part := connection.recv(65536):
            parts.append(part)
    answer = b"".join(parts)
    if not answer.startswith(b"HTTP/1.1 200"):
        raise AnswerError(f"{host}{path}: {answer[:200]!r}")
    return answer


def requests_per_second(port: int, host: str, path: str, count: int) -> float:
    """Ask `count` times and give how many were answered in a second. `{n}` in the path is the request's number."""
    failures: list[Exception] = []

    def ask(numbers: range) -> None:
        try:
            for number in numbers:
                fetch(port, host, path.format(n=number))
        except (AnswerError, OSError) as error:
            failures.append(error)

    clients = [threading.Thread(target=ask, args=(range(first, count, CLIENTS),)) for first in range(CLIENTS)]
    started = time.perf_counter()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    if failures:
        raise failures[0]
    return count / (time.perf_counter() - started)
