"""The package as it is deployed: what is in it, and that it runs from nothing but itself."""

import json
import os
import re
import subprocess
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import canonicalize_name

from muster.adapters.blob_findings import BlobFindings
from muster.values.resource_id import ResourceId
from scripts.package.build import BILL, BOUND, LICENCES, SITE_PACKAGES, build
from scripts.package.contents import deployed_files
from tests.adapters.ingestion import taking
from tests.conftest import ROOT, unavailable
from tests.functions.runtime_stage import BINDINGS, INTERPRETER, Runtime, event, machine
from tests.package.test_lock import locked

pytestmark = [pytest.mark.package, pytest.mark.runtime, pytest.mark.azurite, pytest.mark.xdist_group("azurite")]

ALLOWED = {
    "Apache-2.0",
    "Apache-2.0 AND MIT",
    "Apache-2.0 OR BSD-2-Clause",
    "Apache-2.0 OR BSD-3-Clause",
    "BSD-3-Clause",
    "ISC",
    "License :: OSI Approved :: Apache Software License",
    "License :: OSI Approved :: BSD License",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "MPL-2.0 AND (Apache-2.0 OR MIT)",
    "PSF-2.0",
    "Python-2.0",
}
"""The licences that what is deployed may have. Another one is read before it is added."""

WITHOUT_TEXT = {"jsonschema_rs"}
"""Whose wheels state a licence and don't carry its text."""

SECRET = re.compile(
    rb"AccountKey=[A-Za-z0-9+/]{20}|PRIVATE KEY-----|eyJ[A-Za-z0-9_-]{20,}\.eyJ|[?&]sig=[A-Za-z0-9%]{20}"
)

IMPORT_ALL = """
import json, pkgutil, sys
import azure.monitor.opentelemetry.exporter
import function_app, functions, muster
for package in (functions, muster):
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        __import__(found.name)
json.dump(sorted({module.__file__ for module in sys.modules.values() if getattr(module, "__file__", None)}), sys.stdout)
"""
"""Imports all that muster has, and what it imports when it is asked to send, and tells the files of all modules."""

PYTHON = """
import importlib.util, json, sys, sysconfig
print(json.dumps([importlib.util.MAGIC_NUMBER.hex(), sys.implementation.cache_tag, sysconfig.get_path("stdlib"),
                  ".".join(map(str, sys.version_info[:3]))]))
"""


@dataclass(frozen=True)
class Package:
    """A package, where it was unpacked, and the Python that it is for."""

    archive: Path
    folder: Path
    magic: bytes
    tag: str
    stdlib: str
    python: str

    def path(self) -> str:
        """What its modules are found on, and nothing else."""
        return os.pathsep.join([str(self.folder), str(self.folder / SITE_PACKAGES)])


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    if not INTERPRETER.is_file():
        unavailable("no Functions runtime in .runtime: `make test` installs it")
    out = tmp_path_factory.mktemp("package")
    built = build(INTERPRETER, out / "built", ROOT / ".muster" / "wheels")
    told = subprocess.run([INTERPRETER, "-c", PYTHON], capture_output=True, check=True).stdout
    magic, tag, stdlib, python = json.loads(told)
    with zipfile.ZipFile(built.archive) as archive:
        archive.extractall(out / "app")
    return Package(built.archive, out / "app", bytes.fromhex(magic), tag, stdlib, python)


@pytest.fixture(scope="module")
def bill(package: Package) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((package.folder / BILL).read_text("utf-8"))
    return found


@pytest.fixture
def runtime(package: Package, storage: str, tmp_path: Path) -> Runtime:
    """Microsoft's runtime with the unpacked package and the standard library on its path, and nothing else."""
    worker, recorded = tmp_path / "worker", tmp_path / "recorded"
    worker.mkdir()
    recorded.mkdir()
    (installed,) = INTERPRETER.parents[1].glob("lib/python*/site-packages")
    for name in ("azure_functions_runtime", "azurefunctions"):
        (worker / name).symlink_to(installed / name)
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{worker}{os.pathsep}{package.path()}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "MUSTER_STORAGE": storage,
        "MUSTER_RECORDED_RESOURCES": str(recorded),
    }
    return Runtime(environment, recorded, package.folder, options=("-S", "-P"))


def test_it_has_what_is_deployed_with_its_bytecode_and_nothing_else(package: Package) -> None:
    with zipfile.ZipFile(package.archive) as archive:
        names = archive.namelist()
    own = {name for name in names if not name.startswith(f"{SITE_PACKAGES.as_posix()}/")}
    deployed = set(deployed_files(ROOT)) | {BILL, LICENCES}
    compiled = {bytecode_of(name, package.tag) for name in deployed if name.endswith(".py")}
    assert own == deployed | compiled
    assert names == sorted(names)
    first = {name.split("/")[0] for name in own}
    assert first == {
        "LICENSE",
        "function_app.py",
        "functions",
        "host.json",
        "muster",
        "policies",
        "requirements.txt",
    } | {
        "__pycache__",
        BILL,
        LICENCES,
    }
    rooms = {name.split("/")[1] for name in own if name.startswith("muster/")}
    assert not rooms & {"cli", "local", "__main__.py"}


def bytecode_of(name: str, tag: str) -> str:
    folder, _, file = name.rpartition("/")
    return f"{folder}/__pycache__/{file[:-3]}.{tag}.pyc".removeprefix("/")


def test_every_module_has_bytecode_of_this_python_that_is_used_unchecked(package: Package) -> None:
    modules = [path.relative_to(package.folder).as_posix() for path in package.folder.rglob("*.py")]
    found = {path.relative_to(package.folder).as_posix() for path in package.folder.rglob("*.pyc")}
    assert found == {bytecode_of(name, package.tag) for name in modules}
    for name in found:
        header = (package.folder / name).read_bytes()[:8]
        # PEP 552: bit 0 a hash in place of a time, bit 1 that it is compared.
        assert header == package.magic + (1).to_bytes(4, "little"), name


def test_no_secret_is_in_it(package: Package) -> None:
    own = [path for path in package.folder.rglob("*") if path.is_file() and SITE_PACKAGES.parts[0] not in path.parts]
    assert [path for path in own if SECRET.search(path.read_bytes())] == []
    names = {path.name for path in package.folder.rglob("*")}
    assert not names & {".env", "local.settings.json", ".git", "direct_url.json"}


def test_it_is_small_enough(package: Package) -> None:
    assert package.archive.stat().st_size < BOUND


def test_the_same_checkout_becomes_the_same_bytes(package: Package, tmp_path: Path) -> None:
    again = build(INTERPRETER, tmp_path, ROOT / ".muster" / "wheels")
    assert again.archive.read_bytes() == package.archive.read_bytes()


def test_everything_is_imported_from_the_package_alone(package: Package) -> None:
    ran = subprocess.run(
        [INTERPRETER, "-S", "-P", "-c", IMPORT_ALL],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=package.archive.parent,
        env={"PYTHONPATH": package.path(), "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    strangers = [
        file for file in json.loads(ran.stdout) if not file.startswith((f"{package.folder}/", f"{package.stdlib}/"))
    ]
    assert strangers == []


def test_it_has_the_functions_that_are_deployed(runtime: Runtime) -> None:
    found = runtime.run()
    assert found["init"] == ""
    assert found["functions"] == json.loads(BINDINGS.read_text("utf-8"))


async def test_it_makes_a_finding_of_an_event(runtime: Runtime, storage: str) -> None:
    body = machine()
    (runtime.recorded / "vm.json").write_text(json.dumps(body), "utf-8")
    assert runtime.run(("on_vm_written", event(body["id"], cloud=False)))["invocations"] == [""]
    store = BlobFindings.from_connection_string(storage)
    found = await store.latest(ResourceId.parse(body["id"]))
    await store.close()
    assert found is not None
    assert found.document["state"] == "NonCompliant"


async def test_it_tells_what_it_did(runtime: Runtime, storage: str) -> None:
    body = machine()
    (runtime.recorded / "vm.json").write_text(json.dumps(body), "utf-8")
    with taking() as ingestion:
        environment = {**runtime.environment, "APPLICATIONINSIGHTS_CONNECTION_STRING": ingestion.connection}
        telling = replace(runtime, environment=environment)
        assert telling.run(("on_vm_written", event(body["id"], cloud=False)))["invocations"] == [""]
    told = {item["data"]["baseData"].get("name") for item in ingestion.taken}
    assert {"muster.event", "muster.read", "muster.judge", "muster.store"} <= told


def test_the_bill_names_what_is_locked(package: Package, bill: dict[str, Any]) -> None:
    assert bill["bomFormat"] == "CycloneDX"
    assert {canonicalize_name(each["name"]): each["version"] for each in bill["components"]} == locked(package.python)
    assert all(
        each["purl"] == f"pkg:pypi/{canonicalize_name(each['name'])}@{each['version']}" for each in bill["components"]
    )
    about = bill["metadata"]["component"]
    required = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    (direct,) = (each["dependsOn"] for each in bill["dependencies"] if each["ref"] == about["bom-ref"])
    assert about["name"] == "muster"
    assert len(direct) == len([line for line in required if line and not line.startswith("#")])


def test_every_licence_is_one_that_was_allowed(bill: dict[str, Any]) -> None:
    for each in bill["components"]:
        stated = {licence_of(licence) for licence in each["licenses"]}
        assert stated, each["name"]
        assert stated <= ALLOWED, each["name"]


def licence_of(entry: dict[str, Any]) -> str:
    given = entry.get("license", {})
    return str(entry.get("expression") or given.get("id") or given.get("name"))


def test_every_package_is_listed_with_the_text_of_its_licence(package: Package, bill: dict[str, Any]) -> None:
    text = (package.folder / LICENCES).read_text("utf-8")
    assert (package.archive.parent / LICENCES).read_text("utf-8") == text
    _, *parts = re.split(r"^(\S+) \S+: .+\n=+\n", text, flags=re.MULTILINE)
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    assert set(sections) == {each["name"] for each in bill["components"]}
    assert {name for name, stated in sections.items() if len(stated) < 200} == WITHOUT_TEXT
