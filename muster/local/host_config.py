"""What host.json says of queues, with the Functions host's own values where it says nothing.

Source: learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue, host.json settings.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from muster.local.errors import UnusableApp
from muster.values.json import Json, JsonObject

FILE = "host.json"


@dataclass(frozen=True, slots=True)
class QueueOptions:
    """Times in seconds. A message that failed shows itself again after `visibility_timeout`; after
    `max_dequeue_count` failures it goes to the poison queue. `base64` is the encoding of messages."""

    max_polling_interval: float = 60.0
    visibility_timeout: float = 0.0
    batch_size: int = 16
    new_batch_threshold: int = 8
    max_dequeue_count: int = 5
    base64: bool = True


_DEFAULT = QueueOptions()


def route_prefix(root: Path) -> str:
    """Read `extensions.http.routePrefix` of the app's host.json, `api` where it says nothing. Raises UnusableApp."""
    path = root / FILE
    if not path.is_file():
        return "api"
    try:
        prefix = _object(_object(json.loads(path.read_text("utf-8-sig")), "extensions"), "http").get("routePrefix")
    except (OSError, ValueError) as error:
        raise UnusableApp(f"{path}: {error}") from error
    return prefix if isinstance(prefix, str) else "api"


def queue_options(root: Path) -> QueueOptions:
    """Read `extensions.queues` of the app's host.json. Raises UnusableApp."""
    path = root / FILE
    if not path.is_file():
        return _DEFAULT
    try:
        queues = _object(_object(json.loads(path.read_text("utf-8-sig")), "extensions"), "queues")
        batch = int(str(queues.get("batchSize", _DEFAULT.batch_size)))
        return QueueOptions(
            max_polling_interval=_seconds(queues.get("maxPollingInterval", "00:01:00")),
            visibility_timeout=_seconds(queues.get("visibilityTimeout", "00:00:00")),
            batch_size=batch,
            new_batch_threshold=int(str(queues.get("newBatchThreshold", batch // 2))),
            max_dequeue_count=int(str(queues.get("maxDequeueCount", _DEFAULT.max_dequeue_count))),
            base64=str(queues.get("messageEncoding", "base64")).lower() == "base64",
        )
    except (ValueError, TypeError) as error:
        raise UnusableApp(f"{path}: {error}") from error


def _object(value: Json, name: str) -> JsonObject:
    found = value.get(name, {}) if isinstance(value, dict) else None
    if not isinstance(found, dict):
        raise TypeError(f"{name} is not an object")
    return found


def _seconds(value: Json) -> float:
    """`hh:mm:ss`."""
    hours, minutes, seconds = str(value).split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
