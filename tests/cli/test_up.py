"""`muster up`, `send`, `findings` and `history verify`, as processes on this machine."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from muster.local.errors import MissingProgram
from muster.local.node import find_azurite
from tests.conftest import ROOT, unavailable

pytestmark = [pytest.mark.azurite, pytest.mark.xdist_group("azurite")]

INDEX = json.loads((ROOT / "samples" / "events" / "INDEX.json").read_text("utf-8"))["deliveries"]
EVALUATED = {delivery["resource"] for delivery in INDEX if delivery["expect"] == "evaluated"}
UNPROCESSED = {delivery["file"] for delivery in INDEX if delivery["expect"] == "unprocessed"}
ENDS_WITHIN_SECONDS = 30


@pytest.fixture(autouse=True)
def _azurite() -> None:
    try:
        find_azurite(ROOT)
    except MissingProgram as missing:
        unavailable(str(missing))


def muster(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "muster", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@contextmanager
def serving(data: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """`muster up`, from the moment it says that it runs."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "muster", "up", "--data", str(data), "--port", "0", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            said = []
            for line in process.stdout:
                said.append(line)
                if "Events are taken at" in line:
                    break
            else:
                pytest.fail("".join(said))
            yield process
        finally:
            process.kill()


def listens(url: str) -> bool:
    address = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((str(address.hostname), int(address.port or 0))) == 0


def sample(name: str) -> dict[str, str]:
    body: dict[str, str] = json.loads((ROOT / "samples" / "resources" / name).read_text("utf-8"))
    return body


def test_the_demo_checks_every_sample_shows_it_and_leaves_nothing_running(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    of_an_earlier_run = tmp_path / "azurite" / "x"
    of_an_earlier_run.mkdir(parents=True)
    started = time.monotonic()
    ran = muster("up", "--demo", "--once", "--port", "0", *data)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert time.monotonic() - started < ENDS_WITHIN_SECONDS
    unfolded = ran.stdout.replace("\n", "")
    assert f"{len(INDEX)}/{len(INDEX)}" in unfolded
    assert re.search(rf"findings +{len(EVALUATED)} blobs", ran.stdout)
    assert re.search(rf"history +{len(EVALUATED)} blobs", ran.stdout)
    assert re.search(rf"unprocessed +{len(UNPROCESSED)} blobs", ran.stdout)
    addresses = re.findall(r"http://127\.0\.0\.1:\d+", ran.stdout)
    assert len(addresses) == 4
    assert not any(map(listens, addresses))
    assert not of_an_earlier_run.exists(), "each run starts with an empty store"

    found = muster("findings", "--format", "json", *data)
    findings = json.loads(found.stdout)
    assert {finding["resource"]["name"] for finding in findings} == {sample(name)["name"] for name in EVALUATED}

    verified = muster("history", "verify", sample("rocky-9.json")["id"], *data)
    assert verified.returncode == 0
    assert "1 record in the chain, sound" in verified.stdout
    nothing = muster("history", "verify", sample("rocky-9.json")["id"] + "-other", *data)
    assert nothing.returncode == 1


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_a_running_host_takes_events_until_it_is_interrupted(tmp_path: Path, end: signal.Signals) -> None:
    data = ("--data", str(tmp_path))
    with serving(tmp_path) as host:
        event = str(ROOT / "samples" / "events" / "13-rocky-9.json")
        malformed = str(ROOT / "samples" / "events" / "25-malformed.json")
        sent = muster("send", event, malformed, *data)
        assert sent.returncode == 0, sent.stderr
        assert sent.stdout.count("accepted, HTTP 202 at attempt 1") == 2
        findings = json.loads(muster("findings", "--format", "json", *data).stdout)
        assert [finding["resource"]["name"] for finding in findings] == [sample("rocky-9.json")["name"]]
        url = json.loads((tmp_path / "running.json").read_text("utf-8"))["events_url"]
        wrong_key = muster("send", event, "--to", url.replace("code=", "code=x"))
        assert wrong_key.returncode == 1
        assert "not accepted, HTTP 401 at attempt 1" in wrong_key.stdout
        host.send_signal(end)
        assert host.wait(20) == 0
        assert not listens(url)
    assert len(json.loads(muster("findings", "--format", "json", *data).stdout)) == 1


def test_two_hosts_do_not_share_a_folder(tmp_path: Path) -> None:
    with serving(tmp_path):
        ran = muster("up", "--demo", "--once", "--port", "0", "--data", str(tmp_path))
    assert ran.returncode == 0, ran.stderr
    assert str(tmp_path / "2" / "azurite") in ran.stdout.replace("\n", "")


def test_a_broken_policy_set_is_refused_with_its_messages(tmp_path: Path) -> None:
    broken = tmp_path / "policies" / "definitions" / "bad.json"
    broken.parent.mkdir(parents=True)
    broken.write_text('{"properties": {\n  "policyRule": {"if": {"field": "type", "equal": "x"}}\n}}', "utf-8")
    ran = muster("up", "--demo", "--once", "--data", str(tmp_path / "data"), "--policies", str(tmp_path / "policies"))
    assert ran.returncode == 2
    assert re.search(r"bad\.json:2:\d+: error", ran.stderr)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["up", "--once"], 2, "--once ends after --demo"),
        (["up", "--demo", "--live"], 2, "--live reads Azure itself"),
        (["up", "--app", "samples"], 1, "no function_app.py in samples"),
        (["send", "samples/events/13-rocky-9.json", "--data", "nowhere"], 2, "No function app runs on nowhere"),
        (["findings", "--data", "nowhere"], 1, "nothing is stored in nowhere"),
        (["findings", "--storage", "nonsense"], 2, "--storage: "),
        (["history", "verify", "/subscriptions/.."], 2, "RESOURCE: "),
    ],
)
def test_what_can_not_be_done_is_said(arguments: list[str], code: int, says: str) -> None:
    ran = muster(*arguments)
    assert (ran.returncode, says in ran.stderr) == (code, True), ran.stderr
    assert "Traceback" not in ran.stderr


def test_events_that_nobody_takes_are_told(unused_tcp_port: int) -> None:
    event = str(ROOT / "samples" / "events" / "13-rocky-9.json")
    url = f"http://127.0.0.1:{unused_tcp_port}/"
    ran = muster("send", event, "--to", url, "--attempts", "2", "--speed", "10000")
    assert ran.returncode == 1
    assert "not accepted, no answer at attempt 2" in ran.stdout
