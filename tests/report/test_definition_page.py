"""The pages of definitions: what they tell, and that a stranger's texts stay texts."""

import re
from typing import Any

import markdown
import pytest

from muster.language.definition import parse_definition
from muster.language.source import Source
from muster.policy.cases import Case
from muster.report.definition_index import definition_index
from muster.report.definition_page import definition_page, families
from muster.report.described import Described, Example, Membership
from muster.values.diagnostic import Diagnostic, Level
from muster.values.states import State

VM = "Microsoft.Compute/virtualMachines"
ELEMENTS = {"h1", "h2", "h3", "p", "code", "pre", "div", "span", "strong", "em", "a", "ul", "li", "br"} | {
    "table", "thead", "tbody", "tr", "th", "td"
}  # fmt: skip
EVIL = "<script>alert('x')</script> [a](javascript:b) | `c` **d** {: onclick=e }\n# f"


def described(name: str = "one", *, text: str = "A text.", **changed: Any) -> Described:
    """A definition in which every text is `text`."""
    metadata = {"severity": "high", "rationale": text, "remediation": text, "command": text, "documentation": text}
    properties = {
        "displayName": text,
        "description": text,
        "metadata": {"version": "1.0.0", "references": [text], **metadata, **changed.pop("metadata", {})},
        "parameters": {
            "effect": {"type": "String", "defaultValue": "Audit", "allowedValues": ["Audit", "Disabled"]},
            "p": {"type": "Array", "defaultValue": [text], "metadata": {"displayName": text, "description": text}},
            "needed": {"type": "String"},
        },
        "policyRule": changed.pop(
            "rule",
            {
                "if": {"allOf": [{"field": "type", "equals": VM}, {"field": "Muster.Lifecycle/phase", "equals": text}]},
                "then": {"effect": "[parameters('effect')]"},
            },
        ),
    }
    definition, faults = parse_definition(Source("d.json", "{}"), {"name": name, "properties": properties})
    assert definition is not None, faults
    case = Case(text, "/cases/0", State.UNKNOWN, {}, "", {"p": [text]}, None, None, (text,), None, "")
    given: dict[str, Any] = {
        "definition": definition,
        "area": "boot",
        "file": f"definitions/boot/{name}.json",
        "cases": f"cases/boot/{name}.json",
        "examples": (Example(case, State.UNKNOWN, (text, text, text, "never shown")),),
        "memberships": (Membership("pack", text, (text,)),),
        "obstacles": (),
    }
    return Described(**given | changed)


def section(page: str, title: str) -> str:
    return page.partition(f"\n## {title}\n\n")[2].partition("\n\n## ")[0]


def test_a_page_tells_all_of_a_definition() -> None:
    page = definition_page(described())
    assert page.startswith("# A text.\n\n`one`: boot, severity **high**, version 1.0.0.\n\nA text.\n\nA text.\n\n")
    assert section(page, "What to do") == "A text.\n\n```sh\nA text.\n```\n\nRead more: `A text.`"
    assert "- `Muster.Lifecycle/phase`, one of [muster's own fields](../reference/fields.md)" in page
    assert "Its effect is the parameter `effect`, `Audit` where nothing is given." in page
    assert "| `needed` | string | none: it has to be given | any |" in page
    assert section(page, "Examples").splitlines()[2:] == [
        "- **Unknown**: A text.",
        "    - with parameters: `p` is `A text.`",
        "    - not readable: `A text.`",
        "    - A text.",
        "    - A text.",
        "    - A text.",
    ]
    assert "| `pack` | A text. | A text. |" in page
    assert page.endswith(
        "*Written by `scripts/write-reference.py` from "
        "[definitions/boot/one.json](../../policies/definitions/boot/one.json); edits here are lost.*\n"
    )


def test_what_a_definition_lacks_is_said() -> None:
    nothing = {"rationale": 1, "remediation": "", "command": None, "documentation": None, "references": 7}
    page = definition_page(described(metadata=nothing, examples=(), memberships=()))
    assert section(page, "What to do") == "Its author did not say."
    assert section(page, "Examples") == "It has no cases."
    assert section(page, "Where it is used") == "In no initiative."
    assert section(page, "References") == "None."


def test_a_look_up_is_told_with_what_it_looks_for() -> None:
    details: dict[str, Any] = {"type": f"{VM}/extensions"}
    rule = {"if": {"field": "type", "equals": VM}, "then": {"effect": "auditIfNotExists", "details": details}}
    page = definition_page(described(rule=rule))
    assert f"It is **NonCompliant** where there is no `{VM}/extensions` of the resource, else Compliant." in page
    assert "Its effect is `auditIfNotExists`." in page
    details["existenceCondition"] = {"field": f"{VM}/extensions/type", "equals": "x"}
    page = definition_page(described(rule=rule))
    assert f"It is Compliant where there is a `{VM}/extensions` of the resource, for which this holds" in page
    assert section(page, "What it reads").splitlines()[:2] == [
        "- `type`",
        f"- `{VM}/extensions/type` of the related resource",
    ]


def test_what_azure_policy_refuses_is_told_once() -> None:
    assert section(definition_page(described()), "In Azure Policy").startswith("It can be deployed as it is")
    found = tuple(Diagnostic(rule, Level.ERROR, "No!", "f") for rule in ("muster-field", "other", "other"))
    lines = section(definition_page(described(obstacles=found)), "In Azure Policy").splitlines()
    assert lines[2:4] == [
        "- Azure Policy does not have `Muster.Lifecycle/phase`, a field of muster's own.",
        "- No!",
    ]


@pytest.mark.parametrize("write", [definition_page, lambda one: definition_index([one])])
def test_what_a_stranger_wrote_is_shown_and_not_obeyed(write: Any) -> None:
    page = write(described("x) [y](z", text=EVIL, area=EVIL))
    html = markdown.markdown(page, extensions=["attr_list", "tables", "pymdownx.superfences"])
    assert set(re.findall(r"<(\w+)", html)) <= ELEMENTS
    assert "onclick=" not in "".join(re.findall(r"<[^>]*>", html))
    assert not [link for link in re.findall(r'href="([^"]*)"', html) if link.startswith("javascript")]
    assert "alert(" in html or write is not definition_page


def test_references_are_grouped_by_who_names_them() -> None:
    given = ["SEC-001", "MCSB PV-4", "Other", "CIS Azure 3.0 8.11", "Built-in 1c30f9cd", "MCSB DP-3"]
    assert families(given) == {
        "Microsoft cloud security benchmark": ["PV-4", "DP-3"],
        "CIS Microsoft Azure Foundations Benchmark": ["3.0 8.11"],
        "Azure Policy built-in definition": ["1c30f9cd"],
        "Check in the comparison with others": ["SEC-001"],
        "": ["Other"],
    }


def test_the_index_is_by_area_severity_and_control() -> None:
    first = described("one", metadata={"references": ["CIS Azure 3.0 8.11", "xeol"]})
    other = described("two", area="access", metadata={"severity": "info", "references": ["CIS Azure 3.0 8.2"]})
    page = definition_index([first, other])
    assert "2 definitions, each with a page" in page
    assert "| `pack` | A text. | 2 |" in page
    areas = section(page, "By area")
    assert re.findall(r"### (\w+)|\| \[(\w+)\]", areas) == [("Access", ""), ("", "two"), ("Boot", ""), ("", "one")]
    assert "### High\n\n[one](one.md).\n\n### Info\n\n[two](two.md)." in page
    rows = page.partition("## By control")[2].splitlines()[4:]
    assert rows == [
        "| CIS Microsoft Azure Foundations Benchmark | `3.0 8.2` | [two](two.md) |",
        "| CIS Microsoft Azure Foundations Benchmark | `3.0 8.11` | [one](one.md) |",
        "| Others | `xeol` | [one](one.md) |",
    ]
