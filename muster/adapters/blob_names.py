"""Where a resource's blobs lie.

Resource ids in blob names are lower-cased, without their leading slash. A ResourceId has no dots as a segment, no
escapes and no control characters, so a name can't leave its folder. Azure bounds a blob's name at 1,024 characters
(learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata); an id may have
2,048, so the end of a longer one gives way to a digest of the whole, after `=`, which no id has.
"""

from hashlib import sha256

from muster.values.errors import InvalidResourceId
from muster.values.resource_id import ResourceId

MAX_NAME = 1024
LATEST_PREFIX = "latest/"

_ROOM_FOR_RECORD = 160
_DIGEST = 32


def latest_name(resource_id: ResourceId) -> str:
    """`latest/<resource id>.json`, in the container of findings."""
    return f"{LATEST_PREFIX}{_folder(resource_id)}.json"


def latest_prefix(resource_id: ResourceId) -> str:
    """`latest/<resource id>/`: what the findings of a resource's children begin with."""
    return f"{LATEST_PREFIX}{_folder(resource_id)}/"


def history_prefix(resource_id: ResourceId) -> str:
    """`<resource id>/`, in the container of history. Records of child resources lie deeper below it."""
    return f"{_folder(resource_id)}/"


def history_name(resource_id: ResourceId, evaluation_id: str) -> str:
    """`<resource id>/<evaluation id>.json`, in the container of history."""
    return f"{history_prefix(resource_id)}{evaluation_id}.json"


def evaluation_id_of(name: str) -> str:
    """The evaluation id in a name that `history_name` made."""
    return name.rpartition("/")[2].removesuffix(".json")


def resource_of(name: str) -> ResourceId | None:
    """The resource in a name that `latest_name` made; None where it was too long to be told again."""
    try:
        return ResourceId.parse("/" + name.removeprefix(LATEST_PREFIX).removesuffix(".json"))
    except InvalidResourceId:
        return None


def _folder(resource_id: ResourceId) -> str:
    text = str(resource_id).removeprefix("/")
    bound = MAX_NAME - _ROOM_FOR_RECORD
    if len(text) <= bound:
        return text
    digest = sha256(text.encode()).hexdigest()[:_DIGEST]
    return f"{text[: bound - _DIGEST - 1].rstrip('/. ')}={digest}"
