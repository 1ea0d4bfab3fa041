"""What `deploy/` says is what the code does: variables, commands, ports, rights."""

import ast
import configparser
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from tenants.backups.keys import VARIABLE
from tenants.management.commands.backup import Command

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
PRODUCT = ("billing", "cms", "platform", "tenants", "themes")
# The tests' own; what a child of the demonstration is given; what settings set by themselves.
NOT_AN_INSTALLATIONS = {"PALIER_TEST_SERVER", "PYTHONPATH", "OPENPYXL_LXML"}
# Read by programs that are not ours: gunicorn, Django, compose, logins.sql, Caddy.
OF_OTHERS = {
    "DJANGO_SETTINGS_MODULE",
    "WEB_CONCURRENCY",
    "POSTGRES_PASSWORD",
    "PALIER_ADMIN_PASSWORD",
    "PALIER_WEB_PASSWORD",
    "ACME_EMAIL",
    "PALIER_WEB",
}
PROVISIONING = {"DATABASE_ADMIN_URL", VARIABLE}
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def read_by_the_code() -> set[str]:
    """The names of variables in the product's own source: `os.environ…("NAME")` and what stands for it."""
    found = {VARIABLE}
    for path in (path for room in PRODUCT for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call | ast.Subscript):
                called = ast.unparse(node.func if isinstance(node, ast.Call) else node.value)
                given = (node.args[:1] or [None])[0] if isinstance(node, ast.Call) else node.slice
                if ("os.environ" in called or called == "_entry_of") and isinstance(given, ast.Constant):
                    found.add(given.value)
    return found


def told_by_the_example() -> set[str]:
    return set(re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "environment.example").read_text(), re.MULTILINE))


def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def unit(path: Path) -> list[tuple[str, str]]:
    """The lines of a unit, which may repeat a name."""
    lines = [line for line in path.read_text().splitlines() if "=" in line and not line.startswith("#")]
    return [tuple(line.split("=", 1)) for line in lines]


def test_the_example_tells_every_variable_and_no_other():
    read = read_by_the_code()
    assert {"SECRET_KEY", "DATABASE_URL", "DATABASE_ADMIN_URL", "PALIER_VAR", "LOG_LEVEL"} <= read
    assert told_by_the_example() == read - NOT_AN_INSTALLATIONS | OF_OTHERS


def test_compose_gives_each_service_variables_that_are_read_and_the_web_no_way_to_open_towns():
    known = told_by_the_example()
    services = compose()["services"]
    for name, service in services.items():
        assert set(service.get("environment", {})) <= known, name
    holders = {name for name, service in services.items() if PROVISIONING & set(service.get("environment", {}))}
    assert holders == {"prepare", "opener", "manage"}
    assert {"SECRET_KEY", "PLATFORM_DOMAIN", "DATABASE_URL"} <= set(services["web"]["environment"])
    assert services["worker"]["environment"].items() <= services["web"]["environment"].items()
    asked = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text()))
    assert asked <= known


def test_compose_names_files_commands_and_ports_that_are_there():
    services = compose()["services"]
    for service in services.values():
        if "build" in service:
            assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (DEPLOY / source).is_file() if source.startswith("./") else source in compose()["volumes"]
        for other in service.get("depends_on", {}):
            assert other in services
        assert set(service["networks"]) <= set(compose()["networks"])
    assert services["prepare"]["command"][:2] == services["worker"]["command"][:2] == ["python", "manage.py"]
    assert services["opener"]["command"][2:4] == ["worker", "--provisioning"]
    assert {services[name]["command"][2] for name in ("prepare", "worker")} <= set(get_commands())
    port = re.search(r'"--bind", "0\.0\.0\.0:(\d+)"', (DEPLOY / "Containerfile").read_text())[1]
    assert services["proxy"]["environment"]["PALIER_WEB"] == f"web:{port}"
    assert f"PORT, SECONDS = {port}," in (DEPLOY / "health.py").read_text()
    assert (ROOT / services["web"]["healthcheck"]["test"][-1]).is_file()
    shared = [set(services[name]["volumes"]) for name in ("web", "worker", "opener", "prepare", "manage")]
    assert all(shared[0] <= each for each in shared)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_unit_runs_what_is_there_with_no_more_rights_than_it_needs(path):
    lines = unit(path)
    held = dict(lines)
    assert held["User"] == "palier"
    assert held["ProtectSystem"] == "strict"
    files = [value for name, value in lines if name == "EnvironmentFile"]
    opens_towns = path.stem in {"palier-prepare", "palier-opener", "palier-backup", "palier-prune"}
    assert files == ["/etc/palier/environment", "/etc/palier/provisioning"][: 2 if opens_towns else 1]
    assert held["Environment"] == f"PALIER_VAR=/var/lib/{held['StateDirectory']}"
    for command in (value for name, value in lines if name in {"ExecStart", "ExecStartPre"}):
        words = command.split()
        if words[0].endswith("/python"):
            assert words[1] == "manage.py"
            assert words[2] in get_commands()
        else:
            assert words == ["/srv/palier/.venv/bin/gunicorn", "--config", "deploy/gunicorn.conf.py"]
    for name in (name for key in ("Wants", "After", "Requires") for name in held.get(key, "").split()):
        if name.startswith("palier-"):
            assert (DEPLOY / "systemd" / name).is_file()


def test_the_readme_installs_each_unit_that_starts_by_itself_and_a_deploy_restarts_its_services():
    text = (DEPLOY / "README.md").read_text()
    own = [path for path in (DEPLOY / "systemd").iterdir() if "\n[Install]\n" in path.read_text()]
    names = {path.name.removesuffix(".service") for path in own}
    assert set(re.search(r"`systemctl enable --now ([^`]+)`", text)[1].split()) == names
    commands = re.search(r"`(systemctl restart [^`]+)`", text)[1].split(" && ")
    restarted = {name for command in commands for name in command.split()[2:]}
    assert restarted == {name for name in names if not name.endswith(".timer")}


def test_the_backup_unit_gives_the_command_options_that_it_has():
    line = dict(unit(DEPLOY / "systemd" / "palier-backup.service"))["ExecStart"]
    given = [word for word in line.split() if word.startswith("--")]
    said = Command().create_parser("manage.py", "backup").format_help()
    assert given
    assert all(option in said for option in given)
    timer = configparser.ConfigParser()
    timer.read(DEPLOY / "systemd" / "palier-backup.timer")
    assert timer["Timer"]["OnCalendar"]


def test_the_image_is_built_from_the_locked_packages_and_copies_what_the_code_is():
    text = (DEPLOY / "Containerfile").read_text()
    assert text.count("--require-hashes") == 2
    assert text.index("USER palier") > text.rindex("RUN ")
    copied = set(re.findall(r"^COPY (\w+) \1$", text, re.MULTILINE))
    assert copied == {*PRODUCT, "deploy"}
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored.index("*") < ignored.index("!platform")
    assert {f"!{name}" for name in copied} <= set(ignored)


@pytest.mark.long
def test_gunicorn_takes_its_configuration_and_finds_the_site():
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--check-config"],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "SECRET_KEY": "only-for-this-test",
            "DATABASE_URL": "postgres://palier_web:none@palier.invalid/palier",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_proxy_asks_where_the_platform_answers():
    text = (DEPLOY / "Caddyfile").read_text()
    asked = re.search(r"ask (http://\S+:\d+)(/\S+)", text)
    assert f"\n{asked[1]} {{" in text
    from django.urls import resolve

    assert resolve(asked[2], urlconf="config.urls_platform").url_name == "may_have_certificate"
    assert set(re.findall(r"\{\$([A-Z_]+)\}", text)) <= set(compose()["services"]["proxy"]["environment"])
