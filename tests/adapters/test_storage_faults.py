"""Storage's codes as the SDK hands them over: texts, or members of an enumeration."""

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError
from azure.storage.blob import StorageErrorCode

from muster.adapters.storage_faults import is_lost_race, is_missing_container, storage_code, storage_faults
from muster.values.errors import Conflict, TransientFault


def error(code: object) -> HttpResponseError:
    found = ResourceExistsError("refused")
    found.error_code = code  # type: ignore[attr-defined]
    found.status_code = 409
    return found


@pytest.mark.parametrize("code", ["BlobAlreadyExists", StorageErrorCode.BLOB_ALREADY_EXISTS])
def test_a_code_is_read_in_both_forms(code: object) -> None:
    assert storage_code(error(code)) == "BlobAlreadyExists"
    assert is_lost_race(error(code))
    with pytest.raises(Conflict), storage_faults("writing"):
        raise error(code)


def test_other_codes() -> None:
    assert storage_code(error(None)) == ""
    assert is_missing_container(error(StorageErrorCode.CONTAINER_NOT_FOUND))
    with pytest.raises(TransientFault, match="storage answered 409 ContainerBeingDeleted"), storage_faults("writing"):
        raise error(StorageErrorCode.CONTAINER_BEING_DELETED)
