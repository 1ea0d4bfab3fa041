"""The proxy and the units, judged by the programs that will run them."""

import http.server
import json
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
OURS, STRANGER, PLATFORM = "lormes.palier.example", "stranger.example", "palier.example"

pytestmark = pytest.mark.debian


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def is_open(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


class Web(http.server.BaseHTTPRequestHandler):
    """Stands for the web: knows one town, and only as the platform over HTTPS; else tells what it was told."""

    def do_GET(self) -> None:
        if self.path.startswith("/domaine-connu/"):
            is_asked_well = (self.headers["Host"], self.headers["X-Forwarded-Proto"]) == (PLATFORM, "https")
            status = 200 if is_asked_well and self.path.endswith(f"?domain={OURS}") else 404
        else:
            status = 200
        told = json.dumps({"host": self.headers["Host"], "scheme": self.headers.get_all("X-Forwarded-Proto")}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def web() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def proxy(web: int, tmp_path: Path) -> Iterator[tuple[int, int]]:
    """Caddy on our file, with ports of its own and a certificate authority of its own instead of the real one."""
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "PLATFORM_DOMAIN": PLATFORM,
        "ACME_EMAIL": "exploitation@palier.example",
        "PALIER_WEB": f"127.0.0.1:{web}",
    }
    adapted = subprocess.run(
        ["caddy", "adapt", "--config", DEPLOY / "Caddyfile", "--adapter", "caddyfile"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    https, plain, asked = free_port(), free_port(), free_port()
    text = adapted.stdout
    for usual, own in ((":443", f":{https}"), (":80", f":{plain}"), ("127.0.0.1:9180", f"127.0.0.1:{asked}")):
        text = text.replace(f'"{usual}"', f'"{own}"').replace(f"//{usual}/", f"//{own}/")
    config = json.loads(text)
    config["admin"] = {"disabled": True}
    config["apps"]["http"] |= {"http_port": plain, "https_port": https}
    config["apps"]["tls"]["automation"]["policies"][0]["issuers"] = [{"module": "internal"}]
    config["apps"]["pki"] = {"certificate_authorities": {"local": {"install_trust": False}}}
    (tmp_path / "caddy.json").write_text(json.dumps(config))
    with (tmp_path / "log").open("w") as log:
        caddy = subprocess.Popen(["caddy", "run", "--config", tmp_path / "caddy.json"], env=environment, stderr=log)
    try:
        deadline = time.monotonic() + 20
        while not (is_open(plain) and is_open(https)):
            assert caddy.poll() is None, (tmp_path / "log").read_text()
            assert time.monotonic() < deadline, (tmp_path / "log").read_text()
            time.sleep(0.1)
        yield https, plain
    finally:
        caddy.terminate()
        caddy.wait(10)


def ask(port: int, host: str, *, secure: bool) -> bytes:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
        stream = context.wrap_socket(plain, server_hostname=host) if secure else plain
        with stream:
            stream.sendall(
                f"GET /x HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Proto: http\r\nConnection: close\r\n\r\n".encode()
            )
            return b"".join(iter(lambda: stream.recv(4096), b""))


def test_the_proxy_serves_our_towns_and_nobody_elses(proxy):
    https, plain = proxy
    answer = ask(https, OURS, secure=True)
    assert answer.startswith(b"HTTP/1.1 200")
    assert json.loads(answer.partition(b"\r\n\r\n")[2]) == {"host": OURS, "scheme": ["https"]}
    with pytest.raises(ssl.SSLError):
        ask(https, STRANGER, secure=True)
    assert f"Location: https://{OURS}/x".encode() in ask(plain, OURS, secure=False)


def test_systemd_understands_the_units(tmp_path):
    for path in (DEPLOY / "systemd").iterdir():
        # The programs are where an installation has them.
        (tmp_path / path.name).write_text(path.read_text().replace("/srv/palier/.venv/bin/", f"{tmp_path}/"))
    for name in ("python", "gunicorn"):
        shutil.copy("/bin/true", tmp_path / name)
    units = sorted(path for path in tmp_path.iterdir() if path.suffix in {".service", ".timer"})
    assert [path.name for path in units if path.suffix == ".timer"] == ["palier-backup.timer", "palier-prune.timer"]
    assert {path.stem for path in units if path.suffix == ".service"} == {
        "palier-backup",
        "palier-opener",
        "palier-prepare",
        "palier-prune",
        "palier-web",
        "palier-worker",
    }
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    about_ours = [line for line in done.stderr.splitlines() if "palier" in line]
    assert (done.returncode, about_ours) == (0, [])
