"""What is told to whoever subscribed: a change of state of one finding."""

from dataclasses import dataclass
from datetime import datetime

from muster.values.json import JsonObject


@dataclass(frozen=True, slots=True)
class Notification:
    """A CloudEvent 1.0 to be. `id` stays the same however often it is sent; `source` is the subscription of the
    resource, `subject` the resource; `data` is as policies/schemas/events/finding-change.schema.json has it."""

    id: str
    type: str
    source: str
    subject: str
    time: datetime
    data: JsonObject
