"""`make bench`: measure what the design promises, on a server of its own; exit with 1 if a promise is not kept.

`--quick` opens few towns and asks few pages: to try the script, not to publish. `--tests` times the tests as well.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:1] = [str(ROOT), str(ROOT / "platform"), str(ROOT / "tests")]

from benchmarks import place  # noqa: E402 (found by the line above)


def say(line: str) -> None:
    """Report a step, now."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def measure(*, quick: bool) -> tuple[dict[str, Any], int]:
    """All figures but those of the tests, and the version of the server."""
    from benchmarks import (
        billing,
        cards,
        console,
        fleet,
        homes,
        loop,
        matching,
        openings,
        people,
        purging,
        steps,
        volunteers,
    )
    from django.db import connection

    from tenants.preparing import prepare

    say("Préparation de la base…")
    prepare()
    if not place.is_durable():
        raise RuntimeError("this server does not wait for the disk: its times are not a real server's")
    towns = 30 if quick else 220
    figures, domain = openings.measure(towns=towns, slow_runs=1 if quick else 3, report=say)
    figures |= homes.measure(host=domain, pairs=3 if quick else 8, requests=300 if quick else 2000, report=say)
    figures |= fleet.measure(runs=3 if quick else 20, towns=towns, report=say)
    figures |= console.measure(towns=1255, runs=3 if quick else 20, report=say)
    # Last: they fill towns, where whoever is admitted may be asked for anything.
    fresh, nightly, smaller, larger, *_, host = _towns_of("bip-pop")
    figures |= loop.measure(host=host, runs=3 if quick else 20, report=say)
    figures |= people.measure(host=host, runs=3 if quick else 20, report=say)
    figures |= cards.measure(host=host, runs=3 if quick else 20, report=say)
    figures |= purging.measure(host=host, report=say)
    # Where nobody volunteers yet.
    figures |= steps.measure(host=nightly, runs=3 if quick else 20, report=say)
    figures |= volunteers.measure(host=fresh, runs=3 if quick else 20, report=say)
    figures |= matching.measure(hosts=[smaller, larger], runs=3 if quick else 20, report=say)
    figures |= billing.measure(host=host, runs=3 if quick else 40, count=20 if quick else 1255, report=say)
    return figures, connection.pg_version


def _towns_of(blueprint: str) -> list[str]:
    """The addresses of the towns that were opened from a blueprint, in the order they were opened."""
    from tenants.context import platform_context
    from tenants.models import Domain

    with platform_context():
        return list(Domain.objects.filter(tenant__blueprint=blueprint).order_by("pk").values_list("domain", flat=True))


def time_tests() -> dict[str, float]:
    """Seconds of `make test`, twice, in a fresh clone whose packages are installed first."""
    clone = place.VAR / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    try:
        _make(clone, ".venv/dev.stamp")
        return {"test_first_s": _make(clone, "test"), "test_again_s": _make(clone, "test")}
    finally:
        _make(clone, "reset")
        shutil.rmtree(clone)


def _make(folder: Path, target: str) -> float:
    environment = {name: value for name, value in os.environ.items() if name not in place.OURS}
    started = time.perf_counter()
    subprocess.run(["make", "--silent", target], cwd=folder, env=environment, check=True)
    return time.perf_counter() - started


def main() -> None:
    """Measure, write, tell what misses its target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few towns, few requests; writes no page")
    parser.add_argument("--tests", action="store_true", help="time `make test` too, in a fresh clone")
    chosen = parser.parse_args()
    started = time.perf_counter()
    place.settle()
    from benchmarks import report

    try:
        results, server_version = measure(quick=chosen.quick)
        if chosen.tests:
            results |= time_tests()
        results["seconds"] = time.perf_counter() - started
        report.write(results, server_version=server_version, page=not chosen.quick)
    finally:
        place.leave()
    say(f"\n{report.table(results)}\n\n{results['seconds']:.0f} s")
    if missed := report.missed(results):
        sys.exit("\n".join(["Objectifs manqués :", *(f"  {line}" for line in missed)]))


if __name__ == "__main__":
    main()
