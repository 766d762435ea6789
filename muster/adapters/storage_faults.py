"""What Azure Storage's errors mean to muster."""

from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree.ElementTree import ParseError

from azure.core.exceptions import AzureError, HttpResponseError, ResourceModifiedError

from muster.values.errors import Conflict, TransientFault

_LOST_RACE = frozenset({"BlobAlreadyExists", "ConditionNotMet"})


@contextmanager
def storage_faults(doing: str) -> Iterator[None]:
    """Raise Conflict for a lost conditional write, TransientFault for every other answer of storage that is an error.

    A refusal (403) counts as transient too: a role that was assigned a minute ago has not arrived everywhere, and an
    event that is delivered again and at last dead-lettered is not lost, whereas an acknowledged one is.
    """
    try:
        yield
    except HttpResponseError as error:
        if is_lost_race(error):
            raise Conflict(f"{doing}: another writer was first") from error
        raise TransientFault(f"{doing}: {_summary(error)}", retry_after=_retry_after(error)) from error
    except ParseError as error:
        # A gateway in between may answer with an error that has no XML, at which the SDK stumbles.
        raise TransientFault(f"{doing}: storage answered what is not its XML") from error
    except AzureError as error:
        raise TransientFault(f"{doing}: {_first_line(error)}") from error


def is_lost_race(error: HttpResponseError) -> bool:
    """Whether a conditional write failed for its condition, and for nothing else that Azure answers 409 or 412 to."""
    return storage_code(error) in _LOST_RACE or isinstance(error, ResourceModifiedError)


def is_missing_container(error: HttpResponseError) -> bool:
    """Whether the container, and not only the blob, is missing."""
    return storage_code(error) == "ContainerNotFound"


def storage_code(error: HttpResponseError) -> str:
    """Storage's own code, "" where it gave none. The SDK has it as a text or, where it knows the code, as a member of
    an enumeration, whose text is another."""
    code = getattr(error, "error_code", None)
    return str(getattr(code, "value", code) or "")


def _summary(error: HttpResponseError) -> str:
    code = storage_code(error) or error.reason or ""
    return f"storage answered {error.status_code} {code}".rstrip()


def _retry_after(error: HttpResponseError) -> float | None:
    headers = getattr(error.response, "headers", {})
    value = str(getattr(error, "retry_after", None) or headers.get("Retry-After", ""))
    return float(value) if value.isascii() and value.isdigit() else None


def _first_line(error: AzureError) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
