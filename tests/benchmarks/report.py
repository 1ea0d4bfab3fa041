"""The figures, their targets, and the page that tells them."""

import datetime
import json
import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.place import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
RESULTS = ROOT / "var" / "bench.json"


@dataclass(frozen=True)
class Figure:
    """A figure of the results: how it is told, and the bounds that it must keep, where it has any."""

    key: str
    told: str
    unit: str = ""
    most: float | None = None
    least: float | None = None

    def holds(self, value: Any) -> bool:
        """Whether a value keeps the bounds. One that is missing does not."""
        if self.most is None and self.least is None:
            return True
        return (
            value is not None
            and (self.most is None or value <= self.most)
            and (self.least is None or value >= self.least)
        )

    @property
    def target(self) -> str:
        """The bound as the table shows it."""
        if self.key == "home_is_fresh":
            return "yes"
        if self.most is not None:
            return f"≤ {self.most:g}{self.unit}"
        return f"≥ {self.least:g}{self.unit}" if self.least is not None else ""


FIGURES = (
    Figure("open_town_s", "Opening a town, until its home page answers: median of all of them", " s", most=0.5),
    Figure("open_town_worst_s", "The slowest of them (the first one also loads the program)", " s"),
    Figure("open_town_growth", "Median of the last 20 openings / of the first 20 once warm", " ×", most=1.3),
    Figure("migrations_s", "The same tables made by running every migration", " s"),
    Figure("open_town_speedup", "How many times faster an opening is than that", " ×", least=10),
    Figure("clone_schema_s", "The same by `clone_schema` of django-tenants (not an equal copy)", " s"),
    Figure("bare_open_town_s", "The bare project: opening its one town, fewer tables, by django-tenants", " s"),
    Figure("home_queries_cold", "Statements of the first home page of a new process", most=12),
    Figure("home_queries_warm", "Statements of the next one", most=1),
    Figure("home_is_fresh", "Another process publishes, or records a fact: the next answer shows it", least=1),
    Figure("home_rps", "Home page, one gunicorn worker", " /s"),
    Figure("home_rps_bare", "The bare project’s home page, one gunicorn worker", " /s"),
    Figure("home_rps_ratio", "Ours / theirs, batch by batch: median", " ×", least=3),
    Figure("home_rps_rendered", "Our home page rendered for each request, without the memory of pages", " /s"),
    Figure("noop_migrate_s", "A deploy with nothing to migrate", " s", most=3),
    Figure("noop_migrate_command_s", "The whole command `manage.py migrate_towns` then", " s"),
    Figure("column_migrate_s", "A deploy that adds one column to each town: median of twenty", " s", most=15),
    Figure("publish_ms", "A request is published in a town of 2,000 volunteers", " ms", most=300),
    Figure("ask_all_ms", "All of them are asked: 2,000 messages written and queued", " ms", most=1000),
    Figure("answer_queries", "Statements of the page where a volunteer answers", most=5),
    Figure(
        "people_search_ms", "The desk finds somebody among 20,000 people: median of fifteen searches", " ms", most=30
    ),
    Figure("people_search_slowest_ms", "The slowest of these searches", " ms", most=30),
    Figure(
        "volunteers_for_ms", "Who may be asked is found among 20,000 volunteers who passed six steps", " ms", most=100
    ),
    Figure("rank_10000_ms", "10,000 volunteers are ranked for one request, the first page read", " ms", most=50),
    Figure("rank_20000_ms", "20,000 of them", " ms", most=100),
    Figure("night_usual_s", "A night of a town of 5,000 volunteers: reminders, lapses, follow-ups", " s", most=5),
    Figure("night_all_s", "The same, where a step of all of them ended that day", " s", most=5),
    Figure("people_import_s", "10,000 people are imported from a CSV: sent, checked, written down", " s", most=60),
    Figure(
        "purge_longest_ms",
        "100,000 rows are taken away: the longest transaction that locks some of them",
        " ms",
        most=100,
    ),
    Figure("purge_median_ms", "The median of these transactions", " ms"),
    Figure("purge_s", "The whole of it", " s"),
    Figure("desk_queries", "Statements of the desk’s board", most=12),
    Figure("card_queries", "Statements of the card of a volunteer", most=12),
    Figure("card_ms", "The card of a volunteer, asked in the same process", " ms", most=60),
    Figure("card_pdf_ms", "A volunteer’s card is printed, photo and QR", " ms", most=50),
    Figure("card_check_ms", "Somebody scans it, asked in the same process", " ms", most=5),
    Figure("card_check_queries", "Statements of that page", most=4),
    Figure("volunteers_queries", "Statements of the board of 5,000 volunteers, with eight steps each", most=12),
    Figure("volunteers_ms", "That board, asked in the same process", " ms", most=80),
    Figure(
        "invoice_ms", "One invoice is issued, laid out, stored; without the public Schematrons: median", " ms", most=60
    ),
    Figure("invoices_s", "1,255 invoices, with both public Schematrons, PDF and Factur-X", " s", most=180),
    Figure("invoices_dry_run_s", "Of which their trial, before any number", " s"),
    Figure("console_queries", "Statements of the operators’ list of 1,255 towns", most=12),
    Figure("console_ms", "That list, asked in the same process", " ms", most=150),
    Figure("console_search_ms", "One of them is looked for by its name", " ms", most=150),
    Figure("tables_per_town", "Tables of a town", most=150),
    Figure("indexes_per_town", "Indexes of a town", most=600),
    Figure("megabytes_per_town", "What a new town takes on the disk", " MB"),
    Figure("test_first_s", "`make test` in a fresh clone, packages already installed", " s"),
    Figure("test_again_s", "`make test` again", " s"),
)


def missed(results: dict[str, Any]) -> list[str]:
    """The figures that do not keep their bounds, one line each."""
    return [
        f"{figure.key} : {results.get(figure.key)}, attendu {figure.target}"
        for figure in FIGURES
        if not figure.holds(results.get(figure.key))
    ]


def shown(figure: Figure, value: Any) -> str:
    """A value as the table has it: counts whole, the rest with three digits that matter."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "refused"
    return f"{value if isinstance(value, int) else float(f'{value:.3g}'):g}{figure.unit}"


def table(results: dict[str, Any]) -> str:
    """The table of what was measured, in Markdown."""
    lines = ["| What | Measured | Target |", "|---|---:|---:|"]
    lines += [
        f"| {figure.told} | {shown(figure, results[figure.key])} | {figure.target} |"
        for figure in FIGURES
        if figure.key in results
    ]
    return "\n".join(lines)


def machine() -> str:
    """What the measures ran on, in a line."""
    cpu = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return f"{os.cpu_count()} × {cpu}, {memory / 2**20:.0f} GB of memory, {platform.system()}"


def software(server_version: int) -> str:
    """The versions that matter, in a line."""
    packages = ("Django", "django-tenants", "wagtail", "psycopg", "gunicorn")
    told = [f"Python {platform.python_version()}", f"PostgreSQL {server_version // 10000}.{server_version % 10000}"]
    return ", ".join([*told, *(f"{name} {version(name)}" for name in packages)])


def write(results: dict[str, Any], *, server_version: int, page: bool) -> None:
    """Write var/bench.json, and docs/benchmarks.md from the same results."""
    RESULTS.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")
    if not page:
        return
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(
        f"""# Benchmarks

Written by `make bench` on {datetime.datetime.now(datetime.UTC):%d %B %Y}, from what it measured; do not edit.

- Machine: {machine()}
- Software: {software(server_version)}
- Server: embedded, started for this run, `fsync` and `synchronous_commit` on; {results["towns"]} towns in one database,
  named after real communes, each blueprint in turn
- Time: {results["seconds"]:.0f} s in all

{table(results)}

How each is measured (`tests/benchmarks/`):

- **Openings** go one after the other through `tenants.opening.open_town`, then the home page is asked in the same
  process. The first ones, one of each blueprint, load the program: growth leaves them out. The way by migrations is
  `tenants.fleet.migrating.migrate_schema` on an empty schema: median of
  {results["migrations_runs"]} runs, since each is slow; what an opening does besides (rows, files, rights, a page) is
  not in it.
- **Statements** are those of Django's log of the connection, for a visitor without a session, in a process that has
  just started: ours, the libraries’, `BEGIN`, `COMMIT` and the one that takes the town’s role. The log leaves out the
  check of a kept connection, one round trip a request (`CONN_HEALTH_CHECKS`).
- **Home pages** are asked {results["home_requests"]} times on each side, in batches, one side after the other, by four
  clients on 127.0.0.1. A visitor’s page is answered from the memory of the process, after one query that tells whether
  anything changed. The bare project (`tests/benchmarks/bare/`) is django-tenants and Wagtail as their documentations
  set them up, a smaller page, connections kept and checked like ours, and no memory of pages.
- **The loop** is `aid.help_requests.services.confirm` in a transaction of its own, then the job that it queued,
  `aid.proposals.jobs.ask_volunteers`, until its commit: medians of {results["loop_runs"]} requests to all of them.
  Statements of both pages are those of a second visit, in the town’s transaction; the desk’s as an agent.
- **Searches** go through `aid.people.services.search_people`: whole names, begun ones, by ear, with slips, by
  telephone, and a name that nobody bears. Each is the median of {results["loop_runs"]} runs.
- **The import** is of a CSV of 10,000 people with a number, an address and a year of birth, in a town that has 20,000:
  `aid.people.importing.services`, batch by batch, each in a transaction of its own, as the worker runs it.
- **Nights** are `aid.onboarding.expiry`: `notice_lapses`, then `remind`, batch by batch, as the jobs run them.
- **Ranks** are `aid.proposals.picking.ranked`: who may be asked, scored, sorted, twenty of them read, by one query;
  in a town of 10,000 and in one of 20,000, one in twenty of whom lacks a step; with six steps each, profiles, free
  slots of the week, and twice as many proposals of two months as volunteers; vacuumed first, as a server does alone.
- **Cards** are `aid.cards.printing.card_pdf` with a photo, and the page of the QR while the card is valid, journal and
  limits included.
- **The operators’ list** is `/console/` over 1,255 towns with an address, figures and a contract, asked in the same
  process with its session: no schema is visited. Its statements are those of a search, `BEGIN` and the role included.
- **Deploys** are `tenants.fleet.deploying.migrate_fleet`, templates included.
- `clone_schema` is told for comparison only: it changes names of constraints and types of sequences.
""",
        encoding="utf-8",
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []
