"""The same 25 rules on the same virtual machine: muster beside what a user would pick instead.

    make bench                                   all of them, in an environment of their own
    python -m benchmarks.policy_language [--store]

Every engine starts from the parsed body of one machine, a fresh one each time because some write into it, and must find
the same violations. A figure is the best of several rounds, in which the engines take turns, so that a busy moment of
the machine meets all of them. What is not installed is left out and said so. `--store` writes the result beside this
script.
"""

import argparse
import gc
import json
import platform
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.language_rules import RULES, azure_policy, cel, custodian, json_schema, rego
from muster.facts.aliases import AzureAliases
from muster.language.compile import CompiledRule, Compiler
from muster.language.definition import parse_definition
from muster.language.source import Source, read_json
from muster.values.document import Document

RESULT = Path(__file__).with_suffix(".json")
ROUNDS = 7
ROUND_SECONDS = 0.25
MANY = 500

AT_MOST_TIMES_HANDWRITTEN = 3.0
AT_LEAST_TIMES_CUSTODIAN = 20.0
MANY_RULES_MS = 0.6
COMPILE_MANY_S = 1.0
COMPILED_MANY_MB = 20.0

Judge = Callable[[dict[str, Any]], list[bool]]

BODY: dict[str, Any] = {
    "id": "/subscriptions/3f0a1c52-7b64-4d9e-9c1a-5e2d8b7f4a10/resourceGroups/rg-bench/providers/"
    "Microsoft.Compute/virtualMachines/vm-bench",
    "name": "vm-bench",
    "type": "Microsoft.Compute/virtualMachines",
    "location": "westeurope",
    "tags": {"owner": "shop", "costCenter": "4711"},
    "identity": {"type": "SystemAssigned"},
    "properties": {
        "vmId": "5b0f1f0e-1f4b-4f0f-9d5c-0c1c8f3d2a11",
        "hardwareProfile": {"vmSize": "Standard_D4s_v5"},
        "provisioningState": "Succeeded",
        "storageProfile": {
            "imageReference": {
                "publisher": "Canonical",
                "offer": "0001-com-ubuntu-server-jammy",
                "sku": "22_04-lts-gen2",
                "version": "latest",
                "exactVersion": "22.04.202611010",
            },
            "osDisk": {
                "osType": "Linux",
                "name": "vm-bench_OsDisk",
                "createOption": "FromImage",
                "caching": "ReadWrite",
                "managedDisk": {"storageAccountType": "Premium_LRS", "id": "/subscriptions/x/disks/os"},
                "diskSizeGB": 30,
            },
            "dataDisks": [
                {"lun": 0, "name": "data-0", "managedDisk": {"id": "/subscriptions/x/disks/d0"}, "diskSizeGB": 128},
                {"lun": 1, "name": "data-1", "managedDisk": {"id": "/subscriptions/x/disks/d1"}, "diskSizeGB": 128},
            ],
        },
        "osProfile": {
            "computerName": "vm-bench",
            "adminUsername": "azureuser",
            "linuxConfiguration": {
                "disablePasswordAuthentication": False,
                "provisionVMAgent": True,
                "patchSettings": {"patchMode": "ImageDefault", "assessmentMode": "ImageDefault"},
            },
            "allowExtensionOperations": True,
        },
        "securityProfile": {
            "securityType": "TrustedLaunch",
            "uefiSettings": {"secureBootEnabled": True, "vTpmEnabled": False},
        },
        "networkProfile": {"networkInterfaces": [{"id": "/subscriptions/x/networkInterfaces/nic"}]},
        "diagnosticsProfile": {"bootDiagnostics": {"enabled": True}},
    },
}


def compiled(number: int) -> tuple[Compiler, list[CompiledRule]]:
    """`number` definitions, the 25 over and over, each parsed and compiled by itself."""
    compiler = Compiler(AzureAliases())
    rules = []
    for index in range(number):
        source = Source(f"{index}.json", json.dumps(azure_policy(RULES[index % len(RULES)])))
        value, _ = read_json(source)
        definition, faults = parse_definition(source, value)
        assert definition is not None, faults
        rules.append(compiler.compile(definition, {}))
    return compiler, rules


def muster(number: int) -> Judge:
    """muster: a fresh document each time, verdicts only."""
    compiler, rules = compiled(number)

    def judge(body: dict[str, Any]) -> list[bool]:
        frame = compiler.frame(Document(body))
        return [rule.evaluate(frame).matched is True for rule in rules]

    return judge


def _folded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name.lower(): _folded(member) for name, member in value.items()}
    return [_folded(member) for member in value] if isinstance(value, list) else value


def _text(value: Any) -> str:
    return value.lower() if isinstance(value, str) else ""


def handwritten(body: dict[str, Any]) -> list[bool]:
    """What an engineer would write for these 25 rules: names folded, values compared without case."""
    vm = _folded(body)
    p = vm.get("properties") or {}
    security = p.get("securityprofile") or {}
    uefi = security.get("uefisettings") or {}
    os_profile = p.get("osprofile") or {}
    linux = os_profile.get("linuxconfiguration") or {}
    patch = linux.get("patchsettings") or {}
    boot = (p.get("diagnosticsprofile") or {}).get("bootdiagnostics") or {}
    storage = p.get("storageprofile") or {}
    image = storage.get("imagereference") or {}
    disk = storage.get("osdisk") or {}
    size = disk.get("disksizegb")
    tags = vm.get("tags") or {}
    return [
        _text(security.get("securitytype")) not in ("trustedlaunch", "confidentialvm"),
        uefi.get("securebootenabled") is not True,
        uefi.get("vtpmenabled") is not True,
        security.get("encryptionathost") is not True,
        linux.get("disablepasswordauthentication") is not True,
        _text(patch.get("assessmentmode")) != "automaticbyplatform",
        _text(patch.get("patchmode")) != "automaticbyplatform",
        boot.get("enabled") is not True,
        _text(image.get("publisher")) not in ("canonical", "redhat", "suse", "debian"),
        _text(image.get("offer")).startswith("ubuntuserver"),
        _text(image.get("sku")) in ("14.04.5-lts", "16.04-lts", "18.04-lts"),
        _text(image.get("version")) == "latest",
        (disk.get("vhd") or {}).get("uri") is not None,
        _text((disk.get("manageddisk") or {}).get("storageaccounttype")) == "standard_lrs",
        _text(disk.get("ostype")) not in ("linux", "windows"),
        size is not None and size < 64,
        any(data.get("manageddisk") is None for data in storage.get("datadisks") or []),
        _text((p.get("hardwareprofile") or {}).get("vmsize")).startswith("basic_"),
        _text(os_profile.get("adminusername")) in ("admin", "root", "administrator"),
        os_profile.get("allowextensionoperations") is False,
        p.get("licensetype") is not None,
        (vm.get("identity") or {}).get("type") is None,
        _text(vm.get("location")).replace(" ", "") not in ("westeurope", "northeurope"),
        tags.get("owner") is None,
        not _text(tags.get("costcenter")).startswith("cc-"),
    ]


def _custodian_managers() -> Callable[[], list[Any]]:
    from c7n.config import Config
    from c7n.policy import PolicyCollection
    from c7n.resources import load_resources

    load_resources(("azure.vm",))
    policies = [
        {"name": f"rule-{number}", "resource": "azure.vm", "filters": [custodian(rule)]}
        for number, rule in enumerate(RULES)
    ]
    config = Config.empty(region="", account_id="none", output_dir=tempfile.gettempdir())

    def managers() -> list[Any]:
        return [one.resource_manager for one in PolicyCollection.from_data({"policies": policies}, config)]

    return managers


def custodian_filters() -> Judge:
    """Cloud Custodian's filters alone: a policy a rule, made once."""
    managers = _custodian_managers()()
    return lambda body: [bool(manager.filter_resources([body])) for manager in managers]


def custodian_event() -> Judge:
    """Cloud Custodian as its Azure Functions handler works: the policies are made from their data for each event."""
    managers = _custodian_managers()
    return lambda body: [bool(manager.filter_resources([body])) for manager in managers()]


def python_jsonschema() -> Judge:
    """jsonschema, a validator a rule."""
    from jsonschema import Draft202012Validator

    validators = [Draft202012Validator(json_schema(rule)) for rule in RULES]
    return lambda body: [validator.is_valid(body) for validator in validators]


def rust_jsonschema() -> Judge:
    """jsonschema-rs, a validator a rule."""
    import jsonschema_rs

    validators = [jsonschema_rs.Draft202012Validator(json_schema(rule)) for rule in RULES]
    return lambda body: [validator.is_valid(body) for validator in validators]


def cel_python() -> Judge:
    """CEL through cel-python."""
    import celpy

    environment = celpy.Environment()
    programs = [environment.program(environment.compile(cel(rule))) for rule in RULES]

    def judge(body: dict[str, Any]) -> list[bool]:
        machine = {"r": celpy.json_to_cel(body)}
        return [bool(program.evaluate(machine)) for program in programs]

    return judge


def rego_cpp() -> Judge:
    """Rego through regopy."""
    from regopy import Interpreter

    interpreter = Interpreter()
    interpreter.add_module("vm", rego(RULES))

    def judge(body: dict[str, Any]) -> list[bool]:
        interpreter.set_input(body)
        found = json.loads(str(interpreter.query("data.vm.violations")))["expressions"][0]
        return [number in found for number in range(len(RULES))]

    return judge


ENGINES: dict[str, tuple[str, Callable[[], Judge]]] = {
    "muster": ("muster", lambda: muster(len(RULES))),
    "handwritten": ("", lambda: handwritten),
    "custodianFilters": ("c7n", custodian_filters),
    "custodianEvent": ("c7n", custodian_event),
    "jsonschema": ("jsonschema", python_jsonschema),
    "jsonschemaRs": ("jsonschema-rs", rust_jsonschema),
    "celPython": ("cel-python", cel_python),
    "regopy": ("regopy", rego_cpp),
}


def installed() -> Iterator[tuple[str, str, Judge]]:
    """The engines that are here: name, version, judge."""
    for name, (package, make) in ENGINES.items():
        try:
            release = version(package) if package else ""
            judge = make()
        except (PackageNotFoundError, ImportError) as missing:
            print(f"{name}: not installed ({missing})", file=sys.stderr)
            continue
        yield name, release, judge


def best_us(judges: dict[str, Judge]) -> dict[str, float]:
    """The least time of one call, microseconds, over rounds in which the engines take turns."""
    text = json.dumps(BODY)
    calls = {}
    for name, judge in judges.items():
        start = time.perf_counter()
        judge(json.loads(text))
        calls[name] = max(1, int(ROUND_SECONDS / max(time.perf_counter() - start, 1e-6)))
    best = dict.fromkeys(judges, float("inf"))
    for _ in range(ROUNDS):
        for name, judge in judges.items():
            bodies = [json.loads(text) for _ in range(calls[name])]
            start = time.perf_counter()
            for body in bodies:
                judge(body)
            best[name] = min(best[name], (time.perf_counter() - start) / calls[name] * 1e6)
    return best


def compile_many() -> tuple[float, float]:
    """Seconds to compile MANY definitions, and megabytes that they keep."""
    seconds = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        compiled(MANY)
        seconds = min(seconds, time.perf_counter() - start)
    gc.collect()
    tracemalloc.start()
    kept = compiled(MANY)
    gc.collect()
    megabytes = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    assert len(kept[1]) == MANY
    return seconds, megabytes


def main() -> None:
    """Measure, print, and store where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--store", action="store_true")
    store = parser.parse_args().store
    engines = list(installed())
    expected = handwritten(BODY)
    for name, _, judge in engines:
        found = judge(json.loads(json.dumps(BODY)))
        assert found == expected, f"{name} finds other violations: {found}, not {expected}"
    judges = {name: judge for name, _, judge in engines}
    times = best_us(judges | {"musterMany": muster(MANY)})
    seconds, megabytes = compile_many()
    result = {
        "oneMachine25RulesUs": {name: round(times[name], 1) for name in judges},
        "timesHandwritten": round(times["muster"] / times["handwritten"], 2),
        "timesHandwrittenAtMost": AT_MOST_TIMES_HANDWRITTEN,
        "custodianFiltersTimesMuster": round(times.get("custodianFilters", 0) / times["muster"], 1),
        "custodianEventTimesMuster": round(times.get("custodianEvent", 0) / times["muster"], 1),
        "custodianTimesMusterAtLeast": AT_LEAST_TIMES_CUSTODIAN,
        "rules500Ms": round(times["musterMany"] / 1000, 3),
        "rules500MsAtMost": MANY_RULES_MS,
        "compile500S": round(seconds, 3),
        "compile500SAtMost": COMPILE_MANY_S,
        "compiled500Mb": round(megabytes, 1),
        "compiled500MbAtMost": COMPILED_MANY_MB,
        "violations": sum(expected),
        "versions": {name: release for name, release, _ in engines if release},
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {platform.system()}",
    }
    text = json.dumps(result, indent=2)
    print(text)
    if store:
        RESULT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
