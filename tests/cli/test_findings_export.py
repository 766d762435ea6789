"""`muster findings export`: to a file and to standard output, with progress, and past what is damaged."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner

from muster.adapters.blob_findings import BlobFindings
from muster.cli import findings_export, main
from muster.report.export import EXPORT_FORMATS
from muster.values.errors import BadInput, TransientFault
from muster.values.json import JsonObject, as_list
from muster.values.states import State
from tests.jobs.fleet import Fleet
from tests.report.exported import every_state, hostile

DOCUMENTS = (*every_state(), *hostile())


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> list[JsonObject | BadInput]:
    documents: list[JsonObject | BadInput] = [*DOCUMENTS]

    async def read(_storage: object, _data: object) -> AsyncIterator[JsonObject | BadInput]:
        for document in documents:
            yield document

    monkeypatch.setattr(findings_export, "_read", read)
    return documents


@pytest.mark.parametrize("form", EXPORT_FORMATS)
def test_a_file_has_what_standard_output_has(form: str, stored: list[JsonObject | BadInput], tmp_path: Path) -> None:
    target = tmp_path / "findings"
    ran = CliRunner().invoke(main, ["findings", "export", "--format", form, "--to", str(target)])
    assert ran.exit_code == 0, ran.output
    assert ran.stdout == ""
    results = sum(len(as_list(document["results"])) for document in DOCUMENTS)
    assert ran.stderr == f"{results} findings of {len(stored)} resources\n"
    printed = CliRunner().invoke(main, ["findings", "export", "--format", form])
    if form != "html":  # which carries the time
        assert printed.stdout_bytes == target.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["findings"]


def test_what_is_damaged_is_named_and_left_out(stored: list[JsonObject | BadInput]) -> None:
    resource: JsonObject = {"id": "/half/\x1b[31mwritten"}
    stored.insert(1, {"resource": resource})
    stored.insert(3, BadInput("findings/latest/x.json is not JSON", reason="notAFinding"))
    ran = CliRunner().invoke(main, ["findings", "export", "--format", "json"])
    assert ran.exit_code == 1
    assert json.loads(ran.stdout) == [*DOCUMENTS]
    assert ran.stderr.splitlines() == [
        "left out: not a finding, or a damaged one: /half/\\u001b[31mwritten",
        "left out: findings/latest/x.json is not JSON",
        f"16 findings of {len(DOCUMENTS)} resources, 2 damaged and left out",
    ]


def test_a_file_stays_as_it_was_when_the_store_fails(
    stored: list[JsonObject | BadInput], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read(_storage: object, _data: object) -> AsyncIterator[JsonObject | BadInput]:
        yield stored[0]
        raise TransientFault("storage answered 503")

    monkeypatch.setattr(findings_export, "_read", read)
    target = tmp_path / "findings.csv"
    target.write_text("yesterday's", "utf-8")
    ran = CliRunner().invoke(main, ["findings", "export", "--format", "csv", "--to", str(target)])
    assert (ran.exit_code, ran.stderr) == (1, "Error: storage answered 503\n")
    assert [path.read_text("utf-8") for path in tmp_path.iterdir()] == ["yesterday's"]


@pytest.mark.parametrize("arguments", [[], ["--format", "xml"], ["--format", "csv", "--to", "/proc/no/such"]])
def test_what_cant_be_used_is_refused(arguments: list[str], stored: list[JsonObject | BadInput]) -> None:
    assert CliRunner().invoke(main, ["findings", "export", *arguments]).exit_code in (1, 2)


@pytest.mark.azurite
def test_what_lies_in_storage_is_exported(storage: str, tmp_path: Path) -> None:
    name = f"export-{uuid4()}"

    async def store() -> None:
        findings = BlobFindings.from_connection_string(storage)
        try:
            await Fleet(findings).judged(name, {"tpm": State.NON_COMPLIANT, "boot": State.COMPLIANT})
        finally:
            await findings.close()

    asyncio.run(store())
    target = tmp_path / "findings.jsonl"
    arguments = ["findings", "export", "--format", "jsonl", "--to", str(target), "--storage", storage]
    ran = CliRunner().invoke(main, arguments)
    mine = [line for line in target.read_text("utf-8").splitlines() if name in line]
    assert [json.loads(line)["state"] for line in mine] == ["NonCompliant", "Compliant"], ran.output
