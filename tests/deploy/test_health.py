"""The small program that compose asks: it believes `/sante/` alone."""

import http.server
import importlib.util
import threading
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "deploy" / "health.py"


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1), (301, 1)])
def test_it_ends_well_only_when_the_platform_says_so(monkeypatch, status, code):
    asked = []

    class Web(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.headers["Host"], self.path))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    spec = importlib.util.spec_from_file_location("deployed_health", SCRIPT)
    health = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(health)
    monkeypatch.setenv("PLATFORM_DOMAIN", "palier.example")
    with http.server.HTTPServer(("127.0.0.1", 0), Web) as server:
        monkeypatch.setattr(health, "PORT", server.server_port)
        answering = threading.Thread(target=server.handle_request)
        answering.start()
        assert health.main() == code
        answering.join()
    assert asked == [("palier.example", "/sante/")]
    assert health.main() == 1  # nobody listens any more
