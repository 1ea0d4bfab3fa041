"""A gateway of SMS on this machine, that counts what it carries."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

SILENT, MUTE = 0, -1


@dataclass
class Gateway:
    """What was asked of it, in order; what it carried, by the key under which it carries once."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    carried: dict[str, dict[str, Any]] = field(default_factory=dict)
    # What to answer next, by turns; then 200. SILENT: it breaks off before it took anything; MUTE: once it did.
    answers: list[int] = field(default_factory=list)


@contextmanager
def gateway() -> Iterator[Gateway]:
    """Listen on a free port for a block."""
    kept = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            is_json = self.headers["Content-Type"] == "application/json"
            told = json.loads(body) if is_json else dict(parse_qsl(body))
            kept.asked.append({"headers": dict(self.headers), "told": told})
            status = kept.answers.pop(0) if kept.answers else 200
            if status in {200, MUTE}:
                kept.carried.setdefault(self.headers["Idempotency-Key"], told)
            if status in {SILENT, MUTE}:
                self.connection.close()
                return
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}/sms"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
