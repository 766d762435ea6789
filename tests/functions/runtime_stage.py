"""Microsoft's Functions runtime for Python as a test drives it, and what an event says."""

import json
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from muster.values.json import JsonObject
from muster.values.resource_id import ResourceId
from tests.conftest import ROOT

INTERPRETER = ROOT / ".runtime" / "bin" / "python"
DRIVER = Path(__file__).with_name("runtime_driver.py")
BINDINGS = Path(__file__).with_name("bindings.json")


@dataclass(frozen=True)
class Runtime:
    """The runtime with the app's settings. `recorded` is the folder that the app reads in place of Azure, `root` the
    app's own, `options` those of the interpreter."""

    environment: dict[str, str]
    recorded: Path
    root: Path = ROOT
    options: tuple[str, ...] = ()

    def run(self, *invocations: tuple[str, str]) -> dict[str, Any]:
        order = {
            "root": str(self.root),
            "invocations": [{"function": function, "data": data} for function, data in invocations],
        }
        ran = subprocess.run(
            [str(INTERPRETER), *self.options, str(DRIVER)],
            input=json.dumps(order),
            capture_output=True,
            text=True,
            timeout=120,
            env=self.environment,
            cwd=self.root,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        answer: dict[str, Any] = json.loads(ran.stdout)
        return answer


def machine() -> JsonObject:
    body: JsonObject = json.loads((ROOT / "samples" / "resources" / "rocky-9.json").read_text("utf-8"))
    text = json.dumps(body)
    subscription = ResourceId.parse(body["id"]).subscription
    renamed: JsonObject = json.loads(text.replace(subscription, str(uuid.uuid4())))
    return renamed


def event(resource_id: object, *, cloud: bool) -> str:
    data = {
        "resourceUri": resource_id,
        "operationName": "Microsoft.Compute/virtualMachines/write",
        "status": "Succeeded",
        "correlationId": "c0ffee00-0000-0000-0000-000000000000",
    }
    kind, time = "Microsoft.Resources.ResourceWriteSuccess", "2026-11-16T09:22:05.4407981Z"
    if cloud:
        return json.dumps({"specversion": "1.0", "id": "e", "source": "/", "type": kind, "time": time, "data": data})
    return json.dumps(
        {"id": "e", "topic": "/", "subject": "", "eventType": kind, "eventTime": time, "dataVersion": "2", "data": data}
    )
